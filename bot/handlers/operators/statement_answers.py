"""What operators reply to the questions about a bank line: another invoice's number, a payer's code."""

from __future__ import annotations

from typing import Any

from aiogram.types import Message

from bot.i18n import _, money, shown
from bot.keyboards import statements as buttons
from bot.keyboards.statements import LineToInvoice
from bot.services.statement_desk import StatementDesk


async def invoice_named(message: Message, desk: StatementDesk, who: int, card: int, line: int) -> None:
    """Shown before it is booked: a mistyped number is some other buyer's invoice."""
    waiting = await desk.waiting(who, line)
    invoice = await desk.invoice_named(who, message.text or "")
    yes = _("Yes, {amount} to {number}", amount=money(waiting["amount"]), number=invoice["number"])
    goal = LineToInvoice(card=card, line=line, invoice=invoice["id"], sure=True)
    await message.reply(_invoice(invoice), reply_markup=buttons.sure(yes, goal, card, line))


async def payer_named(message: Message, desk: StatementDesk, who: int, card: int, line: int) -> None:
    await desk.waiting(who, line)
    found = await desk.payers(who, line, message.text or "")
    none = _("Nobody has that payment code or tax number. Reply to the question again.")
    keyboard = buttons.payers(card, line, found)
    await message.reply(_("Onto whose balance?") if found else none, reply_markup=keyboard)


def _invoice(invoice: dict[str, Any]) -> str:
    words = _(
        "{number}: {total}, {name}",
        number=invoice["number"],
        total=money(invoice["total"]),
        name=shown(invoice["buyer"], 120),
    )
    return words if invoice["open"] else words + "\n" + _("⚠️ It is paid or was cancelled.")
