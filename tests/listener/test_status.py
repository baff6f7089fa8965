"""Health, metrics, headers, and how the listener stops."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable
from typing import Any

import aiohttp
import pytest
from structlog.testing import capture_logs

from bot.domain.catalogue import Catalogue
from bot.domain.errors import StorageUnavailable
from bot.domain.events import Callback
from bot.listener.app import create_app
from bot.listener.health import Health, Silence
from bot.listener.limits import Allowance
from bot.listener.metrics import LaneState, Metrics, QueueState, StepState
from bot.listener.server import Listener
from bot.services.callbacks import Reply
from tests.listener.conftest import CallbacksStub, Door, LinksStub, TerminalsStub, chat_link


async def readiness(door: Door) -> tuple[int, list[str]]:
    async with door.http.get("/health/ready") as answer:
        return answer.status, (await answer.json())["reasons"]


async def test_ready_from_start_up_until_the_stop(door: Door) -> None:
    async with door.http.get("/health/live") as answer:
        assert answer.status == 200
    assert await readiness(door) == (503, ["starting"])
    door.health.ready()
    assert await readiness(door) == (200, [])
    door.health.stopping()
    assert await readiness(door) == (503, ["stopping"])


async def test_not_ready_names_what_is_not_well() -> None:
    async def books() -> bool:
        raise StorageUnavailable("disk full")

    async def stuck() -> bool:
        await asyncio.sleep(60)
        return True

    async def well() -> bool:
        return True

    health = Health({"books": books, "telegram": stuck, "mail": well}, patience=0.01)
    health.ready()
    assert await health.reasons() == ["books", "telegram"]


async def test_what_is_degraded_is_told_and_keeps_no_work_away() -> None:
    async def remarks() -> list[str]:
        return ["operators_group_removed"]

    async def shut() -> list[str]:
        raise StorageUnavailable("disk full")

    for asked, degraded in ((remarks, ["operators_group_removed"]), (shut, [])):
        health = Health(remarks=asked)
        health.ready()
        assert await health.reasons() == []
        assert await health.degraded() == degraded


async def test_checks_are_not_asked_at_every_probe() -> None:
    asked = 0

    async def books() -> bool:
        nonlocal asked
        asked += 1
        return True

    health = Health({"books": books})
    health.ready()
    await asyncio.gather(*(health.reasons() for _ in range(50)))
    assert asked == 1


async def test_silence_counts_only_after_a_while() -> None:
    patient, impatient = Silence(60), Silence(0)
    for silence in (patient, impatient):
        assert await silence()
        silence.failed()
    assert await patient()
    assert not await impatient()
    impatient.well()
    assert await impatient()


async def test_metrics_tell_what_happened(door: Door) -> None:
    async with door.http.post("/callbacks/acme", data=b"x"):
        pass
    door.metrics.tap("menu", 0.01)
    door.metrics.provider_call("yookassa", "ok", 0.2)
    door.metrics.transaction("write", "ok", 0.002)
    async with door.http.get("/metrics") as answer:
        text = await answer.text()
    assert 'kassir_callbacks_total{provider="acme",result="booked"} 1.0' in text
    assert 'kassir_request_seconds_count{route="/callbacks/{provider}",status="200"} 1.0' in text
    assert 'kassir_provider_call_seconds_count{outcome="ok",provider="yookassa"} 1.0' in text
    assert 'kassir_transaction_seconds_count{kind="write",outcome="ok"} 1.0' in text
    assert 'kassir_tap_seconds_count{kind="menu"} 1.0' in text


async def scraped(catalogue: Catalogue, headers: dict[str, str], **settings: Any) -> tuple[int, str]:
    app = create_app(
        callbacks=CallbacksStub(),
        links=LinksStub(),
        terminals=TerminalsStub(),
        catalogue=catalogue,
        chat_link=chat_link,
        health=Health(),
        metrics=Metrics(),
        **settings,
    )
    listener = Listener(app, host="127.0.0.1", port=0)
    await listener.start()
    try:
        async with (
            aiohttp.ClientSession() as http,
            http.get(f"http://127.0.0.1:{listener.port}/metrics", headers=headers) as answer,
        ):
            return answer.status, await answer.text()
    finally:
        await listener.stop()


@pytest.mark.parametrize(
    ("headers", "settings", "status"),
    [
        ({}, {}, 200),
        ({"X-Forwarded-For": "127.0.0.1"}, {}, 403),
        ({"X-Forwarded-For": "203.0.113.9"}, {"trusted_proxies": ["127.0.0.1"]}, 403),
        ({"X-Forwarded-For": "127.0.0.1"}, {"trusted_proxies": ["127.0.0.1"]}, 200),
        ({"X-Forwarded-For": "10.1.1.1"}, {"trusted_proxies": ["127.0.0.1", "10.0.0.0/8"]}, 200),
        ({}, {"metrics_token": "letmein"}, 403),
        ({"Authorization": "Bearer wrong"}, {"metrics_token": "letmein"}, 403),
        ({"Authorization": "Bearer letmein"}, {"metrics_token": "letmein"}, 200),
    ],
)
async def test_metrics_are_not_for_everybody(
    catalogue: Catalogue, headers: dict[str, str], settings: Any, status: int
) -> None:
    assert (await scraped(catalogue, headers, **settings))[0] == status


async def test_outbox_is_asked_at_the_scrape(catalogue: Catalogue) -> None:
    async def outbox() -> Iterable[LaneState]:
        return [LaneState("money", 3, 1.5)]

    _, text = await scraped(catalogue, {}, outbox=outbox)
    assert 'kassir_outbox_depth{lane="money"} 3.0' in text
    assert 'kassir_outbox_age_seconds{lane="money"} 1.5' in text


async def test_webhooks_are_asked_at_the_scrape(catalogue: Catalogue) -> None:
    async def webhooks() -> Iterable[QueueState]:
        return [QueueState("seller", 3, 1, 90)]

    _, text = await scraped(catalogue, {}, webhooks=webhooks)
    assert 'kassir_webhooks{address="seller",state="due"} 3.0' in text
    assert 'kassir_webhooks{address="seller",state="dead"} 1.0' in text
    assert 'kassir_webhooks_age_seconds{address="seller"} 90.0' in text


async def test_autopays_that_are_due_are_asked_at_the_scrape(catalogue: Catalogue) -> None:
    async def autopays() -> Iterable[StepState]:
        return [StepState("charge", 7, 90)]

    _, text = await scraped(catalogue, {}, autopays=autopays)
    assert 'kassir_autopays_due{step="charge"} 7.0' in text
    assert 'kassir_autopays_due_age_seconds{step="charge"} 90.0' in text


async def test_outbox_that_cannot_be_read_is_not_reported_as_empty(catalogue: Catalogue) -> None:
    async def outbox() -> Iterable[LaneState]:
        raise StorageUnavailable("locked")

    status, text = await scraped(catalogue, {}, outbox=outbox)
    assert status == 200
    assert 'kassir_outbox_depth{lane="money"}' not in text


async def test_every_answer_is_hardened_and_names_no_version(door: Door) -> None:
    for path in ("/health/live", "/nowhere", "/callbacks/acme"):
        async with door.http.get(path) as answer:
            assert answer.headers["Server"] == "kassir"
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
            assert answer.headers["Cache-Control"] == "no-store"
            assert answer.headers["X-Request-Id"]


async def test_log_names_the_route_and_never_what_was_sent(door: Door) -> None:
    with capture_logs() as lines:
        async with door.http.post(
            "/callbacks/acme?token=hush", data=b"body-secret", headers={"X-Sign": "sig"}
        ):
            pass
        async with door.http.get("/wp-admin/secret"):
            pass
    text = json.dumps(lines)
    assert "/callbacks/{provider}" in text
    assert not any(word in text for word in ("hush", "body-secret", "sig", "wp-admin"))


async def test_stop_finishes_what_is_in_hand_and_takes_nothing_new(door: Door) -> None:
    begun, go = asyncio.Event(), asyncio.Event()

    async def wait(callback: Callback) -> Reply:
        begun.set()
        await go.wait()
        return Reply(200, "finished", "booked")

    async def send() -> str:
        async with door.http.post("/callbacks/acme", data=b"x") as answer:
            return await answer.text()

    door.callbacks.act = wait
    asking = asyncio.create_task(send())
    await begun.wait()
    stopping = asyncio.create_task(door.listener.stop())
    await asyncio.sleep(0.05)
    with pytest.raises(OSError, match=r"(?i)refused|connect"):
        await asyncio.open_connection("127.0.0.1", door.listener.port)
    go.set()
    assert await asking == "finished"
    await stopping


async def test_stop_does_not_wait_for_ever(door: Door) -> None:
    begun = asyncio.Event()

    async def hang(callback: Callback) -> Reply:
        begun.set()
        await asyncio.sleep(60)
        return Reply(200, "OK", "booked")

    door.callbacks.act = hang
    asking = asyncio.ensure_future(door.http.post("/callbacks/acme", data=b"x"))
    await begun.wait()
    await asyncio.wait_for(door.listener.stop(), 4)
    with pytest.raises(aiohttp.ClientError):
        await asking


def test_allowance_runs_out_and_forgets_the_oldest() -> None:
    allowance = Allowance(3, names=2)
    assert [allowance.spend("a") for _ in range(5)] == [True, True, True, False, False]
    allowance.give_back("a")
    assert [allowance.spend("a") for _ in range(2)] == [True, False]
    assert allowance.spend("b")
    assert allowance.spend("c")
    assert allowance.spend("a")
