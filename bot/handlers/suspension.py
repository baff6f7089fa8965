"""Doing without for a while: from which day, for how long, what follows from it; and ending it early."""

from __future__ import annotations

from datetime import date, timedelta

from aiogram import F, Router
from aiogram.filters import StateFilter
from aiogram.fsm.state import State, StatesGroup

from bot.domain.errors import CustomerError
from bot.domain.suspensions import Span
from bot.handlers.autopay.changing import read_coming_day
from bot.handlers.balance import Balance, show_account
from bot.handlers.connectors import Lines, connectors_opened, show_connector
from bot.handlers.places import resumes
from bot.i18n import _, day, today
from bot.i18n.suspension_words import length_words, question_words, summary_words
from bot.keyboards import suspension as screens
from bot.keyboards.buttons import BACK
from bot.middlewares.visits import Visit
from bot.services.suspension.views import Subject

router = Router(name="suspension")


class Suspending(StatesGroup):
    start = State()
    length = State()
    summary = State()


@router.callback_query(StateFilter(Lines.one, Balance.card), F.data == screens.SUSPEND)
async def suspend_tapped(visit: Visit) -> None:
    await _ask_start(visit)


async def _ask_start(visit: Visit) -> None:
    offer = await visit.suspensions.offer(visit.customer_id, await _subject(visit))
    if not offer.can_rest:
        raise CustomerError("nothing_to_suspend")
    await visit.enter(Suspending.start, keep=True)
    await visit.show(question_words(offer), screens.starts(offer))


@router.callback_query(Suspending.start, screens.PickStart.filter())
async def start_picked(visit: Visit, callback_data: screens.PickStart) -> None:
    await _ask_length(visit, date.fromordinal(callback_data.ordinal))


@router.message(Suspending.start, F.text)
async def start_typed(visit: Visit) -> None:
    await _ask_length(visit, _typed(visit))


async def _ask_length(visit: Visit, start: date) -> None:
    offer = await visit.suspensions.offer(visit.customer_id, await _subject(visit))
    if not offer.earliest <= start <= offer.latest:
        raise CustomerError("suspension_start_wrong", date=offer.latest)
    await visit.enter(Suspending.length, keep=True, starts_on=start.isoformat())
    await visit.show(length_words(offer, day(start)), screens.lengths(start, offer.terms))


@router.callback_query(Suspending.length, screens.PickEnd.filter())
async def end_picked(visit: Visit, callback_data: screens.PickEnd) -> None:
    await _show_summary(visit, date.fromordinal(callback_data.ordinal))


@router.message(Suspending.length, F.text)
async def end_typed(visit: Visit) -> None:
    await _show_summary(visit, _typed(visit))


async def _show_summary(visit: Visit, ends_on: date) -> None:
    subject, span = await _subject(visit), Span(await _start(visit), ends_on)
    lines = await visit.suspensions.preview(visit.customer_id, subject, span)
    offer = await visit.suspensions.offer(visit.customer_id, subject)
    await visit.enter(Suspending.summary, keep=True, ends_on=ends_on.isoformat())
    await visit.show(summary_words(offer, span, lines), screens.agree())


@router.callback_query(Suspending.summary, F.data == screens.AGREE)
async def agreed(visit: Visit) -> None:
    data = await visit.state.get_data()
    span = Span(await _start(visit), date.fromisoformat(data["ends_on"]))
    begun = await visit.suspensions.plan(visit.customer_id, await _subject(visit), span)
    visit.toast = _("Suspended.") if begun.is_running else _("It will be suspended.")
    await _back_to_subject(visit)


@router.callback_query(screens.EndSuspension.filter())
async def end_tapped(visit: Visit, callback_data: screens.EndSuspension) -> None:
    """By the button on its page, or on a notice."""
    visit.anew = callback_data.anew
    if callback_data.resume:
        await visit.suspensions.resume(visit.customer_id, callback_data.suspension)
        visit.toast = _("It works again.")
    else:
        await visit.suspensions.cancel(visit.customer_id, callback_data.suspension)
        visit.toast = _("It will not be suspended.")
    if visit.anew or visit.dialog not in (Lines.one.state, Balance.card.state):
        return await connectors_opened(visit)
    return await _back_to_subject(visit)


@router.callback_query(Suspending.start, F.data == BACK)
async def back_from_start(visit: Visit) -> None:
    await _back_to_subject(visit)


@router.callback_query(Suspending.length, F.data == BACK)
async def back_from_length(visit: Visit) -> None:
    await _ask_start(visit)


@router.callback_query(Suspending.summary, F.data == BACK)
async def back_from_summary(visit: Visit) -> None:
    await _ask_length(visit, await _start(visit))


@resumes(Suspending)
async def suspending_resumed(visit: Visit) -> None:
    data = await visit.state.get_data()
    match visit.dialog:
        case Suspending.summary.state:
            await _show_summary(visit, date.fromisoformat(data["ends_on"]))
        case Suspending.length.state:
            await _ask_length(visit, await _start(visit))
        case _:
            await _ask_start(visit)


async def _back_to_subject(visit: Visit) -> None:
    data = await visit.state.get_data()
    if "connector" in data:
        return await show_connector(visit, data["connector"])
    return await show_account(visit, data["payer"], data["currency"], others=data["others"])


async def _subject(visit: Visit) -> Subject:
    """The connector or the account on whose page it began."""
    data = await visit.state.get_data()
    if "connector" in data:
        return Subject(connector_id=data["connector"])
    return Subject(payer_id=data["payer"])


async def _start(visit: Visit) -> date:
    return date.fromisoformat((await visit.state.get_data())["starts_on"])


def _typed(visit: Visit) -> date:
    typed = read_coming_day(visit.text, today() - timedelta(days=1))
    if typed is None:
        raise CustomerError("bad_coming_day")
    return typed
