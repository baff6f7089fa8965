"""Choosing another sum, interval, source or date, for an autopay that stands or one that is to be."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from datetime import date, timedelta

from aiogram import F, Router
from aiogram.filters import StateFilter

from bot.domain.autopays import NEEDS_CONSENT, AutopayReason, Interval
from bot.domain.errors import CustomerError
from bot.domain.money import Money
from bot.handlers.autopay.connecting import show_consent
from bot.handlers.autopay.draft import Autopay, Draft, load, offer_of, wait_at
from bot.handlers.autopay.one import show_one
from bot.handlers.sums import read_sum, round_sums, within
from bot.i18n import _, coming_day, money, today
from bot.keyboards import autopay as screens
from bot.keyboards import autopay_taps as taps
from bot.keyboards.autopay_taps import Part
from bot.middlewares.visits import Visit
from bot.services.autopay.views import AutopayOffer, AutopayView

DAYS_BETWEEN = (7, 14, 30, 60, 90)
PAYDAYS = (1, 5, 10, 15, 20, 25)
"""Days of a month that are offered for the next charge; any other is typed."""
SOONEST = timedelta(days=4)
"""A charge is told of three days before, so that a nearer day would not be kept."""
DAYS_OFFERED = 6
DAYS_BEFORE = (10, 7, 5, 3, 2, 1)
BY_ITS_CARD = (AutopayReason.CARD_UNLINKED, AutopayReason.CARD_EXPIRED, AutopayReason.HARD_DECLINED)
_DATE = re.compile(r"(\d{1,2})\.(\d{1,2})(?:\.(\d{4}|\d{2}))?\.?", re.ASCII)

router = Router(name="autopay_changing")


@router.callback_query(taps.ChangeAutopay.filter())
async def change_tapped(visit: Visit, callback_data: taps.ChangeAutopay) -> None:
    if callback_data.what is Part.DAY:
        return await ask_day(visit, callback_data.autopay)
    return await _ASKING[callback_data.what](visit, Draft(autopay=callback_data.autopay))


@router.callback_query(Autopay.consent, taps.Other.filter())
async def other_wanted(visit: Visit, callback_data: taps.Other) -> None:
    await _ASKING[callback_data.what](visit, await load(visit))


@router.callback_query(F.data == taps.CONSENT)
async def back_to_consent(visit: Visit) -> None:
    """To the consent, or to the autopay where nothing of it was changed yet."""
    draft = await load(visit)
    if draft.autopay and draft.is_untouched:
        return await show_one(visit, draft.autopay)
    return await show_consent(visit, draft)


async def ask_amount(visit: Visit, draft: Draft) -> None:
    """Only what tops up a balance: a connector costs what it costs."""
    offer = await offer_of(visit, draft)
    if offer.connector_id is not None:
        raise CustomerError("autopay_sum_stays")
    draft.currency = offer.amount.currency
    await wait_at(visit, draft, Autopay.amount)
    text = _(
        "What sum shall autopay add? Choose one or type it, from {least} to {most}.",
        least=money(offer.limits.least),
        most=money(offer.limits.most),
    )
    await visit.show(text, screens.amounts(round_sums(offer.limits)))


@router.callback_query(Autopay.amount, taps.PickAmount.filter())
async def amount_picked(visit: Visit, callback_data: taps.PickAmount) -> None:
    draft = await load(visit)
    await _amount_given(visit, draft, Money(callback_data.minor, draft.currency))


@router.message(Autopay.amount, F.text)
async def amount_typed(visit: Visit) -> None:
    draft = await load(visit)
    await _amount_given(visit, draft, read_sum(visit.text, draft.currency))


async def _amount_given(visit: Visit, draft: Draft, amount: Money) -> None:
    offer = await offer_of(visit, draft)
    draft.minor = within(amount, offer.limits).minor
    await show_consent(visit, draft)


async def ask_interval(visit: Visit, draft: Draft) -> None:
    offer = await offer_of(visit, draft)
    choices = await _intervals(visit, offer)
    await wait_at(visit, draft, Autopay.interval)
    text = (
        _("How often? The sum is today's price of that period.")
        if offer.connector_id
        else _("How often shall autopay top up the balance?")
    )
    await visit.show(text, screens.intervals(choices))


async def _intervals(visit: Visit, offer: AutopayOffer) -> list[tuple[Interval, Money | None]]:
    """A connector's periods with their prices; for a balance, days."""
    if offer.connector_id is None:
        return [(Interval(days=days), None) for days in DAYS_BETWEEN]
    connector = await visit.connectors.get(visit.customer_id, offer.connector_id)
    tariff = visit.catalogue.tariff(connector.tariff)
    periods = tariff.periods if tariff else ()
    return [
        (Interval(months=period.months), price)
        for period in periods
        if (price := period.price(offer.amount.currency)) and offer.limits.least <= price <= offer.limits.most
    ]


@router.callback_query(Autopay.interval, taps.PickInterval.filter())
async def interval_picked(visit: Visit, callback_data: taps.PickInterval) -> None:
    draft = await load(visit)
    draft.pick_interval(Interval(callback_data.months, callback_data.days))
    await show_consent(visit, draft)


async def ask_source(visit: Visit, draft: Draft) -> None:
    offer = await offer_of(visit, draft)
    await wait_at(visit, draft, Autopay.source)
    change = not draft.is_new
    told = [_("What shall pay?")]
    if change:
        told.append(_("Another card is saved when you pay with it and tick “Remember the card”."))
    await visit.show("\n\n".join(told), screens.sources(offer, change=change))


@router.callback_query(StateFilter(Autopay.source, Autopay.consent), taps.PickSource.filter())
async def source_picked(visit: Visit, callback_data: taps.PickSource) -> None:
    draft = await load(visit)
    draft.card, draft.balance_first = callback_data.card, callback_data.balance_first
    await show_consent(visit, draft)


async def ask_day(visit: Visit, autopay_id: int) -> None:
    view = await visit.autopays.get(visit.customer_id, autopay_id)
    await visit.enter(Autopay.day, autopay=autopay_id)
    await visit.show(_day_words(view), screens.days(autopay_id, days_offered(view, today())))


def _day_words(view: AutopayView) -> str:
    asked = _("On which day shall the next charge be? Choose, or send a date such as 14.12.")
    if view.autopay.charge_on is None:
        return asked
    return "\n".join([_("Now: {date}", date=coming_day(view.autopay.charge_on)), asked])


@router.callback_query(taps.PickDay.filter())
async def day_picked(visit: Visit, callback_data: taps.PickDay) -> None:
    await _move(visit, callback_data.autopay, date.fromordinal(callback_data.ordinal))


@router.message(Autopay.day, F.text)
async def day_typed(visit: Visit) -> None:
    day = read_coming_day(visit.text, today())
    if day is None:
        raise CustomerError("bad_coming_day")
    data = await visit.state.get_data()
    await _move(visit, data["autopay"], day)


async def _move(visit: Visit, autopay_id: int, to: date) -> None:
    await visit.autopays.move(visit.customer_id, autopay_id, to)
    visit.toast = _("Moved.")
    await show_one(visit, autopay_id)


@router.callback_query(taps.PauseAutopay.filter())
async def resume_tapped(visit: Visit, callback_data: taps.PauseAutopay) -> None:
    """What a new price or its card keeps paused goes on with a new consent alone."""
    visit.anew = callback_data.anew
    view = await visit.autopays.get(visit.customer_id, callback_data.autopay)
    if view.autopay.reason in BY_ITS_CARD:
        return await ask_source(visit, Draft(autopay=view.autopay.id))
    if view.autopay.reason in NEEDS_CONSENT:
        return await show_consent(visit, Draft(autopay=view.autopay.id))
    await visit.autopays.resume(visit.customer_id, callback_data.autopay)
    visit.toast = _("It goes on.")
    return await show_one(visit, callback_data.autopay)


def days_offered(view: AutopayView, on: date) -> list[date]:
    """For a balance the paydays of the weeks to come; for a connector the days before it runs out."""
    if view.connector is None:
        days = (on + SOONEST + timedelta(days=ahead) for ahead in range(62))
        return [day for day in days if day.day in PAYDAYS][:DAYS_OFFERED]
    until = view.connector.paid_until
    days_before = [until - timedelta(days=before) for before in DAYS_BEFORE] if until else []
    return [day for day in days_before if day >= on + SOONEST]


def read_coming_day(text: str, on: date) -> date | None:
    """«14.12» or «14.12.2026»: a day of the year to come, or None."""
    found = _DATE.fullmatch(text.strip())
    if found is None:
        return None
    number, month, year = found.groups()
    full = on.year if year is None else int(year) % 100 + 2000
    try:
        day = date(full, int(month), int(number))
        if year is None and day < on:
            day = day.replace(year=full + 1)
    except ValueError:
        return None
    return day if on < day <= on + timedelta(days=366) else None


_ASKING: dict[Part, Callable[[Visit, Draft], Awaitable[None]]] = {
    Part.AMOUNT: ask_amount,
    Part.INTERVAL: ask_interval,
    Part.SOURCE: ask_source,
}
