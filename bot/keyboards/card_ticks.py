"""What a summary offers beside paying: another card than the saved one, to keep it, and the autopay."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton

from bot.domain.autopays import Agreement
from bot.domain.saved_cards import SavedCard
from bot.i18n import _
from bot.keyboards.autopay_taps import change_button
from bot.keyboards.buttons import Place, Row, go, handle, tap
from bot.services.autopay.views import AutopayOffer, AutopayView
from bot.services.beginning import Wishes

OTHER_CARD = "pay:othercard"


class RememberCard(CallbackData, prefix="keepcard"):
    """The tick in the summary: the card shall be kept for the next time, or shall not."""

    keep: bool


class SwitchAutopay(CallbackData, prefix="apswitch"):
    """The switch in the summary, for the autopay with this short name and no other."""

    terms: str
    on: bool


@dataclass(frozen=True, slots=True)
class CardTicks:
    """What can be ticked for this payment, and what is; `card` is the saved one that pays."""

    card: SavedCard | None = None
    can_remember: bool = False
    remembers: bool = False
    offer: AutopayOffer | None = None
    agreed: Agreement | None = None

    @property
    def can_switch(self) -> bool:
        return self.offer is not None and not self.offer.refusal and self.offer.standing is None

    @property
    def wishes(self) -> Wishes:
        return Wishes(
            remember=self.can_remember and self.remembers,
            card_id=self.card.id if self.card else 0,
            agreed=self.agreed,
        )

    def with_agreement(self, agreed: Agreement) -> CardTicks:
        return replace(self, agreed=agreed)


def terms_of(offer: AutopayOffer, card: SavedCard | None) -> str:
    """A short name of all that is agreed to: it is another one as soon as any of it changes."""
    interval = f"{offer.interval.months}:{offer.interval.days}"
    return handle(f"{offer.amount}:{interval}:{offer.first_on}:{card.id if card else 0}")


def tick_rows(ticks: CardTicks) -> list[Row]:
    return [*_card_rows(ticks), *_autopay_rows(ticks)]


def _card_rows(ticks: CardTicks) -> list[Row]:
    if ticks.card is not None:
        return [[tap(_("With another card"), OTHER_CARD)]]
    if not ticks.can_remember:
        return []
    return [[_tick(_("Remember the card"), RememberCard(keep=not ticks.remembers), ticked=ticks.remembers)]]


def _autopay_rows(ticks: CardTicks) -> list[Row]:
    offer = ticks.offer
    if offer is not None and offer.standing is not None:
        return [[change_button(offer.standing.autopay.id)]]
    if offer is None or not ticks.can_switch:
        return []
    ticked = ticks.agreed is not None
    return [
        [_tick(_("Autopay"), SwitchAutopay(terms=terms_of(offer, ticks.card), on=not ticked), ticked=ticked)]
    ]


def standing_rows(views: Sequence[AutopayView]) -> list[Row]:
    """To the settings of the one that stands, or to all of them."""
    if len(views) > 1:
        return [[go(_("Autopay"), Place.AUTOPAY)]]
    return [[change_button(view.autopay.id)] for view in views]


def _tick(words: str, data: CallbackData, *, ticked: bool) -> InlineKeyboardButton:
    return tap(("☑ " if ticked else "☐ ") + words, data)
