"""Cards that a sandbox shop keeps, and how each behaves when it is charged with nobody at a page.

    shop.cards = KeptCards()                              # one for each shop, see `sandbox/card_panel.py`
    card = shop.cards.keep(token, "•••• 4477", Behaviour.PAYS, last_day=date(2030, 12, 31))
    outcome = shop.cards.find(token).charged(today)       # a step of its behaviour: once for each new charge
    outcome.fate        # what becomes of the charge: PAID, NO_FUNDS, EXPIRED, REVOKED or NOTHING
    outcome.telling     # how the shop hears: ANSWER, SILENCE (a callback may follow) or CALLBACK_FIRST

A charge repeated with the same key is no new charge: answer it from what is remembered. With NOTHING there is
never a payment to be found, and the call gets no answer. At a page `refusal_at_page` says what the bank does.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Behaviour(StrEnum):
    """Chosen when a card is saved, and changed in the shop's cabinet."""

    PAYS = "pays"
    NO_FUNDS_TWICE = "no_funds_twice"
    """Refuses two charges, then pays each."""
    EXPIRED = "expired"
    REVOKED = "revoked"
    """Its owner told his bank that he takes his consent back."""
    SILENT_PAID = "silent_paid"
    """No answer; the money moves all the same, and the callback or a question tells of it."""
    SILENT_NOTHING = "silent_nothing"
    """No answer, and the charge never came to be."""
    CALLBACK_FIRST = "callback_first"
    """The callback is there before the answer."""


class Fate(StrEnum):
    PAID = "paid"
    NO_FUNDS = "no_funds"
    EXPIRED = "expired"
    REVOKED = "revoked"
    NOTHING = "nothing"


class Telling(StrEnum):
    ANSWER = "answer"
    SILENCE = "silence"
    CALLBACK_FIRST = "callback_first"


@dataclass(frozen=True)
class Outcome:
    fate: Fate
    telling: Telling = Telling.ANSWER


OUTCOMES = {
    Behaviour.PAYS: Outcome(Fate.PAID),
    Behaviour.NO_FUNDS_TWICE: Outcome(Fate.PAID),
    Behaviour.EXPIRED: Outcome(Fate.EXPIRED),
    Behaviour.REVOKED: Outcome(Fate.REVOKED),
    Behaviour.SILENT_PAID: Outcome(Fate.PAID, Telling.SILENCE),
    Behaviour.SILENT_NOTHING: Outcome(Fate.NOTHING, Telling.SILENCE),
    Behaviour.CALLBACK_FIRST: Outcome(Fate.PAID, Telling.CALLBACK_FIRST),
}


@dataclass
class KeptCard:
    """`charges` counts those since its behaviour was chosen."""

    token: str
    masked: str
    behaviour: Behaviour = Behaviour.PAYS
    last_day: date | None = None
    charges: int = 0

    def behave(self, behaviour: Behaviour) -> None:
        self.behaviour, self.charges = behaviour, 0

    def charged(self, today: date) -> Outcome:
        """What one more charge leads to; a card past its last day has expired, however it behaves."""
        if self._is_past(today):
            return Outcome(Fate.EXPIRED)
        self.charges += 1
        if self.behaviour is Behaviour.NO_FUNDS_TWICE and self.charges <= 2:
            return Outcome(Fate.NO_FUNDS)
        return OUTCOMES[self.behaviour]

    def refusal_at_page(self, today: date) -> Fate | None:
        """Its owner is there to answer: only a dead card is refused."""
        fate = Fate.EXPIRED if self._is_past(today) else OUTCOMES[self.behaviour].fate
        return fate if fate in (Fate.EXPIRED, Fate.REVOKED) else None

    def _is_past(self, today: date) -> bool:
        return self.last_day is not None and self.last_day < today

    def shown(self) -> dict[str, object]:
        return {
            "token": self.token,
            "masked": self.masked,
            "behaviour": self.behaviour.value,
            "charges": self.charges,
        }


class KeptCards:
    """The cards of one shop, by what it charges them by."""

    def __init__(self) -> None:
        self._kept: dict[str, KeptCard] = {}

    def keep(
        self,
        token: str,
        masked: str,
        behaviour: Behaviour = Behaviour.PAYS,
        last_day: date | None = None,
    ) -> KeptCard:
        """A repeat changes nothing."""
        return self._kept.setdefault(token, KeptCard(token, masked, behaviour, last_day))

    def find(self, token: str) -> KeptCard | None:
        return self._kept.get(token)

    def forget(self, token: str) -> None:
        self._kept.pop(token, None)

    def newest_first(self) -> list[KeptCard]:
        return list(reversed(self._kept.values()))


def behaviour_named(name: object) -> Behaviour:
    """One of a form or of a test; PAYS for what is not one."""
    return next((each for each in Behaviour if each == name), Behaviour.PAYS)
