"""Getting in: nothing of the customer's was found, so how does a line become his?"""

from __future__ import annotations

from aiogram import F, Router
from aiogram.fsm.state import State, StatesGroup
from aiogram.types import ReplyKeyboardRemove

from bot.handlers.places import open_place, opens, resumes
from bot.i18n import _, ngettext, shown
from bot.keyboards import connectors as lists
from bot.keyboards.buttons import Place
from bot.middlewares.visits import Visit

router = Router(name="getting_in")

WORDS_LENGTH = 300


class Find(StatesGroup):
    number = State()
    words = State()


async def show_nothing_found(visit: Visit) -> None:
    await visit.leave_dialog()
    text = _("I know of nothing that you pay for yet. Shall we look for it?")
    await visit.show(text, lists.nothing_found(can_add=bool(visit.catalogue.addable)))


@opens(Place.FIND)
@resumes(Find)
async def find_opened(visit: Visit) -> None:
    """The button below the chat is the one proof of a number: Telegram sends it, nobody types it."""
    await visit.enter(Find.number)
    text = _(
        "Press “Send my number” below the chat: I will look for connectors that name it. "
        "A number or a name that is typed proves nothing by itself, "
        "but an operator can check it: just send it."
    )
    await visit.show(text, lists.find_line())
    await visit.say(_("The button is below ↓"), lists.own_number())


@router.message(F.contact)
async def contact_shared(visit: Visit) -> None:
    """Only the sender's own contact proves anything; a forwarded one or another's does not."""
    message = visit.message
    assert message.contact is not None
    if message.contact.user_id != visit.customer_id or message.forward_origin is not None:
        visit.toast = _("A forwarded contact, or somebody else's, proves nothing.")
        return await find_opened(visit)
    attached = await visit.customers.share_contact(visit.customer_id, message.contact.phone_number)
    await visit.leave_dialog()
    await visit.say(_("Thank you, your number is confirmed."), ReplyKeyboardRemove())
    if attached:
        visit.toast = ngettext("{count} connector found.", "{count} connectors found.", len(attached))
        return await open_place(visit, Place.PAY)
    return await _show_none_by_number(visit)


@router.message(Find.number, F.text)
async def words_typed(visit: Visit) -> None:
    words = shown(visit.text, WORDS_LENGTH)
    await visit.enter(Find.words, words=words)
    text = _(
        "What is typed proves nothing by itself: anybody could type it. An operator can look for “{words}”, "
        "check that it is yours and attach it.",
        words=words,
    )
    await visit.show(text, lists.ask_operator_to_find())


@router.callback_query(F.data == lists.ASK_OPERATOR)
async def operator_asked(visit: Visit) -> None:
    words = (await visit.state.get_data()).get("words", "")
    await visit.leave_dialog()
    await visit.connectors.find(visit.customer_id, words or _("the confirmed phone number"))
    await visit.say(_("An operator will look for it and answer here."), ReplyKeyboardRemove())
    await open_place(visit, Place.MENU)


async def _show_none_by_number(visit: Visit) -> None:
    page = await visit.connectors.page(visit.customer_id)
    if page.total:
        return await open_place(visit, Place.CONNECTORS)
    text = _("No connector names this number. An operator can look further, or connect a new one.")
    await visit.show(text, lists.none_by_number(can_add=bool(visit.catalogue.addable)))
    return None
