"""The summary of an order form: one answer is changed, a payer chosen, and all of it sent in."""

from __future__ import annotations

from aiogram import F, Router

from bot.domain.order_forms import FormState
from bot.handlers.order_form.asking import ask, ask_again, made_of, show_summary
from bot.handlers.order_form.draft import Draft, OrderDialog, load, wait_at
from bot.handlers.order_form.listing import show_form
from bot.i18n import _, moment
from bot.keyboards import order_forms as screens
from bot.keyboards.buttons import BACK
from bot.keyboards.payers import PickPayer, which_payer
from bot.middlewares.visits import Visit

router = Router(name="order_form_summary")


@router.callback_query(OrderDialog.summary, F.data == screens.SEND_IN)
async def sending_in_tapped(visit: Visit) -> None:
    draft = await load(visit)
    form = await visit.order_forms.send_in(visit.customer_id, draft.form)
    if form.state is FormState.REVIEW and form.review_until is not None:
        visit.note = _("It is sent in. We will answer by {moment}.", moment=moment(form.review_until))
    await show_form(visit, form.id)


@router.callback_query(OrderDialog.summary, F.data == BACK)
async def back_from_summary(visit: Visit) -> None:
    draft = await load(visit)
    form = await visit.order_forms.get(visit.customer_id, draft.form)
    await ask(visit, draft, form, made_of(visit, form).form[-1])


@router.callback_query(OrderDialog.summary, F.data == screens.CHANGE)
async def change_wanted(visit: Visit) -> None:
    await show_answers(visit, await load(visit))


async def show_answers(visit: Visit, draft: Draft) -> None:
    form = await visit.order_forms.get(visit.customer_id, draft.form)
    await wait_at(visit, draft, OrderDialog.change)
    await visit.show(_("What shall be changed?"), screens.which_answer(made_of(visit, form)))


@router.callback_query(OrderDialog.change, screens.ChangeAnswer.filter())
async def answer_to_change_picked(visit: Visit, callback_data: screens.ChangeAnswer) -> None:
    draft = await load(visit)
    draft.at, draft.editing = callback_data.question, True
    await ask_again(visit, draft)


@router.callback_query(OrderDialog.change, F.data == BACK)
@router.callback_query(OrderDialog.payer, F.data == BACK)
async def nothing_to_change(visit: Visit) -> None:
    draft = await load(visit)
    await show_summary(visit, draft, await visit.order_forms.get(visit.customer_id, draft.form))


@router.callback_query(OrderDialog.summary, F.data == screens.WHO_PAYS)
async def payer_wanted(visit: Visit) -> None:
    await wait_at(visit, await load(visit), OrderDialog.payer)
    await visit.show(_("Who pays?"), which_payer(await visit.connectors.payers(visit.customer_id)))


@router.callback_query(OrderDialog.payer, PickPayer.filter())
async def payer_picked(visit: Visit, callback_data: PickPayer) -> None:
    draft = await load(visit)
    form = await visit.order_forms.choose_payer(visit.customer_id, draft.form, callback_data.payer)
    await show_summary(visit, draft, form)
