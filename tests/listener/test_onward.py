"""The page that posts a signed form to a payment company: what it lets out, and to whom."""

from __future__ import annotations

import re
from html import unescape

import pytest
from playwright.async_api import Request, Route

from bot.services.links import LinkKind
from tests.browser import PHONE, chromium
from tests.listener.conftest import BANK, TOKEN, Door

FORM = {
    "*scart": "",
    "wsb_total": "25.50",
    "wsb_store": 'Anna & "Sons" <b>',
    "wsb_invoice_item_name[0]": "Линия",
}
ANDROID = "Mozilla/5.0 (Linux; Android 14; Pixel 8) Chrome/130.0 Mobile Safari/537.36 Telegram-Android/11.4"


@pytest.fixture
def posting(door: Door) -> Door:
    door.links.form = FORM
    return door


async def opened(door: Door, **headers: str) -> tuple[str, str, str]:
    """The page, its content policy and its referrer policy."""
    async with door.http.get(f"/pay/{TOKEN}", headers=headers, allow_redirects=False) as answer:
        assert answer.status == 200
        return (
            await answer.text(),
            answer.headers["Content-Security-Policy"],
            answer.headers["Referrer-Policy"],
        )


async def test_form_is_posted_word_for_word_to_that_host_alone(posting: Door) -> None:
    text, policy, referrer = await opened(posting)
    assert f'<form method="post" action="{BANK}">' in text
    fields = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', text)
    assert {unescape(name): unescape(value) for name, value in fields} == FORM
    assert policy.endswith("form-action https://bank.example")
    assert "unsafe" not in policy
    assert referrer == "strict-origin"
    assert "25,50" not in text
    assert "990\xa0₽" in text


async def test_opening_it_begins_nothing(posting: Door) -> None:
    for method in ("GET", "HEAD"):
        async with posting.http.request(method, f"/pay/{TOKEN}", allow_redirects=False) as answer:
            assert answer.status == 200
    assert (posting.links.renewed, set(posting.links.asked)) == (0, {"open"})


async def test_page_that_is_over_posts_nothing(posting: Door) -> None:
    posting.links.kind = LinkKind.EXPIRED
    async with posting.http.get(f"/pay/{TOKEN}") as answer:
        text = await answer.text()
    assert BANK not in text
    async with posting.http.post(f"/pay/{TOKEN}", allow_redirects=False) as answer:
        assert f'action="{BANK}"' in await answer.text()
    assert posting.links.renewed == 1


async def test_result_page_never_posts_the_form(posting: Door) -> None:
    async with posting.http.get(f"/return/{TOKEN}") as answer:
        text = await answer.text()
        assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "wsb_total" not in text
    assert f'href="/pay/{TOKEN}"' in text


@pytest.mark.parametrize(("agent", "hidden"), [(ANDROID, False), ("Mozilla/5.0 Firefox/140.0", True)])
async def test_telegrams_own_window_is_told_how_to_leave(posting: Door, agent: str, hidden: bool) -> None:
    text, _, _ = await opened(posting, **{"User-Agent": agent})
    assert ('role="alert" hidden>Telegram открыл' in text) is hidden
    assert ('role="alert">Telegram открыл' in text) is not hidden
    assert ("откроется сама" in text) is hidden


@pytest.mark.parametrize("scripts", [True, False])
async def test_browser_is_sent_on_with_its_origin(posting: Door, scripts: bool) -> None:
    posts: list[Request] = []

    async def bank(route: Route) -> None:
        posts.append(route.request)
        await route.fulfill(body="the bank", content_type="text/html")

    async with chromium() as browser:
        tab = await browser.new_page(viewport=PHONE, java_script_enabled=scripts)
        await tab.route("https://bank.example/**", bank)
        await tab.goto(f"http://127.0.0.1:{posting.listener.port}/pay/{TOKEN}", wait_until="commit")
        if not scripts:
            await tab.get_by_role("button", name="Оплатить 990").click()
        await tab.wait_for_url("https://bank.example/**")
        assert [post.method for post in posts] == ["POST"]
        assert "wsb_total=25.50" in (posts[0].post_data or "")
        headers = await posts[0].all_headers()
        assert headers["referer"] == f"http://127.0.0.1:{posting.listener.port}/"


async def test_browser_inside_telegram_waits_for_the_reader(posting: Door) -> None:
    async with chromium() as browser:
        tab = await browser.new_page(viewport=PHONE)
        await tab.add_init_script("window.TelegramWebviewProxy = {}")
        await tab.route("https://bank.example/**", lambda route: route.fulfill(body="the bank"))
        await tab.goto(f"http://127.0.0.1:{posting.listener.port}/pay/{TOKEN}")
        assert await tab.get_by_role("alert").is_visible()
        assert not await tab.get_by_text("откроется сама").is_visible()
        await tab.get_by_role("button", name="Оплатить 990").click()
        await tab.wait_for_url("https://bank.example/**")
