"""The seller's API on a real socket before real books, and a client that says what came back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
from yarl import URL

from bot.domain.catalogue import Catalogue
from bot.listener.api import create_api
from bot.listener.app import create_app
from bot.listener.health import Health
from bot.listener.metrics import Metrics
from bot.listener.server import Listener
from bot.services.house import House
from tests.listener.conftest import chat_link

TOKEN = "a token of the tests, long enough to be one"
BEARER = {"Authorization": f"Bearer {TOKEN}"}


@dataclass(frozen=True)
class Told:
    status: int
    body: Any
    etag: str
    type: str
    headers: dict[str, str]

    @property
    def problem(self) -> str:
        """The last part of a problem's type; a word that is none where it went well."""
        return str(self.body["type"]).rpartition("/")[2] if "problem" in self.type else "none"


@dataclass
class SellerSystem:
    """What the seller's own system does."""

    http: aiohttp.ClientSession
    port: int

    async def ask(
        self, method: str, path: str, *, json: Any = None, headers: dict[str, str] | None = None, **more: Any
    ) -> Told:
        url = URL(f"http://127.0.0.1:{self.port}/api/v1{path}", encoded=True)
        body = {"json": json} if json is not None else {}
        async with self.http.request(method, url, headers=BEARER | (headers or {}), **body, **more) as answer:
            is_json = answer.content_type.endswith("json")
            told = await answer.json(content_type=None) if is_json else await answer.text()
            found = {name.lower(): value for name, value in answer.headers.items()}
            return Told(answer.status, told, found.get("etag", ""), answer.content_type, found)

    async def put(self, id_: str, json: Any = None, **headers: str) -> Told:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.ask("PUT", f"/connectors/{id_}", json=json or {}, headers=named)

    async def get(self, id_: str) -> Told:
        return await self.ask("GET", f"/connectors/{id_}")

    async def charge(self, json: Any, **headers: str) -> Told:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.ask("POST", "/charges", json=json, headers=named)


@asynccontextmanager
async def opened(house: House, catalogue: Catalogue, *, token: str = TOKEN) -> AsyncIterator[SellerSystem]:
    api = create_api(
        house.seller,
        house.instalments,
        house.connector_links,
        house.webhook_history,
        house.statements,
        token=token,
        chat_link=chat_link,
        tariffs=catalogue.tariffs,
    )
    app = create_app(
        callbacks=house.callbacks,
        links=house.links,
        terminals=house.terminals,
        catalogue=catalogue,
        chat_link=chat_link,
        health=Health(),
        metrics=Metrics(),
        api=api if token else None,
    )
    listener = Listener(app, host="127.0.0.1", port=0)
    await listener.start()
    async with aiohttp.ClientSession() as http:
        yield SellerSystem(http, listener.port)
    await listener.stop()
