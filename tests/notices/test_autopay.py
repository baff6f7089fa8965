"""What customers read of an autopay: the sum, the day by whose clock, the card, and the way to stop it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from aiogram.types import InlineKeyboardMarkup

from bot.domain.autopays import NEEDS_NEW_TAP, AutopayReason
from bot.domain.money import Money
from bot.domain.refusals import Refusal
from bot.i18n import speaking
from bot.letters import compose
from bot.letters.chat import set_chat_link
from bot.letters.frame import write_out
from bot.letters.parts import Button
from bot.notices.registry import Rendered, render
from tests.notices.test_customers import FACTS, NBSP

ZONE: dict[str, Any] = {"zone": "Asia/Vladivostok"}


@pytest.fixture(autouse=True)
def december() -> Any:
    with time_machine.travel(datetime(2026, 12, 15, 9, 0, tzinfo=UTC), tick=False):
        yield


def told(kind: str, language: str = "ru", **facts: Any) -> Rendered:
    with speaking(language):
        return render(kind, FACTS | facts, to_operators=False)


def buttons(rendered: Rendered) -> dict[str, str]:
    assert isinstance(rendered.keyboard, InlineKeyboardMarkup)
    rows = rendered.keyboard.inline_keyboard
    return {button.text.replace(NBSP, " "): button.callback_data or "" for row in rows for button in row}


def test_an_announcement_names_sum_day_clock_and_card() -> None:
    notice = told("autopay_announced", was=None, **ZONE)
    text = notice.text.replace(NBSP, " ")
    for words in ("18 декабря", "17:40", "Владивосток", "990 ₽", "•••• 7173", "WhatsApp +7 999"):
        assert words in text
    assert {"autopay:9:1", "apdelete:9:1", "go:mycards:1"} <= set(buttons(notice).values())


def test_without_a_zone_of_his_own_the_sellers_is_named() -> None:
    text = told("autopay_announced", zone="").text.replace(NBSP, " ")
    assert "10:40" in text and "Москва" in text


def test_a_lower_sum_is_said_to_be_lower() -> None:
    assert "Вы согласились на 1" in told("autopay_announced").text
    assert "Вы согласились" not in told("autopay_announced", was=None).text


def test_a_new_price_is_agreed_to_or_stopped() -> None:
    notice = told("autopay_price_changed")
    assert {"apprice:9:1", "apdelete:9:1"} <= set(buttons(notice).values())
    assert "apprice:9:1" not in buttons(told("autopay_price_changed", new=None)).values()


@pytest.mark.parametrize("refusal", list(Refusal))
def test_a_declined_charge_tells_why_and_what_comes_next(refusal: Refusal) -> None:
    notice = told("autopay_failed", refusal=refusal.value, order_id=5)
    text = notice.text.replace(NBSP, " ")
    assert "19 декабря" in text and "1 из 4" in text
    assert buttons(notice)["Заплатить иначе"] == "rest:5:1"


def test_another_way_to_pay_leads_to_the_same_thing() -> None:
    without = told("autopay_failed", order_id=0)
    assert any(data.startswith("renew:") for data in buttons(without).values())
    account = told("autopay_failed", order_id=0, connector_id="")
    assert buttons(account)["Заплатить иначе"] == "go:topup:1"


@pytest.mark.parametrize("reason", list(AutopayReason))
def test_every_reason_is_told_and_what_starts_it_again(reason: AutopayReason) -> None:
    text = told("autopay_paused", reason=reason.value, refusal="").text
    assert ("пока вы не включите его снова" in text) is (reason in NEEDS_NEW_TAP)
    assert told("autopay_ended", reason=reason.value).text


def test_success_offers_autopay_or_the_way_to_stop_it() -> None:
    plain: dict[str, Any] = {"autopay_id": None, "autopay_new": False, "autopay": None, "card_saved": False}
    assert "apafter:17:1" not in buttons(told("paid", **plain)).values()
    assert "apafter:17:1" in buttons(told("paid", autopay_offered=True, **plain)).values()
    charged = told("paid", **plain | {"autopay_id": 9, "autopay_stands": True})
    assert "apdelete:9:1" in buttons(charged).values()
    gone = told("paid", **plain | {"autopay_id": 9, "autopay_stands": False})
    assert "apdelete:9:1" not in buttons(gone).values()
    assert "CVC" in told("paid", **plain | {"card_saved": True}).text


def test_money_that_was_not_needed_goes_back_or_stays() -> None:
    assert {"apback:17:0:1", "apback:17:1:1"} <= set(buttons(told("autopay_unneeded")).values())


def test_a_letter_says_the_same_and_leads_into_the_chat(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.letters.chat._Chat.link", None)
    set_chat_link(lambda start: f"https://t.me/kassir?start={start}" if start else "https://t.me/kassir")
    with speaking("ru"):
        letter = compose("autopay_announced", FACTS | ZONE | {"amount": Money(99000, "RUB")})
        text = write_out(letter, "Канал+").text.replace(NBSP, " ")
    assert "18 декабря" in text and "•••• 7173" in text and "/autopay" in text
    assert Button("Открыть чат", "https://t.me/kassir") in letter.parts
