"""Money that names its payer and not its purpose: it came by a payment code."""

from __future__ import annotations

from datetime import timedelta

from bot.domain import periods
from bot.domain.customers import Payer
from bot.domain.events import Paid
from bot.domain.payments import Payment
from bot.domain.references import new_number
from bot.domain.states import PaymentState
from bot.services.accounts import open_accounts
from bot.services.untapped import write_untapped
from bot.storage.tx import Tx

BY_CODE = "terminal"
"""The method that tells a payer his code, and the provider of its payments until a network brings money."""

TOP_UP_LIFE = timedelta(days=3)
"""How long a top-up that was begun with a code says what the money is for; orders have their own life."""


def payment_for(tx: Tx, event: Paid, payer: Payer) -> Payment:
    """What it is for: the order or top-up begun with the code, else the oldest open order it covers.

    What fits neither rests on the balance. A payment that is paid already, or that nobody began, is made.
    """
    open_accounts(tx, payer.id, event.provider, event.amount.currency)
    since = periods.now() - TOP_UP_LIFE
    begun = tx.payments.begun_by_code(payer.id, BY_CODE, event.amount.currency, since=since)
    if begun is not None and begun.state is not PaymentState.SUCCEEDED:
        return begun
    order_id = begun.order_id if begun else _oldest_covered(tx, event, payer)
    if order_id is not None and (other := tx.payments.open_for(order_id, BY_CODE)) is not None:
        tx.payments.give_way(other.id)  # it was begun in another currency
    return write_untapped(
        tx,
        payer,
        new_number(),
        method=BY_CODE,
        provider=event.provider,
        amount=event.amount,
        order_id=order_id,
    )


def _oldest_covered(tx: Tx, event: Paid, payer: Payer) -> int | None:
    return next((order.id for order in tx.orders.covered(payer.id, event.amount)), None)
