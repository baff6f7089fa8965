"""Questions to operators: asked with ForceReply, so that the answer names its question by itself."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from aiogram import Bot, F, Router
from aiogram.dispatcher.event.handler import CallableObject
from aiogram.enums import MessageEntityType
from aiogram.fsm.context import FSMContext
from aiogram.methods import SendMessage
from aiogram.types import CallbackQuery, ForceReply, Message, MessageEntity, ReplyParameters, User

from bot.domain.errors import CustomerError
from bot.handlers.operators.board import Spot, thread_of
from bot.handlers.operators.counter import known_person
from bot.handlers.operators.open_prompts import asked_by, keep_open
from bot.i18n import _, shown
from bot.middlewares.living import answer_tap

router = Router(name="operators_prompts")


@dataclass(frozen=True, slots=True)
class Prompt:
    """What is asked for, about which card, in which words after the person's name.

    `line` is the page of a card that has several; `about` names what is no card: "payment:7".
    """

    what: str
    card: int
    words: str
    line: int = 0
    about: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """An operator's reply to a question, with what it was asked about."""

    message: Message
    person: User
    card: int
    line: int
    about: str

    @property
    def who(self) -> int:
        return self.person.id

    @property
    def words(self) -> str:
        return self.message.text or self.message.caption or ""


Hear = TypeVar("Hear", bound=Callable[..., Awaitable[None]])


@dataclass(frozen=True, slots=True)
class _Listener:
    call: CallableObject
    files: bool


_listeners: dict[str, _Listener] = {}


def asked_for(what: str, *, files: bool = False) -> Callable[[Hear], Hear]:
    """Register who hears the replies to prompts of this name; with `files` they need not be words.

    The function takes the `Told` first, and by their names whatever services it needs.
    """

    def register(hear: Hear) -> Hear:
        if what in _listeners:
            raise ValueError(f"two prompts are called {what}")
        _listeners[what] = _Listener(CallableObject(hear), files)
        return hear

    return register


async def ask(query: CallbackQuery, bot: Bot, state: FSMContext, prompt: Prompt) -> None:
    """Ask this person below the card; only a reply to that very message counts."""
    assert query.message is not None
    await _ask(query.message, query.from_user, bot, state, prompt)
    await answer_tap(bot, query)


async def _ask(place: Spot, person: User, bot: Bot, state: FSMContext, prompt: Prompt) -> None:
    name = shown(person.full_name) or str(person.id)
    length = len(name.encode("utf-16-le")) // 2
    mention = MessageEntity(type=MessageEntityType.TEXT_MENTION, offset=0, length=length, user=person)
    question = SendMessage(
        chat_id=place.chat.id,
        message_thread_id=thread_of(place),
        text=f"{name}, {prompt.words}",
        entities=[mention],
        reply_parameters=ReplyParameters(message_id=place.message_id, allow_sending_without_reply=True),
        reply_markup=ForceReply(selective=True),
    )
    sent = await bot(question)
    asked = [prompt.what, prompt.card, prompt.line, prompt.about]
    await keep_open(state, sent.message_id, asked)


@router.message(F.reply_to_message.from_user.is_bot)
async def replied(message: Message, bot: Bot, state: FSMContext, **services: Any) -> None:
    asked = message.reply_to_message
    assert asked is not None
    prompt = await asked_by(state, asked.message_id)
    if prompt is None:
        await _not_asked(message, bot, asked)
        return
    what, card, line, about = [*prompt, "", ""][:4]
    listener = _listeners.get(what)
    if listener is None:
        raise CustomerError("already_done")
    told = Told(message, known_person(message), card, int(line or 0), str(about))
    if not message.text and not listener.files:
        raise CustomerError("words_needed")
    await listener.call.call(told, bot=bot, state=state, **services)


async def _not_asked(message: Message, bot: Bot, asked: Message) -> None:
    """Talk under cards is nobody's business; a reply to somebody else's question is led to the button."""
    mentions = [each for each in asked.entities or () if each.type == MessageEntityType.TEXT_MENTION]
    if asked.from_user is not None and asked.from_user.id == bot.id and mentions:
        known_person(message)
        await message.reply(_("That question waits for somebody else. Press the button under the card."))
