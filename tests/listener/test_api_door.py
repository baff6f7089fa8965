"""Who may come in, and how the API says no."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.domain.catalogue import Catalogue
from bot.domain.errors import CommitUnknown, StorageUnavailable
from bot.listener.api.problems import KINDS
from bot.services.house import House
from bot.storage.database import Database
from tests.listener.api_door import BEARER, TOKEN, SellerSystem, opened
from tests.services.conftest import WHATSAPP


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """What the door does, it does alike on both; one will do."""
    return sqlite_database


@pytest.fixture
async def seller(house: House, catalogue: Catalogue) -> AsyncIterator[SellerSystem]:
    async with opened(house, catalogue) as system:
        yield system


@pytest.mark.parametrize(
    "claimed", ["", "Bearer", "Bearer ", "Bearer x", f"Basic {TOKEN}", TOKEN, f"Bearer {TOKEN}x", "Bearer ё"]
)
@pytest.mark.parametrize("path", [f"/connectors/{WHATSAPP}", "/payments", "/nothing", "/charges"])
async def test_without_the_token_nothing_is_told(seller: SellerSystem, claimed: str, path: str) -> None:
    told = await seller.ask("GET", path, headers={"Authorization": claimed})
    assert (told.status, told.problem) == (401, "unauthorized")
    assert told.headers["www-authenticate"] == "Bearer"


async def test_the_scheme_may_be_written_in_any_case(seller: SellerSystem) -> None:
    told = await seller.ask("GET", "/payments", headers={"Authorization": f"bearer  {TOKEN}"})
    assert told.status == 200


async def test_without_a_token_in_the_settings_there_is_no_api(house: House, catalogue: Catalogue) -> None:
    async with opened(house, catalogue, token="") as system:
        for path in ("/openapi.json", "/payments", f"/connectors/{WHATSAPP}"):
            assert (await system.ask("GET", path)).status == 404


@pytest.mark.parametrize(
    ("method", "path", "problem"),
    [
        ("GET", "/nothing", "not-found"),
        ("GET", "/", "not-found"),
        ("GET", "/connectors/", "not-found"),
        ("GET", "/connectors/nothing", "not-found"),
        ("GET", "/problems/nothing", "not-found"),
        ("DELETE", f"/connectors/{WHATSAPP}", "method-not-allowed"),
        ("GET", "/charges", "method-not-allowed"),
        ("PUT", "/openapi.json", "method-not-allowed"),
    ],
)
async def test_strange_paths_and_methods(seller: SellerSystem, method: str, path: str, problem: str) -> None:
    told = await seller.ask(method, path)
    assert told.problem == problem
    assert told.type == "application/problem+json"
    assert ("allow" in told.headers) == (problem == "method-not-allowed")


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b"", "malformed"),
        (b"{", "malformed"),
        (b"\xff\xfe", "malformed"),
        (b'{"title": "a", "title": "b"}', "malformed"),
        (b'{"telegram_id": NaN}', "malformed"),
        (b'{"telegram_id": 1e999}', "invalid"),
        (b"[" * 200_000, "malformed"),
        (b'{"telegram_id": ' + b"9" * 5000 + b"}", "malformed"),
        (b'{"title": "\\ud800"}', "invalid"),
        (b"[]", "invalid"),
        (b"null", "invalid"),
        (b'"x"', "invalid"),
        (b" " * (256 * 1024 + 1), "too-large"),
    ],
)
async def test_bodies_that_cannot_be_read(seller: SellerSystem, body: bytes, problem: str) -> None:
    told = await seller.ask(
        "PUT", f"/connectors/{WHATSAPP}", data=body, headers={"Content-Type": "application/json"}
    )
    assert told.problem == problem
    assert told.status == KINDS[problem].status


@pytest.mark.parametrize("type_", ["text/plain", "application/x-www-form-urlencoded", "nonsense"])
async def test_bodies_that_do_not_say_they_are_json(seller: SellerSystem, type_: str) -> None:
    told = await seller.ask("POST", "/charges", data=b"{}", headers={"Content-Type": type_})
    assert told.problem == "not-json"


async def test_a_body_that_never_ends_is_not_waited_for(
    seller: SellerSystem, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.listener.api.requests.SECONDS_FOR_BODY", 0.2)
    reader, writer = await asyncio.open_connection("127.0.0.1", seller.port)
    head = f"PUT /api/v1/connectors/x HTTP/1.1\r\nHost: x\r\nAuthorization: {BEARER['Authorization']}\r\n"
    writer.write(f"{head}Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{{".encode())
    answer = await asyncio.wait_for(reader.read(), 10)
    writer.close()
    assert b" 408 " in answer.split(b"\r\n", 1)[0]
    assert b"application/problem+json" in answer


@pytest.mark.parametrize("trouble", [StorageUnavailable("disk full"), CommitUnknown("lost at commit")])
async def test_books_in_trouble_ask_for_the_same_request_later(
    seller: SellerSystem, database: Database, monkeypatch: pytest.MonkeyPatch, trouble: Exception
) -> None:
    async def broken(unit: Any) -> None:
        raise trouble

    with monkeypatch.context() as patched:
        patched.setattr(database, "write", broken)
        told = await seller.put(WHATSAPP, {"title": "x"}, Idempotency_Key="k")
    assert (told.status, told.problem, told.headers["retry-after"]) == (503, "unavailable", "5")
    assert (await seller.put(WHATSAPP, {"title": "x"}, Idempotency_Key="k")).status == 200


async def test_a_commit_nobody_heard_of_is_answered_by_its_key(
    seller: SellerSystem, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = database.write

    async def unheard(unit: Any) -> None:
        await write(unit)
        raise CommitUnknown("lost after commit")

    with monkeypatch.context() as patched:
        patched.setattr(database, "write", unheard)
        assert (await seller.put(WHATSAPP, {"title": "x"}, Idempotency_Key="k")).status == 503
    told = await seller.put(WHATSAPP, {"title": "x"}, Idempotency_Key="k")
    assert (told.status, told.etag, told.headers["idempotent-replayed"]) == (200, '"1"', "true")


@pytest.mark.parametrize("name", sorted(KINDS))
async def test_every_type_leads_to_what_to_do(seller: SellerSystem, name: str) -> None:
    told = await seller.ask("GET", f"/problems/{name}", headers={"Authorization": ""})
    assert told.status == 200
    assert KINDS[name].advice in told.body


async def test_the_description_is_open_and_names_the_tariffs(
    seller: SellerSystem, catalogue: Catalogue
) -> None:
    told = await seller.ask("GET", "/openapi.json", headers={"Authorization": ""})
    assert (told.status, told.body["openapi"]) == (200, "3.1.0")
    put = told.body["components"]["schemas"]["PutConnector"]
    assert put["properties"]["tariff"]["enum"] == sorted(catalogue.tariffs)
    assert put["additionalProperties"] is False
