"""/paid INV-2026-000123 1500.00: a payment counts before the bank tells of it, by the word of a cashier."""

from __future__ import annotations

from aiogram import Bot, Router
from aiogram.filters import Command, CommandObject
from aiogram.methods import EditMessageText
from aiogram.types import CallbackQuery, Message

from bot.domain.errors import CustomerError
from bot.domain.money import Money
from bot.domain.purposes import invoice_numbers
from bot.handlers.operators.board import redraw
from bot.handlers.operators.counter import known_person
from bot.handlers.sums import read_sum
from bot.i18n import _, money, shown
from bot.keyboards import promises as buttons
from bot.keyboards.promises import PromisePaid, SecondPaid
from bot.middlewares.living import answer_tap
from bot.services.promises import PromiseService

router = Router(name="operators_promises")


@router.message(Command("paid"))
async def paid_typed(message: Message, command: CommandObject, promises: PromiseService) -> None:
    """Without a sum it is what the invoice still asks for."""
    who = known_person(message).id
    number, _space, typed = (command.args or "").strip().partition(" ")
    found = invoice_numbers(number)
    if len(found) != 1:
        await message.reply(_("Which invoice, and how much? Like this: /paid INV-2026-000123 1500.00"))
        return
    invoice = await promises.invoice(who, found[0])
    amount = read_sum(typed, invoice["total"].currency) if typed.strip() else invoice["missing"]
    words = _(
        "{number}: {total}, {name}. Note {amount} as paid before the bank tells of it?",
        number=invoice["number"],
        total=money(invoice["total"]),
        name=shown(invoice["buyer"], 120),
        amount=money(amount),
    )
    await message.reply(words, reply_markup=buttons.sure(invoice["id"], amount, invoice["number"]))


@router.callback_query(PromisePaid.filter())
async def paid_tapped(
    query: CallbackQuery, callback_data: PromisePaid, bot: Bot, promises: PromiseService
) -> None:
    goal, place = callback_data, query.message
    if place is None:
        raise CustomerError("card_gone")
    amount = Money(goal.minor, goal.currency)
    card = await promises.note(query.from_user.id, goal.invoice, amount)
    name = shown(query.from_user.full_name)
    if card is None:
        words = _("✔️ {name} noted {amount}; the statement will confirm it.", name=name, amount=money(amount))
    else:
        words = _(
            "{name} noted {amount}. A second person has to confirm it.", name=name, amount=money(amount)
        )
    await answer_tap(bot, query)
    await bot(EditMessageText(chat_id=place.chat.id, message_id=place.message_id, text=words))


@router.callback_query(SecondPaid.filter())
async def second_tapped(
    query: CallbackQuery, callback_data: SecondPaid, bot: Bot, promises: PromiseService
) -> None:
    card = await promises.second(query.from_user.id, callback_data.card)
    assert query.message is not None
    await answer_tap(bot, query, _("Done."))
    place = query.message
    await redraw(bot, card, place.chat.id, closer=query.from_user.full_name, at=place)
