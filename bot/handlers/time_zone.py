"""By which clock a customer lives: charges are made by day, and dates are counted there."""

from __future__ import annotations

from aiogram import F, Router
from aiogram.fsm.state import State, StatesGroup

from bot.domain import periods
from bot.domain.errors import CustomerError
from bot.handlers.places import opens, resumes
from bot.handlers.settings import settings_opened
from bot.i18n import _, wall_zone
from bot.i18n.zone_words import find_zones, there
from bot.keyboards import time_zone as screens
from bot.keyboards.buttons import Place
from bot.middlewares.visits import Visit

router = Router(name="time_zone")


class TimeZone(StatesGroup):
    city = State()


@opens(Place.TIME_ZONE)
@resumes(TimeZone)
async def zone_wanted(visit: Visit) -> None:
    await visit.enter(TimeZone.city)
    customer = await visit.customers.get(visit.customer_id)
    zone = (customer.zone if customer else "") or wall_zone().key
    lines = [
        _("Your time: {city_and_time}", city_and_time=there(zone, periods.now())),
        "",
        _("Autopays charge and notices come between 9 and 21 by this clock."),
        _("Choose a city with your time, or send the name of yours."),
    ]
    await visit.show("\n".join(lines), screens.zones_near_home())


@router.callback_query(F.data == screens.SELLERS_TIME)
async def sellers_time_picked(visit: Visit) -> None:
    await _keep(visit, "")


@router.callback_query(screens.PickZone.filter())
async def zone_picked(visit: Visit, callback_data: screens.PickZone) -> None:
    await _keep(visit, callback_data.name)


@router.message(TimeZone.city, F.text)
async def city_sent(visit: Visit) -> None:
    found = find_zones(visit.text)
    if not found:
        raise CustomerError("unknown_city")
    if len(found) == 1:
        await _keep(visit, found[0])
        return
    await visit.show(_("Which of these?"), screens.zones_found(found))


async def _keep(visit: Visit, zone: str) -> None:
    await visit.customers.choose_zone(visit.customer_id, zone)
    visit.toast = _("Saved.")
    await settings_opened(visit)
