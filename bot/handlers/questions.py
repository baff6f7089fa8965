"""Free text and photos: anything that no dialog waits for can go to an operator."""

from __future__ import annotations

from typing import Any

from aiogram import F, Router
from aiogram.filters import StateFilter
from aiogram.fsm.state import State, StatesGroup

from bot.handlers.autopay.draft import Autopay
from bot.handlers.choice import Pay
from bot.handlers.complaint import Complaint
from bot.handlers.getting_in import Find
from bot.handlers.invoice_card import InvoiceCard
from bot.handlers.order_form.draft import OrderDialog
from bot.handlers.payer_answers import PayerForm
from bot.handlers.places import open_place, opens, resume, resume_after_stale, resumes
from bot.handlers.promo import Promo
from bot.handlers.settings import Settings
from bot.handlers.top_up_steps import TopUp
from bot.i18n import _
from bot.keyboards import talk as screens
from bot.keyboards.buttons import Place
from bot.middlewares.visits import Visit

router = Router(name="questions")

TOLD_ALL = (
    *(Pay.link, TopUp.link, Complaint.answer, InvoiceCard.look),
    *(Autopay.every, Autopay.one, Autopay.consent),
    *(OrderDialog.listed, OrderDialog.one),
)
"""Screens that have said what there is to say: words below them are a question, not a wrong answer."""

WAITING = tuple(
    step
    for dialog in (Pay, PayerForm, InvoiceCard, TopUp, Promo, Complaint, Settings, Find, Autopay, OrderDialog)
    for step in dialog.__states__
    if step not in TOLD_ALL
)


class Question(StatesGroup):
    writing = State()
    offered = State()


@opens(Place.WRITE)
@resumes(Question)
async def write_opened(visit: Visit) -> None:
    await visit.enter(Question.writing)
    await visit.show(
        _("Write your question, or send a picture: an operator will answer here."), screens.write()
    )


@router.message(Question.writing, F.text | F.photo)
async def question_written(visit: Visit) -> None:
    await _hand_over(visit, visit.text, _photo(visit), visit.message.message_id)


@router.callback_query(Question.offered, F.data == screens.SEND)
async def sending_confirmed(visit: Visit) -> None:
    data = await visit.state.get_data()
    await _hand_over(visit, data["text"], data["photo"], data["message_id"])


@router.message(F.text.startswith("/"))
async def unknown_command(visit: Visit) -> None:
    visit.toast = _("I do not know that command.")
    await resume(visit)


@router.message(StateFilter(*WAITING))
async def not_what_was_asked(visit: Visit) -> None:
    """Kindly, and with the screen again."""
    visit.toast = _("Please use the buttons below. To ask us something, open Help in the menu.")
    await resume(visit)


@router.message(F.text | F.photo)
async def something_said(visit: Visit) -> None:
    asked: dict[str, Any] = {
        "text": visit.text,
        "photo": _photo(visit),
        "message_id": visit.message.message_id,
    }
    await visit.enter(Question.offered, **asked)
    text = _("I am a cashier and answer by buttons. Shall an operator read this?")
    await visit.show(text, screens.send_to_operator())


@router.message()
async def something_else(visit: Visit) -> None:
    visit.toast = _("I can pass on words and pictures, but not this.")
    await resume(visit)


@router.callback_query()
async def stale_tapped(visit: Visit) -> None:
    """A button from before: of another step, of a page that turned, of a version that is gone."""
    await resume_after_stale(visit)


async def _hand_over(visit: Visit, text: str, photo: str, message_id: int) -> None:
    await visit.complaints.question(visit.customer_id, text=text, photo=photo, message_id=message_id)
    visit.note = _("An operator has it now and will answer here.")
    await open_place(visit, Place.MENU)


def _photo(visit: Visit) -> str:
    return visit.message.photo[-1].file_id if visit.message.photo else ""
