"""Papers by link, the way people, previews and guessers open them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import aiohttp
import pytest
from structlog.testing import capture_logs

from bot import i18n
from bot.domain.catalogue import Catalogue
from bot.domain.documents import Enclosure, File
from bot.domain.errors import NotYours, StorageUnavailable
from bot.listener.app import create_app
from bot.listener.documents import READINGS_A_MINUTE, Documents
from bot.listener.health import Health
from bot.listener.metrics import Metrics
from bot.listener.server import Listener
from tests.listener.conftest import TOKEN, CallbacksStub, LinksStub, TerminalsStub, chat_link
from tests.services.conftest import catalogue, fake, hinting  # noqa: F401 (fixtures)

PAPER = Enclosure("invoice", {"invoice_id": 7})
CONTENT = b"%PDF-1.7 paper"


@dataclass
class Shelf:
    """Knows TOKEN alone, and makes the paper behind it; `error` is what the books raise."""

    opened: list[str] = field(default_factory=list)
    made: list[tuple[Enclosure, str]] = field(default_factory=list)
    error: Exception | None = None
    gone: bool = False

    async def open(self, token: str) -> tuple[Enclosure, str]:
        self.opened.append(token)
        if self.error is not None:
            raise self.error
        if token != TOKEN:
            raise NotYours
        return PAPER, "be"

    async def make(self, enclosure: Enclosure, language: str) -> File:
        if self.gone:
            raise NotYours
        self.made.append((enclosure, language))
        return File("Счёт INV-2026-000123.pdf", "application/pdf", CONTENT)


@dataclass
class Reading:
    http: aiohttp.ClientSession
    shelf: Shelf


@pytest.fixture
async def door(catalogue: Catalogue) -> AsyncIterator[Reading]:  # noqa: F811 (a fixture takes it by name)
    i18n.choose_default("ru")
    shelf = Shelf()
    app = create_app(
        callbacks=CallbacksStub(),
        links=LinksStub(),
        terminals=TerminalsStub(),
        catalogue=catalogue,
        chat_link=chat_link,
        health=Health(),
        metrics=Metrics(),
        documents=Documents(shelf, shelf, catalogue.seller.name, chat_link),
    )
    listener = Listener(app, host="127.0.0.1", port=0)
    await listener.start()
    async with aiohttp.ClientSession(f"http://127.0.0.1:{listener.port}") as http:
        yield Reading(http, shelf)
    await listener.stop()


async def test_whoever_has_the_link_reads_the_paper(door: Reading) -> None:
    async with door.http.get(f"/documents/{TOKEN}.pdf") as answer:
        assert answer.status == 200
        assert await answer.read() == CONTENT
        assert answer.headers["Content-Type"] == "application/pdf"
        assert answer.headers["X-Robots-Tag"] == "noindex, nofollow, noarchive"
        assert answer.headers["Cache-Control"] == "private, no-cache"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.content_disposition is not None
        assert answer.content_disposition.filename == "Счёт INV-2026-000123.pdf"
    assert door.shelf.made == [(PAPER, "be")]


async def test_a_preview_sees_its_size_alone(door: Reading) -> None:
    async with door.http.head(f"/documents/{TOKEN}.pdf") as answer:
        assert (answer.status, answer.content_length) == (200, len(CONTENT))
        assert await answer.read() == b""


@pytest.mark.parametrize("path", ["f" * 40, "A1" * 20, "a1" * 19, "../a", "%00", "x" * 4000])
async def test_a_guessed_link_leads_nowhere(door: Reading, path: str) -> None:
    async with door.http.get(f"/documents/{path}.pdf", headers={"Accept-Language": "en"}) as answer:
        assert answer.status == 404
        if path == "f" * 40:
            assert "This link leads nowhere" in await answer.text()
            assert answer.headers["X-Robots-Tag"].startswith("noindex")
    assert door.shelf.made == []


async def test_a_paper_whose_subject_is_gone_leads_nowhere(door: Reading) -> None:
    door.shelf.gone = True
    async with door.http.get(f"/documents/{TOKEN}.pdf") as answer:
        assert answer.status == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
async def test_nothing_can_be_done_by_it(door: Reading, method: str) -> None:
    async with door.http.request(method, f"/documents/{TOKEN}.pdf") as answer:
        assert answer.status == 405


async def test_a_link_that_is_hammered_has_to_wait(door: Reading) -> None:
    for _ in range(READINGS_A_MINUTE):
        async with door.http.get(f"/documents/{TOKEN}.pdf") as answer:
            assert answer.status == 200
    async with door.http.get(f"/documents/{TOKEN}.pdf") as answer:
        assert (answer.status, answer.headers["Retry-After"]) == (429, "60")


async def test_guessers_stand_in_one_line(door: Reading) -> None:
    """None of them keeps the books busy, and whoever has a link is answered meanwhile."""

    async def guess(number: int) -> int:
        async with door.http.get(f"/documents/{number:040x}.pdf") as answer:
            return answer.status

    statuses = await asyncio.gather(*(guess(number) for number in range(60)))
    assert set(statuses) <= {404, 429}
    async with door.http.get(f"/documents/{TOKEN}.pdf") as answer:
        assert answer.status == 200


async def test_trouble_with_the_books_is_ours(door: Reading) -> None:
    door.shelf.error = StorageUnavailable("away")
    async with door.http.get(f"/documents/{TOKEN}.pdf") as answer:
        assert answer.status == 503


async def test_the_log_names_the_route_and_no_token(door: Reading) -> None:
    with capture_logs() as logs:
        async with door.http.get(f"/documents/{TOKEN}.pdf"):
            pass
    assert [line["route"] for line in logs if line["event"] == "request.answered"] == [
        "/documents/{token}.pdf"
    ]
    assert TOKEN not in str(logs)
