"""Stars at the sandbox's Telegram, over real HTTP: invoiced, paid, asked after, given back, lost."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from aiohttp.test_utils import TestServer

from bot.domain.errors import BadCallback, OutcomeUnknown, ProviderError, ProviderUnavailable
from bot.domain.events import Callback, EventKind, Paid, Refunded, Refused, Unfinished
from bot.domain.money import Money
from bot.domain.periods import now
from bot.gateways.base import BotAccess, Item, Link, LinkRequest, RefundCall, RefundRefused
from bot.gateways.botapi import BotApi
from bot.gateways.invoices import LIVES, told
from bot.gateways.stars.gateway import Stars
from bot.gateways.stars.settings import StarsSettings
from sandbox.driver import Telegram
from sandbox.telegram import create_app
from tests.gateways.contract import asked
from tests.gateways.scripted import Scripted

TOKEN = "42:SANDBOX"
ANNA = 1001
PRICE = Money(250, "XTR")


class Street:
    """A person in the sandbox's Telegram, and a bot that says yes to every pre-checkout."""

    def __init__(self, base: str, telegram: Telegram) -> None:
        self.gateway = Stars(StarsSettings(enabled=True), BotAccess.of(TOKEN, base))
        self.telegram = telegram
        self.anna = telegram.person(ANNA)
        self._bot = BotApi(TOKEN, base)
        self._offset = 0

    async def begun(self, amount: Money = PRICE) -> tuple[LinkRequest, Link]:
        request = asked(amount, method="stars")
        return request, await self.gateway.create_link(request)

    async def pay(self, link: Link) -> dict[str, Any]:
        """The update that Telegram tells of the payment."""
        prices = json.loads(link.form["prices"])
        await self._bot.call("sendInvoice", chat_id=ANNA, **(dict(link.form) | {"prices": prices}))
        paying = asyncio.create_task(self.anna.pays())
        query = (await self._update("pre_checkout_query"))["pre_checkout_query"]
        await self._bot.call("answerPreCheckoutQuery", pre_checkout_query_id=query["id"], ok=True)
        assert (await paying)["outcome"] == "paid"
        return await self._update("message")

    async def paid(self, link: Link) -> Paid:
        event = told(await self.pay(link))
        assert isinstance(event, Paid)
        return event

    async def _update(self, kind: str) -> dict[str, Any]:
        async with asyncio.timeout(30):
            while True:
                for update in await self._bot.call("getUpdates", offset=self._offset, timeout=2):
                    self._offset = update["update_id"] + 1
                    if kind in update:
                        found: dict[str, Any] = update
                        return found

    async def close(self) -> None:
        await self.gateway.close()
        await self._bot.close()


@pytest.fixture
async def street() -> AsyncIterator[Street]:
    server = TestServer(create_app(TOKEN, "kassir_demo_bot", {}))
    await server.start_server()
    base = str(server.make_url("")).rstrip("/")
    async with Telegram(base) as telegram:
        street = Street(base, telegram)
        await street.anna.says("/start")
        await street._update("message")
        yield street
        await street.close()
    await server.close()


def back(event: Paid, **changes: Any) -> RefundCall:
    fields: dict[str, Any] = {
        "reference": "attempt",
        "provider_payment": event.movement,
        "amount": event.amount,
    }
    return RefundCall(**(fields | {"reason": "", "customer_id": ANNA} | changes))


async def test_invoice_is_what_telegram_takes(street: Street) -> None:
    request, link = await street.begun()
    assert (link.url, link.provider_payment) == ("", "")
    assert link.expires_at is not None
    assert link.form["payload"] == request.reference
    assert json.loads(link.form["prices"]) == [{"label": "WhatsApp +7 900, 1 month", "amount": 250}]
    assert link.form["start_parameter"]


async def test_long_title_is_cut_to_what_telegram_takes() -> None:
    gateway = Stars(StarsSettings(enabled=True), BotAccess("http://127.0.0.1:1"))
    link = await gateway.create_link(asked(PRICE, method="stars", title="Линия " * 60))
    assert len(link.form["title"]) <= 32
    assert len(link.form["description"]) <= 255


async def test_every_door_tells_of_the_same_stars(street: Street) -> None:
    before = now() - timedelta(minutes=1)
    request, link = await street.begun()
    assert isinstance(await street.gateway.ask("", request.reference, before), Unfinished)
    paid = await street.paid(link)
    assert (paid.provider, paid.amount, paid.reference) == ("stars", PRICE, request.reference)
    asked_after = await street.gateway.ask("", request.reference, before)
    assert isinstance(asked_after, Paid)
    assert (asked_after.identity, asked_after.reference) == (paid.identity, paid.reference)
    answer = await street.gateway.refund(back(paid))
    assert isinstance(answer, Refunded)
    assert (answer.movement, answer.attempt, answer.amount) == (paid.movement, "attempt", PRICE)
    listed = [movement async for movement in street.gateway.movements_since(before)]
    assert [movement.identity for movement in listed] == [paid.identity, answer.identity]
    assert [movement.reference for movement in listed] == [request.reference] * 2


async def test_stars_given_back_elsewhere_are_told_with_their_payment(street: Street) -> None:
    request, link = await street.begun()
    paid = await street.paid(link)
    await street._bot.call("refundStarPayment", user_id=ANNA, telegram_payment_charge_id=paid.movement)
    refunded = told(await street._update("message"))
    assert isinstance(refunded, Refunded)
    assert refunded.identity.kind is EventKind.REFUNDED
    assert (refunded.movement, refunded.reference, refunded.attempt) == (paid.movement, request.reference, "")


async def test_second_refund_is_the_first_one(street: Street) -> None:
    paid = await street.paid((await street.begun())[1])
    assert await street.gateway.ask_refund(back(paid)) is None
    first, second = [await street.gateway.refund(back(paid)) for _ in range(2)]
    assert isinstance(first, Refunded)
    assert isinstance(second, Refunded)
    assert first.identity == second.identity
    found = await street.gateway.ask_refund(back(paid))
    assert isinstance(found, Refunded)
    assert found.attempt == "attempt"
    assert "has 0" in (await street.gateway.check()).remark


async def test_refund_that_cannot_be_says_why(street: Street) -> None:
    paid = await street.paid((await street.begun())[1])
    for wrong in (
        back(paid, customer_id=1002),
        back(paid, provider_payment="nobody's"),
        back(paid, amount=Money(1, "XTR"), items=(Item("a part", Money(1, "XTR")),)),
    ):
        answer = await street.gateway.refund(wrong)
        assert isinstance(answer, RefundRefused)
        assert answer.code


async def test_invoice_that_nobody_pays_ends(street: Street) -> None:
    request, _ = await street.begun()
    ended = await street.gateway.ask("", request.reference, now() - LIVES - timedelta(hours=2))
    assert isinstance(ended, Refused)
    assert ended.code == "never_created"


async def test_no_callback_is_genuine(street: Street) -> None:
    with pytest.raises(BadCallback):
        await street.gateway.read_callback(Callback(b"{}"))


def listed(count: int) -> list[dict[str, Any]]:
    partner = {"type": "user", "transaction_type": "invoice_payment", "user": {"id": ANNA}}
    return [
        {"id": f"c{at}", "amount": 1, "date": 1000 + at, "source": partner | {"invoice_payload": f"r{at}"}}
        for at in range(count)
    ]


@pytest.mark.parametrize("since", [0, 1000, 1001, 1099, 1100, 1101, 1250, 1699, 1700, 5000])
async def test_long_list_is_read_from_its_moment_on(since: int) -> None:
    rows = listed(700)

    class Telling(Scripted):
        async def _answer(self, request: Any) -> Any:
            at, many = int(request.query["offset"]), int(request.query["limit"])
            self._answers = [{"ok": True, "result": {"transactions": rows[at : at + many]}}]
            return await super()._answer(request)

    async with Telling({}) as telegram:
        gateway = Stars(StarsSettings(enabled=True), BotAccess.of(TOKEN, telegram.base))
        found = [raw["id"] async for raw in gateway._api.transactions(since)]
        await gateway.close()
        assert found == [row["id"] for row in rows if row["date"] >= since]
        assert len(telegram.requests) < 30


@pytest.mark.parametrize(
    ("answer", "status", "trouble"),
    [
        (b"<html>502</html>", 502, OutcomeUnknown),
        (b"", 200, OutcomeUnknown),
        ({"ok": False, "error_code": 500, "description": "Internal"}, 500, OutcomeUnknown),
        ({"ok": False, "parameters": {"retry_after": 7}}, 429, ProviderUnavailable),
    ],
)
async def test_answer_that_says_nothing_is_no_refusal(
    answer: object, status: int, trouble: type[ProviderError]
) -> None:
    async with Scripted(answer, status=status) as telegram:
        gateway = Stars(StarsSettings(enabled=True), BotAccess.of(TOKEN, telegram.base))
        with pytest.raises(trouble) as raised:
            await gateway.refund(RefundCall("a", "charge", PRICE, "", customer_id=ANNA))
        await gateway.close()
        assert "SANDBOX" not in str(raised.value)


async def test_token_in_the_address_is_never_told() -> None:
    gateway = Stars(StarsSettings(enabled=True), BotAccess.of("42:hush", "http://127.0.0.1:9"))
    with pytest.raises(ProviderUnavailable) as raised:
        await gateway.refund(RefundCall("a", "charge", PRICE, "", customer_id=ANNA))
    remark = (await gateway.check()).remark
    await gateway.close()
    assert "hush" not in f"{raised.value!r} {raised.value.__cause__!r} {remark}"
    assert "hush" not in repr(BotAccess.of("42:hush", "http://127.0.0.1:9"))
