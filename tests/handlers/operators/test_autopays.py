"""/autopays: a picture with its words, and the figures behind it as a table."""

from __future__ import annotations

from bot.documents.press import Press
from bot.documents.registry import Sources
from bot.documents.typesetter import Typesetter
from bot.domain.catalogue import Catalogue
from bot.domain.states import Lane
from bot.i18n import speaking
from bot.services.house import House
from bot.storage.database import Database
from bot.workers.delivery import Delivery
from tests.autopays import connect
from tests.handlers.operators.conftest import ANNA
from tests.handlers.operators_rig import STRANGER, VIEWER, Group
from tests.telegram import Call


async def sent(group: Group, house: House, catalogue: Catalogue) -> list[Call]:
    """What the outbox's worker sends, with the files that it makes."""
    typesetter, outbox, before = Typesetter(), house.outbox, len(group.telegram.calls)
    press = Press(Sources(house, catalogue, typesetter))
    delivery = Delivery(group.bot, outbox, speak=speaking, operators_language="ru", press=press)
    for notice in await outbox.take(await outbox.waiting({Lane.OPERATORS: 16})):
        await outbox.note([await delivery.deliver(notice)])
    typesetter.close()
    return group.telegram.calls[before:]


async def test_a_viewer_sees_the_chart_and_takes_the_table(
    house: House, sqlite_database: Database, group: Group, catalogue: Catalogue
) -> None:
    await sqlite_database.write(lambda tx: connect(tx, ANNA))
    vera = group.person(VIEWER)
    await vera.says("/autopays")
    (chart,) = await sent(group, house, catalogue)
    assert chart.method == "sendPhoto"
    assert "Ожидается за 30 дней: 990\N{NO-BREAK SPACE}₽" in chart.fields["caption"]
    assert "Работают: 1 · повторяются: 0" in chart.fields["caption"]
    await vera.taps("Таблица", group.newest)
    (table,) = await sent(group, house, catalogue)
    assert table.method == "sendDocument"
    assert table.fields["caption"] == "Цифры к графику."


async def test_others_hear_what_role_it_takes(house: House, group: Group, catalogue: Catalogue) -> None:
    await group.person(STRANGER).says("/autopays")
    assert "только для операторов" in group.newest.text.lower() or "операторов" in group.newest.text
    assert await sent(group, house, catalogue) == []
