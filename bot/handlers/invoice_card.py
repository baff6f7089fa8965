"""One invoice: how it stands, the purpose to copy, the paper again, another way to pay it, giving it up."""

from __future__ import annotations

from typing import Any

from aiogram import F, Router
from aiogram.filters import StateFilter
from aiogram.fsm.state import State, StatesGroup

from bot.domain.errors import CustomerError, NotYours
from bot.handlers.places import open_place, resume
from bot.i18n import _
from bot.i18n.invoice_words import invoice_title, invoice_words
from bot.keyboards import invoices as screens
from bot.keyboards.buttons import BACK, Place
from bot.keyboards.pay import OpenInvoiceOf
from bot.middlewares.visits import Visit

router = Router(name="invoice_card")


class InvoiceCard(StatesGroup):
    look = State()
    giving_up = State()
    files = State()


async def show_invoice(visit: Visit, invoice_id: int, *, came_from: str = "") -> None:
    """Raises NotYours for anybody else's. Back leads to the screen where its button stood, if it is told."""
    view = await visit.invoices.get(visit.customer_id, invoice_id)
    await stand_at(visit, InvoiceCard.look, invoice_id, came_from)
    await visit.show(invoice_words(visit.catalogue, view), screens.invoice_card(view))


async def stand_at(visit: Visit, step: State, invoice_id: int, came_from: str = "", **data: Any) -> None:
    """At a screen of this invoice; what the dialog before it left is kept for the way back."""
    if is_at_card(visit):
        came_from = (await visit.state.get_data()).get("came_from", "")
    await visit.enter(step, keep=bool(came_from), invoice=invoice_id, came_from=came_from, **data)


def is_at_card(visit: Visit) -> bool:
    return (visit.dialog or "").startswith(f"{InvoiceCard.__name__}:")


@router.callback_query(screens.OpenInvoice.filter())
async def invoice_tapped(visit: Visit, callback_data: screens.OpenInvoice) -> None:
    visit.anew = callback_data.anew
    await show_invoice(visit, callback_data.invoice, came_from=visit.dialog or "")


@router.callback_query(OpenInvoiceOf.filter())
async def invoice_of_order_tapped(visit: Visit, callback_data: OpenInvoiceOf) -> None:
    """From the history, or from "check payment"."""
    invoice = await visit.invoices.of_order(visit.customer_id, callback_data.order)
    if invoice is None:
        raise NotYours
    await show_invoice(visit, invoice.id, came_from=visit.dialog or "")


@router.callback_query(screens.SendPaper.filter())
async def paper_wanted(visit: Visit, callback_data: screens.SendPaper) -> None:
    await visit.invoices.send(visit.customer_id, callback_data.invoice)
    visit.toast = _("The PDF comes in a moment.")
    await show_invoice(visit, callback_data.invoice)


@router.callback_query(screens.VoidInvoice.filter())
async def void_tapped(visit: Visit, callback_data: screens.VoidInvoice) -> None:
    """Its accountants may have it already, so that it takes one more tap."""
    visit.anew = callback_data.anew
    if not callback_data.sure:
        return await ask_sure(visit, callback_data.invoice)
    await visit.invoices.void(visit.customer_id, callback_data.invoice)
    visit.note = _("The invoice is cancelled.")
    return await show_invoice(visit, callback_data.invoice)


@router.callback_query(InvoiceCard.look, F.data == BACK)
async def back_from_card(visit: Visit) -> None:
    """To the list it was opened from, or to the section's beginning."""
    came_from = (await visit.state.get_data()).get("came_from", "")
    if not came_from:
        return await open_place(visit, Place.INVOICES)
    visit.dialog = came_from
    await visit.state.set_state(came_from)
    return await resume(visit)


@router.callback_query(StateFilter(InvoiceCard), F.data == BACK)
async def back_to_card(visit: Visit) -> None:
    await show_invoice(visit, (await visit.state.get_data())["invoice"])


async def ask_sure(visit: Visit, invoice_id: int) -> None:
    view = await visit.invoices.get(visit.customer_id, invoice_id)
    if view.invoice.state not in screens.VOIDABLE:
        raise CustomerError("invoice_not_open")
    await stand_at(visit, InvoiceCard.giving_up, invoice_id)
    question = _("Cancel it? If the payment is on its way already, do not: it would rest on your balance.")
    await visit.show(f"{invoice_title(view.invoice)}\n\n{question}", screens.sure_to_void(invoice_id))
