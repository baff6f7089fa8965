"""From an issued invoice to what its link shows: books, press and door together."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

import aiohttp
import pytest
import time_machine
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.documents.press import Press
from bot.documents.registry import Sources
from bot.documents.typesetter import Typesetter
from bot.domain import periods
from bot.domain.catalogue import Catalogue
from bot.domain.errors import NotYours
from bot.listener.address import TrustedProxies
from bot.listener.documents import Documents
from bot.listener.guard import guard
from bot.listener.keys import METRICS
from bot.listener.metrics import Metrics
from bot.services.document_links import LIFE
from bot.services.house import House
from tests.documents.pages import Pages
from tests.listener.conftest import chat_link
from tests.services.conftest import ANNA, catalogue, fake, hinting, house, operators  # noqa: F401 (fixtures)
from tests.services.test_invoices import invoiced


@dataclass
class Door:
    http: aiohttp.ClientSession

    async def read(self, url: str) -> tuple[int, bytes]:
        path = re.sub(r"^https?://[^/]+", "", url)
        async with self.http.get(path) as answer:
            return answer.status, await answer.read()


@pytest.fixture
async def door(house: House, catalogue: Catalogue) -> AsyncIterator[Door]:  # noqa: F811 (a fixture takes it by name)
    typesetter = Typesetter()
    press = Press(Sources(house, catalogue, typesetter))
    app = web.Application(middlewares=[guard(TrustedProxies())])
    app[METRICS] = Metrics()
    app.add_routes(Documents(house.document_links, press, "Seller", chat_link).routes())
    async with TestServer(app) as server, aiohttp.ClientSession(server.make_url("")) as http:
        yield Door(http)
    typesetter.close()


async def test_the_link_of_an_invoice_shows_it_as_it_stands_now(house: House, door: Door) -> None:  # noqa: F811 (a fixture takes it by name)
    invoice = await invoiced(house)
    url = await house.invoices.link(ANNA, invoice.id)
    status, content = await door.read(url)
    assert status == 200
    words = Pages(content).words
    assert invoice.number in words
    assert invoice.buyer.name in words
    assert "do not pay" not in words
    await house.invoices.void(ANNA, invoice.id)
    assert "Void, do not pay it" in Pages((await door.read(url))[1]).words


async def test_a_link_ends(house: House, door: Door) -> None:  # noqa: F811 (a fixture takes it by name)
    url = await house.invoices.link(ANNA, (await invoiced(house)).id)
    with time_machine.travel(periods.now() + LIFE + timedelta(minutes=1), tick=False):
        assert (await door.read(url))[0] == 404
        with pytest.raises(NotYours):
            await house.document_links.open(url.rpartition("/")[2].removesuffix(".pdf"))
