"""What metered connectors used, in the chat: the detail of a month, and what this one has cost so far."""

from __future__ import annotations

from aiogram import F, Router
from aiogram.filters import StateFilter

from bot.handlers.invoices_section.months import ask_months
from bot.handlers.invoices_section.scope import Scope, Section, demand_open, load, wait_at
from bot.i18n.usage_words import charges_words, detail_words
from bot.keyboards import metered as screens
from bot.keyboards.buttons import BACK, TurnPage
from bot.keyboards.metered import Aim
from bot.middlewares.visits import Visit
from bot.services.paging import page_of

router = Router(name="invoices_usage")


async def show_detail(visit: Visit, scope: Scope, month: str, number: int = 0) -> None:
    who = visit.customer_id
    page = await visit.usage.records(who, scope.subscriber, month, number, payer_id=scope.payer)
    usage = await visit.usage.summary(who, scope.subscriber, month, payer_id=scope.payer)
    await wait_at(visit, scope, Section.detail, month=month, page=page.page)
    mail = (await visit.delivery.get(who, scope.payer)).mail_is_on
    await visit.show(detail_words(usage, page), screens.usage_page(page, mail=mail))


@router.callback_query(StateFilter(Section), F.data == screens.CHARGES)
async def charges_wanted(visit: Visit) -> None:
    demand_open(visit)
    await show_charges(visit, await load(visit))


async def show_charges(visit: Visit, scope: Scope, number: int = 0) -> None:
    who, month = visit.customer_id, visit.usage.this_month
    usage = await visit.usage.summary(who, scope.subscriber, month, payer_id=scope.payer)
    found = usage.connectors
    page = page_of(lambda limit, after: list(found[after : after + limit]), len(found), number)
    await wait_at(visit, scope, Section.charges, page=page.page)
    mail = (await visit.delivery.get(who, scope.payer)).mail_is_on
    await visit.show(charges_words(usage, page), screens.usage_page(page, mail=mail))


async def usage_resumed(visit: Visit, scope: Scope) -> None:
    data = await visit.state.get_data()
    if visit.dialog == Section.detail.state:
        return await show_detail(visit, scope, data["month"], data["page"])
    return await show_charges(visit, scope, data["page"])


@router.callback_query(Section.detail, TurnPage.filter())
async def detail_turned(visit: Visit, callback_data: TurnPage) -> None:
    month = (await visit.state.get_data())["month"]
    await show_detail(visit, await load(visit), month, callback_data.to)


@router.callback_query(Section.charges, TurnPage.filter())
async def charges_turned(visit: Visit, callback_data: TurnPage) -> None:
    await show_charges(visit, await load(visit), callback_data.to)


@router.callback_query(Section.detail, F.data == BACK)
async def back_to_months(visit: Visit) -> None:
    month = (await visit.state.get_data())["month"]
    await ask_months(visit, await load(visit), Aim.DETAIL, [month])
