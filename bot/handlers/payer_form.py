"""The payer's form: what a paper has to know of its buyer, asked one by one, checked, and saved."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import Any, TypeAlias

from aiogram import F, Router
from aiogram.filters import StateFilter
from aiogram.fsm.state import State

from bot.domain.errors import NotYours
from bot.domain.requisites import PartyKind
from bot.handlers.payer_answers import Answers, PayerForm, name_of, step_called
from bot.handlers.places import resumes
from bot.i18n import _
from bot.i18n.payer_words import payer_lines, question_words
from bot.keyboards import payer_form as screens
from bot.keyboards.buttons import BACK
from bot.middlewares.visits import Visit

router = Router(name="payer_form")
router.callback_query.filter(StateFilter(PayerForm))
router.message.filter(StateFilter(PayerForm))

TYPED = (PayerForm.tax_number, PayerForm.kpp, PayerForm.name, PayerForm.address, PayerForm.email)

WayOn: TypeAlias = Callable[[Visit, dict[str, Any], int], Awaitable[None]]
_ways_on: dict[str, WayOn] = {}


def follows(name: str) -> Callable[[WayOn], WayOn]:
    """Mark what comes after a form that was opened with `then=name`.

    It gets what was kept meanwhile, and the payer that was saved: 0 where the customer went back.
    """

    def remember(way_on: WayOn) -> WayOn:
        _ways_on[name] = way_on
        return way_on

    return remember


async def open_form(visit: Visit, answers: Answers, *, then: str, **kept: Any) -> None:
    """Ask what is not answered yet, or show the summary at once."""
    visit.dialog = None
    await visit.enter(PayerForm.summary, then=then, kept=kept)
    await _go_on(visit, answers)


async def form_of(visit: Visit, payer_id: int, country: str) -> Answers:
    """The answers of a payer as he was saved; one added by a name alone is asked for the rest."""
    payer = await visit.payers.get(visit.customer_id, payer_id)
    if payer.can_be_invoiced:
        return Answers.of(payer.details, payer_id)
    if payer.kind == PartyKind.PERSON:
        return Answers(country=country, payer=payer_id, kind=payer.kind, name=payer.title or None)
    return Answers(country=country, payer=payer_id, name=payer.title or None)


@resumes(PayerForm)
async def form_resumed(visit: Visit) -> None:
    answers = await _load(visit)
    if visit.dialog == PayerForm.change.state:
        return await _show_answers(visit, answers)
    return await _go_on(visit, answers)


@router.callback_query(PayerForm.kind, screens.PickKind.filter())
async def kind_picked(visit: Visit, callback_data: screens.PickKind) -> None:
    answers = await _load(visit)
    if callback_data.kind not in await _kinds(visit, answers):
        raise NotYours
    if answers.before:
        answers.kind = answers.before["kind"]
    answers.be(callback_data.kind)
    await _go_on(visit, answers)


@router.message(StateFilter(*TYPED), F.text)
async def answer_sent(visit: Visit) -> None:
    answers = await _load(visit)
    answers.take(step_called(visit.dialog), visit.text)
    await _go_on(visit, answers)


@router.callback_query(PayerForm.email, F.data == screens.OWN_EMAIL)
async def own_email_tapped(visit: Visit) -> None:
    answers = await _load(visit)
    answers.take(PayerForm.email, await _own_email(visit))
    await _go_on(visit, answers)


@router.callback_query(StateFilter(*TYPED), F.data == screens.SKIP)
async def answer_skipped(visit: Visit) -> None:
    answers = await _load(visit)
    step = step_called(visit.dialog)
    if answers.may_skip(step):
        setattr(answers, name_of(step), "")
    await _go_on(visit, answers)


@router.callback_query(PayerForm.summary, F.data == screens.CHANGE)
async def change_wanted(visit: Visit) -> None:
    await _show_answers(visit, await _load(visit))


@router.callback_query(PayerForm.change, screens.ChangeAnswer.filter())
async def answer_to_change_picked(visit: Visit, callback_data: screens.ChangeAnswer) -> None:
    answers = await _load(visit)
    step = next((each for each in answers.questions if name_of(each) == callback_data.what), None)
    if step is not None:
        answers.take_back(step)
    await _go_on(visit, answers)


@router.callback_query(PayerForm.summary, F.data == screens.SAVE)
async def save_tapped(visit: Visit) -> None:
    answers = await _load(visit)
    payer = await visit.payers.save(visit.customer_id, answers.payer or None, answers.details)
    await _leave(visit, payer.id)


@router.callback_query(F.data == BACK)
async def back_tapped(visit: Visit) -> None:
    answers = await _load(visit)
    if visit.dialog == PayerForm.change.state:
        return await _go_on(visit, answers)
    if answers.before is not None:
        return await _go_on(visit, Answers(**answers.before))
    if not answers.step_back():
        return await _leave(visit, 0)
    return await _go_on(visit, answers)


async def _go_on(visit: Visit, answers: Answers) -> None:
    step = answers.next_question
    await (_show_summary(visit, answers) if step is None else _ask(visit, answers, step))


async def _show_summary(visit: Visit, answers: Answers) -> None:
    answers.before = None
    await _wait_at(visit, answers, PayerForm.summary)
    text = "\n".join([_("Is it all right? So it will stand on the papers."), "", *_told(answers)])
    await visit.show(text, screens.summary())


async def _ask(visit: Visit, answers: Answers, step: State) -> None:
    await _wait_at(visit, answers, step)
    words = question_words(name_of(step), answers.country, answers.party_kind)
    if step is PayerForm.kind:
        await visit.show(words, screens.kinds(await _kinds(visit, answers)))
        return
    email = await _own_email(visit) if step is PayerForm.email else ""
    await visit.show(words, screens.question(may_skip=answers.may_skip(step), email=email))


async def _show_answers(visit: Visit, answers: Answers) -> None:
    await visit.enter(PayerForm.change, keep=True, form=asdict(answers))
    text = "\n".join([_("What shall be changed?"), "", *_told(answers)])
    await visit.show(text, screens.which_answer([name_of(step) for step in answers.questions]))


async def _leave(visit: Visit, payer_id: int) -> None:
    data = await visit.state.get_data()
    await _ways_on[data["then"]](visit, data["kept"], payer_id)


def _told(answers: Answers) -> list[str]:
    kind = _(screens.KINDS[answers.party_kind])
    return [kind, *filter(None, payer_lines(answers.details))]


async def _kinds(visit: Visit, answers: Answers) -> list[PartyKind]:
    """A payer that is kept already does not turn from a firm into a person, nor back."""
    if not answers.payer:
        return list(screens.KINDS)
    payer = await visit.payers.get(visit.customer_id, answers.payer)
    is_person = payer.kind == PartyKind.PERSON
    return [kind for kind in screens.KINDS if (kind is PartyKind.PERSON) == is_person]


async def _own_email(visit: Visit) -> str:
    customer = await visit.customers.get(visit.customer_id)
    return customer.email if customer else ""


async def _load(visit: Visit) -> Answers:
    data: dict[str, Any] = await visit.state.get_data()
    return Answers(**data.get("form", {}))


async def _wait_at(visit: Visit, answers: Answers, step: State) -> None:
    if answers.before is None:
        answers.shown(step)
    await visit.enter(step, keep=True, form=asdict(answers))
