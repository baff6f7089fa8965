"""The invoices section: one's invoices, copies of them, what was used and charged, and how papers come."""

from __future__ import annotations

from aiogram import Router

from bot.handlers.invoices_section import opening
from bot.handlers.invoices_section.scope import Section
from bot.handlers.places import resumes
from bot.middlewares.visits import Visit

router = Router(name="invoices_section")
router.include_routers(opening.router)


@resumes(Section)
async def section_resumed(visit: Visit) -> None:
    await opening.opening_resumed(visit)
