"""The cards a person may pick on the payment page: the test shop's own numbers, and what each leads to."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Card:
    number: str
    scheme: str
    refusal: str | None = None
    asks_code: bool = False

    @property
    def last4(self) -> str:
        return self.number[-4:]

    @property
    def title(self) -> str:
        return f"Bank card *{self.last4}"

    @property
    def spaced(self) -> str:
        return " ".join(self.number[at : at + 4] for at in range(0, 16, 4))


CARDS = (
    Card("2202474301322987", "Mir"),
    Card("2200000000000004", "Mir", asks_code=True),
    Card("5555555555554444", "MasterCard"),
    Card("5555555555554477", "MasterCard", asks_code=True),
    Card("5555555555554600", "MasterCard", "insufficient_funds"),
    Card("5555555555554543", "MasterCard", "card_expired"),
    Card("5555555555554535", "MasterCard", "call_issuer"),
    Card("5555555555554568", "MasterCard", "fraud_suspected"),
    Card("5555555555554592", "MasterCard", "3d_secure_failed"),
    Card("5555555555554527", "MasterCard", "general_decline"),
    Card("5555555555554626", "MasterCard", "invalid_csc"),
    Card("5555555555554501", "MasterCard", "issuer_unavailable"),
    Card("5555555555554584", "MasterCard", "country_forbidden"),
)
BY_NUMBER = {card.number: card for card in CARDS}
BY_OUTCOME = {card.refusal: card for card in CARDS if card.refusal} | {
    "success": CARDS[0],
    "3ds": CARDS[1],
}
DECIDED_BY_US = {"fraud_suspected", "3d_secure_failed", "country_forbidden"}


def who_refused(reason: str) -> str:
    """The `party` of a cancellation: the card's bank, or the provider itself."""
    return "yoo_money" if reason in DECIDED_BY_US else "payment_network"
