"""Door 1, Telegram: one file a dialog. Here is the order in which they are asked.

`help` has no router of its own: it is imported for the places it opens.
"""

from aiogram import F, Router

from bot.handlers import (
    autopay,
    balance,
    card_guard,
    code,
    complaint,
    connectors,
    errors,
    getting_in,
    help,  # noqa: F401 (for the places it opens)
    history,
    invoice_card,
    invoice_sent,
    invoices_section,
    membership,
    menu,
    notice_choices,
    order_form,
    pay,
    pay_by_invoice,
    payer_form,
    payers,
    payment,
    personal_data,
    promo,
    questions,
    receipts,
    refund,
    renewals,
    settings,
    start,
    suspension,
    talk,
    time_zone,
    top_up,
)
from bot.handlers.operators import operators_router
from bot.middlewares.living import LivingMessages
from bot.middlewares.visits import Guests, Visits, hand_over

DIALOGS = (
    menu.router,
    card_guard.router,
    talk.router,
    autopay.words,
    start.router,
    pay.resuming,
    renewals.router,
    pay.router,
    payment.router,
    payer_form.router,
    pay_by_invoice.router,
    invoice_card.router,
    invoice_sent.router,
    order_form.router,
    top_up.opening,
    top_up.router,
    balance.router,
    promo.router,
    code.router,
    autopay.router,
    payers.router,
    connectors.router,
    suspension.router,
    getting_in.router,
    history.router,
    receipts.router,
    invoices_section.router,
    settings.router,
    notice_choices.router,
    time_zone.router,
    personal_data.router,
    refund.router,
    complaint.router,
    questions.router,
)
"""The menu first, since it is tapped most and its commands end any dialog; `questions` takes what is left."""


def customers_router(living: LivingMessages, guests: Guests) -> Router:
    """The private chats' side of the door."""
    root = Router(name="customers")
    for observer in (root.message, root.callback_query):
        observer.outer_middleware(Visits(living, guests))
        observer.outer_middleware(errors.Excuses())
        observer.middleware(hand_over)
    root.message.filter(F.chat.type == "private")
    root.include_routers(*DIALOGS)
    return root


__all__ = ["DIALOGS", "customers_router", "errors", "membership", "operators_router", "talk"]
