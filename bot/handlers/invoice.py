"""Paying by Telegram's own invoice: it stands below the screen that says what it is for."""

from __future__ import annotations

import structlog
from aiogram.exceptions import TelegramBadRequest

from bot.domain.errors import CustomerError
from bot.keyboards import pay as screens
from bot.middlewares.visits import Visit
from bot.services.payments import PayLink
from bot.services.reports import PaymentReport, Standing

log = structlog.get_logger()


async def send_invoice(visit: Visit, link: PayLink) -> None:
    """The invoice in place of the older one; a refusal of Telegram is told like any other."""
    buttons = screens.invoice(link.amount)
    try:
        await visit.telegram_invoices.send(visit.bot, visit.customer_id, link.form, buttons)
    except TelegramBadRequest as refusal:
        log.error("invoice.refused", payment_id=link.payment_id, why=refusal.message[:100])
        raise CustomerError("invoice_refused") from refusal


async def send_again(visit: Visit, report: PaymentReport) -> bool:
    """The invoice of a payment that still waits, or of a new attempt at it; False where nothing waits."""
    if report.standing not in (Standing.WAITING, Standing.EXPIRED):
        return False
    await send_invoice(visit, await visit.payments.renew(report.payment))
    return True
