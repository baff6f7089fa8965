"""What a customer ordered by a form: the list, an order's own page, sending in and withdrawing."""

from __future__ import annotations

from aiogram import F, Router

from bot.domain.order_forms import FormState
from bot.handlers.order_form.asking import ask_again, show_summary
from bot.handlers.order_form.draft import Draft, OrderDialog, load, wait_at
from bot.handlers.order_form.opening import go_on, order_opened
from bot.handlers.order_form.replying import show_question
from bot.handlers.places import opens, resumes
from bot.i18n import _, said, shown
from bot.i18n.form_standing import standing_lines
from bot.i18n.form_words import answer_lines
from bot.keyboards import order_forms as screens
from bot.keyboards.buttons import BACK, Place, TurnPage
from bot.middlewares.visits import Visit
from bot.services.made_to_order.views import FormView

router = Router(name="order_form_listing")

FILLING_IN = tuple(
    step.state for step in (OrderDialog.question, OrderDialog.summary, OrderDialog.change, OrderDialog.payer)
)


@opens(Place.ORDERS)
async def orders_opened(visit: Visit) -> None:
    """Who has none yet begins one at once."""
    await _show_page(visit, 0)


async def _show_page(visit: Visit, number: int) -> None:
    page = await visit.order_forms.page(visit.customer_id, number)
    can_order = bool(visit.catalogue.made_to_order)
    if not page.total and can_order:
        await order_opened(visit)
        return
    await wait_at(visit, Draft(page=page.page), OrderDialog.listed)
    text = _("Your orders, the newest first.") if page.total else _("You have ordered nothing yet.")
    titles = [title_of(visit, view) for view in page.items]
    await visit.show(text, screens.orders(page, titles, can_order=can_order))


@router.callback_query(OrderDialog.listed, TurnPage.filter())
async def page_turned(visit: Visit, callback_data: TurnPage) -> None:
    await _show_page(visit, callback_data.to)


@router.callback_query(screens.OpenForm.filter())
async def form_tapped(visit: Visit, callback_data: screens.OpenForm) -> None:
    visit.anew = callback_data.anew
    await show_form(visit, callback_data.form)


@router.callback_query(screens.OpenMade.filter())
async def order_tapped(visit: Visit, callback_data: screens.OpenMade) -> None:
    visit.anew = callback_data.anew
    await _show_made(visit, callback_data.order)


async def show_form(visit: Visit, form_id: int) -> None:
    view = await visit.order_forms.look(visit.customer_id, form_id)
    await wait_at(visit, Draft(form=form_id), OrderDialog.one)
    await _show(visit, view)


async def _show_made(visit: Visit, order_id: int) -> None:
    view = await visit.order_forms.look_at_order(visit.customer_id, order_id)
    await wait_at(visit, Draft(order=order_id), OrderDialog.one)
    await _show(visit, view)


async def _show(visit: Visit, view: FormView) -> None:
    tariff = visit.catalogue.tariff(view.tariff)
    made = tariff.made_to_order if tariff else None
    lines = [title_of(visit, view), "", *standing_lines(view, made)]
    if view.form is not None and view.form.answers and made is not None:
        lines += ["", *answer_lines(made, view.form.answers)]
    await visit.show("\n".join(lines), screens.one(view))


def title_of(visit: Visit, view: FormView) -> str:
    """As the catalogue calls it today; what it has no more is called as it was ordered."""
    tariff = visit.catalogue.tariff(view.tariff)
    if tariff is not None:
        return said(tariff.title)
    return shown(", ".join(view.order.titles) if view.order else view.tariff)


@router.callback_query(screens.Withdraw.filter())
async def withdrawal_tapped(visit: Visit, callback_data: screens.Withdraw) -> None:
    if not callback_data.sure:
        await visit.order_forms.get(visit.customer_id, callback_data.form)
        await wait_at(visit, Draft(form=callback_data.form), OrderDialog.one)
        await visit.show(_("Shall this order be cancelled?"), screens.sure(callback_data.form))
        return
    await visit.order_forms.withdraw(visit.customer_id, callback_data.form)
    visit.toast = _("The order is cancelled.")
    await show_form(visit, callback_data.form)


@router.callback_query(OrderDialog.one, F.data == BACK)
async def back_to_order(visit: Visit) -> None:
    await _show_one(visit, await load(visit))


async def _show_one(visit: Visit, draft: Draft) -> None:
    await (show_form(visit, draft.form) if draft.form else _show_made(visit, draft.order))


@resumes(OrderDialog)
async def dialog_resumed(visit: Visit) -> None:
    """After a word that was not asked for, or a restart; what was sent in meanwhile is looked at."""
    draft = await load(visit)
    match visit.dialog:
        case OrderDialog.listed.state:
            await _show_page(visit, draft.page)
        case OrderDialog.one.state:
            await _show_one(visit, draft)
        case OrderDialog.reply.state:
            await show_question(visit, draft)
        case state if state in FILLING_IN:
            await _resume_filling(visit, draft)
        case _:
            await go_on(visit, draft)


async def _resume_filling(visit: Visit, draft: Draft) -> None:
    form = await visit.order_forms.get(visit.customer_id, draft.form)
    if form.state is not FormState.FILLING:
        return await show_form(visit, form.id)
    if visit.dialog == OrderDialog.question.state:
        return await ask_again(visit, draft)
    return await show_summary(visit, draft, form)
