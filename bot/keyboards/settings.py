"""Language and contacts."""

from __future__ import annotations

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardMarkup

from bot.i18n import LANGUAGES, _, language
from bot.keyboards.buttons import Place, go, keyboard, tap

EMAIL = "set:email"
PHONE = "set:phone"
LANGUAGE = "set:language"


class PickLanguage(CallbackData, prefix="speak"):
    code: str


def settings(city: str) -> InlineKeyboardMarkup:
    return keyboard(
        [tap(_("Language: {language}", language=LANGUAGES[language()]), LANGUAGE)],
        [tap(_("Change e-mail"), EMAIL), tap(_("Change phone"), PHONE)],
        [go(_("Notices"), Place.NOTICES), go(_("My cards"), Place.MY_CARDS)],
        [go(_("Time zone: {city}", city=city), Place.TIME_ZONE)],
        [go(_("My data"), Place.MY_DATA)],
        back=Place.MENU,
    )


def languages() -> InlineKeyboardMarkup:
    rows = [[tap(name, PickLanguage(code=code))] for code, name in LANGUAGES.items()]
    return keyboard(*rows, back=Place.SETTINGS)


def to_settings() -> InlineKeyboardMarkup:
    return keyboard(back=Place.SETTINGS)
