"""Getting in: nothing of the customer's was found, so how does a line become his?"""

from __future__ import annotations

from aiogram import F, Router
from aiogram.fsm.state import State, StatesGroup
from aiogram.types import ReplyKeyboardRemove

from bot.domain.contacts import normal_email
from bot.domain.email_codes import CodePurpose
from bot.handlers.places import open_place, opens, resumes
from bot.i18n import _, ngettext, shown
from bot.keyboards import connectors as lists
from bot.keyboards.buttons import BACK, Place
from bot.middlewares.visits import Visit

router = Router(name="getting_in")

WORDS_LENGTH = 300


class Find(StatesGroup):
    number = State()
    words = State()
    email = State()
    code = State()


async def show_nothing_found(visit: Visit) -> None:
    await visit.leave_dialog()
    text = _("I know of nothing that you pay for yet. Shall we look for it?")
    await visit.show(text, lists.nothing_found(can_add=bool(visit.catalogue.addable)))


@resumes(Find)
async def finding_resumed(visit: Visit) -> None:
    data = await visit.state.get_data()
    if visit.dialog == Find.code.state:
        return await _ask_code(visit, data["email"])
    if visit.dialog == Find.email.state:
        return await _ask_email(visit)
    if visit.dialog == Find.words.state:
        return await _offer_operator(visit, data["words"])
    return await find_opened(visit)


@opens(Place.FIND)
async def find_opened(visit: Visit) -> None:
    """The button below the chat is the one proof of a number: Telegram sends it, nobody types it."""
    await visit.enter(Find.number)
    text = _(
        "Press “Send my number” below the chat: I will look for connectors that name it. "
        "A number or a name that is typed proves nothing by itself, "
        "but an operator can check it: just send it."
    )
    await visit.show(text, lists.find_line(by_email=await visit.email_codes.can_send()))
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
    if normal_email(visit.text) and await visit.email_codes.can_send():
        return await _send_code(visit, visit.text)
    return await _offer_operator(visit, shown(visit.text, WORDS_LENGTH))


async def _offer_operator(visit: Visit, words: str) -> None:
    await visit.enter(Find.words, words=words)
    text = _(
        "What is typed proves nothing by itself: anybody could type it. An operator can look for “{words}”, "
        "check that it is yours and attach it.",
        words=words,
    )
    await visit.show(text, lists.ask_operator_to_find())


@router.callback_query(Find.number, F.data == lists.BY_EMAIL)
@router.callback_query(Find.code, F.data == BACK)
async def email_wanted(visit: Visit) -> None:
    await _ask_email(visit)


async def _ask_email(visit: Visit) -> None:
    await visit.enter(Find.email)
    text = _(
        "Send the e-mail address that you gave the seller: a code goes there, and it proves that you read it."
    )
    await visit.show(text, lists.ask_email())


@router.message(Find.email, F.text)
async def email_typed(visit: Visit) -> None:
    await _send_code(visit, visit.text)


@router.callback_query(Find.code, F.data == lists.CODE_AGAIN)
async def code_wanted_again(visit: Visit) -> None:
    await _send_code(visit, (await visit.state.get_data())["email"])


async def _send_code(visit: Visit, email: str) -> None:
    address = await visit.email_codes.send(visit.customer_id, email, CodePurpose.CONNECTORS)
    await _ask_code(visit, address)


async def _ask_code(visit: Visit, address: str) -> None:
    """The same words whether the address is on file or not: whose it is, only its owner learns."""
    await visit.enter(Find.code, email=address)
    text = _(
        "If a connector names {email}, a code is on its way there. Send me its six digits. "
        "It may take a few minutes; look among the spam as well.",
        email=shown(address, WORDS_LENGTH),
    )
    await visit.show(text, lists.code_from_letter())


@router.message(Find.code, F.text)
async def code_typed(visit: Visit) -> None:
    attached = await visit.email_codes.take_over(visit.customer_id, visit.text)
    address = (await visit.state.get_data())["email"]
    await visit.leave_dialog()
    await visit.say(_("Thank you, your address is confirmed."), ReplyKeyboardRemove())
    if attached:
        visit.toast = ngettext("{count} connector found.", "{count} connectors found.", len(attached))
        return await open_place(visit, Place.PAY)
    await visit.enter(Find.words, words=address)
    text = _("The connectors of this address belong to somebody by now. An operator can look further.")
    await visit.show(text, lists.ask_operator_to_find())
    return None


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
