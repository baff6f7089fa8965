"""Which notices, and where."""

from __future__ import annotations

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardMarkup

from bot.domain.notice_topics import NoticePlace, NoticeTopic
from bot.i18n import _
from bot.i18n.notice_words import place_title, topic_title
from bot.keyboards.buttons import Place, keyboard, tap
from bot.keyboards.settings import EMAIL
from bot.services.notice_choices import NoticeChoice


class PickTopic(CallbackData, prefix="topic"):
    topic: NoticeTopic


class PickPlace(CallbackData, prefix="place"):
    topic: NoticeTopic
    place: NoticePlace


def topics(choice: NoticeChoice) -> InlineKeyboardMarkup:
    rows = [
        [tap(f"{topic_title(topic)} · {place_title(choice.place(topic))}", PickTopic(topic=topic))]
        for topic in NoticeTopic
    ]
    return keyboard(*rows, back=Place.SETTINGS)


def places(choice: NoticeChoice, topic: NoticeTopic) -> InlineKeyboardMarkup:
    """The present one is ticked; without an address there is the way to tell one."""
    now = choice.place(topic)
    rows = [
        [tap(("☑ " if place is now else "☐ ") + place_title(place), PickPlace(topic=topic, place=place))]
        for place in choice.offered(topic)
    ]
    wants_address = choice.mail_is_on and not choice.email
    address = [tap(_("Add an e-mail address"), EMAIL)] if wants_address else []
    return keyboard(*rows, address, back=Place.NOTICES)
