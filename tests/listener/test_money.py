"""The listener before real services and real books: what a provider and a payer really get."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

import aiohttp
import pytest

from bot.domain.catalogue import Catalogue
from bot.domain.errors import CommitUnknown, StorageUnavailable
from bot.domain.events import Callback
from bot.domain.money import Money
from bot.domain.refusals import Refusal
from bot.domain.states import OrderState
from bot.listener.app import create_app
from bot.listener.health import Health
from bot.listener.metrics import Metrics
from bot.listener.server import Listener
from bot.services.house import House
from bot.storage.database import Database
from bot.storage.tables import transfers
from tests.gateways.fake import Day, FakeGateway
from tests.listener.conftest import chat_link
from tests.services.conftest import ANNA, WHATSAPP, Count


@dataclass
class Sale:
    """An order of Anna's, begun with a provider, and the way to the listener."""

    http: aiohttp.ClientSession
    house: House
    order_id: int
    reference: str
    token: str

    async def deliver(self, callback: Callback, provider: str = "fake") -> tuple[int, str]:
        path = f"/callbacks/{provider}"
        async with self.http.post(path, data=callback.body, headers=callback.headers) as answer:
            return answer.status, await answer.text()

    async def page(self, path: str, method: str = "GET") -> tuple[int, str]:
        """The page, or where it leads."""
        async with self.http.request(method, path, allow_redirects=False) as answer:
            return answer.status, answer.headers.get("Location") or await answer.text()

    async def state(self) -> OrderState:
        return (await self.house.orders.get(ANNA, self.order_id)).state


@asynccontextmanager
async def opened(house: House, catalogue: Catalogue) -> AsyncIterator[aiohttp.ClientSession]:
    app = create_app(
        callbacks=house.callbacks,
        links=house.links,
        terminals=house.terminals,
        catalogue=catalogue,
        chat_link=chat_link,
        health=Health(),
        metrics=Metrics(),
    )
    listener = Listener(app, host="127.0.0.1", port=0)
    await listener.start()
    async with aiohttp.ClientSession(f"http://127.0.0.1:{listener.port}") as http:
        yield http
    await listener.stop()


async def begun(http: aiohttp.ClientSession, house: House, method: str) -> Sale:
    order = await house.orders.place(ANNA, [WHATSAPP], 1)
    link = await house.payments.start(ANNA, order.id, method)
    payment = (await house.payments.details(ANNA, link.payment_id)).payment
    return Sale(http, house, order.id, payment.reference, link.url.rpartition("/")[2])


@pytest.fixture
async def sale(house: House, catalogue: Catalogue) -> AsyncIterator[Sale]:
    async with opened(house, catalogue) as http:
        yield await begun(http, house, "fake")


@pytest.fixture
async def asked_sale(house: House, catalogue: Catalogue) -> AsyncIterator[Sale]:
    async with opened(house, catalogue) as http:
        yield await begun(http, house, "hinting")


async def test_genuine_callback_pays_the_order(sale: Sale, fake: FakeGateway) -> None:
    assert (await sale.deliver(fake.pay(sale.reference)))[0] == 200
    assert await sale.state() is OrderState.FULFILLED


async def test_equal_callbacks_at_once_get_equal_answers_and_one_effect(
    sale: Sale, fake: FakeGateway, count: Count
) -> None:
    callback = fake.pay(sale.reference)
    answers = await asyncio.gather(*(sale.deliver(callback) for _ in range(10)))
    assert len(set(answers)) == 1
    assert answers[0][0] == 200
    assert await count(transfers) == 2


@pytest.mark.parametrize(
    "spoil",
    [
        lambda body: body[: len(body) // 2],
        lambda body: body + b" ",
        lambda body: b"\xff\xfe" + body,
        lambda body: body.replace(b"990.00", b"999999.00"),
        lambda body: b"",
        lambda body: b"[" * 60_000,
        lambda body: b'{"kind": 1e400}',
    ],
)
async def test_spoilt_callback_is_refused_and_the_genuine_one_still_counts(
    sale: Sale, fake: FakeGateway, count: Count, spoil: Callable[[bytes], bytes]
) -> None:
    callback = fake.pay(sale.reference)
    assert (await sale.deliver(replace(callback, body=spoil(callback.body))))[0] == 403
    assert await count(transfers) == 0
    assert (await sale.deliver(callback))[0] == 200


async def test_hint_about_nothing_books_nothing(asked_sale: Sale, hinting: FakeGateway, count: Count) -> None:
    made_up = FakeGateway("hinting", asks_back=True).pay("made-up", Money(99000, "RUB"))
    status, _ = await asked_sale.deliver(made_up, "hinting")
    assert status == 403
    assert await count(transfers) == 0


async def test_hint_is_believed_after_the_provider_was_asked(asked_sale: Sale, hinting: FakeGateway) -> None:
    callback = hinting.pay(asked_sale.reference)
    assert (await asked_sale.deliver(callback, "hinting"))[0] == 200
    assert (await asked_sale.deliver(callback, "hinting"))[0] == 200
    assert hinting.calls.count("ask_hint") == 1
    assert await asked_sale.state() is OrderState.FULFILLED


@pytest.mark.parametrize("trouble", [StorageUnavailable("disk full"), CommitUnknown("lost at commit")])
async def test_books_in_trouble_are_a_5xx_and_the_repeat_counts(
    sale: Sale, fake: FakeGateway, database: Database, monkeypatch: pytest.MonkeyPatch, trouble: Exception
) -> None:
    callback = fake.pay(sale.reference)

    async def broken(unit: Any) -> None:
        raise trouble

    with monkeypatch.context() as patched:
        patched.setattr(database, "write", broken)
        assert (await sale.deliver(callback))[0] == 503
    assert (await sale.deliver(callback))[0] == 200
    assert await sale.state() is OrderState.FULFILLED


async def test_commit_that_stood_though_nobody_heard_is_repeated_without_effect(
    sale: Sale, fake: FakeGateway, database: Database, monkeypatch: pytest.MonkeyPatch, count: Count
) -> None:
    callback, write = fake.pay(sale.reference), database.write

    async def unheard(unit: Any) -> None:
        await write(unit)
        raise CommitUnknown("lost after commit")

    with monkeypatch.context() as patched:
        patched.setattr(database, "write", unheard)
        assert (await sale.deliver(callback))[0] == 503
    assert (await sale.deliver(callback))[0] == 200
    assert await count(transfers) == 2


async def test_link_lives_through_every_state_of_its_payment(sale: Sale, fake: FakeGateway) -> None:
    pay = f"/pay/{sale.token}"
    status, bank = await sale.page(pay)
    assert (status, bank[:20]) == (302, "https://bank.example")
    await sale.deliver(fake.refuse(sale.reference, Refusal.NO_FUNDS))
    status, text = await sale.page(pay)
    assert status == 200
    assert f'action="{pay}"' in text
    status, second = await sale.page(pay, "POST")
    assert status == 303
    assert second != bank
    assert await sale.page(pay, "POST") == (303, second)
    assert await sale.page(pay) == (302, second)
    newest = list(fake.sales.values())[-1]
    await sale.deliver(fake.pay(newest.reference))
    status, text = await sale.page(pay)
    assert status == 200
    assert "Paid" in text
    assert "Mir *2987" in text


async def test_opening_the_result_asks_the_provider_once_for_all_who_look(
    asked_sale: Sale, hinting: FakeGateway
) -> None:
    hinting.pay(asked_sale.reference)
    hinting.delay = 0.05
    pages = await asyncio.gather(*(asked_sale.page(f"/return/{asked_sale.token}") for _ in range(10)))
    assert all("Paid" in text for _, text in pages)
    assert hinting.calls.count("ask") == 1
    assert await asked_sale.state() is OrderState.FULFILLED


async def test_result_page_is_there_while_the_provider_is_silent(
    asked_sale: Sale, hinting: FakeGateway
) -> None:
    hinting.day = Day.DOWN
    status, text = await asked_sale.page(f"/return/{asked_sale.token}")
    assert status == 200
    assert "Not paid yet" in text
    assert "data-watch" in text


async def test_looking_without_paying_moves_nothing(sale: Sale, count: Count) -> None:
    for path in (f"/pay/{sale.token}", f"/return/{sale.token}", f"/return/{sale.token}/state"):
        await sale.page(path)
        await sale.page(path, "HEAD")
    assert await count(transfers) == 0
    assert await sale.state() is OrderState.AWAITING
