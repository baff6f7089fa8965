"""A register dropped into the group: compared, told, its differences booked or asked about."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.domain.events import Paid
from bot.domain.money import Money
from bot.domain.registers import MOST_BYTES
from bot.services.house import House
from bot.storage.database import Database
from tests.handlers.operators.conftest import ANNA, Drop
from tests.handlers.operators_rig import OPERATOR, Group, Operator

AT = datetime(2026, 11, 18, 6, tzinfo=UTC)
SOMS = Money(10000, "KGS")


@pytest.fixture
async def code(house: House, sqlite_database: Database) -> str:
    """Anna's; by it 100 soms came through Elsom under the number 77."""
    payer = await sqlite_database.write(lambda tx: tx.customers.person(ANNA))
    code = await house.codes.code(ANNA, payer)
    paid = Paid("elsom", "77", "", SOMS, provider_payment="77", happened_at=AT, account=code)
    await house.settlement.take(paid)
    return code


class RegisterDrop:
    """A register for the group."""

    def __init__(self, drop: Drop) -> None:
        self._drop = drop

    async def by(
        self, person: Operator, *lines: str, name: str = "ELSOM_1_202611181.csv", size: int = 9
    ) -> None:
        await self._drop.by(person, "\r\n".join(lines).encode(), name, size=size)


@pytest.fixture
def drop(files: Drop) -> RegisterDrop:
    return RegisterDrop(files)


def line(txn: str, account: str, amount: str = "100.00") -> str:
    return f"{txn}\t2026-11-18\t12:00:00\t{account}\t{amount}"


async def test_register_that_agrees_is_told_so(
    group: Group, clara: Operator, drop: RegisterDrop, code: str
) -> None:
    await drop.by(clara, line("77", code.lstrip("0")), "Total:\t1\t100.00")
    assert "Elsom" in group.newest.text
    assert "100\N{NO-BREAK SPACE}сом" in group.newest.text
    assert "сходятся" in group.newest.text


async def test_missing_payment_is_credited_by_two_taps(
    group: Group, clara: Operator, drop: RegisterDrop, code: str, house: House
) -> None:
    await group.hang_up_news()
    await drop.by(clara, line("77", code), line("78", code), "Total:\t2\t200.00")
    assert "карточка ниже" in group.newest.text
    card = (await group.hang_up_news())[-1]
    await clara.taps("78", card)
    await clara.taps("Да", group.telegram.messages[card.id])
    accounts = await house.balance.accounts(ANNA)
    assert Money(20000, "KGS") in [each.balance for each in accounts]


async def test_what_only_the_books_have_is_a_question_to_copy(
    group: Group, clara: Operator, drop: RegisterDrop, code: str
) -> None:
    await drop.by(clara, line("99", code), "Total:\t1\t100.00")
    button = group.newest.button("вопрос для сети")
    assert button is not None
    assert "77" in button["copy_text"]["text"]


async def test_network_is_asked_for_where_the_name_does_not_tell(
    group: Group, clara: Operator, drop: RegisterDrop, code: str
) -> None:
    await drop.by(clara, line("77", code), "Total:\t1\t100.00", name="register.txt")
    asked = group.newest
    assert asked.buttons == ["Кошелёк Elsom", "Терминал «Береке»"]
    await group.person(OPERATOR).taps("Elsom", asked)
    assert "отправил" in group.toast
    await clara.taps("Elsom", asked)
    assert "сходятся" in group.telegram.messages[asked.id].text


async def test_it_takes_a_cashier_and_a_file_of_one_day(
    group: Group, clara: Operator, oleg: Operator, drop: RegisterDrop
) -> None:
    await drop.by(oleg, "x")
    assert "кассир" in group.newest.text
    await drop.by(clara, "x", size=MOST_BYTES + 1)
    assert "слишком" in group.newest.text
    before = group.newest.id
    await drop.by(oleg, "x", name="holiday.jpg")
    assert group.newest.id == before
