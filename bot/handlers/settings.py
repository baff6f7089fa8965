"""Settings: the language, and where receipts go."""

from __future__ import annotations

from aiogram import F, Router
from aiogram.fsm.state import State, StatesGroup

from bot.domain.contacts import spaced_phone
from bot.handlers.places import opens, resumes
from bot.i18n import _, shown, speaking, wall_zone
from bot.i18n.zone_words import city_of
from bot.keyboards import settings as screens
from bot.keyboards.buttons import Place
from bot.middlewares.visits import Visit

router = Router(name="settings")


class Settings(StatesGroup):
    email = State()
    phone = State()


@opens(Place.SETTINGS)
async def settings_opened(visit: Visit) -> None:
    await visit.leave_dialog()
    customer = await visit.customers.get(visit.customer_id)
    none = _("none yet")
    zone = (customer.zone if customer else "") or wall_zone().key
    email, phone = (customer.email, customer.phone) if customer else ("", "")
    lines = [
        _("Settings"),
        "",
        _("E-mail for receipts: {email}", email=shown(email) or none),
        _("Phone for receipts: {phone}", phone=shown(spaced_phone(phone)) or none),
    ]
    await visit.show("\n".join(lines), screens.settings(city_of(zone)))


@resumes(Settings)
async def settings_resumed(visit: Visit) -> None:
    await (email_wanted if visit.dialog == Settings.email.state else phone_wanted)(visit)


@router.callback_query(F.data == screens.LANGUAGE)
async def language_wanted(visit: Visit) -> None:
    await visit.leave_dialog()
    await visit.show(_("Which language shall we speak?"), screens.languages())


@router.callback_query(screens.PickLanguage.filter())
async def language_picked(visit: Visit, callback_data: screens.PickLanguage) -> None:
    customer = await visit.customers.choose_language(visit.customer_id, callback_data.code)
    visit.guests.forget(visit.customer_id)
    with speaking(customer.language):
        await settings_opened(visit)


@router.callback_query(F.data == screens.EMAIL)
async def email_wanted(visit: Visit) -> None:
    await visit.enter(Settings.email)
    await visit.show(_("Send the e-mail address for receipts."), screens.to_settings())


@router.callback_query(F.data == screens.PHONE)
async def phone_wanted(visit: Visit) -> None:
    await visit.enter(Settings.phone)
    await visit.show(_("Send the phone number for receipts, with the country code."), screens.to_settings())


@router.message(Settings.email, F.text)
async def email_sent(visit: Visit) -> None:
    await visit.customers.set_email(visit.customer_id, visit.text)
    visit.toast = _("Saved.")
    await settings_opened(visit)


@router.message(Settings.phone, F.text)
async def phone_sent(visit: Visit) -> None:
    await visit.customers.set_phone(visit.customer_id, visit.text)
    visit.toast = _("Saved.")
    await settings_opened(visit)
