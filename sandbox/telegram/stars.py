"""Stars that go back: the same for the bot, its owner and Telegram's own people."""

from __future__ import annotations

from sandbox.telegram.model import Message
from sandbox.telegram.payments import STARS
from sandbox.telegram.world import World


def give_stars_back(world: World, user_id: int, charge_id: str) -> Message:
    """Give them back and tell the bot, which hears of its own refunds as well."""
    paid = world.payments.refund_stars(user_id, charge_id)
    chat = world.chats[paid.user["id"]]
    refunded = {
        "currency": STARS,
        "total_amount": paid.amount,
        "invoice_payload": paid.payload,
        "telegram_payment_charge_id": charge_id,
    }
    message = world.post(chat, world.bot, {"refunded_payment": refunded})
    world.tell(chat, message)
    return message
