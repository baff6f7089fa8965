"""Which months: one to look at, or several to have copies of; "Next" goes on with what stands there."""

from __future__ import annotations

from aiogram import Router
from aiogram.filters import StateFilter

from bot.domain.billing import moved
from bot.domain.errors import CustomerError
from bot.handlers.invoices_section.scope import Scope, Section, demand_open, load, wait_at
from bot.handlers.places import resume_after_stale
from bot.i18n.section_words import aim_question
from bot.keyboards import metered as screens
from bot.keyboards.metered import Aim
from bot.middlewares.visits import Visit

router = Router(name="invoices_months")


@router.callback_query(StateFilter(Section), screens.Want.filter())
async def months_wanted(visit: Visit, callback_data: screens.Want) -> None:
    """The newest stands there already."""
    demand_open(visit)
    scope = await load(visit)
    offered = await _offered(visit, scope, callback_data.aim)
    if not offered:
        raise CustomerError("no_bills")
    await ask_months(visit, scope, callback_data.aim, offered[:1])


async def ask_months(visit: Visit, scope: Scope, aim: Aim, ticked: list[str]) -> None:
    await wait_at(visit, scope, Section.months, aim=aim.value, months=ticked)
    await visit.show(aim_question(aim), screens.months(await _offered(visit, scope, aim), ticked))


async def months_resumed(visit: Visit, scope: Scope) -> None:
    data = await visit.state.get_data()
    await ask_months(visit, scope, Aim(data["aim"]), data["months"])


@router.callback_query(Section.months, screens.TickMonth.filter())
async def month_tapped(visit: Visit, callback_data: screens.TickMonth) -> None:
    """Where one is wanted it takes the other's place."""
    data, scope = await visit.state.get_data(), await load(visit)
    aim, ticked, month = Aim(data["aim"]), list(data["months"]), callback_data.month
    if month not in await _offered(visit, scope, aim):
        return await resume_after_stale(visit)
    if aim.takes_several:
        ticked = [each for each in ticked if each != month] if month in ticked else [*ticked, month]
    else:
        ticked = [month]
    return await ask_months(visit, scope, aim, sorted(ticked, reverse=True))


async def _offered(visit: Visit, scope: Scope, aim: Aim) -> list[str]:
    """Detail of this and the last month, a link for the two before this, copies of all that was billed."""
    if aim is Aim.COPY:
        return await visit.paper_requests.months(visit.customer_id, scope.payer)
    this = visit.usage.this_month
    return [moved(this, -back) for back in aim.months_back]
