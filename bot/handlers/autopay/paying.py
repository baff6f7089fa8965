"""From an autopay that has no card yet to the payment that saves one."""

from __future__ import annotations

from aiogram import Router

from bot.domain.errors import NotYours
from bot.handlers import pay_steps, top_up_steps
from bot.handlers.choice import Choice
from bot.handlers.top_up_steps import Plan
from bot.i18n import _
from bot.keyboards import autopay as screens
from bot.keyboards.buttons import by_handle
from bot.middlewares.visits import Visit

router = Router(name="autopay_paying")


@router.callback_query(screens.PayWithAutopay.filter())
async def pay_wanted(visit: Visit, callback_data: screens.PayWithAutopay) -> None:
    """The switch waits in the summary: nobody ticks it for him."""
    offers = await visit.autopays.offers(visit.customer_id)
    ids = [offer.connector_id for offer in offers if offer.connector_id]
    connector_id = by_handle(callback_data.connector, ids)
    if connector_id is None:
        raise NotYours
    _point_to_the_switch(visit)
    await pay_steps.go_on(visit, Choice(connectors=[connector_id], months=callback_data.months))


@router.callback_query(screens.TopUpWithAutopay.filter())
async def top_up_wanted(visit: Visit, callback_data: screens.TopUpWithAutopay) -> None:
    await visit.balance.card(visit.customer_id, callback_data.payer, callback_data.currency)
    _point_to_the_switch(visit)
    plan = Plan(payer=callback_data.payer, currency=callback_data.currency, minor=callback_data.minor)
    await top_up_steps.go_on(visit, plan)


def _point_to_the_switch(visit: Visit) -> None:
    visit.note = _("Pay with a card and tick “Autopay” before you pay: it begins with that payment.")
