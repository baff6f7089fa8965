"""Callbacks over a real socket: whole, cut, slow, oversized, odd, and while we are in trouble."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import AsyncIterator
from unittest.mock import ANY

import pytest

from bot.domain.errors import CommitUnknown, OutcomeUnknown, StorageUnavailable
from bot.domain.events import Callback
from bot.listener import callbacks as callback_routes
from bot.services.callbacks import Reply
from tests.listener.conftest import Door


async def test_service_sees_bytes_and_its_answer_goes_back(door: Door) -> None:
    body = b"\xff\xfe not utf-8 \x00"
    async with door.http.post("/callbacks/acme?a=%26&b", data=body, headers={"X-Sign": "ab"}) as answer:
        assert (answer.status, await answer.text()) == (200, "OK")
        assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    provider, callback = door.callbacks.seen[0]
    assert (provider, callback.body, callback.query) == ("acme", body, "a=%26&b")
    assert callback.headers["x-sign"] == "ab"
    assert callback.address == "127.0.0.1"
    assert door.count("kassir_callbacks_total", provider="acme", result="booked") == 1


async def test_forged_is_refused_and_counted(door: Door) -> None:
    async def forged(callback: Callback) -> Reply:
        return Reply(403, "", "forged")

    door.callbacks.act = forged
    async with door.http.post("/callbacks/acme", data=b"x") as answer:
        assert answer.status == 403
    assert door.count("kassir_forged_callbacks_total", provider="acme") == 1


@pytest.mark.parametrize(
    "error", [StorageUnavailable("disk full"), CommitUnknown("lost"), OutcomeUnknown("slow")]
)
async def test_trouble_of_ours_asks_the_provider_to_come_again(door: Door, error: Exception) -> None:
    async def fail_once(callback: Callback) -> Reply:
        if len(door.callbacks.seen) == 1:
            raise error
        return Reply(200, "OK", "booked")

    door.callbacks.act = fail_once
    async with door.http.post("/callbacks/acme", data=b"x") as answer:
        assert answer.status == 503
        assert "disk" not in await answer.text()
    async with door.http.post("/callbacks/acme", data=b"x") as answer:
        assert answer.status == 200
    assert door.count("kassir_callbacks_total", provider="acme", result="trouble") == 1


async def test_surprise_is_a_500_that_tells_nothing(door: Door) -> None:
    async def break_down(callback: Callback) -> Reply:
        raise RuntimeError("secret detail")

    door.callbacks.act = break_down
    async with door.http.post("/callbacks/acme", data=b"x") as answer:
        assert (answer.status, await answer.text()) == (500, "500\n")
        assert answer.headers["Server"] == "kassir"
    assert door.count("kassir_callbacks_total", provider="acme", result="trouble") == 1


async def test_answer_that_never_comes_is_a_503(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    async def hang(callback: Callback) -> Reply:
        await asyncio.sleep(60)
        return Reply(200, "OK", "booked")

    monkeypatch.setattr(callback_routes, "SECONDS_FOR_ANSWER", 0.05)
    door.callbacks.act = hang
    async with door.http.post("/callbacks/acme", data=b"x") as answer:
        assert answer.status == 503


async def test_largest_body_is_taken_and_one_byte_more_is_not(door: Door) -> None:
    async with door.http.post("/callbacks/acme", data=b"x" * 65536) as answer:
        assert answer.status == 200
    async with door.http.post("/callbacks/acme", data=b"x" * 65537) as answer:
        assert answer.status == 413
    assert len(door.callbacks.seen) == 1
    assert door.count("kassir_callbacks_total", provider="acme", result="unreadable") == 1


async def test_oversized_chunks_are_not_taken_either(door: Door) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(65):
            yield b"x" * 1024

    async with door.http.post("/callbacks/acme", data=pieces()) as answer:
        assert answer.status == 413
    assert not door.callbacks.seen


async def test_small_body_that_unpacks_to_a_large_one_is_not_taken(door: Door) -> None:
    bomb = gzip.compress(b"0" * 50_000_000)
    async with door.http.post("/callbacks/acme", data=bomb, headers={"Content-Encoding": "gzip"}) as answer:
        assert answer.status == 413


async def test_unpackable_body_is_a_bad_request(door: Door) -> None:
    async with door.http.post(
        "/callbacks/acme", data=b"junk", headers={"Content-Encoding": "gzip"}
    ) as answer:
        assert answer.status == 400
    assert not door.callbacks.seen


async def test_truncated_body_never_reaches_the_service(door: Door) -> None:
    _, writer = await asyncio.open_connection("127.0.0.1", door.listener.port)
    writer.write(b"POST /callbacks/acme HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf")
    writer.write_eof()
    writer.close()
    await writer.wait_closed()
    async with door.http.post("/callbacks/acme", data=b"next") as answer:
        assert answer.status == 200
    assert [callback.body for _, callback in door.callbacks.seen] == [b"next"]


async def test_slow_body_is_given_up(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(callback_routes, "SECONDS_FOR_BODY", 0.1)
    reader, writer = await asyncio.open_connection("127.0.0.1", door.listener.port)
    writer.write(b"POST /callbacks/acme HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf")
    assert (await reader.readline()).startswith(b"HTTP/1.1 408")
    writer.close()
    assert not door.callbacks.seen


async def test_slow_head_is_cut_off(door: Door) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", door.listener.port)
    writer.write(b"POST /callbacks/acme HTTP/1.1\r\nHost:")
    assert await asyncio.wait_for(reader.read(), 5) == b""
    writer.close()


@pytest.mark.parametrize(
    "path",
    [
        "/callbacks/",
        "/callbacks/ACME",
        "/callbacks/acme/more",
        "/callbacks/..%2f..%2fetc%2fpasswd",
        "/callbacks/%00",
        "/callbacks/%ff",
        "/callbacks/" + "a" * 33,
        "/../../etc/passwd",
        "//callbacks/acme",
        "/callbacks/acme%2F",
    ],
)
async def test_odd_paths_lead_nowhere(door: Door, path: str) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", door.listener.port)
    writer.write(
        f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode()
    )
    answer = await reader.read()
    writer.close()
    assert answer.startswith(b"HTTP/1.1 404"), answer
    assert b"etc" not in answer
    assert not door.callbacks.seen


@pytest.mark.parametrize("method", ["HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
async def test_other_methods_are_refused(door: Door, method: str) -> None:
    async with door.http.request(method, "/callbacks/acme") as answer:
        assert answer.status == 405
        assert answer.headers["Allow"] == "GET,POST"


async def test_junk_instead_of_http_is_told_nothing(door: Door) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", door.listener.port)
    writer.write(b"\x16\x03\x01 hello /secret-token\r\n\r\n")
    answer = await reader.read()
    writer.close()
    assert answer.startswith((b"HTTP/1.0 400", b"HTTP/1.1 400"))
    assert b"secret" not in answer
    assert b"aiohttp" not in answer.lower()


async def test_equal_callbacks_at_once_all_get_their_answer(door: Door) -> None:
    async def send() -> int:
        async with door.http.post("/callbacks/acme", data=b"same") as answer:
            return answer.status

    assert await asyncio.gather(*(send() for _ in range(20))) == [200] * 20


async def test_unknown_provider_makes_up_no_label(door: Door) -> None:
    async def unknown(callback: Callback) -> Reply:
        return Reply(404, "", "unknown_provider")

    door.callbacks.act = unknown
    async with door.http.post("/callbacks/madeup", data=b"x") as answer:
        assert answer.status == 404
    assert door.count("kassir_callbacks_total", provider="unknown", result="unknown_provider") == 1
    assert b"madeup" not in door.metrics.text()


async def test_callback_may_come_by_get_with_its_fields_in_the_query(door: Door) -> None:
    async with door.http.get("/callbacks/acme?OutSum=150.00&InvId=1001") as answer:
        assert (answer.status, await answer.text()) == (200, "OK")
    assert door.callbacks.seen == [("acme", ANY)]
    callback = door.callbacks.seen[0][1]
    assert (callback.body, callback.query) == (b"", "OutSum=150.00&InvId=1001")
    async with door.http.head("/callbacks/acme?OutSum=150.00&InvId=1001") as answer:
        assert answer.status == 405
    assert len(door.callbacks.seen) == 1
