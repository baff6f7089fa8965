"""Every letter in every language: whole, escaped, and nothing in it is fetched from anywhere."""

from __future__ import annotations

import ast
import re
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from bot.domain.documents import Enclosure
from bot.domain.money import Money
from bot.i18n import LANGUAGES, speaking
from bot.letters import compose, kinds
from bot.letters.frame import one_line, write_out
from bot.letters.parts import Button, Copied, Facts, Large, Letter, Note, Words
from tests.notices.test_kinds import written

NASTY = '<script>alert(1)</script> «О"Нил & Ко» | #let x = 1\r\nBcc: eve@example.org'
ABOUT_AUTOPAY = {
    kind
    for kind in kinds()
    if kind.startswith(("autopay_", "arrears_", "suspension_", "card_")) or kind in ("runs_out", "date_moved")
}
FACTS: dict[str, Any] = {
    "stage": {"ru": "В работе", "en": "In work"},
    "stage_due": date(2026, 12, 14),
    "link": "https://draft.example/1",
    "question": "Which colours?\nAnd how many pages?",
    "terms": {"ru": "Принятый заказ не возвращается.", "en": "An accepted order is not refunded."},
    "invoice_id": 17,
    "payment_id": 5,
    "number": "2026-000123",
    "issued_on": date(2026, 11, 22),
    "valid_until": date(2026, 11, 29),
    "total": Money(150000, "RUB"),
    "amount": Money(99000, "RUB"),
    "prices": [Money(99000, "RUB"), Money(3300, "BYN")],
    "sums": [Money(99000, "RUB"), Money(3300, "BYN")],
    "count": 3,
    "purpose": "Оплата по счёту-оферте № 2026-000123 от 22.11.2026 г.",
    "payer": 'ООО "Ромашка"',
    "titles": ["WhatsApp +7 999", "Линия 5"],
    "url": "https://pay.example/documents/abc.pdf",
    "fiscal_url": "https://receipts.example/1",
    "month": "2026-11",
    "since": date(2026, 11, 1),
    "until": date(2026, 11, 30),
    "as_of": datetime(2026, 11, 22, 9, 0, tzinfo=UTC),
    "paid_at": datetime(2026, 11, 22, 9, 0, tzinfo=UTC),
    "method": "yookassa_card",
    "masked_card": "mir *4477",
    "merchant": "KANAL PLUS",
    "rrn": "123456789012",
    "approval_code": "A1B2C3",
    "code": "012345",
    "minutes": 15,
    "subject": {"payer_id": 3, "month": "2026-11"},
    "autopay_id": 9,
    "connector_id": "wa-1",
    "title": "WhatsApp +7 999",
    "months": 1,
    "days": 0,
    "card": "•••• 7173",
    "charge_on": date(2026, 12, 18),
    "charge_at": datetime(2026, 12, 18, 7, 40, tzinfo=UTC),
    "zone": "Asia/Vladivostok",
    "was": Money(100000, "RUB"),
    "old": Money(90000, "RUB"),
    "new": Money(99000, "RUB"),
    "next_try": datetime(2026, 12, 19, 7, 40, tzinfo=UTC),
    "tries": 1,
    "refusal": "no_funds",
    "reason": "retries_exhausted",
    "kept_until": date(2027, 1, 31),
    "starts_on": date(2026, 12, 20),
    "ends_on": date(2027, 1, 20),
    "expires_on": date(2026, 12, 31),
    "autopays": [{"title": "WhatsApp +7 999", "connector_id": "w"}],
    "lines": [
        {"title": "WhatsApp +7 999", "connector_id": "wa-1", "paid_until": date(2026, 12, 14), "days": 3}
    ],
    "invoices": [{"invoice_id": 17, "number": "2026-000123", "month": "2026-10", "amount": Money(1, "KGS")}],
}


def facts_of(kind: str) -> dict[str, Any]:
    months = {"since": "2026-10", "until": "2026-11"} if kind == "invoice_copy" else {}
    return FACTS | months


def every_word(payload: Any) -> Any:
    """The same facts with every word of strangers replaced by the worst one."""
    if isinstance(payload, dict):
        known = {"month", "since", "until", "method", "masked_card", "url", "fiscal_url", "subject", "zone"}
        return {key: value if key in known else every_word(value) for key, value in payload.items()}
    if isinstance(payload, list):
        return [every_word(value) for value in payload]
    return NASTY if isinstance(payload, str) else payload


class Page(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.links: list[str] = []
        self.words = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.links += [value or "" for name, value in attrs if name in ("href", "src", "background")]

    def handle_data(self, data: str) -> None:
        self.words += data


def test_every_letter_that_services_write_has_a_writer() -> None:
    assert written("to_email") <= kinds()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", sorted(kinds()))
def test_every_letter_reads_whole_in_every_language(kind: str, language: str) -> None:
    with speaking(language):
        done = write_out(compose(kind, facts_of(kind)), "Канал+")
    page = Page(done.html)
    assert f'<html lang="{language}">' in done.html
    assert done.subject in done.text
    assert done.subject in page.words
    assert not re.search(r"[{}$]|None|\bTrue\b", done.text)
    assert page.tags.isdisjoint({"img", "script", "link", "iframe", "form", "object"})
    assert all(link.startswith("https://") for link in page.links)
    assert "url(" not in done.html


@pytest.mark.parametrize("kind", sorted(kinds()))
def test_words_of_strangers_stay_words(kind: str) -> None:
    with speaking("ru"):
        done = write_out(compose(kind, every_word(facts_of(kind))), NASTY)
    assert "script" not in Page(done.html).tags
    assert "\n" not in done.subject
    assert "\r" not in done.text + done.html


@pytest.mark.parametrize("kind", sorted(kinds()))
def test_a_letter_lacks_what_nobody_knows(kind: str) -> None:
    """Providers do not all tell cards and numbers: a name without a value is not written."""
    needed = {
        "invoice_id", "payment_id", "amount", "month", "code", "minutes", "subject", "invoices", "since",
    }  # fmt: skip
    optional = {"was", "new", "next_try", "refusal", "autopays", "card", "zone"}
    if kind in ABOUT_AUTOPAY:
        needed = set(FACTS) - optional
    if kind.startswith(("form_", "order_stage")):
        needed |= {"titles"}
    with speaking("ru"):
        done = write_out(compose(kind, {key: facts_of(kind)[key] for key in needed}), "Канал+")
    assert not re.search(r"^[^\n:]{1,40}: *$", done.text, re.MULTILINE)


def test_a_receipt_of_the_balance_speaks_of_no_bank() -> None:
    facts = {name: value for name, value in FACTS.items() if name not in ("payment_id", "merchant")}
    with speaking("en"):
        letter = compose("receipt", facts | {"order_id": 9, "method": "balance"})
        text = write_out(letter, "Seller").text
    assert letter.enclosures == (Enclosure("receipt", {"order_id": 9}),)
    assert "Paid from your balance." in text and "bank statement" not in text


def test_files_are_named_and_not_made() -> None:
    letter = compose("invoice", FACTS)
    assert letter.enclosures == (Enclosure("invoice", {"invoice_id": 17}),)
    assert [each.kind for each in compose("usage", FACTS).enclosures] == ["usage", "usage_csv"]
    assert [each.kind for each in compose("invoice_copy", facts_of("invoice_copy")).enclosures] == ["invoice"]


def test_the_purpose_stands_alone_to_be_copied() -> None:
    with speaking("ru"):
        done = write_out(compose("invoice", FACTS), "Канал+")
    assert f"\n{FACTS['purpose']}\n" in done.text
    assert f">{FACTS['purpose']}</p>" in done.html


def test_each_part_is_written_in_both_ways() -> None:
    letter = Letter(
        "Subject",
        (
            Words("first\nsecond"),
            Large("990 ₽"),
            Facts((("Name", "value"), ("Empty", ""))),
            Copied("Purpose", "to copy"),
            Button("Open", "https://pay.example/?a=1&b=2"),
            Button("Bad", "javascript:alert(1)"),
            Note("small"),
        ),
    )
    with speaking("en"):
        done = write_out(letter, "Seller")
    page = Page(done.html)
    assert page.links == ["https://pay.example/?a=1&b=2"]
    assert "Empty" not in done.text + done.html
    for words in ("first", "990 ₽", "value", "to copy", "Open", "small", "Seller"):
        assert words in done.text
        assert words in page.words


@pytest.mark.parametrize(
    ("text", "line"),
    [("a\r\nBcc: b", "a Bcc: b"), ("a\u2028b\x00c", "a b c"), ("a\u202eb", "a b"), ("  Счёт  1 ", "Счёт 1")],
)
def test_a_subject_is_one_line(text: str, line: str) -> None:
    assert one_line(text) == line


def test_no_writer_builds_markup_itself() -> None:
    """HTML is the frame's alone."""
    for path in Path("bot/letters").glob("*.py"):
        if path.name != "frame.py":
            strings = [
                node.value for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Constant)
            ]
            assert not [text for text in strings if isinstance(text, str) and "</" in text], path


def test_a_paper_of_300_lines_makes_no_letter_of_them() -> None:
    with speaking("en"):
        done = write_out(compose("invoice", FACTS | {"titles": [f"Line {n}" for n in range(300)]}), "Shop")
    assert "Line 9, …" in done.text
    assert "Line 10" not in done.text
