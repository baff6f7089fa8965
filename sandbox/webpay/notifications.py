"""Notifications: a form signed by MD5, told again until the shop answers 200."""

import aiohttp

from sandbox.clock import stamp
from sandbox.webpay.settings import ShopSettings
from sandbox.webpay.shop import Bound, Shop, Transaction
from sandbox.webpay.signatures import told
from sandbox.yookassa.money import Json, decimal
from sandbox.yookassa.notifications import Notification, Notifier

SIGNED = (
    "batch_timestamp", "currency_id", "amount", "payment_method", "order_id", "site_order_id",
    "transaction_id", "payment_type", "rrn", "card", "customer_id", "operation_type", "recurring_token",
    "offer_exp_date",
)  # fmt: skip


class FormNotifier(Notifier):
    """Delivers as the sandbox's other notifications are delivered, mishaps and all; only the words differ."""

    async def _post(self, notification: Notification) -> bool:
        assert self._session is not None
        outcome: Json = {"at": stamp(self._clock.now())}
        notification.answers.append(outcome)
        url, fields = notification.object["url"], notification.object["fields"]
        try:
            async with self._session.post(url, data=fields, allow_redirects=False) as answer:
                outcome["status"] = answer.status
        except (aiohttp.ClientError, TimeoutError, ValueError) as failure:
            outcome["error"] = str(failure) or type(failure).__name__
        accepted = outcome.get("status") == 200
        if accepted:
            notification.state = "accepted"
            notification.accepted.set()
        return accepted


def notification_fields(shop: Shop, made: Transaction) -> dict[str, str]:
    """What the shop is told of a transaction as it stands now."""
    fields = {
        "batch_timestamp": str(made.batch),
        "currency_id": made.order.currency,
        "amount": decimal(made.moved),
        "payment_method": made.method,
        "order_id": made.order.id,
        "site_order_id": made.order.number,
        "transaction_id": made.id,
        "payment_type": str(made.kind),
        "rrn": made.rrn,
        "card": made.card,
        **_binding(shop, made),
    }
    more = {
        "approval": made.rrn[:6],
        "rc": made.code,
        "rc_text": "",
        "order_tag": made.order.tag,
        "action": "0",
    }
    return sealed(fields | more, shop.settings)


def unbound_fields(shop: Shop, bound: Bound) -> dict[str, str]:
    """What is told of a card that was let go: no money, so little is left to sign."""
    fields = {
        "batch_timestamp": str(int(shop.clock.now().timestamp())),
        "customer_id": bound.customer,
        "operation_type": "recurring_unbind",
        "recurring_token": bound.token,
        "rc": "W0000",
        "rc_text": "",
    }
    return sealed(fields, shop.settings)


def sealed(fields: dict[str, str], settings: ShopSettings) -> dict[str, str]:
    """The fields with their signature."""
    values = [fields.get(name, "") for name in SIGNED]
    return fields | {"wsb_signature": told(values, settings.secret_key)}


def _binding(shop: Shop, made: Transaction) -> dict[str, str]:
    order = made.order
    bound = next((each for each in shop.bound.values() if each.customer == order.customer), None)
    if not order.operation or bound is None:
        return {}
    said = {"customer_id": order.customer, "operation_type": order.operation, "recurring_token": bound.token}
    return said | ({"offer_exp_date": bound.until} if order.operation == "recurring_bind" else {})
