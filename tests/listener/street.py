"""Networks of terminals in front of a real listener, speaking the protocol over HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any
from xml.etree.ElementTree import Element, fromstring

import aiohttp

from bot.domain.catalogue import Catalogue
from bot.gateways.registry import ProviderSettings, open_gateways, open_networks
from bot.listener.app import create_app
from bot.listener.health import Health
from bot.listener.metrics import Metrics
from bot.listener.server import Listener
from bot.services.codes import code_of
from bot.services.house import House, build_house
from bot.storage.database import Database
from tests.listener.conftest import chat_link
from tests.services.conftest import ANNA, BOB, give_anna_her_lines, surroundings

SECRET = "a-secret-of-tests"
NETWORKS: dict[str, dict[str, Any]] = {
    "elsom": {
        "secret": SECRET,
        "currency": "KGS",
        "allow": ["127.0.0.1"],
        "minimum": "10",
        "maximum": "15000",
        "token_sums": ["1"],
        "cancel": "cancel",
        "status": "status",
    },
    "pay24": {
        "secret": "another-secret-of-tests",
        "currency": "RUB",
        "allow": ["127.0.0.1"],
        "user": "pay",
        "password": "hush",
        "element": "txn_id",
        "show_payer": False,
    },
    "far": {"secret": SECRET, "currency": "KGS", "allow": ["192.0.2.1"]},
}


@dataclass(frozen=True, slots=True)
class Said:
    """An answer, as the network reads it."""

    root: Element

    def __getitem__(self, element: str) -> str | None:
        return self.root.findtext(element)

    @property
    def result(self) -> int:
        return int(self.root.findtext("result") or -1)


@dataclass
class Street:
    house: House
    database: Database
    http: aiohttp.ClientSession
    metrics: Metrics
    anna: str
    bob: str

    async def ask(self, *, network: str = "elsom", post: bool = False, **fields: Any) -> Said:
        """As a network does it: whatever the answer, it came with 200 and is XML."""
        status, kind, body = await self.send(f"/terminal/{network}/{_secret(network)}", post=post, **fields)
        assert (status, kind) == (200, "text/xml; charset=utf-8")
        return Said(fromstring(body))

    async def check(self, account: str, **fields: Any) -> Said:
        return await self.ask(command="check", account=account, **{"txn_id": "1", **fields})

    async def pay(self, account: str, txn_id: str, amount: str, **fields: Any) -> Said:
        moment = {"txn_date": "20261118120133"}
        return await self.ask(command="pay", account=account, txn_id=txn_id, sum=amount, **moment | fields)

    async def send(
        self, path: str, *, post: bool = False, auth: bool = True, **fields: Any
    ) -> tuple[int, str, bytes]:
        headers = {"Authorization": aiohttp.encode_basic_auth("pay", "hush")} if auth else {}
        sent: dict[str, Any] = {"data": fields} if post else {"params": fields}
        async with self.http.request("POST" if post else "GET", path, headers=headers, **sent) as answer:
            return answer.status, answer.headers["Content-Type"], await answer.read()

    def count(self, network: str, result: str) -> float:
        labels = {"provider": network, "result": result}
        return self.metrics.registry.get_sample_value("kassir_callbacks_total", labels) or 0


@asynccontextmanager
async def street_on(database: Database, catalogue: Catalogue) -> AsyncIterator[Street]:
    """Anna has two lines and a code, Bob a code alone; whatever happens, the books agree at the end."""
    settings = ProviderSettings.model_validate({"terminals": NETWORKS})
    around = replace(
        surroundings(catalogue), gateways=open_gateways(settings), networks=open_networks(settings)
    )
    house, metrics = build_house(database, around), Metrics()
    await house.customers.greet(ANNA, name="Anna Petrova", language="en")
    await house.customers.greet(BOB, name="Bob", language="en")
    await database.write(give_anna_her_lines)
    anna = await database.write(lambda tx: code_of(tx, tx.customers.person(ANNA)))
    bob = await database.write(lambda tx: code_of(tx, tx.customers.person(BOB)))
    app = create_app(
        callbacks=house.callbacks,
        links=house.links,
        terminals=house.terminals,
        catalogue=catalogue,
        chat_link=chat_link,
        health=Health(),
        metrics=metrics,
    )
    listener = Listener(app, host="127.0.0.1", port=0)
    await listener.start()
    async with aiohttp.ClientSession(f"http://127.0.0.1:{listener.port}") as http:
        yield Street(house, database, http, metrics, anna, bob)
    await listener.stop()
    assert (await house.books.prove()).disagreements == []


def _secret(network: str) -> str:
    return str(NETWORKS[network]["secret"])
