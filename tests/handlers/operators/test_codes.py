"""/code in the operators' group: found, made, chosen among several, refused."""

from __future__ import annotations

import pytest

from bot.i18n.code_words import spaced_code
from bot.services.house import House
from bot.storage.database import Database
from tests.handlers.operators.conftest import ANNA, BOB
from tests.handlers.operators_rig import VIEWER, Group, Operator


async def only_code(house: House, customer_id: int) -> str:
    (mine,) = await house.codes.mine(customer_id)
    return mine.code


async def test_code_is_made_once_and_found_again(house: House, group: Group, oleg: Operator) -> None:
    await house.customers.set_email(ANNA, "anna@example.org")
    for words in ("anna@example.org", "WhatsApp"):
        await oleg.says(f"/code {words}")
        code = await only_code(house, ANNA)
        assert spaced_code(code) in group.newest.text
        button = group.newest.button("Скопировать код")
        assert button is not None
        assert button["copy_text"] == {"text": code}


async def test_of_several_the_operator_taps_one(
    house: House, sqlite_database: Database, group: Group, oleg: Operator
) -> None:
    await sqlite_database.write(lambda tx: tx.customers.person(BOB))
    for customer in (ANNA, BOB):
        await house.customers.set_email(customer, "both@example.org")
    await oleg.says("/code both@example.org")
    listed = group.newest
    await oleg.taps(f"клиент {BOB}", listed)
    assert spaced_code(await only_code(house, BOB)) in group.telegram.messages[listed.id].text
    assert await house.codes.mine(ANNA) == []


@pytest.mark.parametrize(
    ("asked", "said"), [("/code", "anna@example.org"), ("/code nobody@example.org", "никто не нашёлся")]
)
async def test_what_to_write_is_told(group: Group, oleg: Operator, asked: str, said: str) -> None:
    await oleg.says(asked)
    assert said in group.newest.text


async def test_viewer_hears_what_role_it_takes(group: Group, house: House) -> None:
    await group.person(VIEWER).says("/code WhatsApp")
    assert "оператор" in group.newest.text
    assert await house.codes.mine(ANNA) == []
