"""The letters that came, read as a mail program reads them; they end with the sandbox."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage

from sandbox import clock

MOST = 500


@dataclass(frozen=True)
class Attached:
    name: str
    media: str
    content: bytes


@dataclass(frozen=True)
class Letter:
    """`to` is the envelope's address: who got it, whatever its headers say."""

    id: int
    to: str
    sender: str
    subject: str
    message_id: str
    came_at: datetime
    text: str
    html: str
    files: tuple[Attached, ...]
    source: bytes
    headers: tuple[tuple[str, str], ...]


@dataclass
class Box:
    letters: list[Letter] = field(default_factory=list)
    _came: int = 0

    @property
    def revision(self) -> int:
        """Grows with each letter."""
        return self._came

    def put(self, recipients: list[str], source: bytes) -> None:
        for recipient in recipients:
            self._came += 1
            self.letters.append(_read(self._came, recipient, source))
        del self.letters[:-MOST]

    def newest(self, to: str = "") -> list[Letter]:
        """Newest first, of everybody or of one address."""
        return [each for each in reversed(self.letters) if not to or each.to.lower() == to.lower()]

    def get(self, letter_id: int) -> Letter | None:
        return next((each for each in self.letters if each.id == letter_id), None)

    def addresses(self) -> list[str]:
        return sorted({each.to for each in self.letters})


def _read(number: int, recipient: str, source: bytes) -> Letter:
    message = message_from_bytes(source, policy=policy.default)
    return Letter(
        id=number,
        to=recipient,
        sender=str(message["From"] or ""),
        subject=str(message["Subject"] or ""),
        message_id=str(message["Message-ID"] or ""),
        came_at=clock.now(),
        text=_body(message, "plain"),
        html=_body(message, "html"),
        files=tuple(_files(message)),
        source=source,
        headers=tuple((name, str(value)) for name, value in message.items()),
    )


def _body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    return str(part.get_content()).replace("\r\n", "\n") if isinstance(part, EmailMessage) else ""


def _files(message: EmailMessage) -> Iterator[Attached]:
    for part in message.iter_attachments():
        content = part.get_payload(decode=True)
        if isinstance(content, bytes):
            yield Attached(part.get_filename() or "?", part.get_content_type(), content)
