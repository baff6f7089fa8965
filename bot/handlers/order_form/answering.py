"""What is tapped and typed in answer to an order form's questions."""

from __future__ import annotations

from aiogram import F, Router

from bot.domain.errors import CustomerError
from bot.domain.form_answers import WANTED
from bot.domain.form_terms import AnswerKind, Question
from bot.handlers.order_form.asking import answered, ask, ask_again, known_of, made_of, show_summary
from bot.handlers.order_form.draft import Draft, OrderDialog, load
from bot.handlers.order_form.sent_files import follows, sent_file, take_in
from bot.handlers.places import open_place, resume_after_stale
from bot.i18n import _, sentence_for
from bot.keyboards import order_forms as screens
from bot.keyboards.buttons import BACK, Place, by_handle
from bot.middlewares.visits import Visit

router = Router(name="order_form_answering")


@router.message(OrderDialog.question, F.text, ~F.text.startswith("/"))
async def answer_typed(visit: Visit) -> None:
    await _take(visit, await load(visit), visit.text)


@router.callback_query(OrderDialog.question, screens.PickOption.filter())
async def option_picked(visit: Visit, callback_data: screens.PickOption) -> None:
    await _take(visit, await load(visit), callback_data.name)


@router.callback_query(OrderDialog.question, F.data == screens.KNOWN)
async def known_taken(visit: Visit) -> None:
    draft = await load(visit)
    await _take(visit, draft, await known_of(visit, await _question(visit, draft)))


@router.message(OrderDialog.question, F.contact)
async def contact_sent(visit: Visit) -> None:
    """A card with a number answers the question for one; whose it is does not matter here."""
    draft, contact = await load(visit), visit.message.contact
    assert contact is not None
    question = await _question(visit, draft)
    if question.kind is not AnswerKind.PHONE:
        raise CustomerError(WANTED[question.kind])
    await _take(visit, draft, "+" + contact.phone_number.lstrip("+"))


async def _take(visit: Visit, draft: Draft, text: str) -> None:
    form = await visit.order_forms.answer(visit.customer_id, draft.form, draft.at, text)
    await answered(visit, draft, form)


@router.message(OrderDialog.question, ~F.text)
async def something_sent(visit: Visit) -> None:
    draft = await load(visit)
    if follows(visit, draft) and draft.album_at != draft.at:
        return await _keep_late(visit, draft)
    return await take_in(visit, draft, _keep, ask_again)


@router.message(OrderDialog.summary, F.media_group_id)
async def picture_came_late(visit: Visit) -> None:
    draft = await load(visit)
    if visit.message.media_group_id != draft.album:
        return await resume_after_stale(visit)
    return await _keep_late(visit, draft)


async def _keep_late(visit: Visit, draft: Draft) -> None:
    """The rest of an album, when its question was left already: kept there; what stands here stays."""
    file = sent_file(visit.message)
    if file is None:
        return
    try:
        await visit.order_forms.add_file(visit.customer_id, draft.form, draft.album_at, file)
    except CustomerError as refusal:
        if draft.refused:
            return
        visit.note, draft.refused = sentence_for(refusal), True
    if draft.at:
        await ask_again(visit, draft, renew=True)
    else:
        await show_summary(
            visit, draft, await visit.order_forms.get(visit.customer_id, draft.form), renew=True
        )


async def _keep(visit: Visit, draft: Draft) -> None:
    """A sticker for a date, or a film for a picture, is told what to send instead."""
    file = sent_file(visit.message)
    if file is None:
        raise CustomerError(WANTED[(await _question(visit, draft)).kind])
    await visit.order_forms.add_file(visit.customer_id, draft.form, draft.at, file)


@router.callback_query(OrderDialog.question, screens.RemoveFile.filter())
async def removal_tapped(visit: Visit, callback_data: screens.RemoveFile) -> None:
    draft = await load(visit)
    form = await visit.order_forms.get(visit.customer_id, draft.form)
    given = form.answers.get(draft.at)
    found = by_handle(callback_data.file, [file.file_id for file in given.files]) if given else None
    if found is None:
        return await resume_after_stale(visit)
    await visit.order_forms.remove_file(visit.customer_id, draft.form, draft.at, found)
    return await ask_again(visit, draft)


@router.callback_query(OrderDialog.question, F.data.in_({screens.READY, screens.KEEP}))
async def left_as_it_is(visit: Visit) -> None:
    draft = await load(visit)
    await answered(visit, draft, await visit.order_forms.get(visit.customer_id, draft.form))


@router.callback_query(OrderDialog.question, F.data == screens.SKIP)
async def question_skipped(visit: Visit) -> None:
    draft = await load(visit)
    await answered(visit, draft, await visit.order_forms.skip(visit.customer_id, draft.form, draft.at))


@router.callback_query(OrderDialog.question, F.data == screens.LATER)
@router.callback_query(OrderDialog.summary, F.data == screens.LATER)
async def left_for_later(visit: Visit) -> None:
    visit.note = _("Your answers are kept: go on at any time, at /orders.")
    await open_place(visit, Place.MENU)


@router.callback_query(OrderDialog.question, F.data == BACK)
async def back_tapped(visit: Visit) -> None:
    """To the question before; from the first one to what was chosen before it."""
    draft = await load(visit)
    form = await visit.order_forms.get(visit.customer_id, draft.form)
    if draft.editing:
        draft.editing = False
        return await show_summary(visit, draft, form)
    questions = made_of(visit, form).form
    place = next((number for number, each in enumerate(questions) if each.name == draft.at), 0)
    if place == 0:
        return await open_place(visit, Place.ORDERS)
    return await ask(visit, draft, form, questions[place - 1])


async def _question(visit: Visit, draft: Draft) -> Question:
    form = await visit.order_forms.get(visit.customer_id, draft.form)
    question = made_of(visit, form).question(draft.at)
    if question is None:
        raise CustomerError("question_gone")
    return question
