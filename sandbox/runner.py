"""Starts the whole street: Telegram, the providers, the seller and the real bot; for demo and tests."""

import base64
import os
import shutil
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from aiohttp import web

from sandbox import robokassa, seller, telegram, terminal, webpay, yookassa
from sandbox.bot_process import BOT, ROOT, BotProcess
from sandbox.demo_books import write_connectors
from sandbox.ports import Ports, free_ports

TOKEN = "42:SANDBOX"
USERNAME = "kassir_sandbox_bot"
SHOP_ID = "100500"
SHOP_KEY = "live_only_in_the_sandbox"
STORE_ID = "11111111"
STORE_KEY = "secret_of_the_sandbox"
# What the demo switches on besides, so that every button can be tried; tests choose their own.
EVERY_BUTTON = {
    "TELEGRAM_PROVIDER_TOKEN": "381764678:LIVE:100500",
    "YOOKASSA__METHODS": '["yookassa", "yookassa_sbp", "yookassa_sberpay", "yookassa_mobile"]',
}
GROUP = "-1001234567890"
SELLER = "Канал+"
WEBHOOK_SECRET = "whsec_b25seS1pbi10aGUtc2FuZGJveC1hbmQtbm90LXNlY3JldA=="
API_TOKEN = "only-in-the-sandbox-and-no-secret-at-all"
ROBOKASSA = robokassa.ShopSettings(
    login="kassir-demo",
    password1="one_only_in_the_sandbox",
    password2="two_only_in_the_sandbox",
    password3="three_only_in_the_sandbox",
    receipts=True,
)
LOCAL = "127.0.0.1"
SECRET_KEY = "secret_key"


class ImportFailed(Exception):
    """The bot did not take the demo's connectors; the message is what it said."""


@dataclass(frozen=True)
class Sandbox:
    folder: Path
    page_url: str
    bank_url: str
    terminal_url: str
    seller_url: str
    webpay_url: str
    robokassa_url: str
    bot_url: str
    bot: BotProcess

    async def books(self) -> tuple[int, str]:
        """`python -m bot books`: exit code 0 when they balance, and the report."""
        return await self.bot.run("books")


@asynccontextmanager
async def running_sandbox(
    folder: Path,
    *,
    ports: Ports | None = None,
    host: str = LOCAL,
    fresh: bool = False,
    settings: dict[str, str] | None = None,
    program: Sequence[str] = BOT,
) -> AsyncIterator[Sandbox]:
    """Everything is up inside the `with`; `settings` are added to the bot's own."""
    ports = ports or free_ports()
    ports.check(host)
    folder = _prepare(folder, fresh)
    page_url, bot_url, bank_url, terminal_url, seller_url, webpay_url, robokassa_url = ports.urls(LOCAL)
    environment = bot_settings(folder, host, ports) | (settings or {})
    bot = BotProcess(folder, environment, program)
    async with AsyncExitStack() as street:
        await street.enter_async_context(serving(_bank(bot_url, bank_url), host, ports.bank))
        await street.enter_async_context(serving(_terminals(bot_url), host, ports.terminal))
        await street.enter_async_context(serving(_cabinet(folder, bot_url), host, ports.seller))
        await street.enter_async_context(serving(_webpay(bot_url), host, ports.webpay))
        await street.enter_async_context(serving(_robokassa(bot_url), host, ports.robokassa))
        services = {
            "YooKassa": bank_url,
            "Robokassa": robokassa_url,
            "WEBPAY": webpay_url,
            "Terminals": terminal_url,
            "Seller's cabinet": seller_url,
        }
        await street.enter_async_context(serving(_telegram(services), host, ports.page))
        await _import_connectors(bot, folder)
        street.push_async_callback(bot.stop)
        await bot.start()
        yield Sandbox(
            folder,
            page_url,
            bank_url,
            terminal_url,
            seller_url,
            webpay_url,
            robokassa_url,
            bot_url,
            bot,
        )


def bot_settings(folder: Path, host: str, ports: Ports) -> dict[str, str]:
    """The settings a real installation has; only the addresses lead into the sandbox."""
    return {
        "BOT_TOKEN": TOKEN,
        "TELEGRAM_API_URL": f"http://{LOCAL}:{ports.page}",
        "TELEGRAM_LINK_BASE": f"http://{LOCAL}:{ports.page}",
        "DATABASE_URL": f"sqlite:///{folder / 'kassir.db'}",
        "CATALOG_PATH": str(ROOT / "catalog.example.toml"),
        "SECRET_KEY": _secret_key(folder),
        "PUBLIC_URL": f"http://{LOCAL}:{ports.bot}",
        "LISTEN_HOST": host,
        "LISTEN_PORT": str(ports.bot),
        "OPERATORS_CHAT_ID": GROUP,
        "OPERATORS__OWNER": "[2001]",
        "OPERATORS__CASHIER": "[2002]",
        "SELLER_WEBHOOK__URL": f"http://{LOCAL}:{ports.seller}/kassir",
        "SELLER_WEBHOOK__SECRET": WEBHOOK_SECRET,
        "API_TOKEN": API_TOKEN,
        "YOOKASSA__SHOP_ID": SHOP_ID,
        "YOOKASSA__SECRET_KEY": SHOP_KEY,
        "YOOKASSA__API_URL": f"http://{LOCAL}:{ports.bank}/v3",
        "YOOKASSA__FORWARD_URL": f"http://{LOCAL}:{ports.seller}/foreign",
        "YOOKASSA__RECEIPTS": "register",
        "WEBPAY__STORE_ID": STORE_ID,
        "WEBPAY__SECRET_KEY": STORE_KEY,
        "WEBPAY__STORE_NAME": SELLER,
        "WEBPAY__PAYMENT_URL": f"http://{LOCAL}:{ports.webpay}",
        "WEBPAY__CABINET_URL": f"http://{LOCAL}:{ports.webpay}",
        "WEBPAY__CABINET_USERNAME": "kassir",
        "WEBPAY__CABINET_PASSWORD": "cabinet-pass",
        "WEBPAY__BANK": "priorbank",
        "ROBOKASSA__LOGIN": ROBOKASSA.login,
        "ROBOKASSA__PASSWORD1": ROBOKASSA.password1,
        "ROBOKASSA__PASSWORD2": ROBOKASSA.password2,
        "ROBOKASSA__PASSWORD3": ROBOKASSA.password3,
        "ROBOKASSA__BASE_URL": f"http://{LOCAL}:{ports.robokassa}",
        "ROBOKASSA__SERVICES_URL": f"http://{LOCAL}:{ports.robokassa}",
        "ROBOKASSA__FISCAL_URL": f"http://{LOCAL}:{ports.robokassa}",
        "ROBOKASSA__RECEIPTS": "robokassa",
        "ROBOKASSA__SITE": "https://shop.example.org",
        "STARS__ENABLED": "true",
        **terminal.bot_settings(),
    }


@asynccontextmanager
async def serving(app: web.Application, host: str, port: int) -> AsyncIterator[None]:
    runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=1)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        yield
    finally:
        await runner.cleanup()


def _bank(bot_url: str, bank_url: str) -> web.Application:
    return yookassa.create_app(SHOP_ID, SHOP_KEY, f"{bot_url}/callbacks/yookassa", bank_url)


def _webpay(bot_url: str) -> web.Application:
    """The bot's own address is the site of the contract."""
    notify_url = f"{bot_url}/callbacks/webpay"
    return webpay.create_app(webpay.ShopSettings(STORE_ID, STORE_KEY, bot_url, notify_url))


def _robokassa(bot_url: str) -> web.Application:
    back = f"{bot_url}/return/robokassa"
    told = replace(
        ROBOKASSA,
        result_url=f"{bot_url}/callbacks/robokassa",
        success_url=f"{back}/success",
        fail_url=f"{back}/fail",
    )
    return robokassa.create_app(told)


def _terminals(bot_url: str) -> web.Application:
    return terminal.create_app(bot_url, SELLER)


def _cabinet(folder: Path, bot_url: str) -> web.Application:
    return seller.create_app(folder, WEBHOOK_SECRET, bot_url, API_TOKEN)


def _telegram(services: dict[str, str]) -> web.Application:
    return telegram.create_app(TOKEN, USERNAME, services)


def _prepare(folder: Path, fresh: bool) -> Path:
    if fresh and (folder / SECRET_KEY).exists():  # somebody else's folder is never emptied
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    return folder.resolve()


def _secret_key(folder: Path) -> str:
    """Made once and kept beside the books it locks."""
    kept = folder / SECRET_KEY
    if not kept.exists():
        kept.touch(mode=0o600)
        kept.write_text(base64.urlsafe_b64encode(os.urandom(32)).decode())
    return kept.read_text()


async def _import_connectors(bot: BotProcess, folder: Path) -> None:
    """Fill empty books once; the file with today's dates stays as the mark of it."""
    done = folder / "connectors.csv"
    if done.exists():
        return
    waiting = write_connectors(folder / "connectors.new.csv", date.today())  # noqa: DTZ011 (the calendar of whoever tries it)
    code, said = await bot.run("import", "connectors", str(waiting))
    if code != 0:
        raise ImportFailed(f"The demo's connectors were not imported (exit code {code}):\n{said}")
    waiting.rename(done)
