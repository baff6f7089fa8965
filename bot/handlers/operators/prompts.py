"""Questions to operators: asked with ForceReply, so that the answer names its question by itself."""

from __future__ import annotations

from dataclasses import dataclass

from aiogram import Bot, F, Router
from aiogram.enums import MessageEntityType
from aiogram.fsm.context import FSMContext
from aiogram.methods import SendMessage
from aiogram.types import CallbackQuery, ForceReply, Message, MessageEntity, ReplyParameters

from bot.domain.desk import Card
from bot.domain.errors import CustomerError
from bot.domain.states import Role
from bot.handlers.operators import bridge_answers, charge_answers, statement_answers
from bot.handlers.operators.board import redraw, thread_of
from bot.handlers.operators.counter import known_person
from bot.i18n import _, shown
from bot.keyboards import operators as buttons
from bot.middlewares.living import answer_tap
from bot.services.bridges import BridgeService
from bot.services.desk import DeskService
from bot.services.statement_desk import StatementDesk
from bot.services.unknown_charges import UnknownCharges

router = Router(name="operators_prompts")

ANSWER, LINE, OWNER, BRIDGE, CHARGE = "answer", "line", "owner", "bridge", "charge"
INVOICE, PAYER = "invoice", "payer"
"""About a line of a bank statement."""

MOST_PROMPTS = 20
"""So many questions to one person stay open; older ones are asked anew by their button."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """What is asked for, about which card, in which words after the person's name.

    `line` is the page of a card that has several.
    """

    what: str
    card: int
    words: str
    line: int = 0


async def ask(query: CallbackQuery, bot: Bot, state: FSMContext, prompt: Prompt) -> None:
    """Ask this person below the card; only a reply to that very message counts."""
    assert query.message is not None
    name = shown(query.from_user.full_name) or str(query.from_user.id)
    length = len(name.encode("utf-16-le")) // 2
    mention = MessageEntity(
        type=MessageEntityType.TEXT_MENTION, offset=0, length=length, user=query.from_user
    )
    question = SendMessage(
        chat_id=query.message.chat.id,
        message_thread_id=thread_of(query.message),
        text=f"{name}, {prompt.words}",
        entities=[mention],
        reply_parameters=ReplyParameters(
            message_id=query.message.message_id, allow_sending_without_reply=True
        ),
        reply_markup=ForceReply(selective=True),
    )
    sent = await bot(question)
    asked = [prompt.what, prompt.card, prompt.line]
    open_ = {**(await state.get_data()).get("prompts", {}), str(sent.message_id): asked}
    await state.update_data(prompts=dict(list(open_.items())[-MOST_PROMPTS:]))
    await answer_tap(bot, query)


@router.message(F.reply_to_message.from_user.is_bot)
async def replied(
    message: Message,
    *,
    bot: Bot,
    state: FSMContext,
    desk: DeskService,
    statement_desk: StatementDesk,
    bridges: BridgeService,
    unknown_charges: UnknownCharges,
) -> None:
    asked = message.reply_to_message
    assert asked is not None
    prompt = (await state.get_data()).get("prompts", {}).get(str(asked.message_id))
    if prompt is None:
        await _not_asked(message, bot, asked)
        return
    who = known_person(message).id
    what, card_id, *line = prompt
    if not message.text:
        raise CustomerError("words_needed")
    if what == ANSWER:
        await _answer(message, bot, desk, who, card_id)
    elif what == LINE:
        found = await desk.lines(who, card_id, message.text)
        none = _("No connector without an owner has that id, phone or name. Reply to the question again.")
        await message.reply(_("Which one?") if found else none, reply_markup=buttons.lines(card_id, found))
    elif what in (INVOICE, PAYER):
        named = statement_answers.invoice_named if what == INVOICE else statement_answers.payer_named
        await named(message, statement_desk, who, card_id, *line)
    elif what == BRIDGE:
        await bridge_answers.bridge_wanted(message, bot, desk, bridges, card_id)
    elif what == CHARGE:
        await charge_answers.number_told(message, bot, desk, unknown_charges, card_id)
    else:
        await _show_owners(message, desk, who, card_id)


async def _answer(message: Message, bot: Bot, desk: DeskService, who: int, card_id: int) -> None:
    assert message.text is not None
    (card,) = await desk.answer(who, card_id, message.text, message.message_id)
    await message.reply(_("✔️ On its way to {name}.", name=shown(str(card.payload.get("name") or "…"))))
    if card.closed_by is not None:
        await redraw(bot, card, message.chat.id, closer=known_person(message).full_name)


async def _show_owners(message: Message, desk: DeskService, who: int, card_id: int) -> None:
    card = await desk.card_for(who, card_id, Role.CASHIER)
    found = await desk.owners(who, card_id, message.text or "")
    none = _("Nothing was found. Reply to the question again, with other words.")
    keyboard = buttons.owners(card.id, _event_of(card), found)
    await message.reply(_("To whom does it go?") if found else none, reply_markup=keyboard)


async def _not_asked(message: Message, bot: Bot, asked: Message) -> None:
    """Talk under cards is nobody's business; a reply to somebody else's question is led to the button."""
    mentions = [each for each in asked.entities or () if each.type == MessageEntityType.TEXT_MENTION]
    if asked.from_user is not None and asked.from_user.id == bot.id and mentions:
        known_person(message)
        await message.reply(_("That question waits for somebody else. Press the button under the card."))


def _event_of(card: Card) -> int:
    if "event_id" not in card.payload:
        raise CustomerError("already_done")
    return int(card.payload["event_id"])
