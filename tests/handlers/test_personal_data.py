"""One's own data in the chat: a copy of them, and being forgotten."""

from __future__ import annotations

from sqlalchemy import select

from bot.domain.money import Money
from bot.services.house import House
from bot.storage.database import Database
from bot.storage.tables import customers, outbox
from tests.gateways.fake import FakeGateway
from tests.handlers.conftest import ANNA
from tests.handlers.rig import Person
from tests.handlers.test_pay import choose_whatsapp


async def is_known(database: Database) -> bool:
    query = select(customers.c.email).where(customers.c.id == ANNA)
    return (
        await database.read(lambda tx: tx.connection.execute(query).scalar_one_or_none()) == "a@example.org"
    )


async def test_a_copy_of_ones_data_comes_as_a_file(anna: Person, sqlite_database: Database) -> None:
    await anna.says("/settings")
    await anna.taps("Мои данные")
    assert "отозвать согласие" in anna.screen.text
    await anna.taps("Получить копию")
    query = select(outbox.c.payload).where(outbox.c.kind == "documents")
    payload = await sqlite_database.read(lambda tx: tx.connection.execute(query).scalar_one())
    assert payload == {"files": [{"kind": "personal_data", "subject": {"customer_id": ANNA}}]}


async def test_being_forgotten_takes_two_taps(anna: Person, house: House, sqlite_database: Database) -> None:
    await house.customers.set_email(ANNA, "a@example.org")
    await anna.says("/forget")
    assert "Мы удалим" in anna.screen.text
    assert "5 лет" in anna.screen.text
    await anna.taps("Удалить мои данные")
    await anna.taps("‹ Назад")
    assert await is_known(sqlite_database)
    await anna.taps("Удалить мои данные")
    await anna.taps("Да, удалить навсегда")
    assert "Ваши данные удалены" in anna.screen.text
    assert not await is_known(sqlite_database)
    await anna.taps("Начать заново")
    await anna.says("/settings")
    assert "a@example.org" not in anna.screen.text


async def test_a_stale_button_forgets_nobody(anna: Person, house: House, sqlite_database: Database) -> None:
    await house.customers.set_email(ANNA, "a@example.org")
    await anna.says("/start")
    await anna.taps_data("data:forgood")
    assert await is_known(sqlite_database)


async def test_money_is_settled_first_and_the_wish_can_be_taken_back(
    anna: Person, house: House, sqlite_database: Database, card: FakeGateway
) -> None:
    await house.customers.set_email(ANNA, "a@example.org")
    await choose_whatsapp(anna)
    payment = (await house.payments.history(ANNA)).items[0]
    await house.callbacks.receive(card.name, card.pay(payment.reference, Money(100_000, "RUB")))
    await anna.says("/forget")
    assert "На вашем балансе: 10 ₽" in anna.screen.text.replace("\N{NO-BREAK SPACE}", " ")
    assert "Попросить возврат" in anna.screen.buttons
    await anna.taps("Удалить, когда")
    await anna.taps("Да, удалить навсегда")
    assert "Вы об этом попросили" in anna.screen.text
    assert await is_known(sqlite_database)
    await anna.taps("Ничего не удалять")
    assert (await house.personal_data.before_erasure(ANNA)).due_at is None
