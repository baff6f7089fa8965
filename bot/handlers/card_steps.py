"""What a payment shall do with a card, ticked or picked on the way to its link, in Pay and Top-up alike."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.customers import Customer
from bot.domain.errors import CustomerError
from bot.domain.saved_cards import SavedCard
from bot.handlers.steps import Steps
from bot.i18n import _
from bot.i18n.autopay_words import agreement
from bot.keyboards.card_ticks import CardTicks, SwitchAutopay, terms_of
from bot.middlewares.visits import Visit
from bot.services.autopay.views import AutopayOffer
from bot.services.methods import CardOffer, MethodOffer, card_offers


@dataclass(slots=True)
class CardSteps(Steps):
    """Nothing is ticked unasked, and what was ticked for one method does not count for another."""

    card: int = 0
    """The saved card that was picked."""
    remember: bool = False
    """Whether the card shall be kept for the next time."""
    terms: str = ""
    """The short name of the autopay that was ticked; another one has to be ticked anew."""
    ticked_by: int = 0
    """Telegram's number of that tap."""
    connecting: bool = False
    """Whether he came to connect an autopay: then only methods that keep a card are offered."""
    lost: int = 0
    """A saved card that turned out to be gone: it is offered no more."""

    def forget_card(self) -> None:
        self.card, self.remember = 0, False
        self.terms, self.ticked_by = "", 0

    def lose_card(self) -> None:
        self.lost = self.card
        self.forget_card()

    def switch(self, tapped: SwitchAutopay, update_id: int) -> None:
        self.terms, self.ticked_by = (tapped.terms, update_id) if tapped.on else ("", 0)


def fit_for(steps: CardSteps, offers: list[MethodOffer]) -> list[MethodOffer]:
    """All of them, unless he came to connect an autopay and some of them keep a card."""
    return [offer for offer in offers if offer.saves_cards and steps.connecting] or offers


def say_where_to_tick(visit: Visit) -> None:
    visit.note = _("The card is saved with this payment: tick “Autopay” before you pay.")


async def cards_for(visit: Visit, steps: CardSteps, offers: list[MethodOffer]) -> list[CardOffer]:
    """The saved cards that one of these methods can be paid with, the newest first."""
    currencies = {offer.price.currency for offer in offers if offer.saves_cards}
    if not currencies:
        return []
    cards = await visit.saved_cards.to_pay_with(visit.customer_id, currencies)
    return card_offers([card for card in cards if card.id != steps.lost], offers)


async def ticks_for(
    visit: Visit,
    steps: CardSteps,
    method: MethodOffer,
    offer: AutopayOffer | None,
    customer: Customer | None,
) -> CardTicks:
    """What the summary offers of cards and autopay; a CustomerError where the picked card is gone."""
    card = await _picked(visit, steps, method)
    if offer is not None and not offer.standing and not _can_charge(method, offer, card):
        offer = None
    ticks = CardTicks(card, method.saves_cards and card is None, steps.remember, offer)
    if not steps.terms or not ticks.can_switch or offer is None:
        return ticks
    if steps.terms != terms_of(offer, card):
        visit.note = visit.note or _("What the autopay would be has changed. Look at it and tick it again.")
        return ticks
    zone = customer.zone if customer else ""
    return ticks.with_agreement(agreement(visit.catalogue, offer, card, zone=zone, update_id=steps.ticked_by))


def _can_charge(method: MethodOffer, offer: AutopayOffer, card: SavedCard | None) -> bool:
    """By a card that this payment saves, or by the saved one, where its provider charges it."""
    if card is None:
        return method.saves_cards
    return any(each.id == card.id for each in offer.cards)


async def _picked(visit: Visit, steps: CardSteps, method: MethodOffer) -> SavedCard | None:
    if not steps.card:
        return None
    cards = await visit.saved_cards.to_pay_with(visit.customer_id, {method.price.currency})
    found = next((card for card in cards if card.id == steps.card), None)
    if found is None:
        raise CustomerError("saved_card_gone")
    return found
