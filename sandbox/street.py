"""The houses beside the bot: for each the program that plays it, and what the bot is told of it."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import urlsplit

from aiohttp import web

from sandbox import bank, mailbox, robokassa, seller, telegram, terminal, webpay, yookassa
from sandbox.bot_process import CATALOGUE
from sandbox.ports import Addresses

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
    "YOOKASSA__RECURRING": "true",
}
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


@dataclass(frozen=True)
class House:
    """`name` is its field in Ports and Addresses, `title` what the chat page calls the way to it."""

    name: str
    title: str
    app: web.Application
    settings: dict[str, str] = field(default_factory=dict)


def houses(at: Addresses, folder: Path) -> Iterator[House]:
    """Everything that stands before the bot starts; the page comes last, since it leads to the others."""
    payments = [_yookassa(at, folder), _robokassa(at, folder), _webpay(at, folder), _terminals(at), _bank()]
    others = [*payments, _seller(at, folder), _mailbox(at)]
    yield from others
    yield _telegram(at, {house.title: getattr(at, house.name) for house in others})


def _yookassa(at: Addresses, folder: Path) -> House:
    settings = {
        "YOOKASSA__SHOP_ID": SHOP_ID,
        "YOOKASSA__SECRET_KEY": SHOP_KEY,
        "YOOKASSA__API_URL": f"{at.bank}/v3",
        "YOOKASSA__FORWARD_URL": f"{at.seller}/foreign",
        "YOOKASSA__RECEIPTS": "register",
    }
    told_at, memory = f"{at.bot}/callbacks/yookassa", folder / "yookassa_cards.json"
    app = yookassa.create_app(SHOP_ID, SHOP_KEY, told_at, at.bank, memory=memory)
    return House("bank", "YooKassa", app, settings)


def _robokassa(at: Addresses, folder: Path) -> House:
    shop = replace(
        ROBOKASSA,
        result_url=f"{at.bot}/callbacks/robokassa",
        success_url=f"{at.bot}/return/robokassa/success",
        fail_url=f"{at.bot}/return/robokassa/fail",
    )
    settings = {
        "ROBOKASSA__LOGIN": shop.login,
        "ROBOKASSA__PASSWORD1": shop.password1,
        "ROBOKASSA__PASSWORD2": shop.password2,
        "ROBOKASSA__PASSWORD3": shop.password3,
        "ROBOKASSA__BASE_URL": at.robokassa,
        "ROBOKASSA__SERVICES_URL": at.robokassa,
        "ROBOKASSA__FISCAL_URL": at.robokassa,
        "ROBOKASSA__RECEIPTS": "robokassa",
        "ROBOKASSA__RECURRING": "true",
        "ROBOKASSA__SITE": "https://shop.example.org",
    }
    return House(
        "robokassa", "Robokassa", robokassa.create_app(shop, folder / "robokassa_cards.json"), settings
    )


def _webpay(at: Addresses, folder: Path) -> House:
    """The bot's own address is the site of the contract."""
    shop = webpay.ShopSettings(STORE_ID, STORE_KEY, at.bot, f"{at.bot}/callbacks/webpay")
    settings = {
        "WEBPAY__STORE_ID": STORE_ID,
        "WEBPAY__SECRET_KEY": STORE_KEY,
        "WEBPAY__STORE_NAME": SELLER,
        "WEBPAY__PAYMENT_URL": at.webpay,
        "WEBPAY__CABINET_URL": at.webpay,
        "WEBPAY__CABINET_USERNAME": shop.login,
        "WEBPAY__CABINET_PASSWORD": shop.password,
        "WEBPAY__BANK": "priorbank",
        "WEBPAY__RECURRING": "true",
    }
    return House("webpay", "WEBPAY", webpay.create_app(shop, folder / "webpay_cards.json"), settings)


def _terminals(at: Addresses) -> House:
    return House("terminal", "Terminals", terminal.create_app(at.bot, SELLER), terminal.bot_settings())


def _bank() -> House:
    """Transfers to the accounts of the demo's catalogue; files are all that the bot ever hears of them."""
    return House("transfers", "Bank", bank.create_app(bank.seller_accounts(CATALOGUE)))


def _seller(at: Addresses, folder: Path) -> House:
    settings = {
        "SELLER_WEBHOOK__URL": f"{at.seller}/kassir",
        "SELLER_WEBHOOK__SECRET": WEBHOOK_SECRET,
        "API_TOKEN": API_TOKEN,
    }
    app = seller.create_app(folder, WEBHOOK_SECRET, at.bot, API_TOKEN)
    return House("seller", "Seller's cabinet", app, settings)


def _mailbox(at: Addresses) -> House:
    """Its page is one address, the door for letters another."""
    smtp = urlsplit(at.smtp)
    settings = {
        "SMTP__URL": f"smtp://{smtp.netloc}?starttls=off",
        "SMTP__FROM": f"{SELLER} <pay@kanal.example>",
    }
    return House("mailbox", "Mailbox", mailbox.create_app(smtp.port or 0), settings)


def _telegram(at: Addresses, services: dict[str, str]) -> House:
    settings = {
        "BOT_TOKEN": TOKEN,
        "TELEGRAM_API_URL": at.page,
        "TELEGRAM_LINK_BASE": at.page,
        "STARS__ENABLED": "true",
        "CLOCK_URL": f"{at.page}/clock",
    } | telegram.desk_settings()
    return House("page", "Telegram", telegram.create_app(TOKEN, USERNAME, services), settings)
