"""Connectors over the API: made, changed, dated by who knows the present date, and never by a repeat."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import pytest
import time_machine
from sqlalchemy import select

from bot.domain.catalogue import Catalogue
from bot.domain.customers import Connector
from bot.domain.periods import now
from bot.domain.states import ExtensionCause, OrderState
from bot.domain.webhooks import SELLER as LISTENER
from bot.services.house import House
from bot.storage.database import Database
from bot.storage.tables import api_answers, connector_links, customers, extensions, webhooks
from tests.listener.api_door import SellerSystem, Told, opened
from tests.services.conftest import ANNA, BOB, WHATSAPP, Count

NEW: dict[str, Any] = {"title": "WhatsApp +7 999 123-45-67", "tariff": "whatsapp"}


@pytest.fixture
async def seller(house: House, catalogue: Catalogue) -> AsyncIterator[SellerSystem]:
    async with opened(house, catalogue) as system:
        yield system


async def test_a_connector_is_made_and_read(seller: SellerSystem) -> None:
    made = await seller.put("wa/7 ".strip().replace("/", "%2F"), NEW | {"phone": "+7 999 123-45-67"})
    assert (made.status, made.etag) == (201, '"0"')
    assert made.body == {
        "id": "wa/7",
        "kind": "messenger",
        "title": "WhatsApp +7 999 123-45-67",
        "tariff": "whatsapp",
        "phone": "+79991234567",
        "email": "",
        "paid_until": None,
        "sequence": 0,
        "owned": False,
        "pay_link": made.body["pay_link"],
    }
    assert made.body["pay_link"].startswith("https://t.me/kassir_bot?start=c_")
    for path in ("wa%2F7", "wa/7"):
        read = await seller.get(path)
        assert (read.status, read.body, read.etag) == (200, made.body, made.etag)


@pytest.mark.parametrize("id_", ["a+b", "a@b", "a%23b", "%2F", "..a", "x" * 40])
async def test_ids_of_every_permitted_kind(seller: SellerSystem, id_: str) -> None:
    assert (await seller.put(id_, NEW)).status == 201
    assert (await seller.get(id_)).status == 200


@pytest.mark.parametrize("id_", ["ж", "%D0%B6", "a b", "a%20b", "x" * 41, "%00", "a%0Ab", "a*", "%ff"])
async def test_ids_of_another_kind_are_told_not_stored(seller: SellerSystem, id_: str) -> None:
    told = await seller.put(id_.replace(" ", "%20").replace("ж", "%D0%B6"), NEW)
    assert (told.status, told.problem) == (422, "invalid")
    assert told.body["errors"][0]["pointer"] == "/id"
    assert (await seller.get(id_.replace(" ", "%20").replace("ж", "%D0%B6"))).status == 404


async def test_what_is_left_out_stays_and_what_is_equal_is_no_change(seller: SellerSystem) -> None:
    await seller.put("c", NEW | {"phone": "+79991234567", "email": "anna@example.org"})
    changed = await seller.put("c", {"title": "Line 9", "email": ""})
    assert changed.status == 200
    assert [changed.body[name] for name in ("title", "phone", "email")] == ["Line 9", "+79991234567", ""]
    again = await seller.put("c", {"title": "Line 9"})
    assert again.etag == changed.etag == '"1"'
    moved = await seller.put("c", {"tariff": "line"})
    assert (moved.body["tariff"], moved.body["kind"]) == ("line", "line")


async def test_everything_wrong_is_told_at_once(seller: SellerSystem) -> None:
    wrong = {"title": " ", "tariff": "watsapp", "phone": "12", "email": "nobody", "kind": "a\tb"}
    told = await seller.put("c", wrong)
    assert (told.status, told.problem) == (422, "invalid")
    found = {fault["pointer"]: fault["detail"] for fault in told.body["errors"]}
    assert set(found) == {f"/{name}" for name in wrong}
    assert 'did you mean "whatsapp"' in found["/tariff"]
    assert (await seller.put("c", {"phone": ""})).body["errors"] == [
        {"pointer": "/title", "detail": "is missing; a new connector needs it"},
        {"pointer": "/tariff", "detail": "is missing; a new connector needs it"},
    ]


@pytest.mark.parametrize(
    "body",
    [
        {"surprise": 1},
        {"title": 5},
        {"title": None},
        {"telegram_id": "1001"},
        {"telegram_id": 0},
        {"telegram_id": -5},
        {"telegram_id": 1 << 60},
        {"telegram_id": 1.5},
        {"telegram_id": True},
        {"title": "x" * 65},
        {"title": "\u0000"},
        {"title": "a\u202eb"},
        {"paid_until": "14.12.2026"},
        {"paid_until": "2026-02-30"},
        {"paid_until": "1999-12-31"},
        {"paid_until": "9999-12-31"},
        {"paid_until": None},
        {"paid_until": 20261214},
    ],
)
async def test_bodies_of_another_shape(seller: SellerSystem, body: dict[str, Any]) -> None:
    told = await seller.put("c", NEW | body, If_None_Match="*")
    assert (told.status, told.problem) == (422, "invalid")
    assert told.body["errors"]
    assert (await seller.get("c")).status == 404


async def test_a_date_needs_the_etag_it_replaces(seller: SellerSystem, count: Count) -> None:
    day = {"paid_until": "2027-01-31"}
    assert (await seller.put("c", NEW | day)).problem == "etag-needed"
    assert (await seller.put("c", NEW | day, If_Match="*")).problem == "etag-needed"
    made = await seller.put("c", NEW | day, If_None_Match="*")
    assert (made.status, made.etag, made.body["paid_until"]) == (201, '"1"', "2027-01-31")
    assert (await seller.put("c", day, If_None_Match="*")).problem == "exists"
    assert (await seller.put("c", {"paid_until": "2027-03-01"})).status == 428
    stale = await seller.put("c", {"paid_until": "2027-03-01"}, If_Match='"0"')
    assert (stale.status, stale.problem) == (412, "stale")
    moved = await seller.put("c", {"paid_until": "2027-02-28"}, If_Match=made.etag)
    assert (moved.status, moved.body["paid_until"], moved.etag) == (200, "2027-02-28", '"2"')
    assert await count(extensions, extensions.c.cause == ExtensionCause.API.value) == 2


@pytest.mark.parametrize("match", ['W/"0"', '"9999999"', '""', '"0x"', '"00000000000000000000"'])
async def test_etags_that_are_not_this_one(seller: SellerSystem, match: str) -> None:
    await seller.put("c", NEW)
    assert (await seller.put("c", {"title": "x"}, If_Match=match)).problem == "stale"


@pytest.mark.parametrize("match", ["0", "", "nothing", '"'])
async def test_etags_that_are_none(seller: SellerSystem, match: str) -> None:
    assert (await seller.put("c", NEW, If_Match=match)).problem == "malformed"


async def test_one_of_several_etags_is_enough_and_both_headers_are_too_much(seller: SellerSystem) -> None:
    await seller.put("c", NEW)
    assert (await seller.put("c", {"title": "x"}, If_Match='"7", "0"')).status == 200
    assert (await seller.put("c", {"title": "y"}, If_Match="*")).status == 200
    assert (await seller.put("d", NEW, If_Match="*")).problem == "stale"
    assert (await seller.put("c", {}, If_Match="*", If_None_Match="*")).problem == "malformed"


async def test_of_two_dates_set_at_once_one_is_told_that_it_is_stale(
    seller: SellerSystem, count: Count
) -> None:
    etag = (await seller.put("c", NEW)).etag
    told = await asyncio.gather(
        *(seller.put("c", {"paid_until": f"2027-01-{day:02}"}, If_Match=etag) for day in range(1, 11))
    )
    assert sorted(each.status for each in told) == [200] + [412] * 9
    assert await count(extensions) == 1
    won = next(each for each in told if each.status == 200)
    assert (await seller.get("c")).body == won.body


async def test_a_payment_between_reading_and_writing_makes_the_etag_stale(
    seller: SellerSystem, database: Database
) -> None:
    etag = (await seller.get(WHATSAPP)).etag

    def pay(tx: Any) -> None:
        tx.connectors.extend(
            tx.connectors.lock(WHATSAPP), date(2027, 5, 1), anchor_day=1, cause=ExtensionCause.OPERATOR
        )

    await database.write(pay)
    assert (await seller.put(WHATSAPP, {"paid_until": "2027-01-01"}, If_Match=etag)).problem == "stale"
    assert (await seller.get(WHATSAPP)).body["paid_until"] == "2027-05-01"


async def test_made_by_many_at_once_it_is_made_once(seller: SellerSystem) -> None:
    told = await asyncio.gather(*(seller.put("c", NEW) for _ in range(8)))
    assert sorted(each.status for each in told) == [200] * 7 + [201]
    only = await asyncio.gather(*(seller.put("d", NEW, If_None_Match="*") for _ in range(8)))
    assert sorted(each.status for each in only) == [201] + [412] * 7


async def test_a_chat_becomes_the_owner_met_or_not(seller: SellerSystem, house: House, count: Count) -> None:
    assert (await seller.put("c", NEW | {"telegram_id": 5005})).body["owned"] is True
    assert await count(customers, customers.c.id == 5005) == 1
    assert [each.id for each in (await house.connectors.page(5005)).items] == ["c"]


async def test_a_connector_that_changes_hands_leaves_no_open_order_behind(
    seller: SellerSystem, house: House
) -> None:
    order = await house.orders.place(ANNA, [WHATSAPP], 1)
    moved = await seller.put(WHATSAPP, {"telegram_id": BOB})
    assert moved.etag == '"1"'
    assert (await house.orders.get(ANNA, order.id)).state is OrderState.CANCELLED
    assert WHATSAPP in [each.id for each in (await house.connectors.page(BOB)).items]
    assert (await seller.put(WHATSAPP, {"telegram_id": BOB})).etag == moved.etag


async def test_which_of_his_payers_pays_the_customer_chooses(seller: SellerSystem, house: House) -> None:
    firm = await house.balance.add_payer(ANNA, "OOO Romashka")
    await house.connectors.choose_payer(ANNA, WHATSAPP, firm.id)
    assert (await seller.put(WHATSAPP, {"telegram_id": ANNA})).etag == '"1"', "nothing changed"
    assert (await house.connectors.get(ANNA, WHATSAPP)).payer_id == firm.id


async def test_a_repeat_with_its_key_is_answered_alike_and_does_nothing(
    seller: SellerSystem, count: Count
) -> None:
    first = await seller.put("c", NEW | {"paid_until": "2027-01-31"}, If_None_Match="*", Idempotency_Key="k1")
    await seller.put("c", {"title": "Another"})
    again = await seller.put("c", NEW | {"paid_until": "2027-01-31"}, If_None_Match="*", Idempotency_Key="k1")
    assert (again.status, again.body, again.etag) == (201, first.body, first.etag)
    assert again.headers["idempotent-replayed"] == "true"
    assert "idempotent-replayed" not in first.headers
    assert (await seller.get("c")).body["title"] == "Another"
    assert await count(api_answers) == 1


async def test_a_key_is_not_used_for_another_request(seller: SellerSystem) -> None:
    await seller.put("c", NEW, Idempotency_Key="k1")
    for other in (
        seller.put("c", NEW | {"title": "x"}, Idempotency_Key="k1"),
        seller.put("d", NEW, Idempotency_Key="k1"),
        seller.put("c", NEW, Idempotency_Key="k1", If_Match='"0"'),
        seller.charge({"charges": []} | NEW, Idempotency_Key="k1"),
    ):
        assert (await other).problem in ("key-reused", "invalid")
    assert (await seller.get("d")).status == 404


async def test_repeats_at_once_act_once(seller: SellerSystem, count: Count) -> None:
    etag = (await seller.put("c", NEW)).etag
    day = {"paid_until": "2027-01-31"}
    told = await asyncio.gather(
        *(seller.put("c", day, If_Match=etag, Idempotency_Key="same") for _ in range(10))
    )
    assert {(each.status, each.etag) for each in told} == {(200, '"1"')}
    assert await count(extensions) == 1


async def test_what_was_refused_leaves_its_key_free(seller: SellerSystem, count: Count) -> None:
    assert (await seller.put("c", {"title": "x"}, Idempotency_Key="k1")).status == 422
    assert await count(api_answers) == 0
    assert (await seller.put("c", NEW, Idempotency_Key="k1")).status == 201


@pytest.mark.parametrize("key", ["", "a b", "ё".encode().decode("latin-1"), "x" * 256])
async def test_keys_that_are_none(seller: SellerSystem, key: str) -> None:
    assert (await seller.put("c", NEW, Idempotency_Key=key)).problem == "malformed"


async def test_kept_answers_hold_no_link_and_are_purged_after_their_time(
    seller: SellerSystem, house: House, database: Database, count: Count
) -> None:
    link = (await seller.put("c", NEW, Idempotency_Key="k1")).body["pay_link"]
    rows = await database.read(
        lambda tx: str(tx.connection.exec_driver_sql("select * from api_answers").all())
    )
    assert link.rpartition("_")[2] not in rows
    assert await house.seller.forget_answers() == 0
    with time_machine.travel(now().replace(year=now().year + 1)):
        assert await house.seller.forget_answers() == 1
    assert await count(api_answers) == 0


async def test_reading_makes_a_link_once(seller: SellerSystem, count: Count) -> None:
    told: list[Told] = [await seller.get(WHATSAPP) for _ in range(3)]
    assert len({each.body["pay_link"] for each in told}) == 1
    assert await count(connector_links) == 1


async def test_what_is_not_sold_has_no_link(seller: SellerSystem, database: Database) -> None:
    gone = Connector("gone", "x", "X", "no-such-tariff", None, None, None)
    await database.write(lambda tx: tx.connectors.add(gone))
    assert (await seller.get("gone")).body["pay_link"] is None


async def test_what_the_api_changes_is_told_to_whoever_listens(
    seller: SellerSystem, database: Database
) -> None:
    database.listeners.add(LISTENER)
    await seller.put("c", NEW | {"paid_until": "2027-01-31"}, If_None_Match="*")
    await seller.put("c", {"title": "Another", "telegram_id": BOB})
    await seller.put("c", {"title": "Another"})
    query = select(webhooks.c.kind, webhooks.c.sequence).order_by(webhooks.c.id)
    told = await database.read(lambda tx: [tuple(row) for row in tx.connection.execute(query)])
    assert told == [
        ("connector.added", 0),
        ("connector.extended", 1),
        ("connector.changed", 2),
        ("connector.attached", 3),
    ]
