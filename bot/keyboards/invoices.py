"""Screens of an invoice: before it is issued, and every way on from it afterwards."""

from __future__ import annotations

from collections.abc import Sequence

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.domain.invoices import OPEN_INVOICES, Invoice, InvoiceKind, InvoiceState
from bot.i18n import _
from bot.keyboards.buttons import BACK, Row, copy, keyboard, tap
from bot.keyboards.pay import CancelOrder, PayRest, ways_to_pay_less
from bot.services.invoices import InvoiceView
from bot.services.orders import Summary

COPIED_LENGTH = 256
"""What Telegram's button for copying holds; a purpose is shorter."""
VOIDABLE = (InvoiceState.ISSUED, InvoiceState.LAPSED)

ISSUE = "invoice:issue"
ANEW = "invoice:anew"
HAND_OVER = "invoice:sent"
OTHER_PAYER = "invoice:payer"
CHANGE_PAYER = "invoice:details"


class OpenInvoice(CallbackData, prefix="showinvoice"):
    """One invoice's screen; `anew` on a notice's button."""

    invoice: int
    anew: bool = False


class SendPaper(CallbackData, prefix="paper"):
    """The PDF once more."""

    invoice: int


class TellSent(CallbackData, prefix="sent"):
    """«Мы отправили платёж»."""

    invoice: int
    anew: bool = False


class VoidInvoice(CallbackData, prefix="void"):
    """Give an unpaid invoice up; `sure` after it was asked whether it is."""

    invoice: int
    sure: bool = False
    anew: bool = False


def summary(view: Summary, autopays: Sequence[Row] = (), *, for_rest: bool) -> InlineKeyboardMarkup:
    """Whoever pays the rest of an order is its payer already."""
    return keyboard(
        [tap(_("Issue the invoice"), ISSUE)],
        *ways_to_pay_less(view, for_rest=for_rest),
        *autopays,
        [] if for_rest else [tap(_("Another payer"), OTHER_PAYER)],
        [tap(_("Change the payer's details"), CHANGE_PAYER)],
        [tap(_("Cancel the order"), CancelOrder(order=view.order.id))],
        back=BACK,
    )


def issued(invoice: Invoice) -> InlineKeyboardMarkup:
    """How to pay it hangs on the paper; here is what else can be done."""
    return keyboard(
        [tap(_("More about the invoice"), OpenInvoice(invoice=invoice.id))],
        [tap(_("Pay another way"), PayRest(order=invoice.order_id))],
        back=BACK,
    )


def already_invoiced(invoice_id: int) -> InlineKeyboardMarkup:
    return keyboard(
        [tap(_("Open the invoice"), OpenInvoice(invoice=invoice_id))],
        [tap(_("Choose anew"), ANEW)],
        back=BACK,
    )


def invoice_card(view: InvoiceView) -> InlineKeyboardMarkup:
    """All that can be done with an invoice as it stands."""
    invoice = view.invoice
    return keyboard(*_while_open(view), _paper(invoice), *_give_up(invoice), back=BACK)


def _while_open(view: InvoiceView) -> Sequence[Row]:
    invoice = view.invoice
    if invoice.state not in OPEN_INVOICES:
        return []
    return [
        [copy_purpose(invoice.purpose)],
        [we_have_paid(invoice.id)],
        [tap(_("Pay another way"), PayRest(order=view.order.id))] if view.order.takes_new_payments else [],
    ]


def copy_purpose(purpose: str) -> InlineKeyboardButton:
    return copy(_("Copy the purpose"), purpose[:COPIED_LENGTH])


def we_have_paid(invoice_id: int, *, anew: bool = False) -> InlineKeyboardButton:
    return tap(_("We have sent the payment"), TellSent(invoice=invoice_id, anew=anew))


def give_up(invoice_id: int, *, anew: bool = False) -> InlineKeyboardButton:
    return tap(_("Cancel the invoice"), VoidInvoice(invoice=invoice_id, anew=anew))


def _paper(invoice: Invoice) -> Row:
    if invoice.state is InvoiceState.VOID:
        return []
    return [tap(_("Send the PDF again"), SendPaper(invoice=invoice.id))]


def _give_up(invoice: Invoice) -> Sequence[Row]:
    if invoice.kind is InvoiceKind.REGULAR or invoice.state not in VOIDABLE:
        return []
    return [[give_up(invoice.id)]]


def sure_to_void(invoice_id: int) -> InlineKeyboardMarkup:
    yes = VoidInvoice(invoice=invoice_id, sure=True)
    return keyboard([tap(_("Yes, cancel it"), yes)], back=BACK)


def payment_order(files: int) -> InlineKeyboardMarkup:
    """While the payment order is waited for: with what came, or without any."""
    words = _("Send to operators, files: {count}", count=files) if files else _("Without a file")
    return keyboard([tap(words, HAND_OVER)], back=BACK)
