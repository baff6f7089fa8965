"""/code: a customer asks on the telephone for his payment code, and an operator finds or makes it."""

from __future__ import annotations

from aiogram import Bot, Router
from aiogram.filters import Command, CommandObject
from aiogram.methods import EditMessageText
from aiogram.types import CallbackQuery, Message

from bot.handlers.operators.counter import known_person
from bot.i18n import _, shown
from bot.i18n.code_words import spaced_code
from bot.keyboards import operator_codes as buttons
from bot.keyboards.operator_codes import PickPayer
from bot.middlewares.living import answer_tap
from bot.services.codes import CodeService, PayerCode

router = Router(name="operators_codes")


@router.message(Command("code"))
async def code_asked(message: Message, command: CommandObject, codes: CodeService) -> None:
    found = await codes.find_or_make(known_person(message).id, command.args or "")
    if not command.args:
        words = _("Whose? Write an e-mail, a phone, a connector's id or its name: /code anna@example.org")
        await message.reply(words)
    elif not found:
        words = _(
            "Nobody was found by “{words}”. I look by e-mail, phone, a connector's id or its name.",
            words=shown(command.args),
        )
        await message.reply(words)
    elif len(found) == 1:
        await message.reply(_told(found[0]), reply_markup=buttons.copy_code(found[0].code))
    else:
        await message.reply(_("Several were found. Whose code is it?"), reply_markup=buttons.payers(found))


@router.callback_query(PickPayer.filter())
async def payer_tapped(query: CallbackQuery, callback_data: PickPayer, bot: Bot, codes: CodeService) -> None:
    assert query.message is not None
    code = await codes.make(query.from_user.id, callback_data.payer)
    await answer_tap(bot, query)
    place = query.message
    edit = EditMessageText(
        chat_id=place.chat.id,
        message_id=place.message_id,
        text=_told(code),
        reply_markup=buttons.copy_code(code.code),
    )
    await bot(edit)


def _told(code: PayerCode) -> str:
    name = shown(code.title) or "…"
    head = _("Payment code of {name}, customer {number}:", name=name, number=code.customer_id)
    return f"{head}\n\n{spaced_code(code.code)}"
