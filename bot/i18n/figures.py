"""Money, dates and counts the way people write them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time
from babel.numbers import format_decimal

from bot.domain import periods
from bot.domain.money import EXPONENTS, STARS, Money
from bot.i18n.catalogues import language, ngettext

MINUS = "\N{MINUS SIGN}"
NO_BREAK = "\N{NO-BREAK SPACE}"

SYMBOLS = {"RUB": "₽", "BYN": "Br", "KGS": "сом", "KZT": "₸", "USD": "$", "EUR": "€", STARS: "★"}
"""Babel writes KGS and BYN as codes in Russian, so the table is ours."""


class _Wall:
    zone = ZoneInfo("Europe/Moscow")


def set_zone(zone: ZoneInfo) -> None:
    """The seller's wall clock, by which every time is told; said once, at start."""
    _Wall.zone = zone


def money(amount: Money) -> str:
    """«990 ₽», «16,50 Br»: no kopecks where there are none, and it never breaks across lines."""
    return _money(amount, language())


def money_of_all(prices: Iterable[Money]) -> str:
    """One price in several currencies: «450 ₽ / 16,50 Br»."""
    return " / ".join(money(price) for price in prices)


def exact(amount: Money) -> str:
    """«1 500,00»: with all its digits, for columns of papers whose headings name the currency."""
    return _digits(amount, EXPONENTS[amount.currency], language())


def exact_money(amount: Money) -> str:
    """«1 500,00 ₽»."""
    return f"{exact(amount)}{NO_BREAK}{SYMBOLS[amount.currency]}"


def day(on: date) -> str:
    """«14 декабря 2026»."""
    return _day(on, language())


def coming_day(on: date) -> str:
    """«2 декабря»: of the year ahead, so that nobody takes it for another year's."""
    near = timedelta() <= on - today() < timedelta(days=300)
    return _coming_day(on, language()) if near else day(on)


def short_day(on: date) -> str:
    """«14.12.26», for buttons; a moment is told by the seller's calendar."""
    local = on.astimezone(_Wall.zone) if isinstance(on, datetime) else on
    return f"{local:%d.%m.%y}"


def wall_zone() -> ZoneInfo:
    """The zone of the seller's clock."""
    return _Wall.zone


def today() -> date:
    """The date on the seller's wall calendar."""
    return periods.today(_Wall.zone)


def time_of_day(at: datetime) -> str:
    """«14:05» by the seller's clock."""
    return str(format_time(at, "HH:mm", tzinfo=_Wall.zone, locale=language()))


def moment(at: datetime) -> str:
    """«14 декабря 2026, 14:05» by the seller's clock."""
    return f"{day(at.astimezone(_Wall.zone).date())}, {time_of_day(at)}"


def wall_clock(at: datetime) -> datetime:
    """The same moment as the seller's clock shows it."""
    return at.astimezone(_Wall.zone)


def exact_moment(at: datetime) -> str:
    """«14 декабря 2026, 14:05:33 (UTC+3)»: for papers that leave the chat, where no clock is known."""
    local = wall_clock(at)
    return f"{day(local.date())}, {local:%H:%M:%S} (UTC{_offset(local)})"


def _offset(local: datetime) -> str:
    minutes = int((local.utcoffset() or timedelta()).total_seconds()) // 60
    hours, rest = divmod(abs(minutes), 60)
    return f"{'-' if minutes < 0 else '+'}{hours}{f':{rest:02}' if rest else ''}"


def month_name(month: str) -> str:
    """«ноябрь 2026» of "2026-11"."""
    name = str(format_date(date.fromisoformat(f"{month}-01"), "LLLL y", locale=language()))
    return name.lower() if language() == "ky" else name  # Babel has them large, as they begin a calendar


def months(count: int) -> str:
    """«1 месяц», «3 месяца»."""
    return ngettext("{count} month", "{count} months", count)


@lru_cache(maxsize=4096)
def _money(amount: Money, code: str) -> str:
    exponent = EXPONENTS[amount.currency]
    whole = amount.minor % 10**exponent == 0
    number = _digits(amount, 0 if whole else exponent, code)
    return f"{number}{NO_BREAK}{SYMBOLS[amount.currency]}"


@lru_cache(maxsize=4096)
def _digits(amount: Money, places: int, code: str) -> str:
    pattern = f"#,##0.{'0' * places}" if places else "#,##0"
    number = format_decimal(Decimal(amount.decimal()), format=pattern, locale=code)
    return str(number).replace("-", MINUS)


@lru_cache(maxsize=4096)
def _day(on: date, code: str) -> str:
    return str(format_date(on, "d MMMM y", locale=code)).replace(" ", NO_BREAK)


@lru_cache(maxsize=1024)
def _coming_day(on: date, code: str) -> str:
    return str(format_date(on, "d MMMM", locale=code)).replace(" ", NO_BREAK)
