"""What the shop keeps of its payers, and what it may take by that with nobody at a page."""

from dataclasses import dataclass
from datetime import date

from sandbox.cards import Fate, KeptCard
from sandbox.yookassa.cards import Card
from sandbox.yookassa.errors import Refused, invalid
from sandbox.yookassa.money import Json

SAVABLE = ("bank_card", "yoo_money", "sberbank", "tinkoff_bank", "sbp")
LAST_DAY = date(2030, 12, 31)
REASONS = {
    Fate.NO_FUNDS: ("payment_network", "insufficient_funds"),
    Fate.EXPIRED: ("payment_network", "card_expired"),
    Fate.REVOKED: ("yoo_money", "permission_revoked"),
}


class NeverCreated(Exception):
    """The charge got lost in the house: no payment, no answer."""


@dataclass(frozen=True)
class SavedMethod:
    """A payer's card, wallet or account, which the shop may charge again; `kept` says how it behaves."""

    kept: KeptCard
    method: str
    card: Card | None

    @property
    def token(self) -> str:
        return self.kept.token


def check_permission(body: Json, allowed: bool) -> None:
    """A manager allows it; without that, both saving and charging are refused."""
    if not allowed and (body.get("save_payment_method") or body.get("payment_method_id")):
        raise Refused(403, "This store can't make recurring payments. Contact the YooMoney manager")


def savable(methods: tuple[str, ...]) -> tuple[str, ...]:
    """With saving asked for, the page hides the rest."""
    left = tuple(name for name in methods if name in SAVABLE)
    if not left:
        raise invalid("save_payment_method", "This payment method can't be saved")
    return left
