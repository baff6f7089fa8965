"""How papers come, as it stands."""

from __future__ import annotations

from aiogram import F, Router
from aiogram.filters import StateFilter

from bot.handlers.invoices_section.scope import Scope, Section, load, wait_at
from bot.i18n.section_words import delivery_words
from bot.keyboards import papers_delivery as screens
from bot.middlewares.visits import Visit

router = Router(name="invoices_delivery")


@router.callback_query(StateFilter(Section), F.data == screens.DELIVERY)
async def delivery_wanted(visit: Visit) -> None:
    await show_delivery(visit, await load(visit))


async def show_delivery(visit: Visit, scope: Scope) -> None:
    now = await visit.delivery.get(visit.customer_id, scope.payer)
    await wait_at(visit, scope, Section.delivery)
    await visit.show(delivery_words(now), screens.delivery(now))
