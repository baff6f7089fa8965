"""What customers answer to operators: by Telegram's reply, or simply as the next thing they say."""

from __future__ import annotations

from aiogram import F, Router
from aiogram.types import Message

from bot.domain.errors import CustomerError
from bot.domain.talk import Said
from bot.handlers.places import open_place, resume
from bot.handlers.said import SOMETHING, said_in
from bot.i18n import _, moment
from bot.keyboards.buttons import Place
from bot.middlewares.visits import Visit
from bot.services.talk import HandedOver, TalkService

router = Router(name="talk")

edits = Router(name="talk_edits")
"""Messages that their customer has changed; no visits, for nothing is shown."""
edits.edited_message.filter(F.chat.type == "private")


async def of_a_talk(message: Message, talk: TalkService) -> bool:
    """A reply to something that an operator wrote, or that was passed on to one."""
    to = message.reply_to_message
    return to is not None and await talk.knows(message.chat.id, to.message_id)


@router.message(SOMETHING, F.reply_to_message, ~F.text.startswith("/"), of_a_talk)
async def talk_replied(visit: Visit) -> None:
    to = visit.message.reply_to_message
    assert to is not None
    handed = await visit.talk.reply(visit.customer_id, said_in(visit.message), to.message_id)
    if not handed.goes_on:
        visit.note = promise_words(handed)
        await resume(visit)


async def hand_over(visit: Visit, said: Said) -> None:
    """A question, or what goes on with one; of an album only the first is confirmed."""
    handed = await visit.talk.ask(visit.customer_id, said)
    await _confirm(visit, handed)


async def hand_on(visit: Visit, said: Said) -> None:
    """The answer to what an operator wrote lately."""
    handed = await visit.talk.reply(visit.customer_id, said)
    await _confirm(visit, handed)


async def _confirm(visit: Visit, handed: HandedOver) -> None:
    if handed.goes_on:
        await visit.leave_dialog()
        return
    visit.note = promise_words(handed)
    await open_place(visit, Place.MENU)


def promise_words(handed: HandedOver) -> str:
    return _("Handed over to an operator. We answer by {moment}.", moment=moment(handed.due_at))


@edits.edited_message(SOMETHING)
async def message_changed(message: Message, talk: TalkService) -> None:
    """Only of what was passed on; a new file below the old words is not."""
    try:
        said = said_in(message)
    except CustomerError:
        return
    await talk.reworded_by_customer(message.chat.id, said)
