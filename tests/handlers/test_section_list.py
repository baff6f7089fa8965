"""A customer's invoices in the section, with what became of each."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest
import time_machine

from bot.domain.invoices import Invoice
from bot.domain.money import Money
from bot.domain.seller import Charge
from bot.gateways.bank.gateway import Bank
from bot.gateways.base import Gateway
from bot.services.house import House
from bot.storage.database import Database
from tests.gateways.fake import FakeGateway
from tests.handlers.conftest import ANNA, give_lines
from tests.handlers.rig import Chat, Person
from tests.handlers.test_invoices_section import sip
from tests.handlers.test_section_usage import TODAY
from tests.payers import ROMASHKA


@pytest.fixture
def gateways(card: FakeGateway) -> list[Gateway]:
    return [card, Bank(("RUB",))]


async def issue(house: House, connector: str = "wa-1") -> Invoice:
    """On request, for an organisation of Anna's."""
    firms = await house.payers.of_customer(ANNA)
    firm = firms[0] if firms else await house.payers.save(ANNA, None, ROMASHKA)
    order = await house.orders.place(ANNA, [connector], 1, payer_id=firm.id)
    return await house.invoices.issue(ANNA, order.id, "RUB")


async def bill(house: House, database: Database, *months: str) -> None:
    """Anna's own regular invoices of these months, formed all together."""
    await give_lines(database, ANNA, sip(1))
    used = [
        Charge(month, "sip-1", datetime.fromisoformat(f"{month}-10T12:00+03:00"), Money(35640, "RUB"))
        for month in months
    ]
    await house.seller.add_charges(used, None)
    while await house.billing.form_due():
        pass


@pytest.fixture(autouse=True)
def november() -> Iterator[None]:
    with time_machine.travel(TODAY, tick=False):
        yield


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
    firms = await issue(house)
    await bill(house, sqlite_database, "2026-10")
    await anna.says("/invoices")
    await anna.taps("Мои счета")
    assert "октябрь 2026" in anna.screen.text
    assert firms.number not in anna.screen.text
    await anna.taps("Счета всех плательщиков")
    assert firms.number in anna.screen.text


async def test_many_are_paged(anna: Person, house: House, sqlite_database: Database) -> None:
    await bill(house, sqlite_database, *(f"2026-{number:02}" for number in range(1, 10)))
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


async def test_an_invoice_on_request_needs_no_method_to_be_chosen(anna: Person, house: House) -> None:
    await house.payers.save(ANNA, None, ROMASHKA)
    await anna.says("/invoices")
    await anna.taps("Счёт для организации")
    await anna.taps("WhatsApp")
    await anna.taps("1 месяц")
    assert "Как удобнее заплатить" not in anna.screen.text
    assert "Ромашка" in anna.screen.text
