"""Pay links and return pages, the way browsers, previews and strangers open them."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace

import pytest

from bot.domain.errors import CustomerError, NotYours, StorageUnavailable
from bot.domain.states import OrderState
from bot.listener.limits import Doubted, OneLine
from bot.listener.links import RENEWALS_A_MINUTE
from bot.services.links import LinkKind
from tests.listener.conftest import BANK, TOKEN, Door

ENGLISH = {"Accept-Language": "de-DE,en;q=0.8,ru;q=0.5"}


async def page(door: Door, path: str, headers: dict[str, str] | None = None) -> tuple[int, str]:
    async with door.http.get(path, headers=headers, allow_redirects=False) as answer:
        return answer.status, await answer.text()


async def test_live_link_leads_to_the_bank(door: Door) -> None:
    async with door.http.get(f"/pay/{TOKEN}", allow_redirects=False) as answer:
        assert (answer.status, answer.headers["Location"]) == (302, BANK)
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("kind", LinkKind)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_looking_begins_nothing(door: Door, kind: LinkKind, method: str) -> None:
    door.links.kind = kind
    for path in (f"/pay/{TOKEN}", f"/return/{TOKEN}", f"/return/{TOKEN}/state"):
        async with door.http.request(method, path, allow_redirects=False) as answer:
            assert answer.status in (200, 302)
    assert door.links.renewed == 0
    assert "result" not in door.links.asked[:1]


@pytest.mark.parametrize("kind", [LinkKind.EXPIRED, LinkKind.REFUSED])
async def test_link_that_is_over_offers_the_same_price_and_a_press_goes_on(
    door: Door, kind: LinkKind
) -> None:
    door.links.kind = kind
    status, text = await page(door, f"/pay/{TOKEN}")
    assert status == 200
    assert f'<form method="post" action="/pay/{TOKEN}"><button class="act">' in text
    assert "990\xa0₽" in text
    async with door.http.post(f"/pay/{TOKEN}", allow_redirects=False) as answer:
        assert (answer.status, answer.headers["Location"]) == (303, BANK)
    assert door.links.renewed == 1


async def test_result_proves_the_payment_and_leads_back_to_the_chat(door: Door) -> None:
    door.links.kind = LinkKind.PAID
    _, text = await page(door, f"/return/{TOKEN}")
    assert '<html lang="ru">' in text
    assert f'href="https://t.me/kassir_bot?start=paid_{TOKEN}"' in text
    for figure in (
        "990\xa0₽",
        "Мир *4444",
        "Транзакция",
        "RRN",
        "630012345678",
        "14\xa0декабря\xa02026, 14:05",
    ):
        assert figure in text
    assert "data-watch" not in text


async def test_result_names_nobody(door: Door) -> None:
    door.links.kind = LinkKind.PAID
    _, text = await page(door, f"/return/{TOKEN}")
    assert "WhatsApp …67" in text
    assert not any(secret in text for secret in ("Анна", "999", "<b>", "123-45"))


@pytest.mark.parametrize("kind", [LinkKind.LIVE, LinkKind.WAITING, LinkKind.REFUSED])
async def test_result_watches_until_it_is_final(door: Door, kind: LinkKind) -> None:
    door.links.kind = kind
    _, text = await page(door, f"/return/{TOKEN}")
    assert f'data-watch="/return/{TOKEN}/state" data-state="{kind.value}"' in text
    assert '<noscript><meta http-equiv="refresh"' in text
    door.links.kind = LinkKind.PAID
    async with door.http.get(f"/return/{TOKEN}/state") as answer:
        assert await answer.json() == {"state": "paid"}


async def test_refusal_says_why_and_what_to_do(door: Door) -> None:
    door.links.kind, door.links.language = LinkKind.REFUSED, "en"
    door.links.payment = replace(door.links.payment, refusal="no_funds")
    _, text = await page(door, f"/return/{TOKEN}")
    assert "there is not enough money on the card. Put money on the card or take another one." in text


@pytest.mark.parametrize(
    ("state", "words"), [(OrderState.FULFILLED, "Already paid"), (OrderState.REPLACED, "Nothing to pay here")]
)
async def test_link_of_a_closed_order_asks_for_no_money(door: Door, state: OrderState, words: str) -> None:
    door.links.kind, door.links.language = LinkKind.GONE, "en"
    door.links.order = replace(door.links.order, state=state)
    _, text = await page(door, f"/pay/{TOKEN}")
    assert words in text
    assert "<form" not in text


@pytest.mark.parametrize(
    "path", ["/pay/unknown", f"/pay/{'b2' * 20}", f"/return/{'b2' * 20}", "/pay/%00%ff", "/pay/A1"]
)
async def test_unknown_token_gets_a_kind_page(door: Door, path: str) -> None:
    status, text = await page(door, path, ENGLISH)
    assert status == 404
    assert "This link leads nowhere" in text
    assert 'href="https://t.me/kassir_bot"' in text


async def test_state_of_an_unknown_token_is_not_told(door: Door) -> None:
    async with door.http.get(f"/return/{'b2' * 20}/state") as answer:
        assert answer.status == 404


async def test_misspelt_token_costs_no_look_at_the_books(door: Door) -> None:
    await page(door, "/pay/" + "g" * 40)
    assert door.links.asked == []


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (CustomerError("payments_closed"), 409, "Payments are paused"),
        (StorageUnavailable("disk full"), 503, "We are in trouble just now"),
    ],
)
async def test_trouble_is_told_kindly(door: Door, error: Exception, status: int, words: str) -> None:
    door.links.error = error
    async with door.http.post(f"/pay/{TOKEN}", headers=ENGLISH) as answer:
        assert answer.status == status
        text = await answer.text()
    assert words in text
    assert "disk" not in text


async def test_pages_run_nothing_but_their_own_script(door: Door) -> None:
    door.links.kind = LinkKind.WAITING
    async with door.http.get(f"/return/{TOKEN}") as answer:
        policy = answer.headers["Content-Security-Policy"]
        text = await answer.text()
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert not re.search(r"<script>|style=|onclick", text)
    for address in re.findall(r'(?:src|href)="(/assets/[^"]+)"', text):
        async with door.http.get(address) as answer:
            assert answer.status == 200
            assert "immutable" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("name", ["page.html", "__init__.py", "..%2fpage.py", "words.py", "page.css%00"])
async def test_only_named_assets_are_served(door: Door, name: str) -> None:
    assert (await page(door, f"/assets/{name}"))[0] == 404


async def test_guesser_is_served_one_at_a_time_and_neighbours_still_get_through() -> None:
    line, running, most = OneLine(misses_per_minute=3, longest=5), 0, 0

    async def miss() -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.001)
        running -= 1
        raise NotYours

    async def hit() -> str:
        return "found"

    for _ in range(3):
        with pytest.raises(NotYours):
            await line.look("guesser", miss)
    most = 0
    outcomes = await asyncio.gather(*(line.look("guesser", miss) for _ in range(20)), return_exceptions=True)
    assert most == 1
    assert sum(isinstance(outcome, Doubted) for outcome in outcomes) == 15
    assert await line.look("guesser", hit) == "found"
    assert await line.look("somebody else", hit) == "found"


async def test_too_many_guesses_are_asked_to_wait(door: Door) -> None:
    gate = asyncio.Event()

    async def guess(number: int) -> int:
        async with door.http.get(f"/pay/{number:040x}", headers=ENGLISH) as answer:
            return answer.status

    gate.set()
    statuses = await asyncio.gather(*(guess(number) for number in range(90)))
    assert set(statuses) <= {404, 429}
    assert (await page(door, f"/return/{TOKEN}"))[0] == 200


async def test_a_link_that_is_hammered_has_to_wait(door: Door) -> None:
    statuses = []
    for _ in range(RENEWALS_A_MINUTE + 1):
        door.links.kind = LinkKind.REFUSED
        async with door.http.post(f"/pay/{TOKEN}", allow_redirects=False) as answer:
            statuses.append(answer.status)
    assert statuses == [303] * RENEWALS_A_MINUTE + [429]


async def test_page_of_a_phones_balance_points_to_the_message_and_not_to_itself(door: Door) -> None:
    door.links.payment = replace(door.links.payment, method="yookassa_mobile")
    _, text = await page(door, f"/return/{TOKEN}")
    assert "СМС" in text
    assert f'href="/pay/{TOKEN}"' not in text


async def test_link_of_a_code_shows_the_code_and_leads_to_no_bank(door: Door) -> None:
    door.links.code = "001234567890"
    status, text = await page(door, f"/pay/{TOKEN}")
    assert status == 200
    assert "001\xa0\xa0234\xa0\xa0567\xa0\xa0890" in text
    assert "990\xa0₽" in text
    assert "data-watch" in text
    assert BANK not in text
    door.links.kind = LinkKind.PAID
    _, text = await page(door, f"/pay/{TOKEN}")
    assert "890" not in text


@pytest.mark.parametrize("verb", ["GET", "POST"])
async def test_browser_that_proves_its_payment_is_led_to_its_page(door: Door, verb: str) -> None:
    async with door.http.request(verb, "/return/acme/success?proof=good", allow_redirects=False) as answer:
        assert (answer.status, answer.headers["Location"]) == (303, f"/return/{TOKEN}")


@pytest.mark.parametrize(
    "path", ["/return/acme/success", "/return/acme/fail?proof=good", "/return/other/fail"]
)
async def test_browser_that_proves_nothing_is_led_to_the_chat(door: Door, path: str) -> None:
    async with door.http.get(path, allow_redirects=False) as answer:
        assert (answer.status, answer.headers["Location"]) == (303, "https://t.me/kassir_bot")
    assert door.links.asked == []
