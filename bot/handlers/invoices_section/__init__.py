"""The invoices section: one's invoices, copies of them, what was used and charged, and how papers come."""

from __future__ import annotations

from aiogram import F, Router
from aiogram.filters import StateFilter

from bot.handlers.invoices_section import address, delivery, listing, months, opening, ordering, usage
from bot.handlers.invoices_section.scope import Section, load
from bot.handlers.places import resumes
from bot.keyboards.buttons import BACK
from bot.middlewares.visits import Visit

router = Router(name="invoices_section")
_last = Router(name="invoices_back")
router.include_routers(
    opening.router,
    listing.router,
    months.router,
    usage.router,
    ordering.router,
    delivery.router,
    address.router,
    _last,
)


@_last.callback_query(StateFilter(Section), F.data == BACK)
async def back_tapped(visit: Visit) -> None:
    """From wherever Back leads to nothing nearer."""
    await opening.show_section(visit, await load(visit))


@resumes(Section)
async def section_resumed(visit: Visit) -> None:
    scope = await load(visit)
    match visit.dialog:
        case Section.listed.state:
            await listing.list_resumed(visit, scope)
        case Section.months.state:
            await months.months_resumed(visit, scope)
        case Section.detail.state | Section.charges.state:
            await usage.usage_resumed(visit, scope)
        case Section.order.state | Section.ordered.state:
            await ordering.order_resumed(visit, scope)
        case Section.link.state:
            await ordering.links_resumed(visit, scope)
        case Section.address.state | Section.code.state:
            await address.address_resumed(visit, scope)
        case Section.delivery.state:
            await delivery.show_delivery(visit, scope)
        case _:
            await opening.opening_resumed(visit)
