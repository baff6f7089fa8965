"""Ordering something by a form: what and for how long, then its questions; a form that was left goes on."""

from __future__ import annotations

from aiogram import F, Router

from bot.domain.catalogue import Tariff
from bot.domain.errors import CustomerError, NotYours
from bot.handlers.order_form.asking import ask_next
from bot.handlers.order_form.draft import Draft, OrderDialog, load, wait_at
from bot.handlers.particulars import consent_words
from bot.handlers.places import open_place, opens
from bot.i18n import _
from bot.i18n.form_words import tariff_words
from bot.i18n.payment_words import period_lines
from bot.keyboards import order_forms as screens
from bot.keyboards import pay
from bot.keyboards.buttons import BACK, Place
from bot.middlewares.visits import Visit
from bot.services.offers import offers

router = Router(name="order_form_opening")


@opens(Place.ORDER)
async def order_opened(visit: Visit) -> None:
    await go_on(visit, Draft())


async def order_by_link(visit: Visit, tariff: str) -> None:
    """The seller's site leads straight to what is ordered; NotYours where there is no such thing."""
    if tariff not in [each.id for each in visit.catalogue.made_to_order]:
        raise NotYours
    await go_on(visit, Draft(tariff=tariff))


@router.callback_query(OrderDialog.tariff, screens.PickTariff.filter())
async def tariff_picked(visit: Visit, callback_data: screens.PickTariff) -> None:
    await go_on(visit, Draft(tariff=callback_data.tariff))


@router.callback_query(OrderDialog.months, pay.PickPeriod.filter())
async def period_picked(visit: Visit, callback_data: pay.PickPeriod) -> None:
    draft = await load(visit)
    draft.months = callback_data.months
    await go_on(visit, draft)


@router.callback_query(OrderDialog.consent, F.data == pay.AGREE)
async def consent_given(visit: Visit) -> None:
    await visit.customers.consent(visit.customer_id)
    await go_on(visit, await load(visit))


@router.callback_query(screens.FillIn.filter())
async def filling_in_tapped(visit: Visit, callback_data: screens.FillIn) -> None:
    """From the list or from the reminder; what was sent in meanwhile is only looked at."""
    visit.anew = callback_data.anew
    form = await visit.order_forms.get(visit.customer_id, callback_data.form)
    await go_on(visit, Draft(tariff=form.tariff))


@router.callback_query(OrderDialog.tariff, F.data == BACK)
@router.callback_query(OrderDialog.months, F.data == BACK)
@router.callback_query(OrderDialog.consent, F.data == BACK)
async def back_to_orders(visit: Visit) -> None:
    if visit.dialog != OrderDialog.tariff.state and len(visit.catalogue.made_to_order) > 1:
        return await go_on(visit, Draft())
    return await open_place(visit, Place.MENU)


async def go_on(visit: Visit, draft: Draft) -> None:
    """Ask for the first thing that is missing; what has one possible answer is not asked."""
    for ask in (_ask_tariff, _ask_months, _ask_consent):
        if await ask(visit, draft):
            return
    form = await visit.order_forms.begin(visit.customer_id, draft.tariff, draft.months)
    draft.form = form.id
    await ask_next(visit, draft, form)


async def _ask_tariff(visit: Visit, draft: Draft) -> bool:
    if draft.tariff:
        return False
    offered = visit.catalogue.made_to_order
    if not offered:
        raise CustomerError("form_gone")
    if len(offered) == 1:
        draft.tariff = offered[0].id
        return False
    await wait_at(visit, draft, OrderDialog.tariff)
    text = "\n\n".join([_("What shall we make for you?"), *map(tariff_words, offered)])
    await visit.show(text, screens.tariffs(offered))
    return True


async def _ask_months(visit: Visit, draft: Draft) -> bool:
    """A form that was left keeps its period while that is sold."""
    tariff = visit.order_forms.tariff(draft.tariff)
    if tariff.period(draft.months) is not None:
        return False
    left = await visit.order_forms.filling(visit.customer_id, tariff.id)
    if left is not None and tariff.period(left.months) is not None:
        draft.months = left.months
        return False
    if len(tariff.periods) == 1:
        draft.months = tariff.periods[0].months
        return False
    await _show_periods(visit, draft, tariff)
    return True


async def _show_periods(visit: Visit, draft: Draft, tariff: Tariff) -> None:
    await wait_at(visit, draft, OrderDialog.months)
    found = offers([tariff])
    text = "\n\n".join([tariff_words(tariff), "\n".join(period_lines(found)), _("For how long?")])
    await visit.show(text, pay.periods(found))


async def _ask_consent(visit: Visit, draft: Draft) -> bool:
    """The form asks for personal data, so this comes first where the law wants it."""
    period = visit.order_forms.tariff(draft.tariff).period(draft.months)
    assert period is not None
    for price in period.prices:
        if words := await consent_words(visit, price.currency):
            await wait_at(visit, draft, OrderDialog.consent)
            await visit.show(words, pay.consent())
            return True
    return False
