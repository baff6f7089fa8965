"""An order's own link, as a browser opens it that has never seen the chat."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

import aiohttp
import pytest
from sqlalchemy import func, select

from bot.domain.catalogue import Catalogue
from bot.domain.order_forms import FormState
from bot.domain.periods import now
from bot.listener.app import create_app
from bot.listener.health import Health
from bot.listener.metrics import Metrics
from bot.listener.server import Listener
from bot.services.house import House
from bot.services.order_links import OrderLinks
from bot.services.vault import Vault
from bot.storage.database import Database
from bot.storage.tables import payments
from tests.listener.conftest import CallbacksStub, LinksStub, chat_link
from tests.made_to_order import SentIn, order_of, pay, send_in
from tests.services.conftest import ANNA


@dataclass(frozen=True, slots=True)
class Link:
    """A browser, and the address that stands in the letter."""

    http: aiohttp.ClientSession
    path: str
    sent_in: SentIn


@pytest.fixture
async def link(house: House, database: Database, catalogue: Catalogue) -> AsyncIterator[Link]:
    sent_in = await database.write(lambda tx: send_in(tx, catalogue, ANNA))
    links = OrderLinks(Vault("a key of the tests, long enough to be one"), "https://pay.example")
    url = await database.write(lambda tx: links.give(tx, order_of(tx, sent_in)))
    assert await database.write(lambda tx: links.give(tx, order_of(tx, sent_in))) == url
    app = create_app(
        callbacks=CallbacksStub(),
        links=LinksStub(),
        terminals=house.terminals,
        catalogue=catalogue,
        chat_link=chat_link,
        health=Health(),
        metrics=Metrics(),
        orders=house.order_links,
    )
    listener = Listener(app, host="127.0.0.1", port=0)
    await listener.start()
    async with aiohttp.ClientSession(f"http://127.0.0.1:{listener.port}") as http:
        yield Link(http, url.removeprefix("https://pay.example"), sent_in)
    await listener.stop()


async def approve(database: Database, sent_in: SentIn) -> None:
    await database.write(lambda tx: tx.orders.approved(sent_in.order_id, until=now()))
    await database.write(lambda tx: tx.order_forms.change(sent_in.form_id, state=FormState.APPROVED.value))


async def test_before_it_is_confirmed_nothing_can_be_paid(link: Link) -> None:
    async with link.http.get(link.path) as answer:
        assert answer.status == 200 and "Not confirmed yet" in await answer.text()
    pressed = {"method": "fake", "currency": "BYN"}
    async with link.http.post(link.path, data=pressed, allow_redirects=False) as answer:
        assert answer.status == 409


async def test_a_press_begins_the_payment_and_looking_does_not(
    link: Link, house: House, database: Database
) -> None:
    await approve(database, link.sent_in)
    async with link.http.get(link.path) as answer:
        text = await answer.text()
    count = select(func.count()).select_from(payments)
    assert await database.read(lambda tx: tx.connection.scalar(count)) == 0
    assert 'name="method" value="fake"' in text and "590" in text
    assert "not refunded" in text, "the terms are shown before paying"
    pressed = {"method": "fake", "currency": "BYN"}
    for _ in range(2):
        async with link.http.post(link.path, data=pressed, allow_redirects=False) as answer:
            assert answer.status == 303 and "/pay/" in answer.headers["Location"]
    assert await database.read(lambda tx: tx.connection.scalar(count)) == 1


async def test_it_never_dies(link: Link, house: House, database: Database) -> None:
    await approve(database, link.sent_in)
    await pay(house, link.sent_in)
    async with link.http.get(link.path) as answer:
        assert answer.status == 200 and "Already paid" in await answer.text()


async def test_cancelled_it_says_so(link: Link, house: House) -> None:
    await house.order_forms.withdraw(ANNA, link.sent_in.form_id)
    async with link.http.get(link.path) as answer:
        assert answer.status == 200 and "Nothing to pay here" in await answer.text()


@pytest.mark.parametrize("token", ["0" * 40, "short", "../../etc"])
async def test_a_token_that_nobody_was_given_leads_nowhere(link: Link, token: str) -> None:
    async with link.http.get(f"/order/{token}") as answer:
        assert answer.status == 404
    async with link.http.post(f"/order/{token}", data={}) as answer:
        assert answer.status == 404


async def test_a_method_that_is_not_offered_is_refused(link: Link, database: Database) -> None:
    await approve(database, link.sent_in)
    async with link.http.post(link.path, data={"method": "nonsense"}, allow_redirects=False) as answer:
        assert answer.status == 409
