"""The shop this sandbox plays, and the clock it lives by."""

import enum
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

WITHOUT_CARD = ("sbp", "sberbank", "tinkoff_bank", "alfa_pay", "yoo_money", "mobile_balance")


class Receipts(enum.Enum):
    """Who makes the fiscal receipts; the provider's own go out by e-mail only."""

    OFF = "off"
    YOOKASSA = "yookassa"
    EXTERNAL = "external"


@dataclass(frozen=True)
class ShopSettings:
    shop_id: str
    secret_key: str
    currency: str = "RUB"
    receipts: Receipts = Receipts.EXTERNAL
    gateway_id: str = "2000700"

    @property
    def test(self) -> bool:
        """A key tells by its beginning whether the shop is a test one."""
        return self.secret_key.startswith("test_")

    @property
    def methods(self) -> tuple[str, ...]:
        """A test shop has cards and the wallet alone."""
        return ("bank_card", "yoo_money") if self.test else ("bank_card", *WITHOUT_CARD)


class Clock:
    """The time in the sandbox, which a test may move forward."""

    def __init__(self) -> None:
        self._ahead = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self._ahead

    def advance(self, by: timedelta) -> None:
        self._ahead += by


def stamp(moment: datetime) -> str:
    """A moment as the API writes it: UTC with milliseconds and a Z."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
