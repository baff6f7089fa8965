"""From a reminder straight to paying."""

from __future__ import annotations

from aiogram import Router

from bot.handlers.pay import pay_for
from bot.keyboards.buttons import handle
from bot.keyboards.renewals import Renew
from bot.middlewares.visits import Visit

router = Router(name="renewals")


@router.callback_query(Renew.filter())
async def renewal_tapped(visit: Visit, callback_data: Renew) -> None:
    visit.anew = callback_data.anew
    await pay_for(visit, await visit.renewals.find(visit.customer_id, callback_data.connector, handle))
