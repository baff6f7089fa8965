"""Every autopay and what could be connected, as a list."""

from __future__ import annotations

from collections.abc import Sequence

from aiogram import Router

from bot.handlers.autopay.connecting import show_consent
from bot.handlers.autopay.draft import Autopay, draft_of
from bot.handlers.autopay.one import show_one
from bot.handlers.places import opens
from bot.i18n import _
from bot.i18n.autopay_words import autopay_summary, offer_refusal, target_of
from bot.keyboards import autopay as screens
from bot.keyboards.buttons import Place
from bot.middlewares.visits import Visit
from bot.services.autopay_views import AutopayOffer, AutopayView

router = Router(name="autopay_opening")


@opens(Place.AUTOPAY)
async def autopay_opened(visit: Visit) -> None:
    """The one thing there is to look at is shown at once."""
    views, offers = await _at_hand(visit)
    if len(views) == 1 and not offers:
        return await show_one(visit, views[0].autopay.id, only_thing=True)
    if not views and len(offers) == 1 and not await visit.saved_cards.all(visit.customer_id):
        draft = draft_of(offers[0])
        draft.only_thing = True
        return await show_consent(visit, draft)
    return await _show_list(visit, views, offers)


async def show_list(visit: Visit) -> None:
    await _show_list(visit, *await _at_hand(visit))


async def _show_list(visit: Visit, views: Sequence[AutopayView], offers: Sequence[AutopayOffer]) -> None:
    cards = await visit.saved_cards.all(visit.customer_id)
    await visit.enter(Autopay.every)
    can_be_had = [offer for offer in offers if not offer.refusal]
    await visit.show(_list_words(views, offers), screens.autopays(views, can_be_had, cards=bool(cards)))


async def _at_hand(visit: Visit) -> tuple[list[AutopayView], list[AutopayOffer]]:
    """What stands, and what could be connected beside it."""
    views = await visit.autopays.all(visit.customer_id)
    offers = await visit.autopays.offers(visit.customer_id)
    return views, [offer for offer in offers if offer.standing is None]


def _list_words(views: Sequence[AutopayView], offers: Sequence[AutopayOffer]) -> str:
    """Whatever can have no autopay stands here with its reason, and on no button."""
    told = [_("Autopay")]
    told += [autopay_summary(view) for view in views] or [
        _("You have no autopay: nothing is taken without your consent.")
    ]
    told += [f"{target_of(offer)}: {offer_refusal(offer)}" for offer in offers if offer.refusal]
    if any(not offer.refusal for offer in offers):
        told.append(_("Autopay pays in time by itself. What shall it pay for?"))
    return "\n\n".join(told)
