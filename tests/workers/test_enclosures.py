"""Notices with files: made when they are sent, and sent whole."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import nullcontext

import pytest

from bot.domain.documents import Enclosure, File
from bot.domain.states import Lane
from bot.notices import registry
from bot.notices.registry import Payload, Rendered, notice
from bot.services.outbox import OutboxService
from bot.storage.database import Database
from bot.workers import delivery, sending
from bot.workers.delivery import Delivery
from bot.workers.outbox import OutboxWorker
from tests.telegram import LOST, Call, FakeTelegram, fake_telegram, refusal
from tests.workers.test_outbox import tell, until_states

ANNA = 7


class FakePress:
    """Makes a file of the enclosure's kind, and fails as often as it is told to."""

    def __init__(self) -> None:
        self.failures = 0
        self.made: list[tuple[str, str]] = []

    async def make(self, enclosure: Enclosure, language: str) -> File:
        if self.failures:
            self.failures -= 1
            raise RuntimeError("the typesetter is out of ink")
        self.made.append((enclosure.kind, language))
        return File(f"{enclosure.kind}.pdf", "application/pdf", str(enclosure.subject["id"]).encode())


@pytest.fixture(autouse=True)
def kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_to_customers", {})
    monkeypatch.setattr(sending, "POLL_SECONDS", 0.05)
    monkeypatch.setattr(delivery, "_backoff", lambda tries: 0.01 * tries)

    @notice("papers")
    def papers(payload: Payload) -> Rendered:
        files = tuple(Enclosure(kind, {"id": 5}) for kind in payload["kinds"])
        return Rendered(payload["text"], enclosures=files)


@pytest.fixture
async def telegram() -> AsyncIterator[FakeTelegram]:
    async with fake_telegram() as telegram:
        yield telegram


@pytest.fixture
def press() -> FakePress:
    return FakePress()


@pytest.fixture
async def worker(database: Database, telegram: FakeTelegram, press: FakePress) -> AsyncIterator[OutboxWorker]:
    bot = telegram.bot()
    service = OutboxService(database, -1001)
    deliver = Delivery(
        bot, service, speak=lambda language: nullcontext(), operators_language="ru", press=press
    )
    worker = OutboxWorker(service, deliver)
    database.when_committed(worker.wake)
    await database.write(lambda tx: tx.customers.add(ANNA, name="Anna", language="ky"))
    running = asyncio.create_task(worker.run())
    yield worker
    worker.stop()
    await running
    await bot.session.close()


def words(calls: list[Call]) -> list[tuple[str, str]]:
    return [(call.method, call.text) for call in calls]


@pytest.mark.usefixtures("worker")
async def test_a_short_text_stands_under_its_file(
    database: Database, telegram: FakeTelegram, press: FakePress
) -> None:
    await tell(database, ANNA, "papers", text="Your receipt", kinds=["receipt"])
    await until_states(database, papers__sent=1)
    (call,) = telegram.calls
    assert (call.method, call.text) == ("sendDocument", "Your receipt")
    upload = call.fields[call.fields["document"].removeprefix("attach://")]
    assert upload.filename == "receipt.pdf"
    assert press.made == [("receipt", "ky")]


@pytest.mark.usefixtures("worker")
async def test_a_long_text_comes_before_its_file(database: Database, telegram: FakeTelegram) -> None:
    await tell(database, ANNA, "papers", text="x" * 1025, kinds=["receipt"])
    await until_states(database, papers__sent=1)
    assert words(telegram.calls) == [("sendMessage", "x" * 1025), ("sendDocument", "")]


@pytest.mark.usefixtures("worker")
async def test_several_files_arrive_together(database: Database, telegram: FakeTelegram) -> None:
    await tell(database, ANNA, "papers", text="Both", kinds=["receipts", "receipts_csv"])
    await until_states(database, papers__sent=1)
    assert words(telegram.calls) == [("sendMessage", "Both"), ("sendMediaGroup", "")]
    assert Counter(item["type"] for item in telegram.calls[1].fields["media"]) == {"document": 2}


@pytest.mark.usefixtures("worker")
async def test_a_file_that_fails_is_made_again_and_nothing_is_said_before(
    database: Database, telegram: FakeTelegram, press: FakePress
) -> None:
    press.failures = 2
    await tell(database, ANNA, "papers", text="x" * 1025, kinds=["receipt"])
    await until_states(database, papers__sent=1)
    assert len(telegram.tried) == 2


@pytest.mark.usefixtures("worker")
async def test_a_file_that_a_tap_asked_for_holds_up_no_news_of_money(
    database: Database, telegram: FakeTelegram, press: FakePress
) -> None:
    press.failures = 1_000_000
    await tell(database, ANNA, "papers", text="", kinds=["receipt"], lane=Lane.TAPS)
    await tell(database, ANNA, "papers", text="Paid", kinds=[])
    await until_states(database, papers__sent=1, papers__due=1)
    assert words(telegram.calls) == [("sendMessage", "Paid")]


@pytest.mark.usefixtures("worker")
async def test_a_lost_file_is_sent_again_and_a_refused_one_is_not(
    database: Database, telegram: FakeTelegram
) -> None:
    telegram.fail("sendDocument", LOST, refusal(400, "Bad Request: file must be non-empty"))
    await tell(database, ANNA, "papers", text="Your receipt", kinds=["receipt"])
    await until_states(database, papers__dead=1)
    assert [call.method for call in telegram.tried if call.method == "sendDocument"] == ["sendDocument"] * 2
