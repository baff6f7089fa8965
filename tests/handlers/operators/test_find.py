"""/find in the operators' group: a list, a record, the ways between them, and who may see what."""

from __future__ import annotations

import pytest
from aiogram.types import InlineKeyboardButton
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.records import PaymentRecord, RecordKind, button_id
from bot.domain.states import Role
from bot.keyboards import records
from bot.keyboards.buttons import tap
from bot.keyboards.records import ShowRecord, record_act
from bot.services.house import House
from bot.storage.database import Database
from tests.handlers.operators.conftest import ANNA
from tests.handlers.operators_rig import STRANGER, VIEWER, Group, GroupTelegram, Operator
from tests.handlers.rig import Seen


@pytest.fixture
async def paid(house: House, sqlite_database: Database) -> int:
    """Anna has begun a payment."""
    await house.customers.set_email(ANNA, "anna@example.org")
    await house.customers.set_phone(ANNA, "+79991234567")
    order = await house.orders.place(ANNA, ["wa-1"], 1)
    return (await house.payments.start(ANNA, order.id, "fake")).payment_id


def now(group: Group, seen: Seen) -> Seen:
    return group.telegram.messages[seen.id]


async def test_one_that_is_found_is_shown_at_once_and_hides_its_contacts(
    group: Group, oleg: Operator, paid: int
) -> None:
    await oleg.says("/find anna@example.org")
    seen = group.newest
    assert f"Anna <b> · id {ANNA}" in seen.text
    assert "a***@example.org" in seen.text
    assert "anna@example.org" not in seen.text
    assert "1234567" not in seen.text
    assert seen.button("‹ Назад") is None


async def test_records_lead_to_each_other_and_back(group: Group, oleg: Operator, paid: int) -> None:
    await oleg.says("/find anna")
    seen = group.newest
    await oleg.taps(f"💳 № {paid},", seen)
    assert f"Платёж {paid}" in now(group, seen).text
    await oleg.taps("🧾", now(group, seen))
    assert "WhatsApp" in now(group, seen).text
    await oleg.taps("🔌", now(group, seen))
    assert "Id: wa-1" in now(group, seen).text
    for words in ("Заказ", f"Платёж {paid}", "Anna"):
        await oleg.taps("‹ Назад", now(group, seen))
        assert words in now(group, seen).text
    assert now(group, seen).button("‹ Назад") is None


async def test_several_are_a_list_whose_pages_anybody_turns(
    house: House, group: Group, oleg: Operator, clara: Operator
) -> None:
    for number in range(11):
        await house.customers.greet(7000 + number, name=f"Иван {number}", language="ru")
    await oleg.says("/find иван")
    seen = group.newest
    first = set(seen.buttons)
    await clara.taps("›", seen)
    assert {words for words in now(group, seen).buttons if words in first} == set()
    await clara.taps("👤", now(group, seen))
    assert "Иван" in now(group, seen).text
    await oleg.taps("‹ Назад", now(group, seen))
    assert "2 из 2" in "".join(now(group, seen).buttons)


async def test_it_is_answered_in_the_topic_it_was_asked_in(
    group: Group, telegram: GroupTelegram, oleg: Operator
) -> None:
    await oleg.says("/find bob", thread=7)
    assert telegram.calls[-1].fields["message_thread_id"] == 7


async def test_history_tells_what_happened_and_leads_back(group: Group, oleg: Operator, paid: int) -> None:
    await oleg.says(f"/find {ANNA}")
    seen = group.newest
    await oleg.taps("Контакты", seen)
    assert "+79991234567" in group.toast
    await oleg.taps("История", seen)
    assert "Просмотрены контакты — Oleg" in now(group, seen).text
    await oleg.taps("‹ Назад", now(group, seen))
    assert "Anna <b>" in now(group, seen).text


async def test_a_viewer_reads_and_gets_no_contacts_and_a_stranger_nothing(
    group: Group, paid: int, oleg: Operator
) -> None:
    await group.person(VIEWER).says("/find anna")
    seen = group.newest
    assert seen.button("История") is not None
    assert seen.button("Контакты") is None
    await oleg.says("/find anna")
    shown = group.newest
    await group.person(VIEWER).taps("Контакты", shown)
    assert "+7999" not in group.toast
    await group.person(STRANGER).says("/find anna")
    assert "Anna" not in group.newest.text
    await group.person(STRANGER).taps("История", shown)
    assert "Anna" in now(group, shown).text


async def test_a_button_under_a_card_leaves_the_card_alone(group: Group, oleg: Operator) -> None:
    await oleg.says("/find bob")
    card = group.newest
    goal = ShowRecord(kind=RecordKind.CUSTOMER, id=str(ANNA), anew=True)
    await oleg.taps_data(goal.pack(), card)
    assert "Bob" in now(group, card).text
    assert "Anna" in group.newest.text


@pytest.mark.parametrize("words", ["%", "_", "🦊", "ы" * 1000, "'; drop table customers; --"])
async def test_junk_is_told_to_be_unknown(group: Group, oleg: Operator, words: str) -> None:
    await oleg.says(f"/find {words}")
    assert "ничего не нашлось" in group.newest.text


async def test_without_words_it_says_what_to_write(group: Group, oleg: Operator) -> None:
    await oleg.says("/find")
    assert "Код оплаты, e-mail, телефон" in group.newest.text


async def test_acts_are_offered_to_whom_they_are_permitted(
    group: Group, oleg: Operator, clara: Operator, paid: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(records, "_acts", {kind: [] for kind in RecordKind})

    @record_act(RecordKind.PAYMENT, Role.CASHIER)
    def try_out(record: PaymentRecord) -> InlineKeyboardButton | None:
        return tap("Испытать", f"try:{record.payment.id}")

    await oleg.says("/find anna")
    seen = group.newest
    await oleg.taps("💳", seen)
    assert now(group, seen).button("Испытать") is None
    await clara.taps("‹ Назад", now(group, seen))
    await clara.taps("💳", now(group, seen))
    assert now(group, seen).button("Испытать") is not None


@given(st.lists(st.tuples(st.sampled_from(RecordKind), st.text(max_size=60)), max_size=12))
def test_the_way_back_fits_into_a_button_however_long_it_is(steps: list[tuple[RecordKind, str]]) -> None:
    trail = "f3"
    for kind, text_id in [*steps, (RecordKind.CONNECTOR, "я" * 300)]:
        button = records.leading("…", kind, text_id, trail)
        assert button.callback_data is not None
        assert len(button.callback_data.encode()) <= records.MOST_BYTES
        opened = ShowRecord.unpack(button.callback_data)
        assert opened.id == button_id(text_id)
        assert trail.endswith(opened.trail)
        trail = records.longer(opened.trail, kind, text_id)
