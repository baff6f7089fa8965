"""Receipts: one by its button, those of a period by a short dialog. The files come by themselves."""

from __future__ import annotations

import re
from datetime import date, timedelta

from aiogram import F, Router
from aiogram.fsm.state import State, StatesGroup

from bot.domain.masking import masked_email
from bot.domain.payment_receipts import PeriodReceipts
from bot.handlers.places import resumes
from bot.i18n import _, day, money, ngettext, today
from bot.keyboards import receipts as screens
from bot.keyboards.buttons import BACK, only_back
from bot.middlewares.visits import Visit

router = Router(name="receipts")

_DATE = re.compile(r"(\d{1,2})[./](\d{1,2})[./](\d{4}|\d{2})(?!\d)", re.ASCII)


class Receipts(StatesGroup):
    period = State()
    dates = State()
    where = State()
    email = State()


@router.callback_query(screens.WantReceipt.filter())
async def receipt_wanted(visit: Visit, callback_data: screens.WantReceipt) -> None:
    """The screen stays as it is; the file arrives below it."""
    if callback_data.payment:
        await visit.payment_receipts.send(visit.customer_id, callback_data.payment)
    else:
        await visit.payment_receipts.send_of_order(visit.customer_id, callback_data.order)
    await visit.only_toast(_("The receipt is on its way."))


@router.callback_query(F.data == screens.PERIOD)
async def period_wanted(visit: Visit) -> None:
    await visit.enter(Receipts.period)
    await visit.show(_("Receipts for which time?"), screens.periods())


@resumes(Receipts)
async def receipts_resumed(visit: Visit) -> None:
    match visit.dialog:
        case Receipts.dates.state:
            await dates_wanted(visit)
        case Receipts.where.state:
            await _show_found(visit)
        case Receipts.email.state:
            await address_wanted(visit)
        case _:
            await period_wanted(visit)


@router.callback_query(Receipts.period, F.data == screens.THIS_MONTH)
async def this_month_picked(visit: Visit) -> None:
    await _picked(visit, today().replace(day=1), today())


@router.callback_query(Receipts.period, F.data == screens.LAST_MONTH)
async def last_month_picked(visit: Visit) -> None:
    last = today().replace(day=1) - timedelta(days=1)
    await _picked(visit, last.replace(day=1), last)


@router.callback_query(Receipts.period, F.data == screens.THIS_YEAR)
async def this_year_picked(visit: Visit) -> None:
    await _picked(visit, today().replace(month=1, day=1), today())


@router.callback_query(Receipts.period, F.data == screens.OTHER)
async def dates_wanted(visit: Visit) -> None:
    await visit.enter(Receipts.dates)
    await visit.show(_("Send the first and the last day, for example 01.09.2026 – 30.09.2026."), only_back())


@router.message(Receipts.dates, F.text)
async def dates_sent(visit: Visit) -> None:
    dates = read_dates(visit.text)
    if dates is None:
        visit.toast = _("That does not look like two days.")
        await dates_wanted(visit)
    else:
        await _picked(visit, *dates)


@router.callback_query(Receipts.where, F.data == screens.TO_CHAT)
async def chat_picked(visit: Visit) -> None:
    await visit.payment_receipts.send_period(visit.customer_id, *await _period(visit))
    visit.toast = _("The receipts are on their way.")
    await period_wanted(visit)


@router.callback_query(Receipts.where, F.data == screens.TO_EMAIL)
async def email_picked(visit: Visit) -> None:
    customer = await visit.customers.get(visit.customer_id)
    await _mail(visit, customer.email if customer else "")


@router.callback_query(Receipts.where, F.data == screens.OTHER_EMAIL)
async def address_wanted(visit: Visit) -> None:
    await visit.enter(Receipts.email, keep=True)
    await visit.show(_("Send the e-mail address."), only_back())


@router.message(Receipts.email, F.text)
async def address_sent(visit: Visit) -> None:
    await _mail(visit, visit.text)


@router.callback_query(Receipts.email, F.data == BACK)
async def back_from_address(visit: Visit) -> None:
    await _show_found(visit)


@router.callback_query(Receipts.dates, F.data == BACK)
@router.callback_query(Receipts.where, F.data == BACK)
async def back_to_periods(visit: Visit) -> None:
    await period_wanted(visit)


async def _mail(visit: Visit, email: str) -> None:
    await visit.payment_receipts.mail_period(visit.customer_id, email, *await _period(visit))
    visit.toast = _("The receipts are on their way to the mailbox.")
    await period_wanted(visit)


async def _picked(visit: Visit, since: date, until: date) -> None:
    await visit.enter(Receipts.where, since=since.isoformat(), until=until.isoformat())
    await _show_found(visit)


async def _show_found(visit: Visit) -> None:
    """What there is, before anything is sent."""
    offer = await visit.payment_receipts.offer(visit.customer_id, *await _period(visit))
    await visit.enter(Receipts.where, keep=True)
    if not offer.found.lines:
        visit.toast = _("There were no payments in that time.")
        await period_wanted(visit)
        return
    email = masked_email(offer.email) if offer.email else ""
    await visit.show(_found(offer.found), screens.where(email, mail_is_on=offer.mail_is_on))


async def _period(visit: Visit) -> tuple[date, date]:
    data = await visit.state.get_data()
    return date.fromisoformat(data["since"]), date.fromisoformat(data["until"])


def _found(found: PeriodReceipts) -> str:
    count = len(found.lines)
    lines = [
        _("Receipts from {since} to {until}", since=day(found.since), until=day(found.until)),
        "",
        ngettext("{count} line", "{count} lines", count),
        _("Paid: {amount}", amount=" + ".join(money(each) for each in found.paid)) if found.paid else "",
        _("Went back: {amount}", amount=" + ".join(money(-each) for each in found.refunded))
        if found.refunded
        else "",
    ]
    return "\n".join([*lines[:2], *filter(None, lines[2:])])


def read_dates(text: str) -> tuple[date, date] | None:
    """«01.09.2026 – 30.09.26», in whichever order; None for anything else."""
    found = _DATE.findall(text[:80])
    if len(found) != 2:
        return None
    try:
        first, second = (_read(*parts) for parts in found)
    except ValueError:
        return None
    return min(first, second), max(first, second)


def _read(number: str, month: str, year: str) -> date:
    return date(int(year) + (2000 if len(year) == 2 else 0), int(month), int(number))
