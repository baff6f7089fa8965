"""A customer's invoices with what became of each, the newest first."""

from __future__ import annotations

from aiogram import F, Router
from aiogram.filters import StateFilter

from bot.handlers.invoices_section.scope import Scope, Section, load, wait_at
from bot.i18n.section_words import list_words
from bot.keyboards import invoices_section as screens
from bot.keyboards.buttons import TurnPage
from bot.middlewares.visits import Visit

router = Router(name="invoices_listing")


@router.callback_query(StateFilter(Section), F.data == screens.LIST)
async def list_wanted(visit: Visit) -> None:
    await show_list(visit, await load(visit))


async def show_list(visit: Visit, scope: Scope, page: int = 0, *, everybody: bool = False) -> None:
    """All that are his; of one subscriber those of its payer, and `everybody` shows the others' as well."""
    payers = await visit.connectors.payers(visit.customer_id)
    of_one = bool(scope.connector) and len(payers) > 1 and not everybody
    found = await visit.invoices.page(visit.customer_id, scope.payer if of_one else None, page)
    await wait_at(visit, scope, Section.listed, page=found.page, everybody=everybody)
    await visit.show(list_words(found), screens.invoices(found, others=of_one))


async def list_resumed(visit: Visit, scope: Scope) -> None:
    data = await visit.state.get_data()
    await show_list(visit, scope, data.get("page", 0), everybody=data.get("everybody", False))


@router.callback_query(Section.listed, TurnPage.filter())
async def page_turned(visit: Visit, callback_data: TurnPage) -> None:
    everybody = (await visit.state.get_data()).get("everybody", False)
    await show_list(visit, await load(visit), callback_data.to, everybody=everybody)


@router.callback_query(Section.listed, F.data == screens.EVERYBODYS)
async def everybodys_wanted(visit: Visit) -> None:
    await show_list(visit, await load(visit), everybody=True)
