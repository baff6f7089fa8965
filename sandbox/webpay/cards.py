"""The cards a person may pick on the payment page, and what each leads to."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Card:
    number: str
    scheme: str
    outcome: str
    refusal: str = ""

    @property
    def masked(self) -> str:
        return f"{self.number[:6]}xxxxxx{self.number[-4:]}"

    @property
    def spaced(self) -> str:
        return " ".join(self.number[at : at + 4] for at in range(0, 16, 4))


CARDS = (
    Card("4341790000000051", "VISA", "success"),
    Card("5325250000000036", "Mastercard", "mastercard"),
    Card("9112380000000044", "BELKART", "belkart"),
    Card("4341790000000119", "VISA", "no_funds", "W0545"),
    Card("5325250000000119", "Mastercard", "declined", "W0500"),
)
BY_NUMBER = {card.number: card for card in CARDS}
BY_OUTCOME = {card.outcome: card for card in CARDS}
