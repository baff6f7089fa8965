"""Registers against the books, and what operators do about a difference."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from urllib.parse import urlencode

import pytest
from sqlalchemy import select

from bot.domain.catalogue import Catalogue
from bot.domain.errors import CustomerError
from bot.domain.events import Callback
from bot.domain.money import Money
from bot.domain.payment_codes import new_code
from bot.domain.registers import RegisterReport
from bot.gateways.registry import ProviderSettings, open_gateways, open_networks
from bot.i18n import speaking
from bot.notices.outcomes import card_face
from bot.services.codes import code_of
from bot.services.house import House, build_house
from bot.storage.database import Database
from bot.storage.tables import audit, operator_cards
from bot.storage.tx import Tx
from tests.services.conftest import ANNA, BOB, CASHIER, OPERATOR, Count, surroundings
from tests.services.money import balance, notices

SECRET = "a-secret-of-tests"


@dataclass
class Elsom:
    """A network that tells of payments at once, and of a whole day in a file."""

    house: House
    database: Database
    folder: Path
    anna: str
    bob: str

    async def pay(self, txn_id: str, amount: str, account: str = "", clock: str = "120000") -> None:
        fields = {
            "command": "pay",
            "txn_id": txn_id,
            "txn_date": f"20261118{clock}",
            "account": account or self.anna,
            "sum": amount,
        }
        callback = Callback(b"", query=urlencode(fields), address="127.0.0.1")
        reply = await self.house.terminals.receive("elsom", SECRET, callback)
        assert reply.result == "pay_0"

    async def compare(self, *lines: str, total: str = "") -> RegisterReport:
        return await self.house.registers.compare("elsom", register(*lines, total=total))


def code_of_person(tx: Tx, customer_id: int) -> str:
    return code_of(tx, tx.customers.person(customer_id))


def line(txn_id: str, amount: str, account: str, clock: str = "12:00:00") -> str:
    return f"{txn_id}\t2026-11-18\t{clock}\t{account}\t{amount}"


def register(*lines: str, total: str = "") -> bytes:
    return "\r\n".join([*lines, total or _total(lines), ""]).encode()


def _total(lines: tuple[str, ...]) -> str:
    cents = sum(int(each.rpartition("\t")[2].replace(".", "")) for each in lines)
    return f"Total:\t{len(lines)}\t{cents // 100}.{cents % 100:02}"


@pytest.fixture
async def elsom(database: Database, catalogue: Catalogue, tmp_path: Path) -> AsyncIterator[Elsom]:
    block = {"secret": SECRET, "currency": "KGS", "allow": ["127.0.0.1"], "registers": str(tmp_path / "in")}
    settings = ProviderSettings.model_validate({"terminals": {"elsom": block}})
    around = replace(
        surroundings(catalogue), gateways=open_gateways(settings), networks=open_networks(settings)
    )
    house = build_house(database, around)
    codes = []
    for customer, name in ((ANNA, "Anna"), (BOB, "Bob")):
        await house.customers.greet(customer, name=name, language="en")
        codes.append(await database.write(partial(code_of_person, customer_id=customer)))
    yield Elsom(house, database, tmp_path / "in", *codes)
    assert (await house.books.prove()).disagreements == []


async def test_register_that_agrees_needs_nobody(elsom: Elsom, count: Count) -> None:
    await elsom.pay("1", "100.00")
    await elsom.pay("2", "50.00", elsom.bob)
    report = await elsom.compare(line("1", "100.00", elsom.anna[2:]), line("2", "50.00", elsom.bob))
    assert (report.clean, report.matched, report.card) == (True, 2, None)
    assert await count(operator_cards) == 0


async def test_day_is_the_networks(elsom: Elsom) -> None:
    await elsom.pay("1", "100.00", clock="000000")
    await elsom.pay("2", "100.00", clock="235959")
    lines = [line("1", "100.00", elsom.anna, "00:00:00"), line("2", "100.00", elsom.anna, "23:59:59")]
    assert (await elsom.compare(*lines)).clean
    assert [ours.txn_id for ours in (await elsom.compare(lines[0])).only_ours] == ["2"]


async def test_every_difference_is_found_and_put_on_one_card(elsom: Elsom, count: Count) -> None:
    await elsom.pay("1", "100.00")
    await elsom.pay("2", "50.00")
    await elsom.pay("3", "70.00")
    await elsom.pay("4", "10.00")
    lines = [
        line("1", "100.00", elsom.anna),
        line("2", "50.01", elsom.anna),
        line("4", "10.00", elsom.bob),
        line("9", "77.00", elsom.bob),
    ]
    report = await elsom.compare(*lines, "oops", total="Total:\t4\t1.00")
    assert (report.matched, report.clean) == (1, False)
    assert [each.txn_id for each in report.only_register] == ["9"]
    assert [each.txn_id for each in report.only_ours] == ["3"]
    assert [each.line.txn_id for each in report.differ] == ["2", "4"]
    assert (report.register.adds_up, report.register.unread) == (False, (5,))
    assert (await elsom.compare(*lines, "oops", total="Total:\t4\t1.00")).card is None
    assert await count(operator_cards) == 1
    assert report.card is not None
    with speaking("en"):
        face = card_face(await elsom.house.desk.card(report.card))
    for words in ("9", "77", "3", "2", "50.01", elsom.bob, "total", "5"):
        assert words in face.text


async def test_missing_payment_is_booked_by_hand_once(elsom: Elsom, count: Count) -> None:
    report = await elsom.compare(line("9", "77.00", elsom.anna[2:]), line("10", "5.00", elsom.bob))
    assert report.card is not None
    card = await elsom.house.registers.book_from_card(CASHIER, report.card, "9")
    assert [each["txn_id"] for each in card.payload["only_register"]] == ["10"]
    assert await balance(elsom.database, "KGS") == Money(7700, "KGS")
    with pytest.raises(CustomerError, match="already_done"):
        await elsom.house.registers.book_from_card(CASHIER, report.card, "9")
    await elsom.pay("9", "77.00")  # the network wakes up after all
    assert await balance(elsom.database, "KGS") == Money(7700, "KGS")
    assert await count(audit, audit.c.action == "booked_from_register") == 1
    assert "topped_up" in await notices(elsom.database)


async def test_missing_payment_of_an_unknown_code_waits_for_its_owner(elsom: Elsom) -> None:
    for number, account in enumerate((new_code(), "12"), 1):
        report = await elsom.compare(line(str(number), "77.00", account))
        assert report.card is not None
        await elsom.house.registers.book_from_card(CASHIER, report.card, str(number))
    assert (await notices(elsom.database)).count("money_suspense") == 2


async def test_cashier_alone_books(elsom: Elsom) -> None:
    report = await elsom.compare(line("9", "77.00", elsom.anna))
    assert report.card is not None
    with pytest.raises(CustomerError, match="not_allowed"):
        await elsom.house.registers.book_from_card(OPERATOR, report.card, "9")


async def test_closed_card_books_nothing(elsom: Elsom) -> None:
    report = await elsom.compare(line("9", "77.00", elsom.anna))
    assert report.card is not None
    await elsom.house.desk.dismiss(OPERATOR, report.card)
    with pytest.raises(CustomerError, match="card_answered"):
        await elsom.house.registers.book_from_card(CASHIER, report.card, "9")


async def test_unknown_network_is_told_which_there_are(elsom: Elsom) -> None:
    with pytest.raises(CustomerError) as refused:
        await elsom.house.registers.compare("umai", b"")
    assert refused.value.blanks == {"names": "elsom"}


async def test_file_in_the_folder_is_compared_once(elsom: Elsom, count: Count) -> None:
    read_new = elsom.house.register_folders.read_new
    assert await read_new() == 0
    elsom.folder.mkdir()
    path = elsom.folder / "ELSOM_1_202611181.csv"
    path.write_bytes(register(line("9", "77.00", elsom.anna)))
    assert await read_new() == 0, "it may still be being written"
    long_ago = datetime(2026, 11, 19, tzinfo=UTC).timestamp()
    os.utime(path, (long_ago, long_ago))
    assert (await read_new(), await read_new()) == (1, 0)
    path.rename(elsom.folder / "the same.csv")
    assert await read_new() == 0
    kinds = await elsom.database.read(
        lambda tx: list(tx.connection.execute(select(operator_cards.c.kind)).scalars())
    )
    assert kinds == ["register_differs"]
