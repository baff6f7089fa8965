"""Payments of the past, page by page, and each one's details."""

from __future__ import annotations

from aiogram import F, Router
from aiogram.filters import StateFilter
from aiogram.fsm.state import State, StatesGroup

from bot.domain.states import Purpose
from bot.handlers.places import opens, resumes
from bot.i18n import _, method_title, money
from bot.i18n.payment_words import standing_sentence
from bot.keyboards import history as screens
from bot.keyboards.buttons import BACK, Place, TurnPage
from bot.middlewares.visits import Visit
from bot.services.reports import PaymentReport

router = Router(name="history")


class History(StatesGroup):
    pages = State()
    payment = State()


@opens(Place.HISTORY)
async def history_opened(visit: Visit) -> None:
    await _show_page(visit, 0)


@resumes(History)
async def history_resumed(visit: Visit) -> None:
    data = await visit.state.get_data()
    if visit.dialog == History.payment.state:
        return await show_payment(visit, data["payment"], data.get("page", 0))
    return await _show_page(visit, data.get("page", 0))


async def _show_page(visit: Visit, number: int) -> None:
    page = await visit.payments.history(visit.customer_id, number)
    titles = await visit.payments.titles(visit.customer_id, page.items)
    await visit.enter(History.pages, page=page.page)
    text = _("Your payments, the newest first.") if page.total else _("There are no payments yet.")
    await visit.show(text, screens.history(page, titles))


async def show_payment(visit: Visit, payment_id: int, page: int = 0) -> None:
    report = await visit.payments.details(visit.customer_id, payment_id)
    await visit.enter(History.payment, payment=payment_id, page=page)
    await visit.show(_details(visit, report), screens.payment_page(report))


def _details(visit: Visit, report: PaymentReport) -> str:
    payment = report.payment
    title = f"{money(payment.amount)} · {method_title(visit.catalogue, payment.method)}"
    if payment.purpose is Purpose.TOP_UP:
        title = _("Top-up: {what}", what=title)
    return f"{title}\n\n{standing_sentence(report)}"


@router.callback_query(StateFilter(History), TurnPage.filter())
async def page_turned(visit: Visit, callback_data: TurnPage) -> None:
    await _show_page(visit, callback_data.to)


@router.callback_query(screens.OpenPayment.filter())
async def payment_tapped(visit: Visit, callback_data: screens.OpenPayment) -> None:
    page = (await visit.state.get_data()).get("page", 0) if visit.dialog == History.pages.state else 0
    await show_payment(visit, callback_data.id, page)


@router.callback_query(StateFilter(History), F.data == BACK)
async def back_tapped(visit: Visit) -> None:
    await _show_page(visit, (await visit.state.get_data()).get("page", 0))
