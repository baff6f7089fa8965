"""The chat's side of the running bot: aiogram's Bot and Dispatcher with everything they need."""

from __future__ import annotations

from dataclasses import dataclass, fields

from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer

from bot.app.kassir import Kassir
from bot.handlers import customers_router, errors, membership, operators_router, talk, telegram_payments
from bot.middlewares.dialog_storage import DialogStorage
from bot.middlewares.invoices import Invoices
from bot.middlewares.isolation import TapIsolation
from bot.middlewares.living import LivingMessages
from bot.middlewares.send_rate import SendRate
from bot.middlewares.visits import Guests

CONNECTIONS = 200


@dataclass(slots=True)
class Chat:
    """What speaks with Telegram; while that is silent, nobody knows the bot's name."""

    bot: Bot
    dispatcher: Dispatcher
    dialogs: DialogStorage
    link_url: str
    name: str = ""

    async def learn_name(self) -> None:
        self.name = (await self.bot.me()).username or ""

    def link(self, start: str) -> str:
        """The address that opens our chat, with something for /start to know."""
        return f"{self.link_url}/{self.name}" + (f"?start={start}" if start else "")

    async def close(self) -> None:
        await self.bot.session.close()
        await self.dialogs.close()


def build_chat(kassir: Kassir) -> Chat:
    """Join the dialogs to the services; nothing is sent yet."""
    settings, house = kassir.settings, kassir.house
    server = TelegramAPIServer.from_base(settings.telegram_api_url)
    session = AiohttpSession(api=server, limit=CONNECTIONS)
    living, guests = LivingMessages(), Guests()
    session.middleware(living)
    session.middleware(SendRate())
    bot = Bot(settings.bot_token.get_secret_value(), session=session)
    token = settings.telegram_provider_token
    dialogs = DialogStorage(settings.dialogs_file)
    dispatcher = Dispatcher(
        storage=dialogs,
        events_isolation=TapIsolation(),
        catalogue=kassir.catalogue,
        guests=guests,
        living=living,
        telegram_invoices=Invoices(token.get_secret_value() if token else ""),
        **{topic.name: getattr(house, topic.name) for topic in fields(house)},
    )
    dispatcher.include_routers(
        telegram_payments.router,
        customers_router(living, guests),
        operators_router(),
        membership.router,
        talk.edits,
        errors.router,
    )
    return Chat(bot, dispatcher, dialogs, settings.telegram_link_base)
