"""Marking an order paid, letting a balance pay it, moving money between payers: words, then one more tap."""

from __future__ import annotations

from aiogram import Bot, F, Router
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery, Message

from bot.domain.errors import CustomerError
from bot.domain.money import Money
from bot.domain.states import Role
from bot.handlers.operators.acts.asking import Agreed, agreed_to, ask_sure
from bot.handlers.operators.board import name_of, redraw
from bot.handlers.operators.prompts import Prompt, Told, ask, asked_for
from bot.handlers.sums import read_sum
from bot.i18n import N_, _, money, money_of_all, shown
from bot.keyboards import acts as buttons
from bot.keyboards.acts import Act, GiveStray, What
from bot.middlewares.living import answer_tap
from bot.services.acts.house import Acts
from bot.services.acts.moving_money import Outside, Transfer
from bot.services.desk import DeskService

router = Router(name="operators_acts_money")

PAID, BALANCE, MOVE = "act_mark_paid", "act_from_balance", "act_move_money"
_PAID_EXAMPLE = N_("990 RUB KO-17 cash at the office")
_MOVE_EXAMPLE = N_("500 RUB 17 paid for the wrong firm")


@router.callback_query(Act.filter(F.what == What.MARK_PAID))
async def paid_tapped(
    query: CallbackQuery, callback_data: Act, bot: Bot, *, state: FSMContext, acts: Acts
) -> None:
    order, missing = await acts.money.payable(query.from_user.id, int(callback_data.about))
    words = _(
        "order {number} lacks {sums}. What came, by which paper, and how? “{example}”",
        number=order.id,
        sums=money_of_all(missing),
        example=_(_PAID_EXAMPLE),
    )
    await ask(query, bot, state, Prompt(PAID, order.id, words))


@asked_for(PAID)
async def paid_told(told: Told, state: FSMContext, acts: Acts) -> None:
    amount, number, why = _read(told.words, _PAID_EXAMPLE)
    order, _missing = await acts.money.payable(told.who, told.card)
    words = _(
        "Mark order {order} ({titles}) as paid outside: {amount}, paper {number}?",
        order=order.id,
        titles=", ".join(shown(title, 64) for title in order.titles),
        amount=money(amount),
        number=shown(number, 64),
    )
    facts = {"order": order.id, "minor": amount.minor, "currency": amount.currency}
    yes = _("Yes, {amount} came", amount=money(amount))
    await ask_sure(told.message, state, What.MARK_PAID, words, yes, number=number, why=why, **facts)


@agreed_to(What.MARK_PAID)
async def paid_agreed(agreed: Agreed, acts: Acts) -> str:
    facts = agreed.facts
    amount = Money(facts["minor"], facts["currency"])
    paid = Outside(facts["order"], amount, facts["number"])
    card = await acts.money.mark_paid(agreed.who, paid, facts["why"])
    if card is not None:
        return _("A second person has to confirm it: see the card below.")
    return _("✔️ Order {order}: {amount} is booked.", order=paid.order_id, amount=money(amount))


@router.callback_query(Act.filter(F.what == What.FROM_BALANCE))
async def balance_tapped(
    query: CallbackQuery, callback_data: Act, bot: Bot, *, state: FSMContext, acts: Acts
) -> None:
    order, missing = await acts.money.payable(query.from_user.id, int(callback_data.about))
    words = _(
        "order {number} lacks {sums}. In which currency does the balance pay, and why? “RUB asked for it”",
        number=order.id,
        sums=money_of_all(missing),
    )
    await ask(query, bot, state, Prompt(BALANCE, order.id, words))


@asked_for(BALANCE)
async def balance_told(told: Told, state: FSMContext, acts: Acts) -> None:
    currency, _space, why = told.words.strip().partition(" ")
    order, _missing = await acts.money.payable(told.who, told.card)
    price = order.price(currency.upper())
    if price is None or not why.strip():
        raise CustomerError("act_words", example=_("RUB asked for it"))
    words = _("Pay order {order}, {amount}, from the balance?", order=order.id, amount=money(price))
    facts = {"order": order.id, "currency": price.currency, "why": why}
    await ask_sure(told.message, state, What.FROM_BALANCE, words, _("Yes, pay it"), **facts)


@agreed_to(What.FROM_BALANCE)
async def balance_agreed(agreed: Agreed, acts: Acts) -> str:
    facts = agreed.facts
    await acts.money.pay_from_balance(agreed.who, facts["order"], facts["currency"], facts["why"])
    return _("✔️ Order {order} is paid from the balance.", order=facts["order"])


@router.callback_query(Act.filter(F.what == What.MOVE_MONEY))
async def move_tapped(query: CallbackQuery, callback_data: Act, bot: Bot, state: FSMContext) -> None:
    words = _(
        "how much, to which payer, and why? The sum with its currency, the payer's number or payment code: "
        "“{example}”",
        example=_(_MOVE_EXAMPLE),
    )
    await ask(query, bot, state, Prompt(MOVE, int(callback_data.about), words))


@asked_for(MOVE)
async def move_told(told: Told, state: FSMContext, acts: Acts) -> None:
    amount, goal, why = _read(told.words, _MOVE_EXAMPLE)
    taker = await acts.money.taker(told.who, goal)
    seen = await acts.money.balance(told.who, told.card, amount.currency)
    words = _(
        "Move {amount} from payer {giver} to payer {taker}? {giver} has {balance}.",
        amount=money(amount),
        giver=told.card,
        taker=taker,
        balance=money(seen),
    )
    facts = {"giver": told.card, "taker": taker, "minor": amount.minor, "seen": seen.minor}
    yes = _("Yes, move {amount}", amount=money(amount))
    await ask_sure(
        told.message, state, What.MOVE_MONEY, words, yes, currency=amount.currency, why=why, **facts
    )


@agreed_to(What.MOVE_MONEY)
async def move_agreed(agreed: Agreed, acts: Acts) -> str:
    facts = agreed.facts
    amount, seen = (Money(facts[name], facts["currency"]) for name in ("minor", "seen"))
    transfer = Transfer(facts["giver"], facts["taker"], amount, seen)
    card = await acts.money.move(agreed.who, transfer, facts["why"])
    if card is not None:
        return _("A second person has to confirm it: see the card below.")
    return _(
        "✔️ {amount} is with payer {taker} now. Both hear of it.", amount=money(amount), taker=transfer.taker
    )


@router.callback_query(Act.filter(F.what == What.STRAY))
async def stray_tapped(query: CallbackQuery, callback_data: Act, bot: Bot, acts: Acts) -> None:
    found = await acts.money.stray(query.from_user.id)
    if not isinstance(query.message, Message):
        raise CustomerError("card_gone")
    await answer_tap(bot, query)
    words = _("Which of it is theirs?") if found else _("No money waits for an owner.")
    await query.message.reply(words, reply_markup=buttons.strays(int(callback_data.about), found))


@router.callback_query(GiveStray.filter())
async def give_tapped(
    query: CallbackQuery, callback_data: GiveStray, bot: Bot, *, state: FSMContext, desk: DeskService
) -> None:
    goal = callback_data
    card = await desk.card_for(query.from_user.id, goal.card, Role.CASHIER)
    if not isinstance(query.message, Message):
        raise CustomerError("card_gone")
    await answer_tap(bot, query)
    words = _(
        "Put {amount} onto the balance of customer {number}?",
        amount=money(card.payload["amount"]),
        number=goal.customer,
    )
    facts = {"card": goal.card, "event": goal.event, "customer": goal.customer}
    await ask_sure(query.message, state, What.GIVE, words, _("Yes, it is theirs"), **facts)


@agreed_to(What.GIVE)
async def give_agreed(agreed: Agreed, bot: Bot, desk: DeskService) -> str:
    facts = agreed.facts
    closed = await desk.give_to_customer(agreed.who, facts["card"], facts["event"], facts["customer"])
    for card in closed:
        if card.chat_id is not None:
            await redraw(bot, card, card.chat_id, closer=await name_of(bot, card.chat_id, agreed.who))
    return _("✔️ It is on the balance of customer {number}.", number=facts["customer"])


def _read(text: str, example: str) -> tuple[Money, str, str]:
    """A sum with its currency, one word that names a paper or a payer, and the reason."""
    typed, currency, name, why = [*text.split(maxsplit=3), "", "", "", ""][:4]
    if not (typed and name and why and currency.isalpha()):
        raise CustomerError("act_words", example=_(example))
    return read_sum(typed, currency.upper()), name, why
