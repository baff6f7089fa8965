"""How customers are told about their money, in every language and with every fact a service gives."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from aiogram.types import InlineKeyboardMarkup

import bot.notices  # noqa: F401 (registers every writer)
from bot.domain.money import Money
from bot.domain.texts import Text
from bot.i18n import LANGUAGES, networks, speaking
from bot.notices.registry import Rendered, kinds, render

NBSP = "\N{NO-BREAK SPACE}"

FACTS: dict[str, Any] = {
    "trouble": "silent",
    "topic": "money",
    "stage": {"ru": "В работе", "en": "In work"},
    "stage_due": date(2026, 12, 14),
    "link": "https://draft.example/1",
    "question": "Which colours?\nAnd how many pages?",
    "terms": {"ru": "Принятый заказ не возвращается.", "en": "An accepted order is not refunded."},
    "form_id": 3,
    "prices": [Money(59000, "BYN")],
    "pay_until": datetime(2026, 12, 18, 7, 40, tzinfo=UTC),
    "letter": "invoice",
    "address": "a***@example.org",
    "payment_id": 17,
    "order_id": 5,
    "provider": "yookassa",
    "method": "yookassa",
    "amount": Money(99000, "RUB"),
    "missing": Money(5050, "RUB"),
    "balance": Money(-100, "RUB"),
    "number": "2d4d8203-000f",
    "masked_card": "220220******4444",
    "message_id": 55,
    "titles": ["WhatsApp <b>+7</b>", "\u202eLine"],
    "lines": [
        {
            "title": "WhatsApp +7 999",
            "months": 3,
            "paid_until": date(2026, 12, 14),
            "connector_id": "wa-1",
            "days": 3,
            "before": date(2027, 1, 14),
            "after": date(2026, 12, 14),
        }
    ],
    "request_id": 4,
    "service": "shorten",
    "destination": "source",
    "account": "",
    "proposed_by": 2002,
    "asked_by": 1001,
    "promo": "WINTER",
    "alone": True,
    "card": "•••• 7173",
    "expires_on": date(2026, 12, 31),
    "autopays": [{"title": "WhatsApp +7 999", "connector_id": "wa-1"}],
    "autopay_id": 9,
    "connector_id": "wa-1",
    "months": 1,
    "days": 0,
    "charge_on": date(2026, 12, 18),
    "charge_at": datetime(2026, 12, 18, 7, 40, tzinfo=UTC),
    "zone": "Asia/Vladivostok",
    "was": Money(100000, "RUB"),
    "old": Money(90000, "RUB"),
    "new": Money(99000, "RUB"),
    "next_try": datetime(2026, 12, 19, 7, 40, tzinfo=UTC),
    "tries": 1,
    "reason": "retries_exhausted",
    "since": date(2026, 12, 18),
    "until": date(2026, 12, 21),
    "kept_until": date(2027, 1, 31),
    "suspension_id": 4,
    "starts_on": date(2026, 12, 20),
    "ends_on": date(2027, 1, 20),
    "autopay": {"months": 1, "days": 0, "amount": Money(99000, "RUB"), "card": "•••• 7173", "title": "W"},
    "autopay_new": True,
    "card_saved": True,
    "title": "WhatsApp +7 999",
    "refusal": "no_funds",
    "text": "Добрый день! <3",
    "order_state": "cancelled",
    "invoice_id": 3,
    "month": "2026-11",
    "issued_on": date(2026, 11, 18),
    "valid_until": date(2026, 11, 23),
    "purpose": "Оплата по счёту-оферте № INV-2026-000123 от 18.11.2026 г. <b>",
    "payer": 'ООО "Ромашка" | Север',
    "url": "https://pay.example/documents/0.pdf",
    "files": [{"kind": "receipt", "subject": {"payment_id": 17}}],
}


def told(kind: str, language: str = "ru", **facts: Any) -> Rendered:
    with speaking(language):
        return render(kind, FACTS | facts, to_operators=False)


def test_success_tells_sum_card_number_and_the_new_date() -> None:
    text = told("paid").text.replace(NBSP, " ")
    for words in ("990 ₽", "220220******4444", "2d4d8203-000f", "WhatsApp +7 999", "14 декабря 2026"):
        assert words in text


def test_success_takes_the_link_away() -> None:
    assert told("paid").replaces == 55
    assert told("paid", message_id=None).replaces == 0
    assert told("refused").replaces == 0, "a refused payment's link makes a new attempt"


def test_success_needs_no_card_and_no_lines() -> None:
    text = told("paid", masked_card="", number="", lines=None).text
    assert text.startswith("✅")


def test_what_the_balance_paid_has_no_payment_of_its_own() -> None:
    own: dict[str, Any] = {
        "payment_id": None,
        "provider": None,
        "method": None,
        "number": "",
        "masked_card": "",
    }
    assert told("paid", message_id=None, **own).text.startswith("✅ Оплачено с баланса: 990")
    free = told("paid", message_id=None, **own | {"amount": Money(0, "RUB")}).text
    assert free.startswith("✅ Готово")
    assert "0" not in free.splitlines()[0]


@pytest.mark.parametrize("kind", ["short", "on_balance", "refused"])
def test_where_there_is_no_payment_there_is_none_to_complain_about(kind: str) -> None:
    keyboard = told(kind, payment_id=None).keyboard
    assert isinstance(keyboard, InlineKeyboardMarkup)
    data = [button.callback_data or "" for row in keyboard.inline_keyboard for button in row]
    assert not any(each.startswith("paidbut") for each in data)


def test_money_on_the_balance_can_be_used_with_one_tap() -> None:
    usable = [{"order_id": 5, "titles": ["WhatsApp +7 999"], "price": Money(99000, "RUB")}]
    for kind in ("topped_up", "on_balance"):
        keyboard = told(kind, usable=usable, balance=Money(99000, "RUB")).keyboard
        assert isinstance(keyboard, InlineKeyboardMarkup)
        first = keyboard.inline_keyboard[0][0]
        assert first.text.replace(NBSP, " ") == "990 ₽ с баланса: WhatsApp +7 999"
        assert first.callback_data == "settle:5:RUB:1"


def test_success_tells_what_is_left_on_the_balance() -> None:
    assert "Осталось на балансе: 10" in told("paid", rest=Money(1000, "RUB")).text
    assert "балансе" not in told("paid", rest=Money(0, "RUB")).text


def test_a_refund_by_hand_comes_by_a_transfer_and_says_the_new_dates() -> None:
    by_hand = told("refunded", destination="by_hand").text.replace(NBSP, " ")
    assert "переводом" in by_hand and "14 декабря 2026" in by_hand and "WINTER" in by_hand
    assert "откуда" in told("refunded").text


def test_a_reason_nobody_knows_is_no_crash() -> None:
    assert "не назвала причину" in told("refused", refusal="something_new").text


def test_a_refused_payment_is_tried_again_for_the_same_order() -> None:
    keyboard = told("refused").keyboard
    assert isinstance(keyboard, InlineKeyboardMarkup)
    again = keyboard.inline_keyboard[0][0]
    assert (again.text.replace(NBSP, " "), again.callback_data) == ("Оплатить 990 ₽", "rest:5:1")
    assert keyboard.inline_keyboard[-1][-1].text == "Меню", "no dead end"


def test_a_card_is_named_in_the_words_of_the_reader() -> None:
    assert "Карта: Мир *4444" in told("paid", masked_card="Mir *4444").text
    assert "Card: Mir *4444" in told("paid", "en", masked_card="Mir *4444").text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", sorted(kinds(to_operators=False)))
def test_every_notice_reads_in_every_language_and_leads_on(kind: str, language: str) -> None:
    rendered = told(kind, language)
    assert rendered.text
    assert "{" not in rendered.text
    assert "\u202e" not in rendered.text
    assert isinstance(rendered.keyboard, InlineKeyboardMarkup)
    buttons = [button for row in rendered.keyboard.inline_keyboard for button in row]
    data = [each.callback_data or "" for each in buttons if each.url is None and each.copy_text is None]
    assert data
    assert all(each.endswith(":1") for each in data), "a notice stays as it is when its buttons are tapped"


def test_money_by_code_tells_which_network_took_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(networks._Known, "titles", {"elsom": Text({"ru": "Кошелёк Elsom"})})
    assert "Принял: Кошелёк Elsom" in told("paid", provider="elsom", method="terminal").text
    assert "Принял" not in told("paid", provider="yookassa").text
