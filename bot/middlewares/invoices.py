"""Telegram's invoices in private chats: one stands there at a time, a new one takes the older one's place."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any

from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest
from aiogram.methods import DeleteMessage, SendInvoice
from aiogram.types import InlineKeyboardMarkup, LabeledPrice

from bot.domain.money import STARS

REMEMBERED = 20_000
FLAGS = ("need_email", "send_email_to_provider")


class Invoices:
    """What is sent bears the provider's token, which nothing else in the chat or in the books knows."""

    def __init__(self, provider_token: str = "", remembered: int = REMEMBERED) -> None:
        self._provider_token = provider_token
        self._remembered = remembered
        self._standing: OrderedDict[int, int] = OrderedDict()

    async def send(
        self, bot: Bot, chat_id: int, form: Mapping[str, str], buttons: InlineKeyboardMarkup
    ) -> int:
        """Send it in place of the older one, and give its message's id."""
        await self.take_away(bot, chat_id)
        sent = await bot(SendInvoice(chat_id=chat_id, reply_markup=buttons, **self._fields(form)))
        self._standing[chat_id] = sent.message_id
        if len(self._standing) > self._remembered:
            self._standing.popitem(last=False)
        return sent.message_id

    async def take_away(self, bot: Bot, chat_id: int) -> None:
        """An invoice that is gone or too old is no trouble: what it asks for, the pre-checkout decides."""
        message_id = self._standing.pop(chat_id, None)
        if message_id is None:
            return
        try:
            await bot(DeleteMessage(chat_id=chat_id, message_id=message_id))
        except TelegramBadRequest:
            return

    def keep(self, chat_id: int) -> None:
        """It was paid: it is a receipt now, and stays."""
        self._standing.pop(chat_id, None)

    def _fields(self, form: Mapping[str, str]) -> dict[str, Any]:
        prices = [LabeledPrice(**price) for price in json.loads(form["prices"])]
        fields = {name: value == "true" if name in FLAGS else value for name, value in form.items()}
        token = {} if form["currency"] == STARS else {"provider_token": self._provider_token}
        return fields | {"prices": prices} | token
