from collections.abc import AsyncIterator
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.browser import PHONE
from tests.sandbox.yookassa_shop import Json, Shop, order


@pytest.fixture
async def shop() -> AsyncIterator[Shop]:
    async with Shop() as shop:
        yield shop


async def opened(page: Page, shop: Shop, **changes: Any) -> Json:
    """A payment whose page is open; the shop it returns to is the cabinet."""
    back = {"type": "redirect", "return_url": f"{shop.base}/cabinet"}
    payment = await shop.post("/v3/payments", order(confirmation=back, **changes))
    await page.goto(payment["confirmation"]["confirmation_url"])
    return payment


async def test_card_pays_and_leads_back_to_the_shop(page: Page, shop: Shop) -> None:
    payment = await opened(page, shop)
    await expect(page.get_by_role("heading")).to_have_text("WhatsApp, 1 month")
    await page.get_by_role("button", name="Заплатить 990,00 ₽").click()
    await page.wait_for_url("**/cabinet")
    assert (await shop.get(f"/v3/payments/{payment['id']}"))["status"] == "succeeded"
    await page.goto(payment["confirmation"]["confirmation_url"])
    await expect(page.get_by_role("heading")).to_have_text("Оплачено")


async def test_bank_asks_for_a_code(page: Page, shop: Shop) -> None:
    payment = await opened(page, shop)
    await page.get_by_label("2200 0000 0000 0004").check()
    await page.get_by_role("button", name="Заплатить").click()
    code = page.get_by_label("Код из СМС", exact=True).and_(page.get_by_role("textbox"))
    await expect(code).to_be_focused()
    await code.fill("9999")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("alert")).to_contain_text("2")
    await code.fill("1234")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/cabinet")
    paid = await shop.get(f"/v3/payments/{payment['id']}")
    assert paid["authorization_details"]["three_d_secure"]["applied"] is True


async def test_three_wrong_codes_end_the_payment(page: Page, shop: Shop) -> None:
    payment = await opened(page, shop)
    await page.get_by_label("2200 0000 0000 0004").check()
    await page.get_by_role("button", name="Заплатить").click()
    for _ in range(3):
        await page.get_by_role("textbox").fill("0000")
        await page.get_by_role("button", name="Подтвердить").click()
    await expect(page.get_by_role("heading")).to_have_text("Не получилось заплатить")
    dead = await shop.get(f"/v3/payments/{payment['id']}")
    assert dead["cancellation_details"]["reason"] == "3d_secure_failed"


async def test_refusal_is_explained_before_the_way_back(page: Page, shop: Shop) -> None:
    payment = await opened(page, shop)
    await page.get_by_label("Не хватает денег").check()
    await page.get_by_role("button", name="Заплатить").click()
    await expect(page.get_by_text("Не хватает денег. Деньги не списаны.")).to_be_visible()
    await page.get_by_role("link", name="Вернуться в магазин").click()
    await page.wait_for_url("**/cabinet")
    dead = await shop.get(f"/v3/payments/{payment['id']}")
    assert dead["cancellation_details"]["reason"] == "insufficient_funds"


async def test_leaving_without_paying_changes_nothing(page: Page, shop: Shop) -> None:
    payment = await opened(page, shop)
    await page.get_by_role("link", name="Вернуться в магазин без оплаты").click()
    await page.wait_for_url("**/cabinet")
    assert (await shop.get(f"/v3/payments/{payment['id']}"))["status"] == "pending"


async def test_sbp_pays_where_cards_may_not(page: Page, shop: Shop) -> None:
    payment = await opened(page, shop, payment_method_data={"type": "sbp"})
    await expect(page.get_by_role("radio")).to_have_count(1)
    await page.get_by_role("radio").check()
    await page.get_by_role("button", name="Заплатить").click()
    await page.wait_for_url("**/cabinet")
    assert (await shop.get(f"/v3/payments/{payment['id']}"))["payment_method"]["type"] == "sbp"


async def test_expired_and_unknown_links_say_so(page: Page, shop: Shop) -> None:
    payment = await opened(page, shop)
    await shop.post(f"/control/payments/{payment['id']}/expire")
    await page.get_by_role("button", name="Заплатить").click()
    await expect(page.get_by_role("heading")).to_have_text("Ссылка устарела")
    answer = await page.goto(f"{shop.base}/pay/nothing")
    assert answer is not None
    assert answer.status == 404
    await expect(page.get_by_role("heading")).to_have_text("Такого платежа нет")


async def test_language_is_switched_and_kept(page: Page, shop: Shop) -> None:
    await opened(page, shop)
    await page.get_by_role("link", name="English").click()
    await page.get_by_label("2200 0000 0000 0004").check()
    await page.get_by_role("button", name="Pay ₽990.00").click()
    await expect(page.get_by_role("heading")).to_have_text("Code from the text message")
    assert await page.locator("html").get_attribute("lang") == "en"


async def test_markup_in_a_description_stays_text(page: Page, shop: Shop) -> None:
    await opened(page, shop, description="<b>WhatsApp</b> $sum & Co")
    await expect(page.get_by_role("heading")).to_have_text("<b>WhatsApp</b> $sum & Co")


async def test_nothing_sticks_out_on_a_phone(page: Page, shop: Shop) -> None:
    await opened(page, shop, description="Неразрывноеназваниеуслуги" * 5)
    for path in ("", "/cabinet"):
        await page.goto(f"{shop.base}{path}" if path else page.url)
        assert await page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


async def test_whole_payment_by_keyboard(page: Page, shop: Shop) -> None:
    payment = await opened(page, shop)
    radio = page.get_by_role("radio").first
    for _ in range(4):
        await page.keyboard.press("Tab")
        if await radio.evaluate("element => element === document.activeElement"):
            break
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("textbox")).to_be_focused()
    await page.keyboard.type("1234")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/cabinet")
    assert (await shop.get(f"/v3/payments/{payment['id']}"))["payment_method"]["card"]["last4"] == "0004"


async def test_cabinet_refunds_sells_and_expires(page: Page, shop: Shop) -> None:
    paid = await shop.paid()
    pending = await shop.post("/v3/payments", order())
    await page.goto(f"{shop.base}/cabinet")
    await page.get_by_role("button", name="Просрочить").click()
    await page.get_by_label("Сумма возврата").fill("90,5")
    await page.get_by_role("button", name="Вернуть").click()
    await expect(page.get_by_role("alert")).to_be_visible()
    await page.get_by_label("Сумма возврата").fill("90")
    await page.get_by_role("button", name="Вернуть").click()
    await expect(page.get_by_text("Возвращено: 90,00 ₽")).to_be_visible()
    await page.get_by_role("button", name="Продать что-нибудь мимо бота").click()
    await expect(page.get_by_text("1 500,00 ₽")).to_be_visible()
    assert (await shop.get(f"/v3/payments/{paid['id']}"))["refunded_amount"]["value"] == "90.00"
    assert (await shop.get(f"/v3/payments/{pending['id']}"))["status"] == "canceled"
    foreign = (await shop.get("/v3/payments"))["items"][0]
    assert "reference" not in foreign["metadata"]
    assert "payment.canceled" in await shop.till.wait_for(4)
