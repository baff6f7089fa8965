"""The result page in a real browser, at a telephone's width: with its script, and without any."""

from __future__ import annotations

import pytest
from playwright.async_api import ConsoleMessage

from bot.listener.pages import page
from bot.services.links import LinkKind
from tests.browser import PHONE, chromium
from tests.listener.conftest import TOKEN, Door


@pytest.mark.parametrize("scripts", [True, False])
async def test_waiting_page_becomes_the_result_by_itself(
    door: Door, scripts: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page, "_SECONDS_WITHOUT_SCRIPT", 1)
    door.links.kind = LinkKind.WAITING
    said: list[str] = []

    def note(message: ConsoleMessage) -> None:
        said.append(message.text)

    async with chromium() as browser:
        tab = await browser.new_page(viewport=PHONE, java_script_enabled=scripts)
        tab.on("console", note)
        await tab.goto(f"http://127.0.0.1:{door.listener.port}/return/{TOKEN}")
        assert await tab.locator("main.wait h1").inner_text() == "Ждём ответа банка"
        door.links.kind = LinkKind.PAID
        await tab.locator("main.good").wait_for(timeout=30_000)
        assert await tab.get_by_role("heading").inner_text() == "Оплачено"
        back = tab.get_by_role("link", name="Вернуться в чат")
        assert await back.get_attribute("href") == f"https://t.me/kassir_bot?start=paid_{TOKEN}"
        box = await tab.locator("main").bounding_box()
        assert box is not None
        assert box["width"] <= PHONE["width"]
    assert said == []


async def test_paying_again_goes_on_to_another_site(door: Door) -> None:
    """The page's own policy must let the form's redirect through."""
    door.links.kind = LinkKind.EXPIRED
    async with chromium() as browser:
        tab = await browser.new_page(viewport=PHONE)
        await tab.route("https://bank.example/**", lambda route: route.fulfill(body="the bank"))
        await tab.goto(f"http://127.0.0.1:{door.listener.port}/pay/{TOKEN}")
        await tab.get_by_role("button", name="Оплатить 990").click()
        await tab.wait_for_url("https://bank.example/**")
    assert door.links.renewed == 1
