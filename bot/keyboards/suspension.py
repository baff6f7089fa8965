"""Choosing when to do without and for how long; ending it, or calling it off."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.domain.autopay_terms import SuspensionTerms
from bot.domain.periods import add_months
from bot.domain.suspensions import Suspension, latest_end, least_end
from bot.i18n import _, coming_day, months, ngettext
from bot.keyboards.buttons import BACK, Row, keyboard, tap
from bot.services.suspension.views import SuspensionOffer, SuspensionStand

SUSPEND = "rest:open"
AGREE = "rest:agree"
MONTHS = (1, 2, 3, 6, 12)


class PickStart(CallbackData, prefix="reststart"):
    ordinal: int


class PickEnd(CallbackData, prefix="restend"):
    """The day on which it shall work again."""

    ordinal: int


class EndSuspension(CallbackData, prefix="restover"):
    """Resume what is suspended, or call off what has not begun."""

    suspension: int
    resume: bool
    anew: bool = False


def on_its_page(stand: SuspensionStand) -> Row:
    """On the page of a connector or an account: begin, or end what there is."""
    if stand.lasting is not None:
        return [end_it(stand.lasting)]
    return [tap(_("Suspend"), SUSPEND)] if stand.can_start else []


def end_it(lasting: Suspension, *, anew: bool = False) -> InlineKeyboardButton:
    words = _("Resume now") if lasting.is_running else _("Do not suspend")
    return tap(words, EndSuspension(suspension=lasting.id, resume=lasting.is_running, anew=anew))


def starts(offer: SuspensionOffer) -> InlineKeyboardMarkup:
    """Today, tomorrow, the next month's first day, and the last day that is paid for."""
    tomorrow = offer.earliest + timedelta(days=1)
    next_month = add_months(offer.earliest.replace(day=1), 1)
    days = dict.fromkeys(
        each for each in (offer.earliest, tomorrow, next_month, offer.latest) if each <= offer.latest
    )
    names = {offer.earliest: _("Today"), tomorrow: _("Tomorrow")}
    return keyboard(
        *([tap(names.get(each) or coming_day(each), PickStart(ordinal=each.toordinal()))] for each in days),
        back=BACK,
    )


def lengths(start: date, terms: SuspensionTerms) -> InlineKeyboardMarkup:
    return keyboard(
        *([tap(words, PickEnd(ordinal=end.toordinal()))] for words, end in _lengths(start, terms)), back=BACK
    )


def agree() -> InlineKeyboardMarkup:
    return keyboard([tap(_("Suspend"), AGREE)], back=BACK)


def _lengths(start: date, terms: SuspensionTerms) -> Iterator[tuple[str, date]]:
    """The shortest, and whole months within what the catalogue allows."""
    least = least_end(start, terms)
    yield ngettext("{count} day", "{count} days", terms.least_days), least
    for count in MONTHS:
        if least < (end := add_months(start, count)) <= latest_end(start, terms):
            yield months(count), end
