"""What a customer has to pay for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.money import Money
from bot.domain.states import OrderState


@dataclass(frozen=True, slots=True)
class OrderLine:
    """One connector for some months, its price frozen in every currency of its tariff.

    A `masked` one is somebody else's, bought by a link: its title is masked and its dates are not told.
    """

    connector_id: str
    title: str
    tariff: str
    months: int
    prices: tuple[Money, ...]
    paid_until: date | None = None
    masked: bool = False


@dataclass(frozen=True, slots=True)
class Order:
    """What a customer has to pay for; choosing a method picks which of `prices` counts."""

    id: int
    reference: str
    customer_id: int
    payer_id: int
    state: OrderState
    prices: tuple[Money, ...]
    lines: tuple[OrderLine, ...]
    use_balance: bool
    created_at: datetime
    expires_at: datetime
    promo_code: str = ""
    full_prices: tuple[Money, ...] = ()
    """What it cost before the promo code; empty without one."""
    invoice: str = ""
    """The number of the invoice that asks for it. The order of a month's bill has no lines but this."""

    @property
    def titles(self) -> list[str]:
        """What is paid for, in words that people know."""
        return [line.title for line in self.lines] or [self.invoice]

    @property
    def only_line(self) -> OrderLine | None:
        """What it pays for, where that is one connector of the customer's own: only that can go by itself."""
        return self.lines[0] if len(self.lines) == 1 and not self.lines[0].masked else None

    @property
    def takes_new_payments(self) -> bool:
        """Late money revives an expired order; new money does not where its promo code is free by then."""
        return self.state is OrderState.AWAITING or (self.state is OrderState.EXPIRED and not self.promo_code)

    def price(self, currency: str) -> Money | None:
        """What it costs in that currency, None where it is not sold in it."""
        return _in(currency, self.prices)

    def full_price(self, currency: str) -> Money | None:
        """What it would cost without its promo code, None without one."""
        return _in(currency, self.full_prices)


def _in(currency: str, prices: tuple[Money, ...]) -> Money | None:
    return next((price for price in prices if price.currency == currency), None)
