"""The shop this sandbox plays."""

import enum
from dataclasses import dataclass

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
