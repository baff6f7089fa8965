"""What was sold in parts: how much is paid, how much is left, and when the next part is due."""

from __future__ import annotations

from aiogram import F, Router
from aiogram.filters import StateFilter

from bot.handlers.invoices_section.scope import Scope, Section, load, wait_at
from bot.i18n.instalment_words import instalment_words
from bot.keyboards import invoices_section as screens
from bot.keyboards.buttons import TurnPage
from bot.middlewares.visits import Visit

router = Router(name="invoices_instalments")


@router.callback_query(StateFilter(Section), F.data == screens.INSTALMENTS)
async def instalments_wanted(visit: Visit) -> None:
    await show_instalments(visit, await load(visit))


async def show_instalments(visit: Visit, scope: Scope, number: int = 0) -> None:
    page = await visit.instalments.of_customer(
        visit.customer_id, scope.subscriber, number, payer_id=scope.payer
    )
    await wait_at(visit, scope, Section.instalments, page=page.page)
    await visit.show(instalment_words(page), screens.turned(page))


@router.callback_query(Section.instalments, TurnPage.filter())
async def page_turned(visit: Visit, callback_data: TurnPage) -> None:
    await show_instalments(visit, await load(visit), callback_data.to)


async def instalments_resumed(visit: Visit, scope: Scope) -> None:
    await show_instalments(visit, scope, (await visit.state.get_data())["page"])
