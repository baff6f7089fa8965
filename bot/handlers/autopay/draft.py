"""What is about to be agreed to, kept in the dialog's state: ids and choices, never prices."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from aiogram.fsm.state import State, StatesGroup

from bot.domain.autopays import Interval
from bot.domain.errors import CustomerError
from bot.domain.money import Money
from bot.domain.saved_cards import SavedCard
from bot.middlewares.visits import Visit
from bot.services.autopay.views import AutopayOffer


class Autopay(StatesGroup):
    every = State()
    one = State()
    day = State()
    consent = State()
    amount = State()
    interval = State()
    source = State()
    contact = State()


@dataclass(slots=True)
class Draft:
    """An autopay to be, or what one that stands shall become (`autopay`)."""

    autopay: int = 0
    payment: int = 0
    """The payment that it is connected after, which says how much and how often."""
    connector: str = ""
    payer: int = 0
    currency: str = ""
    months: int = 0
    days: int = 0
    minor: int = 0
    card: int | None = None
    """None until one was picked; 0 is no card: the balance alone."""
    balance_first: bool = False
    contact: str = ""
    """What the receipts of this card cannot do without."""
    only_thing: bool = False
    """Whether it was shown unasked, since there was nothing to choose from."""

    @property
    def is_new(self) -> bool:
        return not self.autopay

    @property
    def is_untouched(self) -> bool:
        """Whether nothing was picked yet."""
        return self.card is None and not (self.months or self.days or self.minor)

    @property
    def interval(self) -> Interval | None:
        """None leaves it as usual, or as it was."""
        return Interval(self.months, self.days) if self.months or self.days else None

    @property
    def amount(self) -> Money | None:
        return Money(self.minor, self.currency) if self.minor else None

    def pick_interval(self, interval: Interval) -> None:
        self.months, self.days = interval.months, interval.days

    def source(self, offer: AutopayOffer) -> tuple[SavedCard | None, bool]:
        """The card and whether the balance goes first; no card and False where neither is at hand."""
        if self.card is None:
            return self._as_it_was(offer)
        return next((card for card in offer.cards if card.id == self.card), None), self.balance_first

    def _as_it_was(self, offer: AutopayOffer) -> tuple[SavedCard | None, bool]:
        """What the one that stands is paid from, else the newest saved card."""
        newest = next(iter(offer.cards), None)
        if not self.autopay or offer.standing is None:
            return newest, False
        was = offer.standing.autopay
        if was.card_id is None:
            return None, True
        return next((card for card in offer.cards if card.id == was.card_id), newest), was.balance_first


def draft_of(offer: AutopayOffer) -> Draft:
    return Draft(connector=offer.connector_id or "", payer=offer.payer_id, currency=offer.amount.currency)


async def offer_of(visit: Visit, draft: Draft) -> AutopayOffer:
    """What would be agreed to at today's price."""
    if draft.autopay:
        return await visit.autopays.offer_of(
            visit.customer_id, draft.autopay, interval=draft.interval, amount=draft.amount
        )
    if draft.payment and draft.is_untouched:
        return await offer_after(visit, draft.payment)
    return await visit.autopays.offer(
        visit.customer_id,
        draft.connector or None,
        draft.payer,
        draft.currency,
        interval=draft.interval,
        amount=draft.amount,
    )


async def offer_after(visit: Visit, payment_id: int) -> AutopayOffer:
    """The same again as was paid, by itself."""
    offer = await visit.autopays.offer_after(visit.customer_id, payment_id)
    if offer is None:
        raise CustomerError("autopay_not_offered")
    return offer


async def load(visit: Visit) -> Draft:
    data: dict[str, Any] = await visit.state.get_data()
    return Draft(**data.get("draft", {}))


async def wait_at(visit: Visit, draft: Draft, state: State) -> None:
    await visit.enter(state, draft=asdict(draft))
