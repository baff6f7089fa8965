"""The seller's cabinet: it believes the bot alone, takes news once, and never goes back to older ones."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp.test_utils import TestServer
from standardwebhooks import Webhook

from sandbox.seller import create_app
from sandbox.seller.driver import Cabinet
from sandbox.street import WEBHOOK_SECRET

ROWS = "id,title,tariff,paid_until,telegram_id\nwa-1,WhatsApp,whatsapp,2026-12-01,1001\n"
NOWHERE = "http://127.0.0.1:1"


@pytest.fixture
async def cabinet(tmp_path: Path) -> AsyncIterator[Cabinet]:
    (tmp_path / "connectors.csv").write_text(ROWS)
    app = create_app(tmp_path, WEBHOOK_SECRET, NOWHERE, "token")
    async with TestServer(app) as server, Cabinet(str(server.make_url(""))) as cabinet:
        yield cabinet


async def told(
    cabinet: Cabinet, name: str, secret: str = WEBHOOK_SECRET, kind: str = "connector.extended", **data: Any
) -> int:
    """Send a webhook; the status of the answer, 0 for none."""
    body = json.dumps({"type": kind, "timestamp": "2026-12-01T00:00:00+00:00", "data": data})
    moment = datetime.now(UTC)
    headers = {
        "webhook-id": name,
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": Webhook(secret).sign(name, moment, body),
    }
    try:
        async with (
            aiohttp.ClientSession(cabinet.url) as bot,
            bot.post("/kassir", data=body, headers=headers) as answer,
        ):
            return answer.status
    except aiohttp.ClientError:
        return 0


async def fates(cabinet: Cabinet) -> list[str]:
    return [letter["fate"] for letter in await cabinet.webhooks()]


async def test_line_is_switched_on(cabinet: Cabinet) -> None:
    assert await told(cabinet, "a", id="wa-1", sequence=1, paid_until="2027-01-01") == 200
    await cabinet.sees_line("wa-1", paid_until="2027-01-01", sequence=1, title="WhatsApp", owned=True)


async def test_new_line_appears(cabinet: Cabinet) -> None:
    facts: dict[str, Any] = {"id": "new-1", "sequence": 0, "title": "Line 5", "tariff": "line", "owned": True}
    assert await told(cabinet, "a", kind="connector.added", paid_until=None, **facts) == 200
    await cabinet.sees_line("new-1", title="Line 5", paid_until="", sequence=0)


async def test_late_retry_does_not_shorten_a_line(cabinet: Cabinet) -> None:
    await told(cabinet, "b", id="wa-1", sequence=2, paid_until="2027-02-01")
    await told(cabinet, "a", id="wa-1", sequence=1, paid_until="2027-01-01")
    assert await fates(cabinet) == ["done", "older"]
    await cabinet.sees_line("wa-1", paid_until="2027-02-01")


async def test_forgery_is_refused(cabinet: Cabinet) -> None:
    other = "whsec_YW5vdGhlci1zZWNyZXQtb2Ytc29tZWJvZHktZWxzZS1hbHRvZ2V0aGVy"
    assert await told(cabinet, "a", other, id="wa-1", sequence=1, paid_until="2099-01-01") == 401
    assert await cabinet.webhooks() == []
    await cabinet.sees_line("wa-1", paid_until="2026-12-01")


async def test_lost_answer_is_heard_once(cabinet: Cabinet) -> None:
    await cabinet.faults(webhooks="heard, answer lost")
    assert await told(cabinet, "a", id="wa-1", sequence=1, paid_until="2027-01-01") == 0
    await cabinet.faults(webhooks="at once")
    assert await told(cabinet, "a", id="wa-1", sequence=1, paid_until="2027-01-01") == 200
    (letter,) = await cabinet.webhooks()
    assert (letter["fate"], letter["answers"]) == ("done", ["–", "200"])


@pytest.mark.parametrize(("fault", "status"), [("500", 500), ("410", 410), ("down", 0)])
async def test_bad_days_change_nothing(cabinet: Cabinet, fault: str, status: int) -> None:
    await cabinet.faults(webhooks=fault)
    assert await told(cabinet, "a", id="wa-1", sequence=1, paid_until="2027-01-01") == status
    await cabinet.sees_line("wa-1", paid_until="2026-12-01", sequence=0)


async def test_what_was_heard_outlives_a_restart(cabinet: Cabinet, tmp_path: Path) -> None:
    await told(cabinet, "a", id="wa-1", sequence=1, paid_until="2027-01-01")
    app = create_app(tmp_path, WEBHOOK_SECRET, NOWHERE, "token")
    async with TestServer(app) as server, Cabinet(str(server.make_url(""))) as again:
        await again.sees_line("wa-1", paid_until="2027-01-01", sequence=1)


async def test_page_says_why_there_is_no_link(cabinet: Cabinet) -> None:
    async with aiohttp.ClientSession(cabinet.url) as person:
        async with person.post("/cabinet/wa-1/pay?lang=ru", allow_redirects=False) as answer:
            assert answer.status == 502
            assert "Бот не дал ссылку" in await answer.text()
        async with person.get("/cabinet?lang=en") as answer:
            assert "WhatsApp" in await answer.text()
