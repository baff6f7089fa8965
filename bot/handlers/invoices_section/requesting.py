"""Papers by e-mail, once more asked about with the address that stands now; and invoices by a link."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field

from aiogram import F, Router
from aiogram.filters import StateFilter

from bot.handlers.invoices_section.months import ask_months
from bot.handlers.invoices_section.scope import Scope, Section, demand_open, load, wait_at
from bot.handlers.invoices_section.usage import show_charges, show_detail
from bot.i18n.request_words import link_words, request_words, requested_words
from bot.keyboards import metered as screens
from bot.keyboards.buttons import BACK
from bot.keyboards.metered import Aim
from bot.middlewares.visits import Visit

router = Router(name="invoices_requesting")


@dataclass(slots=True)
class PaperRequest:
    """What is to be sent by e-mail."""

    aim: str
    months: list[str] = field(default_factory=list)


async def show_request(visit: Visit, scope: Scope, request: PaperRequest) -> None:
    """The address is shown masked, for whoever looks over the shoulder; without one it is asked for."""
    now = await visit.delivery.get(visit.customer_id, scope.payer)
    await wait_at(visit, scope, Section.request, request=asdict(request))
    text = request_words(request.aim, request.months, now.address)
    await visit.show(text, screens.request(has_address=bool(now.address)))


@router.callback_query(Section.months, F.data == screens.NEXT)
async def months_picked(visit: Visit) -> None:
    demand_open(visit)
    data, scope = await visit.state.get_data(), await load(visit)
    aim, months = Aim(data["aim"]), data["months"]
    if not months:
        return await ask_months(visit, scope, aim, months)
    match aim:
        case Aim.DETAIL:
            await show_detail(visit, scope, months[0])
        case Aim.LINK:
            await show_links(visit, scope, months[0])
        case _:
            await show_request(visit, scope, PaperRequest(aim, months))
    return None


@router.callback_query(StateFilter(Section.detail, Section.charges), F.data == screens.BY_MAIL)
async def mail_wanted(visit: Visit) -> None:
    demand_open(visit)
    data = await visit.state.get_data()
    is_detail = visit.dialog == Section.detail.state
    request = (
        PaperRequest(Aim.DETAIL, [data["month"]])
        if is_detail
        else PaperRequest(Aim.CHARGES, [visit.usage.this_month])
    )
    await show_request(visit, await load(visit), request)


@router.callback_query(Section.request, F.data == screens.SEND)
async def request_confirmed(visit: Visit) -> None:
    scope, request = await load(visit), await _request(visit)
    who, papers = visit.customer_id, visit.paper_requests
    match Aim(request.aim):
        case Aim.COPY:
            await papers.copies(who, scope.payer, request.months)
        case Aim.DETAIL:
            await papers.detail(who, scope.payer, scope.subscriber, request.months[0])
        case _:
            await papers.charges(who, scope.payer, scope.subscriber)
    await show_requested(visit, scope, request)


async def show_requested(visit: Visit, scope: Scope, request: PaperRequest) -> None:
    now = await visit.delivery.get(visit.customer_id, scope.payer)
    await wait_at(visit, scope, Section.requested, request=asdict(request))
    await visit.show(requested_words(request.aim, request.months, now.address), screens.requested())


@router.callback_query(Section.request, F.data == BACK)
async def back_from_request(visit: Visit) -> None:
    scope, request = await load(visit), await _request(visit)
    match Aim(request.aim):
        case Aim.DETAIL:
            await show_detail(visit, scope, request.months[0])
        case Aim.CHARGES:
            await show_charges(visit, scope)
        case aim:
            await ask_months(visit, scope, aim, request.months)


async def request_resumed(visit: Visit, scope: Scope) -> None:
    """What was sent already is not asked about again."""
    show = show_requested if visit.dialog == Section.requested.state else show_request
    await show(visit, scope, await _request(visit))


async def show_links(visit: Visit, scope: Scope, month: str) -> None:
    """A button for each file; while the month is formed, how far it has come, and a button to look again."""
    found = await visit.paper_requests.links(visit.customer_id, scope.payer, month)
    await wait_at(visit, scope, Section.link, month=month)
    await visit.show(link_words(found), screens.links(found))


@router.callback_query(Section.link, F.data == screens.LOOK_AGAIN)
async def links_wanted_again(visit: Visit) -> None:
    await show_links(visit, await load(visit), (await visit.state.get_data())["month"])


@router.callback_query(Section.link, F.data == BACK)
async def back_from_links(visit: Visit) -> None:
    month = (await visit.state.get_data())["month"]
    await ask_months(visit, await load(visit), Aim.LINK, [month])


async def links_resumed(visit: Visit, scope: Scope) -> None:
    await show_links(visit, scope, (await visit.state.get_data())["month"])


async def _request(visit: Visit) -> PaperRequest:
    return PaperRequest(**(await visit.state.get_data())["request"])
