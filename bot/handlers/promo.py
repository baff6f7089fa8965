"""Promo codes kept for the next order: typed beside the balance, or come with a link of a friend."""

from __future__ import annotations

from aiogram import F, Router
from aiogram.fsm.state import State, StatesGroup

from bot.handlers.menu import show_menu
from bot.handlers.places import open_place, resumes
from bot.i18n import _, shown
from bot.i18n.promo_words import promo_kept
from bot.keyboards.buttons import BACK, Place, only_back
from bot.keyboards.pay import SAVE_PROMO
from bot.middlewares.visits import Visit

router = Router(name="promo")


class Promo(StatesGroup):
    code = State()


@router.callback_query(F.data == SAVE_PROMO)
async def promo_wanted(visit: Visit) -> None:
    await ask_code(visit)


@resumes(Promo)
async def ask_code(visit: Visit) -> None:
    await visit.enter(Promo.code)
    saved = await visit.promos.saved(visit.customer_id)
    kept = _("Promo code {code} waits for your next order.", code=shown(saved)) if saved else ""
    asked = _("Send a promo code: it counts in your next order.")
    await visit.show("\n\n".join(filter(None, (kept, asked))), only_back())


@router.message(Promo.code, F.text)
async def code_sent(visit: Visit) -> None:
    visit.note = promo_kept(await visit.promos.save(visit.customer_id, visit.text))
    await open_place(visit, Place.BALANCE)


@router.callback_query(Promo.code, F.data == BACK)
async def back_tapped(visit: Visit) -> None:
    await open_place(visit, Place.BALANCE)


async def code_from_link(visit: Visit, code: str) -> None:
    """`start=p_CODE`; a code that does not count is said, and leads to the menu like any other."""
    visit.note = promo_kept(await visit.promos.save(visit.customer_id, code))
    await show_menu(visit)
