"""«Мои карты»: what is saved, what uses it, and unlinking, which works at once."""

from __future__ import annotations

from aiogram import Router
from aiogram.fsm.state import State, StatesGroup

from bot.handlers.autopay.draft import Autopay
from bot.handlers.places import opens, resumes
from bot.i18n import _
from bot.i18n.autopay_words import expiry_words, saved_card_title, target_words
from bot.keyboards import saved_cards as screens
from bot.keyboards.buttons import Place
from bot.middlewares.visits import Visit
from bot.services.autopay.views import SavedCardView

router = Router(name="saved_cards")


class Cards(StatesGroup):
    every = State()
    one = State()


@opens(Place.MY_CARDS)
async def cards_opened(visit: Visit) -> None:
    """The only card is shown at once."""
    views, home = await visit.saved_cards.all(visit.customer_id), await _home(visit)
    if len(views) == 1:
        return await _show_card(visit, views[0], home, back=home)
    await visit.enter(Cards.every, home=home)
    told = [_("My cards"), *map(_card_words, views)]
    if not views:
        told.append(_("No card is saved. One is saved with a payment, if you tick that there."))
    await visit.show("\n\n".join(told), screens.cards(views, home=home))
    return None


async def _home(visit: Visit) -> Place:
    """Where Back leads from the cards: to what they were opened from."""
    dialog = (visit.dialog or "").partition(":")[0]
    if dialog == Cards.__name__:
        data = await visit.state.get_data()
        return Place(data["home"])
    return Place.AUTOPAY if dialog == Autopay.__name__ else Place.SETTINGS


@router.callback_query(screens.OpenCard.filter())
async def card_tapped(visit: Visit, callback_data: screens.OpenCard) -> None:
    visit.anew = callback_data.anew
    await show_card(visit, callback_data.card)


async def show_card(visit: Visit, card_id: int) -> None:
    view = await visit.saved_cards.get(visit.customer_id, card_id)
    every, home = await visit.saved_cards.all(visit.customer_id), await _home(visit)
    await _show_card(visit, view, home, back=Place.MY_CARDS if len(every) > 1 else home)


async def _show_card(visit: Visit, view: SavedCardView, home: Place, *, back: Place) -> None:
    await visit.enter(Cards.one, card=view.card.id, home=home)
    safe = _("Nobody pays with it without its code (CVC) or 3-D Secure, except for an autopay of yours.")
    await visit.show("\n\n".join([_card_words(view), safe]), screens.one(view.card, back=back))


@resumes(Cards)
async def cards_resumed(visit: Visit) -> None:
    if visit.dialog == Cards.one.state:
        data = await visit.state.get_data()
        return await show_card(visit, data["card"])
    return await cards_opened(visit)


@router.callback_query(screens.RememberCard.filter())
async def remember_tapped(visit: Visit, callback_data: screens.RememberCard) -> None:
    """One that is neither offered nor used by an autopay is of no use, and is unlinked with it."""
    view = await visit.saved_cards.get(visit.customer_id, callback_data.card)
    wished = callback_data.remember
    await visit.saved_cards.remember(visit.customer_id, callback_data.card, remembered=wished)
    if not wished and not view.autopays:
        visit.toast = _("The card is unlinked: nothing uses it any more.")
        return await cards_opened(visit)
    visit.toast = _("Saved.")
    return await show_card(visit, callback_data.card)


@router.callback_query(screens.UnlinkCard.filter())
async def unlink_tapped(visit: Visit, callback_data: screens.UnlinkCard) -> None:
    visit.anew = callback_data.anew
    stopped = await visit.saved_cards.unlink(visit.customer_id, callback_data.card, visit.update_id)
    await visit.leave_dialog()
    told = [
        _("The card is unlinked. Nothing more is charged to it, not tonight either."),
        *[_("Autopay has stopped: {what}", what=target_words(each)) for each in stopped],
    ]
    await visit.show("\n\n".join(told), screens.unlinked())


def _card_words(view: SavedCardView) -> str:
    """«•••• 7173, до 12/2028», and below it whatever it pays for."""
    head = ", ".join(filter(None, (saved_card_title(view.card), expiry_words(view.card))))
    uses = [_("Autopay: {what}", what=target_words(each)) for each in view.autopays]
    return "\n".join([head, *(uses or [_("No autopay uses it.")])])
