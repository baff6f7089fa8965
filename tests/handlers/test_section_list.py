"""A customer's invoices in the section, with what became of each."""

from __future__ import annotations

import pytest

from bot.domain.invoices import Invoice, InvoiceLine, Unit
from bot.domain.money import Money
from bot.gateways.bank.gateway import Bank
from bot.gateways.base import Gateway
from bot.services.house import House
from bot.storage.database import Database
from bot.storage.tx import Tx
from tests.gateways.fake import FakeGateway
from tests.handlers.conftest import ANNA, give_lines
from tests.handlers.rig import Chat, Person
from tests.handlers.test_invoices_section import sip
from tests.services.test_payer_details import ROMASHKA


@pytest.fixture
def gateways(card: FakeGateway) -> list[Gateway]:
    return [card, Bank(("RUB",))]


async def issue(house: House, connector: str = "wa-1") -> Invoice:
    """On request, for an organisation of Anna's."""
    firms = await house.payers.of_customer(ANNA)
    firm = firms[0] if firms else await house.payers.save(ANNA, None, ROMASHKA)
    order = await house.orders.place(ANNA, [connector], 1, payer_id=firm.id)
    return await house.invoices.issue(ANNA, order.id, "RUB")


async def bill(house: House, database: Database, month: str = "2026-10", kopecks: int = 35640) -> Invoice:
    """A regular one, to Anna herself."""
    amount = Money(kopecks, "RUB")
    line = InvoiceLine("+7 495 000-00-01", 1, Unit.PERIOD, amount, amount)

    def form(tx: Tx) -> Invoice | None:
        payer = tx.payers.get(tx.customers.person(ANNA))
        assert payer is not None
        return house.invoices.bill(tx, payer, month, "RUB", [line])

    invoice = await database.write(form)
    assert invoice is not None
    return invoice


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


async def test_no_invoices_yet(anna: Person) -> None:
    await anna.says("/invoices")
    await anna.taps("Мои счета")
    assert "Счетов пока нет" in anna.screen.text
    await anna.taps("‹ Назад")
    assert "Мои счета" in anna.screen.buttons


async def test_each_tells_its_state(anna: Person, house: House, chat: Chat) -> None:
    void = await issue(house)
    await house.invoices.void(ANNA, void.id)
    fresh = await issue(house)
    await anna.says("/invoices")
    await anna.taps("Мои счета")
    chat.restart()
    await anna.taps_data("nonsense")
    words = plain(anna.screen.text)
    assert words.index(fresh.number) < words.index(void.number)
    assert "990 ₽ · выставлен, ещё не оплачен" in words
    assert "990 ₽ · аннулирован" in words
    assert plain(anna.screen.buttons[0]) == f"⏳ 990 ₽ · {fresh.number}"


async def test_a_subscribers_payer_alone_is_listed_until_all_are_wanted(
    anna: Person, house: House, sqlite_database: Database
) -> None:
    await give_lines(sqlite_database, ANNA, sip(1))
    firms, own = await issue(house), await bill(house, sqlite_database)
    await anna.says("/invoices")
    await anna.taps("Мои счета")
    assert f"{own.number}, октябрь 2026" in anna.screen.text
    assert firms.number not in anna.screen.text
    await anna.taps("Счета всех плательщиков")
    assert firms.number in anna.screen.text


async def test_many_are_paged(anna: Person, house: House, sqlite_database: Database) -> None:
    for number in range(1, 10):
        await bill(house, sqlite_database, f"2026-{number:02}")
    await anna.says("/invoices")
    await anna.taps("Мои счета")
    assert "январь 2026" not in anna.screen.text
    await anna.taps("›")
    assert "январь 2026" in anna.screen.text


async def test_nobody_reads_anothers_list(anna: Person, bob: Person, house: House) -> None:
    await issue(house)
    await bob.says("/invoices")
    await bob.taps("My invoices")
    assert "There are no invoices yet" in bob.screen.text
