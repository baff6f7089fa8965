"""The invoices section: one's invoices, copies of them, what was used and charged, and how papers come."""

from __future__ import annotations

from aiogram import F, Router
from aiogram.filters import StateFilter

from bot.handlers.invoices_section import (
    address,
    delivery,
    instalments,
    listing,
    months,
    opening,
    requesting,
    usage,
)
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
    requesting.router,
    instalments.router,
    delivery.router,
    address.router,
    _last,
)


@_last.callback_query(StateFilter(Section), F.data == BACK)
async def back_tapped(visit: Visit) -> None:
    """From wherever Back leads to nothing nearer."""
    await opening.show_section(visit, await load(visit))


_SCREENS = {
    Section.listed: listing.list_resumed,
    Section.months: months.months_resumed,
    Section.detail: usage.usage_resumed,
    Section.charges: usage.usage_resumed,
    Section.request: requesting.request_resumed,
    Section.requested: requesting.request_resumed,
    Section.link: requesting.links_resumed,
    Section.instalments: instalments.instalments_resumed,
    Section.delivery: delivery.show_delivery,
    Section.address: address.address_resumed,
    Section.code: address.address_resumed,
}


@resumes(Section)
async def section_resumed(visit: Visit) -> None:
    show = next((show for state, show in _SCREENS.items() if state.state == visit.dialog), None)
    if show is None:
        return await opening.opening_resumed(visit)
    return await show(visit, await load(visit))
