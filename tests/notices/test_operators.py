"""What the group reads: who, what, how much; in whole sentences, whatever strangers call themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from aiogram.types import InlineKeyboardMarkup

import bot.notices  # noqa: F401 (registers every writer)
from bot.config.settings import Topics
from bot.domain.money import Money
from bot.domain.notices import DIED, DIGEST
from bot.domain.talk import Attached
from bot.domain.to_do import Duty
from bot.i18n import speaking
from bot.notices.registry import Rendered, kinds, render
from tests.notices.refund_facts import REFUNDS

ROUBLES = Money(99000, "RUB")
AT = datetime(2026, 11, 14, 9, 5, tzinfo=UTC)
FACTS: dict[str, Any] = {
    "card": 7,
    "customer_id": 1001,
    "name": "Anna",
    "payment_id": 12,
    "order_id": 3,
    "event_id": 5,
    "provider": "yookassa",
    "method": "yookassa",
    "amount": ROUBLES,
    "missing": Money(100, "RUB"),
    "balance": ROUBLES,
    "number": "2d-000f",
    "masked_card": "•4242",
    "titles": ["WhatsApp +7 999"],
    "lines": [{"title": "WhatsApp +7 999", "months": 3, "paid_until": date(2026, 12, 14)}],
    "order_state": "cancelled",
    "refusal": "no_funds",
    "code": "insufficient_funds",
    "day": date(2026, 11, 14),
    "last4": "4242",
    "photo": "",
    "candidates": [{"event_id": 5, "amount": ROUBLES, "seen_at": AT, "masked_card": "•4242"}],
    "text": "Where is my line?\nIt was there yesterday.",
    "words": "WhatsApp of Anna",
    "phone": "+79990000001",
    "title": "Line 5",
    "connector_id": "line-5",
    "since": AT,
    "notice_kind": "paid",
    "webhook_kind": "connector.extended",
    "error": "Bad Request: chat not found",
    "payer": "ООО «Ромашка»",
    "again": "question",
    "about_card": 7,
}
TOLD = {"txn_id": "77", "account": "001234567890", "amount": ROUBLES}
AUTOPAY: dict[str, Any] = {
    "autopay_id": 9,
    "title": "WhatsApp +7 999",
    "connector_id": "wa-1",
    "card": "•••• 7173",
}
SUSPENSION: dict[str, Any] = {
    "title": "WhatsApp +7 999",
    "starts_on": date(2026, 12, 20),
    "ends_on": date(2027, 1, 20),
    "lines": [],
}
FORM: dict[str, Any] = {
    "form_id": 3,
    "tariff": {"ru": "Приложение", "en": "An app"},
    "months": 12,
    "prices": [Money(59000, "BYN")],
    "told": [
        {"title": {"ru": "Сайт", "en": "Site"}, "kind": "link", "value": "https://a.example", "files": 0},
        {"title": {"ru": "Когда", "en": "When"}, "kind": "date", "value": "2026-12-14", "files": 0},
        {"title": {"ru": "Лого", "en": "Logo"}, "kind": "photo", "value": "", "files": 2},
    ],
    "long": True,
    "until": AT,
    "question": "Which colours?",
    "asked": [{"question": "How many pages?", "answer": "Five", "files": 1}],
    "under": 7,
}
TAKINGS: dict[str, Any] = {
    "first": date(2026, 11, 16),
    "last": date(2026, 11, 22),
    "totals": [{"came": ROUBLES, "back": Money(100, "RUB"), "movements": 14}],
    "earlier": [ROUBLES],
    "declined": 3,
    "expected": [ROUBLES],
    "owed": [Money(100, "RUB")],
    "unpaid": [ROUBLES],
    "waiting": [
        {"duty": duty.value, "count": 3, "oldest": AT, "overdue": 1 if duty is Duty.TALK else 0}
        for duty in Duty
    ],
}
WORK: dict[str, Any] = {
    "form_id": 3,
    "tariff": {"ru": "Приложение", "en": "An app"},
    "months": 12,
    "price": Money(59000, "BYN"),
    "stages": [
        {"name": "working", "title": {"ru": "В работе", "en": "In work"}, "days": 14},
        {"name": "testing", "title": {"ru": "Проверка", "en": "With you"}, "days": 5},
        {"name": "done", "title": {"ru": "Готово", "en": "Done"}, "days": 0},
    ],
    "stage": "working",
    "stage_due": date(2026, 12, 14),
    "draft": {"due": date(2026, 12, 20), "words": "Look at it", "url": "https://a.example", "file": {}},
    "undoable": {"stage": "working", "before": "", "due": None, "who": 2004},
    "gone": [{"amount": Money(100, "BYN"), "by_us": True}],
    "over": False,
    "late_since": date(2026, 12, 14),
}
OWN: dict[str, dict[str, Any]] = {
    "order_work": WORK,
    "order_work_refunded": {"under": 7, "by_us": False, "whole": False},
    "takings": TAKINGS,
    "takings_table": TAKINGS,
    "summary": TAKINGS,
    **REFUNDS,
    "review": FORM,
    "review_text": FORM,
    "review_files": {"under": 7, "album": [{"file_id": "p-1", "kind": "photo", "caption": ""}]},
    "review_reply": {"under": 7, "files": 2},
    "review_withdrawn": {"under": 7},
    "statement_lines": {
        "total": 3,
        "place": 2,
        "before": 4,
        "after": 6,
        "line": 5,
        "state": "waiting",
        "booked_on": date(2026, 11, 18),
        "payer_name": "ООО «Ромашка»",
        "payer_tax_number": "7707083893",
        "purpose": "Оплата по счёту INV-2026-000123",
        "why": "part",
        "invoice": {
            "id": 1,
            "number": "INV-2026-000123",
            "total": ROUBLES,
            "buyer": "ООО «Ромашка»",
            "payer_id": 2,
            "open": True,
        },
    },
    "customer_move": {"customer_id": 1001, "to_id": 1002, "old": "Анна", "new": "Боб", "reason": "утерян"},
    "money_second": {"act": "move", "giver": 1, "taker": 2, "reason": "не та фирма"},
    "caller_came": {"caller": "Вера"},
    "promise_second": {"number": "INV-2026-000123", "total": ROUBLES, "buyer": "ООО «Ромашка»"},
    "letter_refused": {"letter": "invoice", "address": "a***@example.org"},
    "invoice_by_hand": {
        "number": "INV-2026-000123",
        "month": "2026-10",
        "invoice_id": 17,
        "payer": "ООО «Ромашка»",
        "address": "101000, Москва",
    },
    "erasure_waits": {"balances": [ROUBLES], "payments": 1, "due_at": datetime(2026, 12, 22, tzinfo=UTC)},
    "statement_reversals": {"file": "camt.xml", "count": 2},
    "letters_given_up": {"count": 2},
    "autopay_report": {
        "currencies": [{"expected": ROUBLES, "charged": ROUBLES}],
        "failures": [{"refusal": "no_funds", "charges": 3}, {"refusal": "", "charges": 1}],
        "standing": [
            {"state": "active", "reason": "", "autopays": 12},
            {"state": "paused", "reason": "card_unlinked", "autopays": 2},
        ],
        "unknown": 1,
    },
    "billing_no_account": {"month": "2026-11", "currency": "BYN"},
    "billing_started": {"month": "2026-11"},
    "billing_formed": {"month": "2026-11", "count": 1200, "sums": [ROUBLES], "carried": 3},
    "payment_sent": {
        "number": "INV-2026-000123",
        "issued_on": date(2026, 11, 14),
        "tax_number": "7707083893",
        "file": {"file_id": "pdf-1", "is_picture": False, "name": "платёжка.pdf"},
        "files": 2,
        "bridge_days": 5,
        "card": 7,
    },
    "payment_order": {
        "number": "INV-2026-000123",
        "file": {"file_id": "photo-1", "is_picture": True, "name": ""},
        "place": 2,
        "of": 2,
    },
    "terminal_differs": {
        "network": "elsom",
        "txn_id": "77",
        "booked": ROUBLES,
        "booked_account": "001234567890",
        "told": Money(100, "RUB"),
        "told_account": "1",
    },
    "register_differs": {
        "network": "elsom",
        "since": date(2026, 11, 18),
        "until": date(2026, 11, 18),
        "matched": 12,
        "booked": 0,
        "missing": 1,
        "only_register": [TOLD],
        "extra": 1,
        "only_ours": [TOLD],
        "different": 2,
        "differ": [
            {**TOLD, "booked": Money(100, "RUB"), "booked_account": "1"},
            {**TOLD, "booked": None, "booked_account": ""},
        ],
        "adds_up": False,
        "unread": [3],
        "twice": ["78"],
    },
    "autopay_connected": {**AUTOPAY, "months": 1, "days": 0},
    "autopay_failed": {**AUTOPAY, "next_try": datetime(2026, 12, 19, 7, 40, tzinfo=UTC)},
    "autopay_paused": {**AUTOPAY, "reason": "retries_exhausted"},
    "autopay_ended": {**AUTOPAY, "reason": "customer"},
    "suspension_planned": SUSPENSION,
    "suspension_started": SUSPENSION | {"title": ""},
    "suspension_ended": SUSPENSION,
    "charging_refused": {"why": "403 recurring payments are off"},
}
"""Facts that these kinds alone have, or mean otherwise."""
DIGESTED = {
    "lines": [{"kind": kind, "count": 14, "sums": [ROUBLES]} for kind in sorted(kinds(to_operators=True))]
}


@pytest.fixture(params=["ru", "en", "be", "ky"])
def language(request: pytest.FixtureRequest) -> Iterator[str]:
    with speaking(request.param):
        yield request.param


def written(kind: str, **changed: Any) -> Rendered:
    facts = DIGESTED if kind == DIGEST else {**FACTS, **OWN.get(kind, {}), **changed}
    return render(kind, facts, to_operators=True)


def labels(rendered: Rendered) -> list[str]:
    assert isinstance(rendered.keyboard, InlineKeyboardMarkup)
    return [button.text for row in rendered.keyboard.inline_keyboard for button in row]


@pytest.mark.parametrize("kind", sorted(kinds(to_operators=True)))
def test_every_kind_reads_well_in_every_language(kind: str, language: str) -> None:
    rendered = written(kind)
    assert rendered.text and "{" not in rendered.text and "None" not in rendered.text
    if language == "ru":
        told = rendered.text.replace(FACTS["text"].splitlines()[1], "").replace("chat not found", "")
        assert " the " not in told and " was " not in told, told


def test_every_kind_goes_to_a_topic_that_can_be_set() -> None:
    assert {written(kind).topic for kind in kinds(to_operators=True)} <= set(Topics.model_fields)


def test_new_money_names_who_what_and_how_much() -> None:
    with speaking("ru"):
        text = written("paid_new").text
    for fact in ("990\N{NO-BREAK SPACE}₽", "Anna", "1001", "WhatsApp +7 999", "3 месяца", "•4242", "2d-000f"):
        assert fact in text
    assert "14\N{NO-BREAK SPACE}декабря" in text


def test_what_the_balance_paid_names_no_provider() -> None:
    with speaking("ru"):
        text = written(
            "paid_new", payment_id=None, provider=None, method=None, number="", masked_card=""
        ).text
    assert "с баланса" in text
    assert "YooKassa" not in text and "None" not in text


def test_a_card_offers_what_can_be_done() -> None:
    with speaking("ru"):
        assert labels(written("complaint"))[0].startswith("Это он: 990")
        assert labels(written("complaint", candidates=[])) == ["Ответить", "Закрыть", "Беру", "👤 Клиент"]
        assert labels(written("find_connector"))[0] == "Привязать"
        assert labels(written("money_review"))[-2:] == ["Беру", "👤 Клиент"]
        assert len(labels(written("money_suspense", payment_id=None, customer_id=None))) == 2


@pytest.mark.parametrize("name", ["<b>Anna</b>", "Анна\u202egnp", "A" * 4096, "\N{WOMAN}" * 4000, "", "\n\n"])
def test_no_name_breaks_a_notice(name: str) -> None:
    for kind in kinds(to_operators=True) - {DIGEST}:
        text = written(kind, name=name, title=name, titles=[name] * 50, text=name, words=name).text
        assert len(text.encode("utf-16-le")) // 2 <= 4096
        assert "\u202e" not in text


def test_a_screenshot_leaves_room_under_the_caption_for_who_did_what() -> None:
    rendered = written("question", photo="file-1", text="word " * 400)
    assert rendered.attached == Attached("photo", "file-1")
    assert len(rendered.text) <= 1024 - 100


def test_a_digest_has_a_line_for_each_kind() -> None:
    with speaking("ru"):
        text = written(DIGEST).text
    assert "14 оплат, 990" in text
    assert len(text.splitlines()) == 1 + len(kinds(to_operators=True))


def test_what_may_be_folded_into_a_digest_has_words_for_many() -> None:
    folded: set[str] = set()
    for path in Path("bot").rglob("*.py"):
        source = path.read_text(encoding="utf-8")
        folded |= set(re.findall(r'to_operators\(\s*"(\w+)",\s*informs=True', source))
    assert {"paid_new", "topped_up", "connector_added"} <= folded
    with speaking("en"):
        text = written(DIGEST).text
    assert [kind for kind in sorted(folded) if f"\n{kind}: " in text] == []


def test_a_register_of_one_day_names_it_once() -> None:
    with speaking("ru"):
        one, two = written("register_differs"), written("register_differs", until=date(2026, 11, 20))
        none = written("register_differs", since=None, until=None)
    assert "за 18 ноября 2026 расходится" in one.text.replace("\N{NO-BREAK SPACE}", " ")
    assert "за 18 ноября 2026 – 20 ноября 2026 расходится" in two.text.replace("\N{NO-BREAK SPACE}", " ")
    assert "за … расходится" in none.text


def test_a_dead_notice_names_its_customer() -> None:
    with speaking("en"):
        assert "Anna, id 1001" in written(DIED).text
        assert "Customer" not in written(DIED, customer_id=0, name="").text
        assert "Anna, without Telegram" in written(DIED, customer_id=-7).text, "a caller"
