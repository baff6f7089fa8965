"""Letters between the outbox and a mail server that has good days and bad ones."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest
import time_machine
from sqlalchemy import select

from bot.domain.documents import Enclosure, File
from bot.domain.errors import NotYours
from bot.domain.money import Money
from bot.domain.notices import MAIL
from bot.gateways.mail import SmtpMail
from bot.gateways.mail_settings import MailServer, Sender
from bot.i18n import speaking
from bot.services.outbox import OutboxService
from bot.storage.database import Database
from bot.storage.tables import outbox
from bot.workers import sending
from bot.workers.delivery import Delivery
from bot.workers.mailing import Mailing
from bot.workers.outbox import OutboxWorker
from tests.gateways.post_office import post_office
from tests.telegram import FakeTelegram, fake_telegram

ANNA, GROUP = 7, -1001
HERS = "anna@example.org"
START = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
INVOICE: dict[str, Any] = {
    "invoice_id": 17,
    "number": "2026-000123",
    "issued_on": START.date(),
    "amount": Money(150000, "RUB"),
    "purpose": "Оплата по счёту-оферте № 2026-000123",
}


class ScriptedPress:
    """Makes a file of anything, or what it was told to do instead."""

    def __init__(self) -> None:
        self.made: list[tuple[Enclosure, str]] = []
        self.troubles: list[Exception] = []
        self.size = 100

    async def make(self, enclosure: Enclosure, language: str) -> File:
        if self.troubles:
            raise self.troubles.pop(0)
        self.made.append((enclosure, language))
        return File(f"{enclosure.kind}-счёт.pdf", "application/pdf", b"%PDF" + b"x" * self.size)


@pytest.fixture
def press() -> ScriptedPress:
    return ScriptedPress()


@pytest.fixture(autouse=True)
async def books(sqlite_database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "POLL_SECONDS", 0.02)
    sqlite_database.listeners.add(MAIL)
    await sqlite_database.write(lambda tx: tx.customers.add(ANNA, name="Anna", language="be"))


@pytest.fixture
async def telegram() -> AsyncIterator[FakeTelegram]:
    async with fake_telegram() as telegram:
        yield telegram


@asynccontextmanager
async def working(
    database: Database, telegram: FakeTelegram, press: ScriptedPress, port: int
) -> AsyncIterator[None]:
    bot, service = telegram.bot(), OutboxService(database, GROUP)
    mail = SmtpMail(
        MailServer.at(f"smtp://127.0.0.1:{port}?starttls=off"),
        Sender("Канал+", "pay@kanal.example"),
        lambda *_: None,
    )
    mailing = Mailing(mail, press, speak=speaking, seller="Канал+")
    delivery = Delivery(bot, service, speak=speaking, operators_language="en")
    worker = OutboxWorker(service, delivery, mailing)
    running = asyncio.create_task(worker.run())
    try:
        yield
    finally:
        worker.stop()
        await running
        await mail.close()
        await bot.session.close()


async def write(database: Database, kind: str = "invoice", **more: Any) -> None:
    await database.write(lambda tx: tx.outbox.to_email(ANNA, HERS, kind, **(INVOICE | more)))


async def row(database: Database) -> Any:
    query = select(outbox).where(outbox.c.email != "").order_by(outbox.c.id)
    return await database.read(lambda tx: tx.connection.execute(query).first())


async def until(database: Database, state: str, tries: int = 1) -> Any:
    async with asyncio.timeout(30):
        while (found := await row(database)).state != state or found.tries < tries:
            await asyncio.sleep(0.01)
    return found


async def until_put_off(database: Database, tries: int = 1) -> Any:
    async with asyncio.timeout(30):
        while not (found := await row(database)).last_error or found.tries < tries:
            await asyncio.sleep(0.01)
    return found


async def told(telegram: FakeTelegram, to: int) -> list[str]:
    async with asyncio.timeout(30):
        while not telegram.texts(to=to):
            await asyncio.sleep(0.01)
    return telegram.texts(to=to)


async def test_a_letter_goes_in_the_readers_language_with_its_file(
    sqlite_database: Database, telegram: FakeTelegram, press: ScriptedPress
) -> None:
    async with post_office() as office, working(sqlite_database, telegram, press, office.port):
        await write(sqlite_database)
        sent = await until(sqlite_database, "sent")
    (letter,) = office.letters
    assert letter["subject"].startswith("Рахунак 2026-000123 ад 1")
    assert letter["content-language"] == "be"
    assert letter["message-id"] == f"<{sent.payload['envelope']['reference']}@kanal.example>"
    assert [part.get_filename() for part in letter.iter_attachments()] == ["invoice-счёт.pdf"]
    assert press.made == [(Enclosure("invoice", {"invoice_id": 17}), "be")]
    assert telegram.calls == []


async def test_greylisting_is_met_again_after_five_minutes_under_the_same_name(
    sqlite_database: Database, telegram: FakeTelegram, press: ScriptedPress
) -> None:
    with time_machine.travel(START, tick=False) as clock:
        async with post_office() as office, working(sqlite_database, telegram, press, office.port):
            office.to_recipients = iter(["451 4.7.1 Greylisted"])
            await write(sqlite_database)
            put_off = await until_put_off(sqlite_database)
            assert timedelta(minutes=5) <= put_off.due_at - START <= timedelta(minutes=6)
            clock.shift(timedelta(minutes=6))
            await until(sqlite_database, "sent", tries=2)
    assert len(office.letters) == 1


async def test_an_address_refused_for_good_is_told_to_both(
    sqlite_database: Database, telegram: FakeTelegram, press: ScriptedPress
) -> None:
    async with post_office() as office, working(sqlite_database, telegram, press, office.port):
        office.to_recipients = iter([f"550 5.1.1 <{HERS}>: no such user"])
        await write(sqlite_database, subject={"payer_id": 7})
        dead = await until(sqlite_database, "dead")
        (hers,), (theirs,) = await told(telegram, ANNA), await told(telegram, GROUP)
    query = select(outbox.c.payload).where(outbox.c.kind == "letter_refused", outbox.c.address == ANNA)
    news = await sqlite_database.read(lambda tx: tx.connection.execute(query).scalar_one())
    assert news["payer_id"] == 7, "whose address is to be mended"
    assert dead.tries == 1
    assert "a***@example.org" in hers
    assert "a***@example.org" in theirs
    assert "550 5.1.1 <…>: no such user" in theirs
    assert HERS not in hers + theirs


async def test_a_discreet_letter_betrays_nothing(
    sqlite_database: Database, telegram: FakeTelegram, press: ScriptedPress
) -> None:
    """Whoever asks for a code to somebody's address must not learn that it is on file."""
    async with post_office() as office, working(sqlite_database, telegram, press, office.port):
        office.to_recipients = iter(["550 no such user"])
        await write(sqlite_database, "email_code", code="123456", minutes=15, discreet=True)
        await until(sqlite_database, "dead")
        await told(telegram, GROUP)
    assert telegram.texts(to=ANNA) == []


async def test_what_waits_when_mail_is_switched_off_is_given_up_and_told(
    sqlite_database: Database, telegram: FakeTelegram
) -> None:
    for _ in range(2):
        await write(sqlite_database)
    bot, service = telegram.bot(), OutboxService(sqlite_database, GROUP)
    worker = OutboxWorker(service, Delivery(bot, service, speak=speaking, operators_language="en"))
    running = asyncio.create_task(worker.run())
    (theirs,) = await told(telegram, GROUP)
    worker.stop()
    await running
    await bot.session.close()
    assert theirs.startswith("⚠️ 2 letters were waiting, but mail is switched off")
    assert (await until(sqlite_database, "dead", tries=0)).last_error == "mail is switched off"
    assert await service.give_up_letters() == 0


async def test_a_server_down_for_a_day_loses_no_letter(
    sqlite_database: Database, telegram: FakeTelegram, press: ScriptedPress
) -> None:
    async with post_office() as office:
        port = office.port
    with time_machine.travel(START, tick=False) as clock:
        async with working(sqlite_database, telegram, press, port):
            await write(sqlite_database)
            tries = 0
            while (datetime.now(UTC) - START) < timedelta(days=1):
                tries += 1
                put_off = await until_put_off(sqlite_database, tries)
                assert put_off.state == "due"
                clock.move_to(put_off.due_at)
    assert tries > 40
    async with post_office() as office:
        with time_machine.travel(START + timedelta(days=1, hours=1)):
            async with working(sqlite_database, telegram, press, office.port):
                await until(sqlite_database, "sent")
    assert len(office.letters) == 1


async def test_a_letter_nobody_wants_for_days_is_given_up_and_told(
    sqlite_database: Database, telegram: FakeTelegram, press: ScriptedPress
) -> None:
    async with post_office() as office:
        port = office.port
    with time_machine.travel(START, tick=False) as clock:
        await write(sqlite_database)
        clock.shift(timedelta(days=4))
        async with working(sqlite_database, telegram, press, port):
            await until(sqlite_database, "dead")
            await told(telegram, ANNA)


async def test_a_code_is_not_worth_sending_when_it_is_old(
    sqlite_database: Database, telegram: FakeTelegram, press: ScriptedPress
) -> None:
    with time_machine.travel(START, tick=False) as clock:
        await write(sqlite_database, "email_code", code="123456", minutes=15)
        clock.shift(timedelta(minutes=14))
        async with post_office() as office, working(sqlite_database, telegram, press, office.port):
            office.to_recipients = iter(["451 later"])
            await until(sqlite_database, "dead")


async def test_files_too_large_for_the_server_stay_with_the_bot(
    sqlite_database: Database, telegram: FakeTelegram, press: ScriptedPress
) -> None:
    press.size = 200_000
    async with (
        post_office(largest=100_000) as office,
        working(sqlite_database, telegram, press, office.port),
    ):
        await write(sqlite_database)
        await until(sqlite_database, "sent")
    (letter,) = office.letters
    text = letter.get_body(("plain",))
    assert isinstance(text, EmailMessage)
    assert list(letter.iter_attachments()) == []
    assert "чаце" in text.get_content()


@pytest.mark.parametrize("trouble", [NotYours(), KeyError("invoice")])
async def test_a_file_that_will_never_be_is_told_at_once(
    sqlite_database: Database, telegram: FakeTelegram, press: ScriptedPress, trouble: Exception
) -> None:
    press.troubles = [trouble]
    async with post_office() as office, working(sqlite_database, telegram, press, office.port):
        await write(sqlite_database)
        await until(sqlite_database, "dead")
        assert "its files could not be made" in (await told(telegram, GROUP))[0]


async def test_a_file_that_cannot_be_made_now_is_made_later(
    sqlite_database: Database, telegram: FakeTelegram, press: ScriptedPress
) -> None:
    press.troubles = [OSError("disk full")]
    with time_machine.travel(START, tick=False) as clock:
        async with post_office() as office, working(sqlite_database, telegram, press, office.port):
            await write(sqlite_database)
            await until_put_off(sqlite_database)
            clock.shift(timedelta(minutes=2))
            await until(sqlite_database, "sent", tries=2)


async def test_a_letter_that_cannot_be_written_stops_nobody(
    sqlite_database: Database, telegram: FakeTelegram, press: ScriptedPress
) -> None:
    async with post_office() as office, working(sqlite_database, telegram, press, office.port):
        await write(sqlite_database, "nobody_wrote_this")
        await write(sqlite_database)
        await until(sqlite_database, "dead")
        async with asyncio.timeout(30):
            while not office.letters:
                await asyncio.sleep(0.01)


async def test_a_slow_server_holds_up_no_message(
    sqlite_database: Database, telegram: FakeTelegram, press: ScriptedPress
) -> None:
    held: list[asyncio.StreamWriter] = []

    async def silent(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        held.append(writer)

    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    async with working(sqlite_database, telegram, press, server.sockets[0].getsockname()[1]):
        for _ in range(20):
            await write(sqlite_database)
        await sqlite_database.write(
            lambda tx: tx.outbox.to_customer(ANNA, "letter_refused", letter="invoice", address="a***@b")
        )
        assert await told(telegram, ANNA)
        for writer in held:
            writer.close()
        server.close()
