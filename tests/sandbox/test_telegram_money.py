"""Invoices, the ten seconds of a pre-checkout, Stars and their way back."""

from __future__ import annotations

import asyncio

import pytest
from aiogram import Bot, Dispatcher, F
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import LabeledPrice, Message, PreCheckoutQuery

from sandbox.driver import Person, Telegram
from sandbox.driver_session import RefusedError
from sandbox.telegram import payments
from tests.sandbox.conftest import StartBot

ANNA = 1001


async def send_invoice(bot: Bot, currency: str = "RUB", token: str | None = "1:TEST:1") -> Message:
    return await bot.send_invoice(
        ANNA, title="Line", description="One month", payload="order:1", currency=currency,
        prices=[LabeledPrice(label="Line", amount=99000)], provider_token=token, need_email=True,
    )  # fmt: skip


def shop(*, ok: bool, error: str | None = None) -> tuple[Dispatcher, list[Message]]:
    dispatcher, paid = Dispatcher(), list[Message]()

    @dispatcher.pre_checkout_query()
    async def check(query: PreCheckoutQuery) -> None:
        await query.answer(ok=ok, error_message=error)

    @dispatcher.message(F.successful_payment)
    async def take(message: Message) -> None:
        paid.append(message)
        await message.answer("Thank you")

    return dispatcher, paid


async def test_invoice_is_paid_once(bot: Bot, anna: Person, talking: StartBot) -> None:
    dispatcher, paid = shop(ok=True)
    await anna.says("/start")
    await talking(dispatcher)
    sent = await send_invoice(bot)
    assert sent.invoice and sent.invoice.total_amount == 99000
    invoice = await anna.sees("One month")
    assert (await anna.pays())["outcome"] == "paid"
    await anna.sees("Thank you")
    money = paid[0].successful_payment
    assert money and money.invoice_payload == "order:1" and money.order_info and money.order_info.email
    with pytest.raises(RefusedError, match="is paid"):
        await anna.pays(invoice)


async def test_refused_checkout_says_why(bot: Bot, anna: Person, talking: StartBot) -> None:
    dispatcher, paid = shop(ok=False, error="Sold out")
    await anna.says("/start")
    await talking(dispatcher)
    await send_invoice(bot)
    assert await anna.pays() == {"outcome": "refused", "error": "Sold out"}
    assert not paid


async def test_checkout_nobody_answers_is_over(
    bot: Bot, anna: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(payments, "SECONDS_TO_ANSWER", 0.2)
    await anna.says("/start")
    await send_invoice(bot)
    assert (await anna.pays())["outcome"] == "expired"
    query = (await bot.get_updates(timeout=1))[-1].pre_checkout_query
    assert query
    with pytest.raises(TelegramBadRequest, match="query is too old"):
        await bot.answer_pre_checkout_query(query.id, ok=True)


async def test_stars_come_by_link_and_go_back_once(bot: Bot, anna: Person, talking: StartBot) -> None:
    dispatcher, _ = shop(ok=True)
    await anna.says("/start")
    await talking(dispatcher)
    link = await bot.create_invoice_link(
        title="App", description="Access", payload="order:2", currency="XTR",
        prices=[LabeledPrice(label="App", amount=250)],
    )  # fmt: skip
    charge = (await anna.pays(link=link))["charge_id"]
    await anna.sees("Thank you")
    assert (await bot.get_my_star_balance()).amount == 250
    assert await bot.refund_star_payment(ANNA, charge)
    with pytest.raises(TelegramBadRequest, match="CHARGE_ALREADY_REFUNDED"):
        await bot.refund_star_payment(ANNA, charge)
    rows = (await bot.get_star_transactions()).transactions
    assert [row.id for row in rows] == [charge, charge] and rows[0].source and rows[1].receiver


async def test_card_invoice_needs_a_provider(bot: Bot, anna: Person) -> None:
    await anna.says("/start")
    with pytest.raises(TelegramBadRequest, match="PAYMENT_PROVIDER_INVALID"):
        await send_invoice(bot, token="")


async def test_two_tabs_pay_the_invoice_once(bot: Bot, anna: Person, talking: StartBot) -> None:
    dispatcher, paid = shop(ok=True)
    await anna.says("/start")
    await talking(dispatcher)
    await send_invoice(bot)
    invoice = await anna.sees("One month")
    tries = [anna.pays(invoice) for _ in range(2)]
    outcomes = await asyncio.gather(*tries, return_exceptions=True)
    await anna.sees("Thank you")
    assert sum(isinstance(o, dict) and o["outcome"] == "paid" for o in outcomes) == 1 == len(paid)


async def test_word_of_a_payment_may_be_told_twice_or_lost(
    bot: Bot, anna: Person, telegram: Telegram, talking: StartBot
) -> None:
    dispatcher, paid = shop(ok=True)
    await anna.says("/start")
    await talking(dispatcher)
    for word, heard in (("told twice", 2), ("lost", 2), ("told once", 3)):
        await telegram.faults(paid=word)
        await send_invoice(bot)
        assert (await anna.pays())["outcome"] == "paid"
        async with asyncio.timeout(30):
            while len(paid) < heard:
                await asyncio.sleep(0.02)
        assert len(paid) == heard


async def test_pre_checkout_that_never_comes_ends_the_payment(
    bot: Bot, anna: Person, telegram: Telegram, talking: StartBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(payments, "SECONDS_TO_ANSWER", 0.2)
    dispatcher, paid = shop(ok=True)
    await anna.says("/start")
    await talking(dispatcher)
    await telegram.faults(checkout="never reaches the bot")
    await send_invoice(bot)
    assert (await anna.pays())["outcome"] == "expired"
    assert not paid


async def test_who_has_too_few_stars_pays_nothing(bot: Bot, anna: Person, talking: StartBot) -> None:
    dispatcher, paid = shop(ok=True)
    await anna.says("/start")
    await talking(dispatcher)
    await send_invoice(bot, "XTR", None)
    refused = await anna.pays()
    assert (refused["outcome"], refused["error"]) == ("refused", "Bad Request: BALANCE_TOO_LOW")
    assert not paid
