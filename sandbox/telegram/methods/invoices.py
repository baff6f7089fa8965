"""Telegram's own payments."""

from __future__ import annotations

from sandbox.telegram.fields import Fields, Json
from sandbox.telegram.markup import read_markup
from sandbox.telegram.methods.registry import method
from sandbox.telegram.methods.sends import send
from sandbox.telegram.payments import read_invoice
from sandbox.telegram.stars import give_stars_back
from sandbox.telegram.world import World


@method("sendInvoice")
def send_invoice(world: World, fields: Fields) -> Json:
    chat = world.open_to_bot(fields.text("chat_id"))
    invoice = read_invoice(fields)
    markup = read_markup(fields, private=chat.private, invoice=True)
    message = send(world, chat, fields, {"invoice": invoice["shown"]}, markup)
    message.invoice = invoice
    return message.body


@method("createInvoiceLink")
def create_invoice_link(world: World, fields: Fields) -> str:
    return world.payments.link(read_invoice(fields))


@method("refundStarPayment")
def refund_star_payment(world: World, fields: Fields) -> bool:
    give_stars_back(world, fields.integer("user_id"), fields.required("telegram_payment_charge_id"))
    return True


@method("getStarTransactions")
def get_star_transactions(world: World, fields: Fields) -> Json:
    offset, limit = fields.integer("offset"), fields.integer("limit", 100)
    return {"transactions": world.payments.transactions()[offset : offset + limit]}


@method("getMyStarBalance")
def get_my_star_balance(world: World, _: Fields) -> Json:
    return {"amount": world.payments.balance()}
