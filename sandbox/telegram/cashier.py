"""Telegram's own payment form: asks the bot, takes Stars or lets the shop take the card, tells of it."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import dataclass

import aiohttp

from sandbox.telegram.errors import ApiError
from sandbox.telegram.fields import Json
from sandbox.telegram.model import Chat, Message, Person
from sandbox.telegram.payments import STARS
from sandbox.telegram.world import World

Post = Callable[[Json], Message]


@dataclass(frozen=True)
class Form:
    """What a person typed: a card's number, or nothing for the one that works, and an e-mail."""

    card: str = ""
    email: str = ""


@dataclass(frozen=True)
class Sheet:
    """The open payment form: who has it before him, for which invoice, and what he typed."""

    person: Person
    chat: Chat
    invoice: Json
    form: Form
    message: Message | None = None


class DeclinedError(Exception):
    """The shop behind the provider's token did not take the card; the message is its word."""


class Cashier:
    """`shop` is the address of the provider behind the token; without one every card is good."""

    def __init__(self, world: World, shop: str = "") -> None:
        self._world = world
        self._shop = shop.rstrip("/")

    async def take(self, sheet: Sheet, post: Post) -> Json:
        """paid, refused (by the bot, the bank or for want of Stars) or expired, as the app would show it."""
        message, chat = sheet.message, sheet.chat
        common = _common(sheet)
        if refusal := await self._ask_the_bot(sheet.person, common):
            return refusal
        if message is not None and message.paid and chat.private:
            return _refused("This invoice was paid meanwhile")
        try:
            charge = await self._charge(sheet, common)
        except (ApiError, DeclinedError) as error:
            return _refused(str(error))
        if message is not None:
            message.paid = True
            self._world.touch(chat, message)
        self._tell(chat, post(common | charge))
        return {"outcome": "paid", "charge_id": charge["telegram_payment_charge_id"]}

    async def _ask_the_bot(self, person: Person, common: Json) -> Json:
        checkout = self._world.payments.begin()
        query = {"id": checkout.id, "from": person.as_json()} | common
        fault = self._world.faults["checkout"]
        if fault.number:
            await asyncio.sleep(fault.number / 1000)
        if fault.value != "never reaches the bot":
            self._world.updates.put("pre_checkout_query", query)
        await self._world.payments.outcome(checkout)
        if checkout.ok is None:
            return {"outcome": "expired", "error": "The bot did not answer in time"}
        return {} if checkout.ok else _refused(checkout.error)

    async def _charge(self, sheet: Sheet, common: Json) -> Json:
        invoice = sheet.invoice
        charge = f"stx{secrets.token_urlsafe(24)}"
        at_shop = secrets.token_hex(18)
        if invoice["currency"] == STARS:
            self._world.payments.take_stars(sheet.person.as_json(), invoice, charge)
        elif self._shop:
            at_shop = await self._at_the_shop(invoice, common, sheet.form.card)
        return {"telegram_payment_charge_id": charge, "provider_payment_charge_id": at_shop}

    async def _at_the_shop(self, invoice: Json, common: Json, card: str) -> str:
        """The shop's id of the payment; it hears of it by itself and finds no mark of the bot on it."""
        body = {
            "amount": {"value": _decimal(invoice["total_amount"]), "currency": invoice["currency"]},
            "card": card,
            "email": common.get("order_info", {}).get("email"),
            "description": invoice["shown"]["title"],
            "receipt": invoice["provider_data"].get("receipt"),
        }
        async with (
            aiohttp.ClientSession() as session,
            session.post(f"{self._shop}/control/telegram", json=body) as answer,
        ):
            told: Json = await answer.json()
        if answer.status != 200:
            raise DeclinedError(str(told.get("description", "PAYMENT_FAILED")))
        if told["status"] != "succeeded":
            raise DeclinedError(str(told["cancellation_details"]["reason"]))
        return str(told["id"])

    def _tell(self, chat: Chat, message: Message) -> None:
        """The update that the bot hears of the payment, unless that is what goes wrong today."""
        fault = self._world.faults["paid"].value
        if fault != "lost":
            self._world.tell(chat, message)
        if fault == "told twice":
            self._world.tell(chat, message)


def _common(sheet: Sheet) -> Json:
    invoice = sheet.invoice
    common: Json = {name: invoice[name] for name in ("currency", "total_amount")}
    common["invoice_payload"] = invoice["payload"]
    if order := _order_info(sheet):
        common["order_info"] = order
    return common


def _refused(why: str) -> Json:
    return {"outcome": "refused", "error": why}


def _order_info(sheet: Sheet) -> Json:
    person = sheet.person
    known = {
        "need_name": ("name", person.name),
        "need_phone_number": ("phone_number", person.number),
        "need_email": ("email", sheet.form.email or f"{person.username or person.id}@example.com"),
    }
    return dict(known[want] for want in sheet.invoice["wants"])


def _decimal(minor: int) -> str:
    return f"{minor // 100}.{minor % 100:02d}"
