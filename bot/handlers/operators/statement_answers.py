"""What operators reply to the questions about a bank line: another invoice's number, a payer's code."""

from __future__ import annotations

from typing import Any

from bot.handlers.operators.prompts import Told, asked_for
from bot.i18n import _, money, shown
from bot.keyboards import statements as buttons
from bot.keyboards.statements import LineToInvoice
from bot.services.statement.desk import StatementDesk

INVOICE, PAYER = "invoice", "payer"


@asked_for(INVOICE)
async def invoice_named(told: Told, statement_desk: StatementDesk) -> None:
    """Shown before it is booked: a mistyped number is some other buyer's invoice."""
    waiting = await statement_desk.waiting(told.who, told.line)
    invoice = await statement_desk.invoice_named(told.who, told.words)
    yes = _("Yes, {amount} to {number}", amount=money(waiting["amount"]), number=invoice["number"])
    goal = LineToInvoice(card=told.card, line=told.line, invoice=invoice["id"], sure=True)
    await told.message.reply(_invoice(invoice), reply_markup=buttons.sure(yes, goal, told.card, told.line))


@asked_for(PAYER)
async def payer_named(told: Told, statement_desk: StatementDesk) -> None:
    await statement_desk.waiting(told.who, told.line)
    found = await statement_desk.payers(told.who, told.line, told.words)
    none = _("Nobody has that payment code or tax number. Reply to the question again.")
    keyboard = buttons.payers(told.card, told.line, found)
    await told.message.reply(_("Onto whose balance?") if found else none, reply_markup=keyboard)


def _invoice(invoice: dict[str, Any]) -> str:
    words = _(
        "{number}: {total}, {name}",
        number=invoice["number"],
        total=money(invoice["total"]),
        name=shown(invoice["buyer"], 120),
    )
    return words if invoice["open"] else words + "\n" + _("⚠️ It is paid or was cancelled.")
