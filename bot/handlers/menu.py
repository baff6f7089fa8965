"""The main menu, and the buttons and commands that lead to places."""

from __future__ import annotations

from aiogram import Router
from aiogram.filters import Command

from bot.handlers.places import open_place, opens
from bot.i18n import _, shown
from bot.keyboards.buttons import Go, Place
from bot.keyboards.menu import main_menu
from bot.middlewares.visits import Visit

router = Router(name="menu")

COMMANDS = {
    "pay": Place.PAY,
    "invoices": Place.INVOICES,
    "code": Place.CODE,
    "autopay": Place.AUTOPAY,
    "balance": Place.BALANCE,
    "history": Place.HISTORY,
    "order": Place.ORDER,
    "orders": Place.ORDERS,
    "settings": Place.SETTINGS,
    "help": Place.HELP,
    "support": Place.SUPPORT,
    "paysupport": Place.SUPPORT,
    "terms": Place.TERMS,
    "privacy": Place.PRIVACY,
    "forget": Place.FORGET,
    "cancel": Place.MENU,
    "menu": Place.MENU,
}


@router.callback_query(Go.filter())
async def place_tapped(visit: Visit, callback_data: Go) -> None:
    visit.anew = callback_data.anew
    visit.answer_tap()
    await open_place(visit, callback_data.to)


@router.message(Command(*COMMANDS))
async def place_called(visit: Visit) -> None:
    name = visit.text.split()[0].lstrip("/").partition("@")[0].lower()
    if name == "cancel" and visit.dialog is not None:
        visit.toast = _("Cancelled.")
    await open_place(visit, COMMANDS[name])


@opens(Place.MENU)
async def show_menu(visit: Visit) -> None:
    await visit.leave_dialog()
    view = await visit.menu.look(visit.customer_id)
    text = _("{seller}: your cashier. What shall we do?", seller=shown(visit.catalogue.seller.name))
    if view.closed and not visit.note:
        banner = _("⏸ Payments are paused for a short while. Everything else works.")
        text = f"{banner}\n\n{text}"
    await visit.show(text, main_menu(view.again, can_order=bool(visit.catalogue.made_to_order)))
