"""Free text and photos: anything that no dialog waits for can go to an operator."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from aiogram import F, Router
from aiogram.filters import StateFilter
from aiogram.fsm.state import State, StatesGroup

from bot.domain.talk import Attached, Said
from bot.handlers.autopay.draft import Autopay
from bot.handlers.choice import Pay
from bot.handlers.complaint import Complaint
from bot.handlers.getting_in import Find
from bot.handlers.invoice_card import InvoiceCard
from bot.handlers.order_form.draft import OrderDialog
from bot.handlers.payer_answers import PayerForm
from bot.handlers.places import opens, resume, resume_after_stale, resumes
from bot.handlers.promo import Promo
from bot.handlers.refund import Refund
from bot.handlers.said import SOMETHING, said_in
from bot.handlers.settings import Settings
from bot.handlers.talk import hand_on, hand_over
from bot.handlers.top_up_steps import TopUp
from bot.i18n import _
from bot.keyboards import talk as screens
from bot.keyboards.buttons import Place
from bot.middlewares.visits import Visit

router = Router(name="questions")

TOLD_ALL = (
    *(Pay.link, TopUp.link, Complaint.answer, InvoiceCard.look),
    *(Autopay.every, Autopay.one, Autopay.consent),
    Refund.look,
    *(OrderDialog.listed, OrderDialog.one),
)
"""Screens that have said what there is to say: words below them are a question, not a wrong answer."""

WAITING = tuple(
    step
    for dialog in (
        Pay,
        PayerForm,
        InvoiceCard,
        TopUp,
        Promo,
        Complaint,
        Settings,
        Find,
        Autopay,
        OrderDialog,
        Refund,
    )
    for step in dialog.__states__
    if step not in TOLD_ALL
)


MOST_KEPT = 10
"""Of an album that is offered to an operator."""


class Question(StatesGroup):
    writing = State()
    offered = State()


@opens(Place.WRITE)
@resumes(Question)
async def write_opened(visit: Visit) -> None:
    await visit.enter(Question.writing)
    await visit.show(
        _("Write your question, or send a picture, a file or a voice message: an operator answers here."),
        screens.write(),
    )


@router.message(Question.writing, SOMETHING)
async def question_written(visit: Visit) -> None:
    await hand_over(visit, said_in(visit.message))


@router.callback_query(Question.offered, F.data == screens.SEND)
async def sending_confirmed(visit: Visit) -> None:
    for said in (await visit.state.get_data())["said"]:
        await hand_over(visit, _stored(said))


@router.message(F.text.startswith("/"))
async def unknown_command(visit: Visit) -> None:
    visit.toast = _("I do not know that command.")
    await resume(visit)


@router.message(StateFilter(*WAITING))
async def not_what_was_asked(visit: Visit) -> None:
    """Kindly, and with the screen again."""
    visit.toast = _("Please use the buttons below. To ask us something, open Help in the menu.")
    await resume(visit)


@router.message(SOMETHING)
async def something_said(visit: Visit) -> None:
    """The answer to an operator goes to him; anything else only if its customer wants it to."""
    said = said_in(visit.message)
    if await visit.talk.goes_on(visit.customer_id):
        await hand_on(visit, said)
        return
    earlier = (await visit.state.get_data()).get("said", []) if _is_offered(visit) else []
    await visit.enter(Question.offered, said=[*earlier, asdict(said)][-MOST_KEPT:])
    text = _("I am a cashier and answer by buttons. Shall an operator read this?")
    await visit.show(text, screens.send_to_operator())


@router.message()
async def something_else(visit: Visit) -> None:
    visit.toast = _("I can pass on words, pictures, files, voice and video, but not this.")
    await resume(visit)


@router.callback_query()
async def stale_tapped(visit: Visit) -> None:
    """A button from before: of another step, of a page that turned, of a version that is gone."""
    await resume_after_stale(visit)


def _is_offered(visit: Visit) -> bool:
    return visit.dialog == Question.offered.state


def _stored(said: dict[str, Any]) -> Said:
    attached = said["attached"]
    return Said(said["number"], said["words"], Attached(**attached) if attached else None)
