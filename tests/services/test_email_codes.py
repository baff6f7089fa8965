"""Codes that prove an address: good once, for a while, for a few tries; they tell nobody what is on file."""

from __future__ import annotations

import asyncio
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import select

from bot.domain.customers import Connector
from bot.domain.email_codes import CodePurpose
from bot.domain.errors import CustomerError, NotYours
from bot.domain.notices import MAIL
from bot.services.email_codes import EmailCodeService
from bot.services.vault import Vault
from bot.storage.database import Database
from bot.storage.tables import email_codes, outbox
from bot.storage.tx import Tx

ANNA, BORIS = 7, 8
HERS = "anna@example.org"
START = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
KEY = "a key of the tests, long enough to be one"


@pytest.fixture
async def codes(database: Database) -> EmailCodeService:
    database.listeners.add(MAIL)
    await database.write(lambda tx: tx.customers.add(ANNA, name="Anna", language="ru"))
    await database.write(lambda tx: tx.customers.add(BORIS, name="Boris", language="ru"))
    return EmailCodeService(database, Vault(KEY))


async def payer_of(database: Database, customer: int) -> int:
    return await database.write(lambda tx: tx.customers.person(customer))


async def lay_lines(database: Database, *lines: tuple[str, str]) -> None:
    def lay(tx: Tx) -> None:
        for id_, email in lines:
            tx.connectors.add(
                Connector(id_, "messenger", "WhatsApp", "whatsapp", None, None, None, email=email)
            )

    await database.write(lay)


async def letters(database: Database) -> list[Any]:
    query = select(outbox).where(outbox.c.email != "").order_by(outbox.c.id)
    return await database.read(lambda tx: list(tx.connection.execute(query)))


async def code_sent(database: Database) -> str:
    return str((await letters(database))[-1].payload["code"])


async def refusal(call: Any) -> str:
    with pytest.raises(CustomerError) as refused:
        await call
    return refused.value.code


class TestAddress:
    async def test_a_code_proves_a_payers_address(self, codes: EmailCodeService, database: Database) -> None:
        payer = await payer_of(database, ANNA)
        assert await codes.send(ANNA, " Anna@EXAMPLE.org ", CodePurpose.ADDRESS, payer) == "Anna@example.org"
        code = await code_sent(database)
        assert re.fullmatch(r"\d{6}", code)
        assert await codes.prove(ANNA, CodePurpose.ADDRESS, f" {code[:3]} {code[3:]} ") == "Anna@example.org"
        found = await database.read(lambda tx: tx.payers.get(payer))
        assert found is not None
        assert (found.email, found.email_proved) == ("Anna@example.org", True)

    async def test_the_code_itself_is_not_kept_with_its_proof(
        self, codes: EmailCodeService, database: Database
    ) -> None:
        await codes.send(ANNA, HERS, CodePurpose.ADDRESS, await payer_of(database, ANNA))
        kept = await database.read(lambda tx: tx.connection.execute(select(email_codes)).one())
        assert await code_sent(database) not in str(tuple(kept))

    async def test_a_code_is_good_once(self, codes: EmailCodeService, database: Database) -> None:
        await codes.send(ANNA, HERS, CodePurpose.ADDRESS, await payer_of(database, ANNA))
        code = await code_sent(database)
        tries = (codes.prove(ANNA, CodePurpose.ADDRESS, code) for _ in range(4))
        outcomes = await asyncio.gather(*tries, return_exceptions=True)
        assert outcomes.count(HERS) == 1

    async def test_five_tries_and_no_more(self, codes: EmailCodeService, database: Database) -> None:
        await codes.send(ANNA, HERS, CodePurpose.ADDRESS, await payer_of(database, ANNA))
        code = await code_sent(database)
        wrong = f"{(int(code) + 1) % 10**6:06}"
        for left in (4, 3, 2, 1, 0):
            with pytest.raises(CustomerError) as refused:
                await codes.prove(ANNA, CodePurpose.ADDRESS, wrong)
            assert (refused.value.code, refused.value.blanks) == ("code_wrong", {"left": left})
        assert await refusal(codes.prove(ANNA, CodePurpose.ADDRESS, code)) == "code_spent"

    @pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦", "12 34 5x"])
    async def test_what_is_no_code_costs_no_try(
        self, codes: EmailCodeService, database: Database, typed: str
    ) -> None:
        await codes.send(ANNA, HERS, CodePurpose.ADDRESS, await payer_of(database, ANNA))
        for _ in range(6):
            assert await refusal(codes.prove(ANNA, CodePurpose.ADDRESS, typed)) == "code_shape"
        assert await codes.prove(ANNA, CodePurpose.ADDRESS, await code_sent(database)) == HERS

    async def test_a_code_is_good_for_a_quarter_of_an_hour(
        self, codes: EmailCodeService, database: Database
    ) -> None:
        with time_machine.travel(START, tick=False) as clock:
            await codes.send(ANNA, HERS, CodePurpose.ADDRESS, await payer_of(database, ANNA))
            clock.shift(timedelta(minutes=15))
            code = await code_sent(database)
            assert await refusal(codes.prove(ANNA, CodePurpose.ADDRESS, code)) == "code_spent"

    async def test_a_new_code_ends_the_one_before(self, codes: EmailCodeService, database: Database) -> None:
        payer = await payer_of(database, ANNA)
        await codes.send(ANNA, HERS, CodePurpose.ADDRESS, payer)
        first = await code_sent(database)
        await codes.send(ANNA, "anna@work.example", CodePurpose.ADDRESS, payer)
        second = await code_sent(database)
        if first != second:
            assert await refusal(codes.prove(ANNA, CodePurpose.ADDRESS, first)) == "code_wrong"
        assert await codes.prove(ANNA, CodePurpose.ADDRESS, second) == "anna@work.example"

    async def test_somebody_elses_code_and_payer_are_nobodys(
        self, codes: EmailCodeService, database: Database
    ) -> None:
        hers = await payer_of(database, ANNA)
        with pytest.raises(NotYours):
            await codes.send(BORIS, "boris@example.org", CodePurpose.ADDRESS, hers)
        await codes.send(ANNA, HERS, CodePurpose.ADDRESS, hers)
        code = await code_sent(database)
        assert await refusal(codes.prove(BORIS, CodePurpose.ADDRESS, code)) == "code_spent"
        assert await refusal(codes.prove(ANNA, CodePurpose.CONNECTORS, code)) == "code_spent"

    async def test_a_changed_key_still_opens_what_was_sent(
        self, codes: EmailCodeService, database: Database
    ) -> None:
        await codes.send(ANNA, HERS, CodePurpose.ADDRESS, await payer_of(database, ANNA))
        renewed = EmailCodeService(database, Vault("another key, long enough to be one as well", KEY))
        assert await renewed.prove(ANNA, CodePurpose.ADDRESS, await code_sent(database)) == HERS


@pytest.mark.parametrize(
    "typed", ["анна@example.org", "anna@", "a b@example.org", "a@b.c\r\nBcc: d@e.fg", "x" * 300, ""]
)
async def test_an_address_no_letter_reaches_is_refused(
    codes: EmailCodeService, database: Database, typed: str
) -> None:
    payer = await payer_of(database, ANNA)
    assert await refusal(codes.send(ANNA, typed, CodePurpose.ADDRESS, payer)) == "bad_email"


async def test_without_mail_nothing_is_sent(codes: EmailCodeService, database: Database) -> None:
    database.listeners.discard(MAIL)
    assert not await codes.can_send()
    payer = await payer_of(database, ANNA)
    assert await refusal(codes.send(ANNA, HERS, CodePurpose.ADDRESS, payer)) == "mail_is_off"


async def test_three_letters_in_ten_minutes_and_ten_a_day(
    codes: EmailCodeService, database: Database
) -> None:
    payer = await payer_of(database, ANNA)
    with time_machine.travel(START, tick=False) as clock:
        for count in range(10):
            if count and count % 3 == 0:
                assert await refusal(codes.send(ANNA, HERS, CodePurpose.ADDRESS, payer)) == "code_too_often"
                clock.shift(timedelta(minutes=11))
            await codes.send(ANNA, f"anna{count}@example.org", CodePurpose.ADDRESS, payer)
        clock.shift(timedelta(minutes=11))
        assert await refusal(codes.send(ANNA, HERS, CodePurpose.ADDRESS, payer)) == "code_not_today"
        clock.shift(timedelta(days=1))
        await codes.send(ANNA, HERS, CodePurpose.ADDRESS, payer)


async def test_many_people_cannot_flood_one_address(codes: EmailCodeService, database: Database) -> None:
    for person in (ANNA, ANNA, BORIS):
        await codes.send(person, HERS, CodePurpose.CONNECTORS)
    assert await refusal(codes.send(BORIS, HERS, CodePurpose.CONNECTORS)) == "code_too_often"


class TestConnectors:
    async def test_all_ownerless_lines_of_the_address_become_his(
        self, codes: EmailCodeService, database: Database
    ) -> None:
        await lay_lines(database, ("wa-1", HERS), ("wa-2", HERS), ("wa-3", "boris@example.org"))
        await codes.send(ANNA, "Anna@example.org", CodePurpose.CONNECTORS)
        taken = await codes.take_over(ANNA, await code_sent(database))
        assert [each.id for each in taken] == ["wa-1", "wa-2"]
        assert await database.read(lambda tx: tx.connectors.count_for_customer(ANNA)) == 2

    async def test_an_address_that_is_not_on_file_looks_the_same(
        self, codes: EmailCodeService, database: Database
    ) -> None:
        await codes.send(ANNA, HERS, CodePurpose.CONNECTORS)
        assert await letters(database) == []
        for left in (4, 3):
            with pytest.raises(CustomerError) as refused:
                await codes.take_over(ANNA, "000000")
            assert refused.value.blanks == {"left": left}

    async def test_its_letter_is_discreet(self, codes: EmailCodeService, database: Database) -> None:
        await lay_lines(database, ("wa-1", HERS))
        await codes.send(ANNA, HERS, CodePurpose.CONNECTORS)
        await codes.send(ANNA, HERS, CodePurpose.ADDRESS, await payer_of(database, ANNA))
        assert [letter.payload["discreet"] for letter in await letters(database)] == [True, False]

    async def test_a_line_somebody_took_meanwhile_stays_his(
        self, codes: EmailCodeService, database: Database
    ) -> None:
        await lay_lines(database, ("wa-1", HERS))
        await codes.send(ANNA, HERS, CodePurpose.CONNECTORS)
        boris = await payer_of(database, BORIS)
        await database.write(lambda tx: tx.connectors.attach("wa-1", boris))
        assert await codes.take_over(ANNA, await code_sent(database)) == []


async def test_addresses_are_forgotten_after_a_week(codes: EmailCodeService, database: Database) -> None:
    with time_machine.travel(START, tick=False) as clock:
        await codes.send(ANNA, HERS, CodePurpose.CONNECTORS)
        clock.shift(timedelta(days=6))
        assert await codes.forget_old() == 0
        clock.shift(timedelta(days=2))
        assert await codes.forget_old() == 1
