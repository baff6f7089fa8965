"""Cards that the sandbox's YooKassa keeps: by whose leave, who is asked, and how charges end."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, expect

from sandbox.cards import Behaviour, KeptCards
from sandbox.yookassa.cards import BY_NUMBER
from sandbox.yookassa.memory import SavedMethods
from tests.sandbox.yookassa_shop import Json, Shop, order

BACK = {"type": "redirect", "return_url": "http://127.0.0.1/back"}


@pytest.fixture
async def shop() -> AsyncIterator[Shop]:
    async with Shop() as shop:
        yield shop


async def kept(shop: Shop, behaviour: str = "pays", **changes: Any) -> str:
    """What a card is charged by, once it was saved."""
    payment = await shop.post("/v3/payments", order(save_payment_method=True, **changes))
    paid = await shop.post(f"/control/payments/{payment['id']}/pay", {"behaviour": behaviour})
    assert paid["payment_method"]["saved"] is True
    return str(paid["payment_method"]["id"])


def charge(token: object, **changes: Any) -> Json:
    return order(confirmation=None, payment_method_id=token, **changes)


async def test_charge_succeeds_at_once_and_is_announced(shop: Shop) -> None:
    token = await kept(shop)
    made = await shop.post("/v3/payments", charge(token))
    assert (made["status"], made["payment_method"]["id"], made["payment_method"]["saved"]) == (
        "succeeded",
        token,
        True,
    )
    assert "confirmation" not in made
    assert await shop.till.wait_for(2) == ["payment.succeeded"] * 2


@pytest.mark.parametrize(
    ("behaviour", "reason"), [("expired", "card_expired"), ("revoked", "permission_revoked")]
)
async def test_refused_charge_says_why(shop: Shop, behaviour: str, reason: str) -> None:
    made = await shop.post("/v3/payments", charge(await kept(shop, behaviour)))
    assert (made["http"], made["status"]) == (200, "canceled")
    assert made["cancellation_details"]["reason"] == reason


async def test_repeated_charge_is_no_new_one_for_a_day_of_its_clock(shop: Shop) -> None:
    body = charge(await kept(shop, "no_funds_twice"))
    first = [await shop.post("/v3/payments", body, key="k") for _ in range(3)]
    assert {(each["id"], each["status"]) for each in first} == {(first[0]["id"], "canceled")}
    await shop.post("/control/clock", {"advance_seconds": 24 * 3600 - 60})
    assert (await shop.post("/v3/payments", body, key="k"))["id"] == first[0]["id"]
    await shop.post("/control/clock", {"advance_seconds": 120})
    again = await shop.post("/v3/payments", body, key="k")
    assert (again["id"] != first[0]["id"], again["status"]) == (True, "canceled")
    assert (await shop.get("/control/cards"))[0]["charges"] == 2


async def test_only_cards_that_this_shop_kept_are_charged(shop: Shop) -> None:
    unsaved = await shop.paid()
    for token in (unsaved["payment_method"]["id"], "nothing", "", 7):
        answer = await shop.post("/v3/payments", charge(token))
        assert (answer["http"], answer["parameter"]) == (400, "payment_method_id")


async def test_card_refused_at_its_first_payment_is_not_kept(shop: Shop) -> None:
    payment = await shop.post("/v3/payments", order(save_payment_method=True))
    dead = await shop.post(f"/control/payments/{payment['id']}/pay", {"card": "call_issuer"})
    assert dead["payment_method"]["saved"] is False
    assert await shop.get("/control/cards") == []


async def test_forbidden_shop_neither_saves_nor_charges(shop: Shop) -> None:
    token = await kept(shop)
    await shop.post("/faults", {"saving": "forbidden"})
    for body in (order(save_payment_method=True), charge(token)):
        answer = await shop.post("/v3/payments", body)
        assert (answer["http"], answer["code"]) == (403, "forbidden")
    assert (await shop.post("/v3/payments", order(save_payment_method=False)))["http"] == 200


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"payment_method_data": {"type": "bank_card"}}, "payment_method_data"),
        ({"save_payment_method": "yes"}, "save_payment_method"),
        ({"confirmation": BACK | {"enforce": "yes"}}, "confirmation.enforce"),
    ],
)
async def test_wrong_field_of_a_charge_is_named(shop: Shop, changes: Json, field: str) -> None:
    answer = await shop.post("/v3/payments", charge(await kept(shop)) | changes)
    assert (answer["http"], answer["parameter"]) == (400, field)


async def test_phones_balance_is_never_kept(shop: Shop) -> None:
    phone = {"type": "mobile_balance", "phone": "79000000001"}
    body = order(save_payment_method=True, payment_method_data=phone, confirmation={"type": "external"})
    assert (await shop.post("/v3/payments", body))["parameter"] == "save_payment_method"


async def test_owner_is_asked_only_where_the_shop_insists(shop: Shop) -> None:
    token = await kept(shop)
    unasked = await shop.post("/v3/payments", charge(token) | {"confirmation": BACK})
    assert unasked["status"] == "succeeded"
    asked = await shop.post("/v3/payments", charge(token) | {"confirmation": BACK | {"enforce": True}})
    assert (asked["status"], asked["confirmation"]["type"]) == ("pending", "redirect")


async def test_more_calls_than_the_rate_are_sent_away(shop: Shop) -> None:
    await shop.post("/faults", {"rate": "3 a second"})
    answers = [await shop.post("/v3/payments", order()) for _ in range(5)]
    assert [each["http"] for each in answers] == [200, 200, 200, 429, 429]
    await shop.post("/faults", {"rate": "any number"})
    assert (await shop.post("/v3/payments", order()))["http"] == 200


async def test_card_is_kept_used_and_told_how_to_behave(page: Page, shop: Shop) -> None:
    back = {"type": "redirect", "return_url": f"{shop.base}/cabinet"}
    payment = await shop.post("/v3/payments", order(save_payment_method=True, confirmation=back))
    await page.goto(payment["confirmation"]["confirmation_url"])
    await expect(page.get_by_text("Карта сохранится")).to_be_visible()
    await page.get_by_label("Как карта ответит на автоплатёж").select_option("Срок истёк")
    await page.get_by_role("button", name="Заплатить").click()
    await page.wait_for_url("**/cabinet")
    [card] = await shop.get("/control/cards")
    assert (card["masked"], card["behaviour"]) == ("•••• 2987", "expired")

    await page.get_by_role("article", name="•••• 2987").get_by_role("combobox").select_option("Платит")
    await page.get_by_role("button", name="Сменить").click()
    await expect(page.get_by_role("combobox")).to_have_value("pays")

    again = await shop.post(
        "/v3/payments", charge(card["token"]) | {"confirmation": back | {"enforce": True}}
    )
    await page.goto(again["confirmation"]["confirmation_url"])
    await expect(page.get_by_text("Это сохранённая карта")).to_be_visible()
    await expect(page.get_by_text("•• 2987")).to_be_visible()
    await page.get_by_role("textbox").fill("1234")
    await page.get_by_role("button", name="Подтвердить").click()
    await page.wait_for_url("**/cabinet")
    assert (await shop.get(f"/v3/payments/{again['id']}"))["status"] == "succeeded"


def test_cards_outlive_the_sandbox(tmp_path: Path) -> None:
    file = tmp_path / "cards.json"
    first = KeptCards()
    saved = SavedMethods(first, file)
    saved.keep("t-1", "bank_card", "5555555555554444", "pays")
    saved.keep("t-2", "yoo_money", "", "pays")
    first.newest_first()[0].behave(Behaviour.REVOKED)
    saved.write()
    again = SavedMethods(KeptCards(), file)
    card, wallet = again.find("t-1"), again.find("t-2")
    assert card is not None
    assert wallet is not None
    assert (card.kept.masked, card.card, card.kept.behaviour) == (
        "•••• 4444",
        BY_NUMBER["5555555555554444"],
        "pays",
    )
    assert (wallet.method, wallet.card, wallet.kept.behaviour) == ("yoo_money", None, "revoked")
