"""The invoices section: subscribers to choose from, and what can be done there."""

from __future__ import annotations

from typing import Any

from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.domain.customers import Connector, Payer
from bot.domain.invoices import Invoice
from bot.i18n import _, money, shown
from bot.i18n.section_words import state_mark
from bot.keyboards.buttons import BACK, Place, handle, keyboard, page_turner, tap
from bot.keyboards.connectors import SEARCH, SHOW_ALL, PickConnector
from bot.keyboards.invoices import OpenInvoice
from bot.keyboards.metered import CHARGES, Aim, Want
from bot.keyboards.papers_delivery import DELIVERY
from bot.keyboards.payers import PickPayer
from bot.services.invoices import InvoiceView
from bot.services.paging import Page
from bot.services.subscribers import SubscriberList

TITLE_ON_BUTTON = 34

LIST = "section:list"
EVERYBODYS = "section:everybodys"
INSTALMENTS = "section:parts"
ON_REQUEST = "section:request"
CHANGE_SUBSCRIBER = "section:whose"


def subscribers(listed: SubscriberList, *, searched: bool) -> InlineKeyboardMarkup:
    """All of a payer's at once, or one of them."""
    everybody = [] if searched else [[_all_of(each, listed.payers)] for each in listed.payers]
    ones = [[_one(each)] for each in listed.found.items]
    turner = page_turner(listed.found.page, listed.found.pages)
    return keyboard(*everybody, *ones, turner, _search(listed, searched), back=Place.MENU)


def section(
    *, on_request: bool, metered: bool, requests: bool, mail: bool, in_parts: bool, several: bool
) -> InlineKeyboardMarkup:
    """`requests` while papers are given out, `mail` where letters can leave, `in_parts` where he pays so."""
    requested = [
        [tap(_("Order an invoice by e-mail"), Want(aim=Aim.COPY))] if mail else [],
        [tap(_("Download an invoice by link"), Want(aim=Aim.LINK))],
        [tap(_("Usage detail"), Want(aim=Aim.DETAIL))],
        [tap(_("Charges of this month"), CHARGES)],
    ]
    return keyboard(
        [tap(_("My invoices"), LIST)],
        [tap(_("Invoice for an organisation"), ON_REQUEST)] if on_request else [],
        *(requested if requests else []),
        [tap(_("Instalments"), INSTALMENTS)] if in_parts else [],
        [tap(_("How invoices come"), DELIVERY)] if metered else [],
        [tap(_("Change the subscriber"), CHANGE_SUBSCRIBER)] if several else [],
        back=BACK,
    )


def turned(page: Page[Any]) -> InlineKeyboardMarkup:
    """A list to read, with nothing to tap in it."""
    return keyboard(page_turner(page.page, page.pages), back=BACK)


def invoices(page: Page[InvoiceView], *, others: bool) -> InlineKeyboardMarkup:
    rows = [[_invoice(view.invoice)] for view in page.items]
    turner = page_turner(page.page, page.pages)
    return keyboard(
        *rows, turner, [tap(_("Invoices of all payers"), EVERYBODYS)] if others else [], back=BACK
    )


def _invoice(invoice: Invoice) -> InlineKeyboardButton:
    """«⏳ 3 564 ₽ · INV-2026-000123»: a phone cuts the end of a long button, so the sum stands first."""
    return tap(
        f"{state_mark(invoice.state)} {money(invoice.total)} · {invoice.number}",
        OpenInvoice(invoice=invoice.id),
    )


def _all_of(payer: Payer, payers: list[Payer]) -> InlineKeyboardButton:
    if len(payers) == 1:
        return tap(_("All subscribers"), PickPayer(payer=payer.id))
    name = shown(payer.shown_name, TITLE_ON_BUTTON)
    return tap(_("All subscribers: {payer}", payer=name), PickPayer(payer=payer.id))


def _one(connector: Connector) -> InlineKeyboardButton:
    return tap(shown(connector.title, TITLE_ON_BUTTON), PickConnector(handle=handle(connector.id)))


def _search(listed: SubscriberList, searched: bool) -> list[InlineKeyboardButton]:
    if searched:
        return [tap(_("Show all"), SHOW_ALL)]
    return [tap(_("Search"), SEARCH)] if listed.found.pages > 1 else []
