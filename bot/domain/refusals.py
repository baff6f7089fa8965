"""Why a payment was refused, in words that every provider's codes are turned into."""

from enum import StrEnum


class Refusal(StrEnum):
    """A reason a customer can act on; i18n has a sentence for each."""

    NO_FUNDS = "no_funds"
    LIMIT = "limit"
    CARD_DATA = "card_data"
    CARD_EXPIRED = "card_expired"
    CARD_BLOCKED = "card_blocked"
    """Lost, stolen, closed, or not for such payments."""
    ASK_BANK = "ask_bank"
    BANK_SILENT = "bank_silent"
    NOT_CONFIRMED = "not_confirmed"
    SECURITY = "security"
    COUNTRY = "country"
    LINK_EXPIRED = "link_expired"
    CANCELLED = "cancelled"
    CARD_REMOVED = "card_removed"
    UNDONE = "undone"
    OTHER = "other"


NEVER_CREATED = "never_created"
"""The code of a payment that the provider never heard of and that cannot come any more."""
