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
from bot.keyboards.autopay import Listed
from bot.keyboards.buttons import Place, TurnPage
from bot.middlewares.visits import Visit
from bot.services.autopay.views import AutopayOffer, AutopayView
from bot.services.paging import Page, page_of

router = Router(name="autopay_opening")


@opens(Place.AUTOPAY)
async def autopay_opened(visit: Visit) -> None:
    """The one thing there is to look at is shown at once."""
    views, offers = await _at_hand(visit)
    if len(views) == 1 and not offers:
        return await show_one(visit, views[0].autopay.id, only_thing=True)
    if await _is_new_here(visit, views) and len(offers) == 1:
        draft = draft_of(offers[0])
        draft.only_thing = True
        return await show_consent(visit, draft)
    return await _show_list(visit, views, offers)


async def _is_new_here(visit: Visit, views: Sequence[AutopayView]) -> bool:
    """Whether there is neither an autopay, nor one that has ended, nor a card to tell of."""
    if views or await visit.saved_cards.all(visit.customer_id):
        return False
    return not await visit.autopays.ended(visit.customer_id)


async def show_list(visit: Visit) -> None:
    """At the page where it was."""
    data = await visit.state.get_data()
    views, offers = await _at_hand(visit)
    await _show_list(visit, views, offers, data.get("page", 0))


@router.callback_query(Autopay.every, TurnPage.filter())
async def page_turned(visit: Visit, callback_data: TurnPage) -> None:
    views, offers = await _at_hand(visit)
    await _show_list(visit, views, offers, callback_data.to)


async def _show_list(
    visit: Visit, views: Sequence[AutopayView], offers: Sequence[AutopayOffer], number: int = 0
) -> None:
    listed: list[Listed] = [*views, *offers]
    page = page_of(lambda limit, offset: listed[offset : offset + limit], len(listed), number)
    cards = await visit.saved_cards.all(visit.customer_id)
    ended = await visit.autopays.ended(visit.customer_id) if page.page == 0 else []
    await visit.enter(Autopay.every, page=page.page)
    words = _list_words(page, ended, any_stand=bool(views))
    await visit.show(words, screens.autopays(page, cards=bool(cards)))


async def _at_hand(visit: Visit) -> tuple[list[AutopayView], list[AutopayOffer]]:
    """What stands, and what could be connected beside it."""
    views = await visit.autopays.all(visit.customer_id)
    offers = await visit.autopays.offers(visit.customer_id)
    return views, [offer for offer in offers if offer.standing is None]


def _list_words(page: Page[Listed], ended: Sequence[AutopayView], *, any_stand: bool) -> str:
    """Whatever can have no autopay stands here with its reason, and on no button."""
    told = [_("Autopay")]
    if not any_stand:
        told.append(_("You have no autopay: nothing is taken without your consent."))
    told += [autopay_summary(each) for each in page.items if isinstance(each, AutopayView)]
    told += [_("Ended lately. {autopay}", autopay=autopay_summary(each)) for each in ended]
    offers = [each for each in page.items if isinstance(each, AutopayOffer)]
    told += _refusals([offer for offer in offers if offer.refusal])
    if not all(offer.refusal for offer in offers):
        told.append(_("Autopay pays in time by itself. What shall it pay for?"))
    return "\n\n".join(told)


def _refusals(refused: Sequence[AutopayOffer]) -> list[str]:
    """Each reason once, with all that it is true of."""
    by_reason: dict[str, list[str]] = {}
    for offer in refused:
        by_reason.setdefault(offer_refusal(offer), []).append(target_of(offer))
    return [f"{', '.join(titles)}: {reason}" for reason, titles in by_reason.items()]
