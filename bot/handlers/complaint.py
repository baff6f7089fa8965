"""«Оплатил(а), но ничего не изменилось»: one honest answer now, then a person."""

from __future__ import annotations

import re
from datetime import date, timedelta

from aiogram import F, Router
from aiogram.filters import StateFilter
from aiogram.fsm.state import State, StatesGroup

from bot.domain.errors import BadAmount, CustomerError
from bot.domain.money import Money
from bot.handlers.places import open_place, opens, resumes
from bot.i18n import _, moment, money, today
from bot.i18n.payment_words import standing_sentence
from bot.keyboards import talk as screens
from bot.keyboards.buttons import BACK, Place, Row, tap
from bot.keyboards.pay import Complain, pay_or_rest
from bot.middlewares.visits import Visit
from bot.services.reports import Standing

router = Router(name="complaint")

_DATE = re.compile(r"(\d{1,2})[./ -](\d{1,2})(?:[./ -](\d{4}|\d{2}))?")
LOOK_BACK = timedelta(days=365)
UNPAID = (Standing.REFUSED, Standing.EXPIRED, Standing.SHORT)
"""It is certain that money is missing: a link beside the answer invites nobody to pay twice."""


class Complaint(StatesGroup):
    answer = State()
    day = State()
    amount = State()
    last4 = State()
    photo = State()


@opens(Place.COMPLAIN)
async def complain_opened(visit: Visit) -> None:
    """From /support and the help: which payment is it?"""
    page = await visit.payments.history(visit.customer_id)
    if not page.items:
        return await _ask_day(visit)
    await visit.enter(Complaint.answer)
    rows = [
        [tap(f"{moment(payment.created_at)} · {money(payment.amount)}", Complain(payment=payment.id))]
        for payment in page.items[:5]
    ]
    await visit.show(_("Which payment is it?"), screens.which_payment(rows))
    return None


@router.callback_query(Complain.filter())
async def complain_tapped(visit: Visit, callback_data: Complain) -> None:
    """The provider is asked now; what it says is told as it is."""
    visit.anew = callback_data.anew
    visit.toast = _("Asking the payment company…")
    visit.answer_tap()
    await visit.enter(Complaint.answer, payment=callback_data.payment)
    await _show_answer(visit, callback_data.payment)


async def _show_answer(visit: Visit, payment_id: int) -> None:
    way_on: Row = []
    try:
        report = await visit.payments.check(visit.customer_id, payment_id)
        text = standing_sentence(report)
        if report.standing in UNPAID:
            way_on = pay_or_rest(report)
    except CustomerError as trouble:
        if trouble.code != "provider_silent":
            raise
        text = _("The payment company does not answer just now, so nothing certain can be said yet.")
    await visit.show(text, screens.answered(way_on))


@router.callback_query(Complaint.answer, F.data == screens.STILL_WRONG)
async def still_wrong(visit: Visit) -> None:
    await _ask_day(visit)


async def _ask_day(visit: Visit) -> None:
    await visit.enter(Complaint.day, keep=True)
    text = _("On which day did you pay? Choose, or send a date such as 14.11.")
    await visit.show(text, screens.days([today(), today() - timedelta(days=1)]))


@router.callback_query(Complaint.day, screens.PickDay.filter())
async def day_tapped(visit: Visit, callback_data: screens.PickDay) -> None:
    await _ask_amount(visit, date.fromordinal(callback_data.ordinal))


@router.message(Complaint.day, F.text)
async def day_sent(visit: Visit) -> None:
    day = read_day(visit.text, today())
    if day is None:
        raise CustomerError("bad_day")
    await _ask_amount(visit, day)


async def _ask_amount(visit: Visit, day: date | None = None) -> None:
    await visit.enter(Complaint.amount, keep=True, **({"day": day.isoformat()} if day else {}))
    known = await _amount_of_payment(visit)
    await visit.show(_("What was the sum?"), screens.amount(money(known) if known else ""))


@router.callback_query(Complaint.amount, F.data == screens.THIS_AMOUNT)
async def amount_tapped(visit: Visit) -> None:
    known = await _amount_of_payment(visit)
    await _ask_last4(visit, known.decimal() if known else "")


@router.message(Complaint.amount, F.text)
async def amount_sent(visit: Visit) -> None:
    amount = read_amount(visit.text)
    if amount is None:
        raise CustomerError("bad_amount")
    await _ask_last4(visit, amount.decimal())


async def _ask_last4(visit: Visit, amount: str | None = None) -> None:
    await visit.enter(Complaint.last4, keep=True, **({"amount": amount} if amount is not None else {}))
    text = _("The last four digits of the card, if it was a card? Only these four, never the whole number.")
    await visit.show(text, screens.may_skip())


@router.callback_query(Complaint.last4, F.data == screens.SKIP)
async def last4_skipped(visit: Visit) -> None:
    await _ask_photo(visit, "")


@router.message(Complaint.last4, F.text)
async def last4_sent(visit: Visit) -> None:
    if re.fullmatch(r"\d{4}", visit.text.strip(), re.ASCII) is None:
        raise CustomerError("bad_last4")
    await _ask_photo(visit, visit.text.strip())


async def _ask_photo(visit: Visit, last4: str | None = None) -> None:
    await visit.enter(Complaint.photo, keep=True, **({"last4": last4} if last4 is not None else {}))
    await visit.show(_("A screenshot from your bank helps us. Send it, or skip."), screens.may_skip())


@router.callback_query(Complaint.photo, F.data == screens.SKIP)
async def photo_skipped(visit: Visit) -> None:
    await _hand_over(visit, "")


@router.message(Complaint.photo, F.photo)
async def photo_sent(visit: Visit) -> None:
    assert visit.message.photo
    await _hand_over(visit, visit.message.photo[-1].file_id)


async def _hand_over(visit: Visit, photo: str) -> None:
    data = await visit.state.get_data()
    await visit.complaints.complain(
        visit.customer_id,
        payment_id=data.get("payment"),
        day=date.fromisoformat(data["day"]),
        amount=data["amount"],
        last4=data.get("last4", ""),
        photo=photo,
    )
    await visit.leave_dialog()
    visit.note = _("An operator has it now and will answer here.")
    await open_place(visit, Place.MENU)


@resumes(Complaint)
async def complaint_resumed(visit: Visit) -> None:
    payment_id = (await visit.state.get_data()).get("payment")
    match visit.dialog:
        case Complaint.day.state:
            await _ask_day(visit)
        case Complaint.amount.state:
            await _ask_amount(visit)
        case Complaint.last4.state:
            await _ask_last4(visit)
        case Complaint.photo.state:
            await _ask_photo(visit)
        case _ if payment_id:
            await _show_answer(visit, payment_id)
        case _:
            await complain_opened(visit)


_BACK = {
    Complaint.amount.state: _ask_day,
    Complaint.last4.state: _ask_amount,
    Complaint.photo.state: _ask_last4,
}


@router.callback_query(StateFilter(Complaint), F.data == BACK)
async def back_tapped(visit: Visit) -> None:
    step = _BACK.get(visit.dialog)
    await (step(visit) if step else open_place(visit, Place.COMPLAIN))


async def _amount_of_payment(visit: Visit) -> Money | None:
    payment_id = (await visit.state.get_data()).get("payment")
    if payment_id is None:
        return None
    return (await visit.payments.details(visit.customer_id, payment_id)).payment.amount


def read_day(text: str, today: date) -> date | None:
    """«14.11», «14.11.26» or «14.11.2026»: a day of the last year, or None."""
    found = _DATE.fullmatch(text.strip())
    if found is None:
        return None
    number, month, year = found.groups()
    full = today.year if year is None else int(year) + (2000 if len(year) == 2 else 0)
    try:
        day = date(full, int(month), int(number))
        if year is None and day > today:
            day = day.replace(year=full - 1)
    except ValueError:
        return None
    return day if today - LOOK_BACK <= day <= today else None


def read_amount(text: str) -> Money | None:
    """«990», «1 290,50 ₽» or "990.00"; the complaint's payment knows the currency."""
    try:
        return Money.typed(re.sub(r"[^\d.,]", "", text[:40]).strip(".,"), "RUB")
    except BadAmount:
        return None
