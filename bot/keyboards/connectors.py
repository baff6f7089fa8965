"""Lists of connectors, one to choose or several to tick, and a connector's own page."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup, KeyboardButton, ReplyKeyboardMarkup

from bot.domain.catalogue import Catalogue, Tariff
from bot.domain.customers import Connector
from bot.i18n import _, day, said, short_day, shown, today
from bot.keyboards.buttons import BACK, Place, Row, go, handle, keyboard, page_turner, tap
from bot.services.paging import Page

TITLE_ON_BUTTON = 34
SEARCH = "search"
SHOW_ALL = "all"
SEVERAL = "several"
DONE = "done"
UNLINK = "unlink"
CHANGE_PAYER = "line:payer"
ASK_OPERATOR = "find:operator"
BY_EMAIL = "find:email"
CODE_AGAIN = "find:again"


class PickConnector(CallbackData, prefix="line"):
    handle: str


class PayFor(CallbackData, prefix="payfor"):
    handle: str


class PickTariff(CallbackData, prefix="tariff"):
    id: str


def connector_list(
    page: Page[Connector], *, searched: bool, extra: Row = (), back: str | Place | None = None
) -> InlineKeyboardMarkup:
    """One tap chooses."""
    rows = [[tap(_on_button(each), PickConnector(handle=handle(each.id)))] for each in page.items]
    return keyboard(*rows, page_turner(page.page, page.pages), extra, _search(page, searched), back=back)


def connector_ticks(
    page: Page[Connector], ticked: Collection[str], *, searched: bool
) -> InlineKeyboardMarkup:
    """Taps set and take off ticks, until "Continue"."""
    rows = [
        [tap(_tick(each.id in ticked) + _on_button(each), PickConnector(handle=handle(each.id)))]
        for each in page.items
    ]
    done = [tap(_("Continue ({count})", count=len(ticked)), DONE)] if ticked else []
    return keyboard(*rows, page_turner(page.page, page.pages), done, _search(page, searched), back=BACK)


def pay_connectors(page: Page[Connector], *, searched: bool) -> InlineKeyboardMarkup:
    """One tap chooses and goes on; several are ticked on a screen of their own."""
    several = [tap(_("Pay for several at once"), SEVERAL)] if page.total > 1 else []
    return connector_list(page, searched=searched, extra=several, back=BACK)


def own_connectors(page: Page[Connector], *, searched: bool, can_add: bool) -> InlineKeyboardMarkup:
    more = [go(_("Find my connector"), Place.FIND)]
    if can_add:
        more.append(go(_("Connect a new one"), Place.ADD))
    return connector_list(page, searched=searched, extra=more, back=Place.MENU)


def connector_page(
    connector: Connector, *, payable: bool, metered: bool, several_payers: bool, suspension: Row
) -> InlineKeyboardMarkup:
    bills = [go(_("Invoices"), Place.INVOICES)] if metered else []
    pay = [tap(_("Pay"), PayFor(handle=handle(connector.id)))] if payable else []
    payer = [tap(_("Change the payer"), CHANGE_PAYER)] if several_payers else []
    return keyboard(pay, bills, suspension, payer, [tap(_("Unlink"), UNLINK)], back=Place.CONNECTORS)


def unlink() -> InlineKeyboardMarkup:
    return keyboard([tap(_("Yes, unlink"), UNLINK)], back=BACK)


def nothing_found(*, can_add: bool) -> InlineKeyboardMarkup:
    return keyboard(
        [go(_("Find my connector"), Place.FIND)],
        [go(_("Connect a new one"), Place.ADD)] if can_add else [],
        [go(_("Write to us"), Place.WRITE)],
        back=Place.MENU,
    )


def tariffs_to_add(catalogue: Catalogue) -> InlineKeyboardMarkup:
    rows = [[tap(_tariff_title(tariff), PickTariff(id=tariff.id))] for tariff in catalogue.addable]
    return keyboard(*rows, back=Place.CONNECTORS)


def own_number() -> ReplyKeyboardMarkup:
    """The one way to prove a number: Telegram itself sends it."""
    return ReplyKeyboardMarkup(
        keyboard=[[KeyboardButton(text=_("Send my number"), request_contact=True)]],
        resize_keyboard=True,
        one_time_keyboard=True,
    )


def find_line(*, by_email: bool) -> InlineKeyboardMarkup:
    return keyboard([tap(_("By e-mail"), BY_EMAIL)] if by_email else [], back=Place.CONNECTORS)


def code_from_letter() -> InlineKeyboardMarkup:
    return keyboard([tap(_("Send the code again"), CODE_AGAIN)], back=BACK)


def ask_email() -> InlineKeyboardMarkup:
    return keyboard(back=Place.FIND)


def ask_operator_to_find() -> InlineKeyboardMarkup:
    return keyboard([tap(_("Ask an operator to find it"), ASK_OPERATOR)], back=Place.FIND)


def none_by_number(*, can_add: bool) -> InlineKeyboardMarkup:
    return keyboard(
        [tap(_("Ask an operator to find it"), ASK_OPERATOR)],
        [go(_("Connect a new one"), Place.ADD)] if can_add else [],
        back=Place.MENU,
    )


def paid_until(on: date | None) -> str:
    """«до 14 декабря 2026», or that it has ended."""
    if on is None:
        return _("not paid yet")
    return _("until {date}", date=day(on)) if on >= today() else _("ended on {date}", date=day(on))


def _on_button(connector: Connector) -> str:
    title, until = shown(connector.title, TITLE_ON_BUTTON), connector.paid_until
    if until is None:
        return title
    ended = "❗️" if until < today() else ""
    return f"{ended}{title} · {short_day(until)}"


def _tick(ticked: bool) -> str:
    return "☑ " if ticked else "☐ "


def _search(page: Page[Connector], searched: bool) -> list[InlineKeyboardButton]:
    if searched:
        return [tap(_("Show all"), SHOW_ALL)]
    return [tap(_("Search"), SEARCH)] if page.pages > 1 else []


def _tariff_title(tariff: Tariff) -> str:
    return shown(said(tariff.title), TITLE_ON_BUTTON)
