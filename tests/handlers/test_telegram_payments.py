"""Paying inside Telegram: the invoice in the chat, the question before the money, the word that it moved."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from aiogram.fsm.storage.base import StorageKey
from pydantic import SecretStr

from bot.domain.catalogue import Catalogue
from bot.domain.events import Paid, Refunded
from bot.domain.money import Money
from bot.domain.states import AttemptState, OrderState, PaymentState, Role
from bot.gateways.base import BotAccess
from bot.gateways.stars.gateway import Stars
from bot.gateways.stars.settings import StarsSettings
from bot.gateways.yookassa.gateway import YooKassa
from bot.handlers import telegram_payments
from bot.services.house import House, build_house
from bot.services.inbox import InboxService
from bot.services.settlement import Outcome
from bot.services.surroundings import Surroundings
from bot.services.vault import Vault
from bot.storage.database import Database
from bot.storage.tx import Tx
from bot.workers.feed import Feed
from tests.gateways.yookassa_street import shop_settings
from tests.handlers.conftest import ANNA, BOB, OWNER, give_lines
from tests.handlers.rig import Chat, ChatTelegram, Person

AT_SHOP = "2d4d8203-000f-5000-9000-145f6df21d6f"
CHARGE = "stx-charge-1"


@pytest.fixture
async def house(sqlite_database: Database, catalogue: Catalogue) -> AsyncIterator[House]:
    """A shop whose cards Telegram takes, and Stars; neither is called for an invoice."""
    nowhere = "http://127.0.0.1:9"
    shop = YooKassa(shop_settings(nowhere), token=SecretStr("123456:LIVE:rig"))
    stars = Stars(StarsSettings(enabled=True), BotAccess(nowhere))
    around = Surroundings(
        catalogue=catalogue,
        gateways={"yookassa": shop, "stars": stars},
        vault=Vault("a key of the tests, long enough to be one"),
        zone=ZoneInfo("Europe/Moscow"),
        public_url="https://pay.example",
        operators={OWNER: Role.OWNER},
    )
    house = build_house(sqlite_database, around)
    await house.customers.greet(ANNA, name="Anna", language="ru")
    await house.customers.greet(BOB, name="Bob", language="en")
    await give_lines(
        sqlite_database, ANNA, ("wa-1", "whatsapp", "WhatsApp +7 999"), ("as-1", "assistant", "Помощник")
    )
    yield house
    await shop.close()
    await stars.close()
    assert (await house.books.prove()).disagreements == []


class Rail:
    """What Telegram does with an invoice of the bot."""

    def __init__(self, chat: Chat, telegram: ChatTelegram, house: House, database: Database) -> None:
        self.house = house
        self._chat = chat
        self._telegram = telegram
        self.inbox = InboxService(database)
        self.feed = Feed(chat.bot, chat.dispatcher, self.inbox)
        self._update_id = 1000

    @property
    def invoices(self) -> list[dict[str, Any]]:
        return [call.fields for call in self._telegram.sent("sendInvoice")]

    async def asks(self, *, by: int = ANNA, **changes: Any) -> dict[str, Any]:
        """The bot's answer to the pre-checkout of the newest invoice."""
        update = self._update(
            pre_checkout_query={"id": "7", "from": _user(by), **self._of_invoice(), **changes}
        )
        await self.feed.accept([update])
        return (await self._telegram.until(self._checkouts() + 1, "answerPreCheckoutQuery"))[-1].fields

    def _checkouts(self) -> int:
        return len(self._telegram.sent("answerPreCheckoutQuery"))

    def paid(self, **changes: Any) -> dict[str, Any]:
        ids = {"telegram_payment_charge_id": CHARGE, "provider_payment_charge_id": AT_SHOP}
        return self._message(successful_payment=self._of_invoice() | ids | changes)

    def refunded(self) -> dict[str, Any]:
        return self._message(refunded_payment=self._of_invoice() | {"telegram_payment_charge_id": CHARGE})

    async def tells(self, *updates: dict[str, Any]) -> None:
        await self.feed.accept(list(updates))
        await self.feed.drain(10)

    def _of_invoice(self) -> dict[str, Any]:
        form = self.invoices[-1]
        return {
            "currency": form["currency"],
            "total_amount": form["prices"][0]["amount"],
            "invoice_payload": form["payload"],
        }

    def _message(self, **what: Any) -> dict[str, Any]:
        chat = {"id": ANNA, "type": "private", "first_name": "Anna"}
        number = self._telegram.next_message_id()
        return self._update(
            message={"message_id": number, "date": 1, "chat": chat, "from": _user(ANNA), **what}
        )

    def _update(self, **what: Any) -> dict[str, Any]:
        self._update_id += 1
        return {"update_id": self._update_id, **what}


def _user(id_: int) -> dict[str, Any]:
    return {"id": id_, "is_bot": False, "first_name": "Anna" if id_ == ANNA else "Bob", "language_code": "ru"}


@pytest.fixture
def rail(chat: Chat, telegram: ChatTelegram, house: House, sqlite_database: Database) -> Rail:
    return Rail(chat, telegram, house, sqlite_database)


async def by_card(anna: Person) -> None:
    await anna.says("/pay")
    await anna.taps("WhatsApp")
    await anna.taps("1 месяц")
    await anna.taps("Карта внутри Telegram")


async def by_stars(anna: Person) -> None:
    await anna.says("/pay")
    await anna.taps("Помощник")
    await anna.taps("1 месяц")


async def newest(house: House) -> Any:
    return (await house.payments.details(ANNA, await _newest_id(house))).payment


async def _newest_id(house: House) -> int:
    def look(tx: Tx) -> int:
        return tx.payment_history.newest_of(ANNA, limit=1)[0].id

    return await house.payments.database.read(look)


async def test_card_invoice_stands_below_its_screen(anna: Person, rail: Rail) -> None:
    await by_card(anna)
    form = rail.invoices[0]
    assert (form["currency"], form["provider_token"]) == ("RUB", "123456:LIVE:rig")
    assert form["prices"] == [{"label": form["title"], "amount": 99000}]
    assert form["reply_markup"]["inline_keyboard"][0][0]["pay"] is True
    screen = anna.messages[-2]
    assert "Проверить оплату" in screen.buttons
    assert not any("url" in button for row in screen.rows for button in row)


async def test_stars_invoice_needs_no_token(anna: Person, rail: Rail) -> None:
    await by_stars(anna)
    form = rail.invoices[0]
    assert form["currency"] == "XTR"
    assert form["prices"][0]["amount"] == 250
    assert not form.get("provider_token")


async def test_second_tap_leaves_one_invoice(anna: Person, rail: Rail, telegram: ChatTelegram) -> None:
    await by_stars(anna)
    await anna.taps("Прислать счёт ещё раз")
    assert [form["payload"] for form in rail.invoices] == [rail.invoices[0]["payload"]] * 2
    assert len(telegram.sent("deleteMessage")) == 1


async def test_card_payment_is_booked_under_the_shops_id(anna: Person, rail: Rail) -> None:
    await by_card(anna)
    assert (await rail.asks())["ok"] is True
    await rail.tells(rail.paid())
    payment = await newest(rail.house)
    assert (payment.state, payment.provider) == (PaymentState.SUCCEEDED, "yookassa")
    assert payment.provider_payment == AT_SHOP
    order = await rail.house.orders.get(ANNA, payment.order_id)
    assert order.state is OrderState.FULFILLED


async def test_pre_checkout_is_refused_with_a_reason(anna: Person, rail: Rail) -> None:
    await by_card(anna)
    for changes, words in (
        ({"total_amount": 100}, "Сумма изменилась"),
        ({"currency": "XTR"}, "Сумма изменилась"),
        ({"invoice_payload": "nobody's"}, "не наш"),
        ({"by": BOB}, "to somebody else"),
    ):
        answer = await rail.asks(**changes)
        assert answer["ok"] is False
        assert words in answer["error_message"]


async def test_paid_cancelled_or_replaced_order_is_not_paid_again(anna: Person, rail: Rail) -> None:
    await by_card(anna)
    await rail.tells(rail.paid())
    assert "уже оплачен" in (await rail.asks())["error_message"]
    await by_card(anna)
    payment = await newest(rail.house)
    await rail.house.orders.cancel(ANNA, payment.order_id)
    assert (await rail.asks())["ok"] is False


async def test_closed_payments_are_closed_in_telegram_too(anna: Person, rail: Rail) -> None:
    await by_card(anna)
    await rail.house.desk.close_payments(OWNER, closed=True)
    assert (await rail.asks())["ok"] is False


async def test_silent_books_are_a_refusal_in_time(
    anna: Person, rail: Rail, monkeypatch: pytest.MonkeyPatch
) -> None:
    await by_card(anna)
    monkeypatch.setattr(telegram_payments, "SECONDS", 0.05)

    async def never(*_: Any) -> None:
        await asyncio.sleep(60)

    monkeypatch.setattr(type(rail.house.checkouts), "why_not", never)
    assert "не списано" in (await rail.asks())["error_message"]

    async def broken(*_: Any) -> None:
        raise RuntimeError("no books")

    monkeypatch.setattr(type(rail.house.checkouts), "why_not", broken)
    assert "не списано" in (await rail.asks())["error_message"]


async def test_update_told_twice_is_booked_once(anna: Person, rail: Rail) -> None:
    await by_stars(anna)
    first = rail.paid()
    await rail.tells(first, first)
    await rail.tells(first | {"update_id": first["update_id"] + 50})
    payment = await newest(rail.house)
    assert payment.state is PaymentState.SUCCEEDED
    assert await rail.inbox.unhandled(older_than=timedelta(0)) == []


async def test_update_kept_before_a_crash_is_booked_after_it(anna: Person, rail: Rail) -> None:
    await by_stars(anna)
    await rail.inbox.keep([rail.paid()])
    assert (await newest(rail.house)).state is PaymentState.PENDING
    await rail.feed.replay()
    await rail.feed.drain(10)
    assert (await newest(rail.house)).state is PaymentState.SUCCEEDED


async def test_stars_given_back_elsewhere_are_taken_from_the_payer(anna: Person, rail: Rail) -> None:
    await by_stars(anna)
    await rail.tells(rail.paid())
    await rail.tells(rail.refunded(), rail.refunded())
    payment = await newest(rail.house)
    report = await rail.house.payments.details(ANNA, payment.id)
    assert report.balance == Money(-250, "XTR")


@pytest.mark.parametrize("shop_first", [True, False])
async def test_shop_and_telegram_tell_of_one_payment(anna: Person, rail: Rail, shop_first: bool) -> None:
    await by_card(anna)
    from_shop = Paid("yookassa", AT_SHOP, "", Money(99000, "RUB"), AT_SHOP)
    if shop_first:
        assert await rail.house.settlement.take(from_shop) is Outcome.FOREIGN
        await rail.tells(rail.paid())
    else:
        await rail.tells(rail.paid())
        assert await rail.house.settlement.take(from_shop) is Outcome.REPEATED
    payment = await newest(rail.house)
    assert payment.state is PaymentState.SUCCEEDED
    assert (await rail.house.orders.get(ANNA, payment.order_id)).state is OrderState.FULFILLED


async def test_money_is_heard_in_the_middle_of_a_dialog(anna: Person, rail: Rail) -> None:
    await by_stars(anna)
    paid = rail.paid()
    await anna.says("/history")
    await rail.tells(paid)
    assert (await newest(rail.house)).state is PaymentState.SUCCEEDED


async def test_own_refund_told_by_telegram_first_ends_its_attempt(anna: Person, rail: Rail) -> None:
    await by_stars(anna)
    await rail.tells(rail.paid())
    payment = await newest(rail.house)
    price = Money(250, "XTR")
    sent = await rail.house.refunds.refund(payment.id, price, who=OWNER, reason="asked for")
    assert sent.state is not AttemptState.KNOWN, "nobody answers here"
    await rail.tells(rail.refunded())
    report = await rail.house.payments.details(ANNA, payment.id)
    assert report.balance == Money(0, "XTR")
    assert report.order is not None
    assert report.order.state is OrderState.REFUNDED
    late_answer = Refunded("stars", CHARGE, CHARGE, price, sent.reference)
    assert await rail.house.settlement.take(late_answer) is Outcome.REPEATED


async def test_stars_paid_for_a_closed_order_go_back(anna: Person, rail: Rail) -> None:
    await by_stars(anna)
    paid = rail.paid()
    await rail.house.orders.cancel(ANNA, (await newest(rail.house)).order_id)
    await rail.tells(paid)
    await rail.tells(rail.refunded())
    report = await rail.house.payments.details(ANNA, await _newest_id(rail.house))
    assert report.balance == Money(0, "XTR")


async def test_pre_checkout_waits_for_no_slow_tap(anna: Person, rail: Rail, chat: Chat) -> None:
    await by_stars(anna)
    key = StorageKey(bot_id=chat.bot.id, chat_id=ANNA, user_id=ANNA)
    async with chat.dispatcher.fsm.events_isolation.lock(key), asyncio.timeout(5):
        assert (await rail.asks())["ok"] is True
