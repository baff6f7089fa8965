"""Settings → Notices: of what a customer wants to hear, and where."""

from __future__ import annotations

from aiogram import Router

from bot.domain.notice_topics import CAN_BE_OFF, NoticeTopic
from bot.handlers.places import opens
from bot.i18n import _, shown
from bot.i18n.notice_words import topic_about, topic_title
from bot.keyboards import notice_choices as screens
from bot.keyboards.buttons import Place
from bot.middlewares.visits import Visit
from bot.services.notice_choices import NoticeChoice

router = Router(name="notice_choices")


@opens(Place.NOTICES)
async def notices_opened(visit: Visit) -> None:
    await visit.leave_dialog()
    choice = await visit.notice_choices.get(visit.customer_id)
    lines = [
        _("Notices: what we write of without being asked, and where."),
        *([_("E-mail for letters: {email}", email=shown(choice.email))] if choice.email else []),
        _("What can't be delivered in one place goes to the other."),
    ]
    await visit.show("\n\n".join(lines), screens.topics(choice))


@router.callback_query(screens.PickTopic.filter())
async def topic_picked(visit: Visit, callback_data: screens.PickTopic) -> None:
    choice = await visit.notice_choices.get(visit.customer_id)
    await _show_topic(visit, choice, callback_data.topic)


@router.callback_query(screens.PickPlace.filter())
async def place_picked(visit: Visit, callback_data: screens.PickPlace) -> None:
    topic, place = callback_data.topic, callback_data.place
    choice = await visit.notice_choices.choose(visit.customer_id, topic, place)
    visit.toast = _("Saved.")
    await _show_topic(visit, choice, topic)


async def _show_topic(visit: Visit, choice: NoticeChoice, topic: NoticeTopic) -> None:
    lines = [topic_title(topic), topic_about(topic)]
    if topic not in CAN_BE_OFF:
        lines.append(_("This one can't be switched off: it is about your money or about your service."))
    await visit.show("\n\n".join(lines), screens.places(choice, topic))
