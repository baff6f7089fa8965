import asyncio
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from bot.domain.customers import Connector
from bot.domain.errors import CustomerError, NotYours
from bot.domain.payment_codes import BadCode, new_code, read_code
from bot.services.codes import TRIES, code_of
from bot.services.house import House
from bot.storage.database import Database
from tests.services.conftest import ANNA, BOB, OPERATOR, VIEWER, WHATSAPP


async def payer_of(database: Database, customer_id: int) -> int:
    return await database.write(lambda tx: tx.customers.person(customer_id))


async def test_code_is_made_when_it_is_first_asked_for_and_never_changes(
    house: House, database: Database
) -> None:
    anna = await payer_of(database, ANNA)
    assert await house.codes.mine(ANNA) == []
    code = await house.codes.code(ANNA, anna)
    assert read_code(code) == code
    assert await house.codes.code(ANNA, anna) == code
    assert [mine.code for mine in await house.codes.mine(ANNA)] == [code]


async def test_fifteen_who_ask_at_once_get_one_code(house: House, database: Database) -> None:
    anna = await payer_of(database, ANNA)
    codes = await asyncio.gather(*(house.codes.code(ANNA, anna) for _ in range(15)))
    assert len(set(codes)) == 1


async def test_code_of_somebody_else_is_nobodys(house: House, database: Database) -> None:
    with pytest.raises(NotYours):
        await house.codes.code(BOB, await payer_of(database, ANNA))


async def test_taken_code_is_not_given_again(house: House, database: Database) -> None:
    code = await house.codes.code(ANNA, await payer_of(database, ANNA))
    bob = await payer_of(database, BOB)
    assert await database.write(lambda tx: tx.payers.give_code(bob, code)) is False
    assert await database.write(lambda tx: code_of(tx, bob)) != code


async def test_whose_code_it_is_is_told_masked(house: House, database: Database) -> None:
    code = await house.codes.code(ANNA, await payer_of(database, ANNA))
    mine = await house.codes.whose(f" {code[2:]} ", ANNA)
    assert (mine.masked, mine.is_mine) == ("A***", True)
    theirs = await house.codes.whose(code, BOB)
    assert (theirs.masked, theirs.is_mine, theirs.payer_id) == ("A***", False, None)


async def test_guessing_codes_ends_soon(house: House, database: Database) -> None:
    code = await house.codes.code(ANNA, await payer_of(database, ANNA))
    start = datetime(2026, 11, 20, 12, tzinfo=UTC)
    with time_machine.travel(start, tick=False):
        for _ in range(TRIES):
            with pytest.raises(CustomerError, match="code_unknown"):
                await house.codes.whose(new_code(), BOB)
        with pytest.raises(CustomerError, match="code_tries_over"):
            await house.codes.whose(code, BOB)
        assert (await house.codes.whose(code, ANNA)).is_mine
    with time_machine.travel(start + timedelta(hours=1), tick=False):
        assert (await house.codes.whose(code, BOB)).masked == "A***"


async def test_mistyped_codes_cost_no_try(house: House) -> None:
    for _ in range(TRIES + 1):
        with pytest.raises(BadCode):
            await house.codes.whose("12345", BOB)
    with pytest.raises(CustomerError, match="code_unknown"):
        await house.codes.whose(new_code(), BOB)


@pytest.mark.parametrize("words", ["anna@example.org", " Anna@Example.org ", "whatsapp +7", WHATSAPP])
async def test_operator_finds_or_makes_a_code(house: House, words: str) -> None:
    await house.customers.set_email(ANNA, "anna@example.org")
    found = await house.codes.find_or_make(OPERATOR, words)
    assert [(each.title, each.customer_id) for each in found] == [("Anna", ANNA)]
    assert await house.codes.find_or_make(OPERATOR, words) == found
    assert [mine.code for mine in await house.codes.mine(ANNA)] == [found[0].code]


async def test_operator_finds_a_code_by_the_phone_of_a_line(house: House, database: Database) -> None:
    bob = await payer_of(database, BOB)
    line = Connector("wa-kg", "whatsapp", "Shop", "whatsapp", bob, None, None, phone="+996555123456")
    await database.write(lambda tx: tx.connectors.add(line))
    found = await house.codes.find_or_make(OPERATOR, "WhatsApp +996 555 123-456")
    assert [each.customer_id for each in found] == [BOB]


async def test_of_several_found_the_operator_chooses(house: House, database: Database) -> None:
    await house.customers.set_email(ANNA, "both@example.org")
    await house.customers.set_email(BOB, "both@example.org")
    await payer_of(database, BOB)
    found = await house.codes.find_or_make(OPERATOR, "both@example.org")
    assert [(each.title, each.code) for each in found] == [("Anna", ""), ("Bob", "")]
    chosen = await house.codes.make(OPERATOR, found[1].payer_id)
    assert [mine.code for mine in await house.codes.mine(BOB)] == [chosen.code]


@pytest.mark.parametrize("words", ["", "nobody@example.org", "+996 555 000-000"])
async def test_nothing_found_is_an_empty_list(house: House, words: str) -> None:
    assert await house.codes.find_or_make(OPERATOR, words) == []


async def test_viewer_makes_no_codes(house: House) -> None:
    with pytest.raises(CustomerError, match="not_allowed"):
        await house.codes.find_or_make(VIEWER, WHATSAPP)
