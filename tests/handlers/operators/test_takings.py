"""What came and what waits, in the group: pictures with words, cards hung up again, a day closed."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import update

from bot.documents.press import Press
from bot.documents.registry import Sources
from bot.documents.typesetter import Typesetter
from bot.domain.catalogue import Catalogue
from bot.domain.errors import CustomerError
from bot.domain.states import Lane
from bot.domain.takings import Span
from bot.domain.talk import Said
from bot.handlers.operators.takings import typed_span
from bot.i18n import speaking
from bot.services.house import House
from bot.storage.database import Database
from bot.storage.tables import outbox
from bot.workers.delivery import Delivery
from tests.handlers.operators.conftest import ANNA
from tests.handlers.operators_rig import STRANGER, VIEWER, Group, Operator
from tests.telegram import Call

TODAY = date(2026, 11, 22)


async def sent(group: Group, house: House, catalogue: Catalogue) -> list[Call]:
    typesetter, outbox, before = Typesetter(), house.outbox, len(group.telegram.calls)
    press = Press(Sources(house, catalogue, typesetter))
    delivery = Delivery(group.bot, outbox, speak=speaking, operators_language="ru", press=press)
    for notice in await outbox.take(await outbox.waiting({Lane.OPERATORS: 16})):
        await outbox.note([await delivery.deliver(notice)])
    typesetter.close()
    return group.telegram.calls[before:]


async def test_the_picture_comes_with_its_table(house: House, group: Group, catalogue: Catalogue) -> None:
    vera = group.person(VIEWER)
    await vera.says("/week")
    (picture,) = await sent(group, house, catalogue)
    assert picture.method == "sendPhoto"
    assert "Поступления" in picture.fields["caption"]
    await vera.taps("Таблица", group.newest)
    (table,) = await sent(group, house, catalogue)
    assert table.method == "sendDocument"


async def test_days_that_nobody_can_read_are_asked_for_again(house: House, group: Group) -> None:
    await group.person(VIEWER).says("/report когда-нибудь")
    assert "1.11 15.11" in group.newest.text
    await group.person(STRANGER).says("/month")
    assert "оператор" in group.newest.text.lower()


async def test_what_waits_hangs_up_again_by_its_button(house: House, group: Group) -> None:
    vera = group.person(VIEWER)
    await vera.says("/todo")
    assert group.newest.text == "Открытых карточек нет."
    await house.talk.ask(ANNA, Said(1, "Где моя линия?"))
    await vera.says("/todo")
    assert "Без ответа: 1" in group.newest.text
    await vera.taps("Без ответа · 1", group.newest)
    assert "Где моя линия?" in group.newest.text


async def test_what_was_not_delivered_leads_to_its_customer(
    house: House, sqlite_database: Database, group: Group
) -> None:
    await sqlite_database.write(lambda tx: tx.outbox.to_customer(ANNA, "answer", text="…"))
    died = update(outbox).values(state="dead", last_error="400: can't parse entities")
    await sqlite_database.write(lambda tx: tx.connection.execute(died))
    vera = group.person(VIEWER)
    await vera.says("/todo")
    await vera.taps("Неотправленные уведомления · 1", group.newest)
    lost = group.newest
    assert "Anna <b> · 400: can't parse entities" in lost.text
    await vera.taps("Anna <b>", lost)
    assert "С нами с" in group.telegram.messages[lost.id].text


async def test_a_cashier_compares_a_day_and_closes_it(
    house: House, group: Group, clara: Operator, oleg: Operator
) -> None:
    await oleg.says("/day")
    assert "кассир" in group.newest.text.lower()
    await clara.says("/day 21.11")
    assert "День" in group.newest.text
    assert "✔️" in group.newest.text
    await clara.taps("Закрыть день", group.newest)
    if "Не всех" in str(group.telegram.calls[-2:]):
        await clara.taps("Да, закрыть день", group.newest)
    assert "🔒" in group.newest.text
    closing = await house.day_closings.get(clara.id, date(2026, 11, 21))
    assert closing.closed_by == clara.id


@pytest.mark.parametrize(
    ("words", "days"),
    [
        ("1.11 15.11", ("2026-11-01", "2026-11-15")),
        ("01.11.2026-15.11.2026", ("2026-11-01", "2026-11-15")),
        ("1.12 – 5.12", ("2025-12-01", "2025-12-05")),
        ("2026-11-03", ("2026-11-03", "2026-11-03")),
        ("3.11.26", ("2026-11-03", "2026-11-03")),
    ],
)
def test_days_are_read_as_people_write_them(words: str, days: tuple[str, str]) -> None:
    first, last = (date.fromisoformat(day) for day in days)
    assert typed_span(words, TODAY) == Span(first, last)


@pytest.mark.parametrize("words", ["", "завтра", "31.02", "5.11 1.11", "1 2 3", "1.11 2.11 3.11", "' or 1=1"])
def test_what_is_no_day_is_said_so(words: str) -> None:
    with pytest.raises(CustomerError, match="bad_days"):
        typed_span(words, TODAY)
