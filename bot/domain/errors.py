"""The family tree of everything that can go wrong and has a name."""


class KassirError(Exception):
    """Anything this product raises on purpose."""


class CustomerError(KassirError):
    """A refusal that is shown to the person who tapped; its `code` chooses the sentence (i18n knows it)."""

    def __init__(self, code: str, **blanks: object) -> None:
        super().__init__(code)
        self.code = code
        self.blanks = blanks


class NotYours(CustomerError):
    """Somebody else's order, payment or connector, or none at all: the answer is the same for both."""

    def __init__(self) -> None:
        super().__init__("not_found")


class BadAmount(KassirError):
    """Text or arithmetic that is not money."""


class CatalogueError(KassirError):
    """The catalogue is wrong; the message names the line and the mend."""


class SettingsError(KassirError):
    """The settings are wrong; the message names the setting and the mend."""


class ImportRefused(KassirError):
    """A file that is not taken, with a line for each thing to mend; nothing of it was stored."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class BadStatement(CustomerError):
    """A bank's file that is not taken, as a whole; `problem` says why and `line` where, 0 for nowhere.

    `blanks` say the rest: `account`, what was `told` and what was `found`.
    """

    def __init__(self, problem: str, line: int = 0, **blanks: object) -> None:
        super().__init__(f"statement_{problem}", line=line, **blanks)
        self.problem = problem
        self.line = line


class BadCallback(KassirError):
    """Junk, a forgery or a stranger's message: nothing in it is believed."""


class ProviderError(KassirError):
    """A provider did not do what was asked."""


class ProviderUnavailable(ProviderError):
    """No connection was made, or the provider said that it did nothing: asking again is safe.

    `retry_after` is the pause in seconds that the provider asked for, None where it said nothing.
    """

    def __init__(self, message: str = "", *, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class ProviderRefused(ProviderError):
    """The provider answered no, and means it."""


class OutcomeUnknown(ProviderError):
    """The provider may or may not have acted; ask after it, never do it again blindly."""


class StorageError(KassirError):
    """The books could not be read or written."""


class StorageUnavailable(StorageError):
    """Nothing was written (locked, full disk, no connection): the unit may be run again later."""


class NoBooks(StorageUnavailable):
    """There are none at that place yet, and they were to be read only."""


class CommitUnknown(StorageError):
    """The connection broke during COMMIT: the unit may or may not stand; look before repeating."""


class BooksBusy(StorageError):
    """Another process holds the books; the message says how to do it through that one."""
