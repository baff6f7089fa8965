"""Money inside Telegram: the question before it is taken, and the word that it moved.

This router is asked first and knows no dialogs: whatever somebody is doing in the chat, money is heard of.
"""

from __future__ import annotations

from aiogram import F, Router
from aiogram.types import Message, PreCheckoutQuery, Update

from bot.handlers.errors import in_time
from bot.i18n import fit, language_of, sentence_for, speaking
from bot.middlewares.invoices import Invoices
from bot.middlewares.living import LivingMessages
from bot.middlewares.visits import Guests
from bot.services.checkouts import CheckoutService
from bot.services.customers import CustomerService

router = Router(name="telegram_payments")

SECONDS = 5.0
"""Telegram cancels the payment after ten; half of them are left for the way."""

LONGEST_REASON = 200


@router.pre_checkout_query()
async def checkout_asked(
    query: PreCheckoutQuery, checkouts: CheckoutService, guests: Guests, customers: CustomerService
) -> None:
    """Yes, or a reason in the payer's language; also when the books are silent."""

    async def problem() -> str:
        language = await guests.language(query.from_user, customers)
        with speaking(language):
            wrong = await checkouts.why_not(
                query.invoice_payload, query.currency, query.total_amount, query.from_user.id
            )
            return sentence_for(wrong) if wrong else ""

    with speaking(language_of(query.from_user.language_code)):
        reason = fit(await in_time(problem(), SECONDS), LONGEST_REASON)
    await query.answer(ok=not reason, error_message=reason or None)


@router.message(F.successful_payment | F.refunded_payment)
async def money_moved(
    message: Message,
    event_update: Update,
    checkouts: CheckoutService,
    living: LivingMessages,
    telegram_invoices: Invoices,
) -> None:
    """Booked from what was written down before Telegram heard that we have it; the outbox tells of it."""
    living.saw(message.chat.id, message.message_id)
    if message.successful_payment:
        telegram_invoices.keep(message.chat.id)
    await checkouts.take(event_update.update_id)
