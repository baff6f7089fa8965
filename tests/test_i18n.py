"""Words, money and dates in four languages."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.domain.errors import CustomerError
from bot.domain.money import EXPONENTS, Money
from bot.domain.refusals import Refusal
from bot.domain.texts import Text
from bot.i18n import (
    LANGUAGES,
    _,
    catalogues,
    day,
    fit,
    language_of,
    moment,
    money,
    months,
    refusal_sentence,
    said,
    sentence_for,
    shown,
    speaking,
)
from bot.i18n.figures import SYMBOLS


@pytest.mark.parametrize(
    ("code", "amount", "written"),
    [
        ("ru", Money(99000, "RUB"), "990 ₽"),
        ("ru", Money(2130050, "RUB"), "21 300,50 ₽"),
        ("en", Money(2130050, "RUB"), "21,300.50 ₽"),
        ("ru", Money(1650, "BYN"), "16,50 Br"),
        ("ky", Money(48000, "KGS"), "480 сом"),
        ("ru", Money(500, "KZT"), "5 ₸"),
        ("ru", Money(250, "XTR"), "250 ★"),
        ("ru", Money(-99000, "RUB"), "−990 ₽"),
    ],
)
def test_money_has_our_symbols_and_no_empty_kopecks(code: str, amount: Money, written: str) -> None:
    with speaking(code):
        told = money(amount)
    assert told.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ") == written
    assert " " not in told, "an amount never breaks across lines"


def test_every_currency_has_a_symbol() -> None:
    assert SYMBOLS.keys() == EXPONENTS.keys()


@pytest.mark.parametrize(
    ("code", "count", "written"),
    [
        ("ru", 1, "1 месяц"),
        ("ru", 3, "3 месяца"),
        ("ru", 12, "12 месяцев"),
        ("ru", 21, "21 месяц"),
        ("en", 1, "1 month"),
        ("en", 12, "12 months"),
        ("be", 3, "3 месяцы"),
        ("ky", 3, "3 ай"),
    ],
)
def test_months_are_counted_as_people_count(code: str, count: int, written: str) -> None:
    with speaking(code):
        assert months(count) == written


def test_dates_are_told_by_the_sellers_clock() -> None:
    with speaking("ru"):
        assert day(date(2026, 12, 14)).replace("\N{NO-BREAK SPACE}", " ") == "14 декабря 2026"
        late = moment(datetime(2026, 12, 13, 22, 5, tzinfo=UTC))
    assert late.replace("\N{NO-BREAK SPACE}", " ") == "14 декабря 2026, 01:05"


@pytest.fixture
def russian_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Catalogues in which only Russian has a text."""
    for code in LANGUAGES:
        folder = tmp_path / code / "LC_MESSAGES"
        folder.mkdir(parents=True)
        text = "Сохранено." if code == "ru" else ""
        (folder / "bot.po").write_text(f'msgid "Saved."\nmsgstr "{text}"\n', encoding="utf-8")
    monkeypatch.setattr(catalogues, "FOLDER", tmp_path)
    forget_catalogues()
    yield
    forget_catalogues()


def forget_catalogues() -> None:
    catalogues._texts.cache_clear()
    catalogues._written_in.cache_clear()


@pytest.mark.usefixtures("russian_alone")
@pytest.mark.parametrize(("code", "told"), [("be", "Сохранено."), ("ky", "Сохранено."), ("en", "Saved.")])
def test_what_kyrgyz_and_belarusian_lack_is_said_in_russian(code: str, told: str) -> None:
    with speaking(code):
        assert _("Saved.") == told
        assert _("A sentence that nobody wrote.") == "A sentence that nobody wrote."


def test_sellers_words_fall_back_as_ours_do() -> None:
    text = Text({"en": "offer", "ru": "оферта"})
    with speaking("ky"):
        assert said(text) == "оферта"
    with speaking("en"):
        assert said(text) == "offer"
        assert said(Text({"ru": "оферта"})) == "оферта"
        assert said(None) == ""


def test_languages_of_telegram_and_browsers_are_known_by_their_beginning() -> None:
    assert [language_of(code) for code in ("ru-RU", "en_US", "KY", "be")] == ["ru", "en", "ky", "be"]
    assert language_of("de") == language_of(None) == "ru"


def test_one_task_does_not_change_anothers_language() -> None:
    with speaking("en"):
        with speaking("ru"):
            assert _("Menu") == "Меню"
        assert _("Menu") == "Menu"


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_refusal_of_a_provider_has_words(code: str) -> None:
    with speaking(code):
        told = {refusal_sentence(reason) for reason in Refusal}
    assert len(told) == len(Refusal)


def test_sums_in_a_refusal_are_written_as_people_write_them() -> None:
    with speaking("ru"):
        told = sentence_for(CustomerError("sum_too_small", least=Money(1000, "RUB")))
    assert "10\N{NO-BREAK SPACE}₽" in told


def test_a_code_without_a_sentence_still_says_something() -> None:
    with speaking("en"):
        assert "did not work" in sentence_for(CustomerError("something_new"))
        assert "…" in sentence_for(CustomerError("tariff_gone")), "a blank nobody filled is no crash"


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("Anna", "Anna"),
        ("<b>Anna</b>", "<b>Anna</b>"),
        ("An\nna\t x", "An na x"),
        ("\u202egnp.exe\u202c", "gnp.exe"),
        ("👩‍👩‍👧", "👩‍👩‍👧"),
        ("ы" * 4096, "ы" * 63 + "…"),
    ],
)
def test_names_stay_in_their_line(name: str, told: str) -> None:
    assert shown(name) == told


def test_messages_fit_into_what_telegram_takes() -> None:
    for text in ("a" * 5000, "👍" * 4096):
        assert len(fit(text).encode("utf-16-le")) // 2 <= 4096
    assert fit("short") == "short"


def test_words_need_no_chat_library() -> None:
    """The web page speaks as well, and `python -m bot check` must start quickly."""
    code = "import sys, bot.i18n; sys.exit('aiogram' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
