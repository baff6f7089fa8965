"""/order, /invoice, /link: an operator orders for somebody on the telephone, who may have no chat at all."""

from __future__ import annotations

from aiogram import Bot, F, Router
from aiogram.filters import Command, CommandObject
from aiogram.fsm.context import FSMContext
from aiogram.methods import EditMessageText
from aiogram.types import CallbackQuery, InlineKeyboardMarkup, Message
from aiogram.utils.deep_linking import create_start_link

from bot.domain.caller_words import COUNTRIES, read_requisites
from bot.domain.customers import Customer
from bot.domain.errors import CustomerError
from bot.domain.masking import masked_email
from bot.handlers.operators.counter import known_person
from bot.handlers.operators.prompts import Prompt, Told, ask, asked_for
from bot.handlers.sums import read_sum
from bot.i18n import _, day, money, said, shown
from bot.keyboards import callers as buttons
from bot.keyboards.callers import Caller, CallersOrder, Step
from bot.middlewares.living import answer_tap
from bot.services.acts.house import Acts
from bot.services.acts.made import Made

router = Router(name="operators_acts_callers")

NEW, TITLE, DATA, SUM, PAYER = "caller_new", "caller_title", "caller_data", "caller_sum", "caller_payer"


@router.message(Command("order", "invoice", "link"))
async def somebody_calls(message: Message, command: CommandObject, acts: Acts) -> None:
    """All three begin with who it is; what can be made for him stands below it."""
    found = await acts.callers.find(known_person(message).id, command.args or "")
    if not command.args:
        words = _(
            "For whom? Write an e-mail, a phone or a name: /{command} anna@example.org",
            command=command.command,
        )
    elif found:
        words = _("For whom?")
    else:
        words = _("Nobody was found by “{words}”. Write down somebody new?", words=shown(command.args, 64))
    await message.reply(words, reply_markup=buttons.people(found))


@router.callback_query(Caller.filter(F.step == Step.NEW))
async def new_tapped(query: CallbackQuery, bot: Bot, state: FSMContext) -> None:
    typed = _typed(query)
    words = (
        _(
            "who is it? What is missing beside “{words}”: a name, an e-mail or a phone.",
            words=shown(typed, 64),
        )
        if typed
        else _(
            "who is it? Name, e-mail and phone, between commas: Anna Petrova, anna@example.org, +79991234567"
        )
    )
    await ask(query, bot, state, Prompt(NEW, 0, words, about=typed))


def _typed(query: CallbackQuery) -> str:
    """What was searched for by the command that the buttons answer; @names are none of what is noted."""
    asked = query.message.reply_to_message if isinstance(query.message, Message) else None
    words = (asked.text or "").partition(" ")[2].strip() if asked is not None else ""
    return "" if words.startswith("@") else words


@asked_for(NEW)
async def new_told(told: Told, acts: Acts) -> None:
    customer = await acts.callers.meet(told.who, told.words, told.about)
    words, keyboard = await _choice(acts, told.who, customer)
    await told.message.reply(words, reply_markup=keyboard)


@router.callback_query(Caller.filter(F.step == Step.WHO))
async def who_tapped(query: CallbackQuery, callback_data: Caller, bot: Bot, acts: Acts) -> None:
    customer = await acts.callers.get(query.from_user.id, callback_data.customer)
    if not isinstance(query.message, Message):
        raise CustomerError("card_gone")
    words, keyboard = await _choice(acts, query.from_user.id, customer)
    await answer_tap(bot, query)
    await query.message.reply(words, reply_markup=keyboard)


@router.callback_query(Caller.filter(F.step == Step.BACK))
async def back_tapped(query: CallbackQuery, callback_data: Caller, bot: Bot, acts: Acts) -> None:
    who = query.from_user.id
    customer = await acts.callers.get(who, callback_data.customer)
    await _show(query, bot, *await _choice(acts, who, customer))


@router.callback_query(Caller.filter(F.step == Step.LINE))
async def line_tapped(query: CallbackQuery, callback_data: Caller, bot: Bot, acts: Acts) -> None:
    customer_id = callback_data.customer
    connector, tariff = await acts.caller_orders.offered(query.from_user.id, customer_id, callback_data.what)
    words = _("{title}: for how long?", title=shown(connector.title, 64))
    await _show(query, bot, words, buttons.terms(customer_id, connector.id, tariff))


@router.callback_query(Caller.filter(F.step == Step.TARIFF))
async def tariff_tapped(
    query: CallbackQuery, callback_data: Caller, bot: Bot, *, state: FSMContext, acts: Acts
) -> None:
    if acts.made_for_callers.is_made(callback_data.what):
        tariff = acts.made_for_callers.tariff(callback_data.what)
        words = _("{title}: for how long?", title=shown(said(tariff.title), 64))
        await _show(query, bot, words, buttons.made_terms(callback_data.customer, tariff))
        return
    words = _("what is it to be called? Its number or name, as the customer knows it.")
    about = f"{callback_data.customer}:{callback_data.what}"
    await ask(query, bot, state, Prompt(TITLE, 0, words, about=about))


@asked_for(TITLE)
async def title_told(told: Told, acts: Acts) -> None:
    customer, _colon, tariff_id = told.about.partition(":")
    connector = await acts.caller_orders.add(told.who, int(customer), tariff_id, told.words)
    words = _("{title}: for how long?", title=shown(connector.title, 64))
    keyboard = buttons.terms(int(customer), connector.id, acts.caller_orders.tariff(tariff_id))
    await told.message.reply(words, reply_markup=keyboard)


@router.callback_query(Caller.filter(F.step == Step.TERM))
async def term_tapped(query: CallbackQuery, callback_data: Caller, bot: Bot, acts: Acts) -> None:
    who, customer_id = query.from_user.id, callback_data.customer
    months, _dot, handle = callback_data.what.partition(".")
    connector, _tariff = await acts.caller_orders.offered(who, customer_id, handle)
    made = await acts.caller_orders.order(who, customer_id, connector.id, int(months))
    await _show(query, bot, *_made(acts, made))


@router.callback_query(Caller.filter(F.step == Step.MADE))
async def made_tapped(query: CallbackQuery, callback_data: Caller, bot: Bot, state: FSMContext) -> None:
    words = _("what shall be made? All that the work takes, as you were told it, in one message.")
    about = f"{callback_data.customer}:{callback_data.what}"
    await ask(query, bot, state, Prompt(DATA, 0, words, about=about))


@asked_for(DATA)
async def data_told(told: Told, acts: Acts) -> None:
    customer, _colon, what = told.about.partition(":")
    months, _dot, tariff_id = what.partition(".")
    made = await acts.made_for_callers.order(
        told.who, int(customer), tariff_id, months=int(months), words=told.words
    )
    words, keyboard = _made(acts, made)
    await told.message.reply(words, reply_markup=keyboard)


@router.callback_query(CallersOrder.filter(F.currency == ""))
async def send_tapped(query: CallbackQuery, callback_data: CallersOrder, bot: Bot, acts: Acts) -> None:
    email = await acts.caller_orders.send(query.from_user.id, callback_data.order)
    await answer_tap(bot, query, _("✉️ On its way to {email}.", email=masked_email(email)), alert=True)


@router.callback_query(CallersOrder.filter())
async def invoice_tapped(
    query: CallbackQuery, callback_data: CallersOrder, bot: Bot, *, state: FSMContext, acts: Acts
) -> None:
    goal, who = callback_data, query.from_user.id
    if goal.currency not in COUNTRIES:
        raise CustomerError("method_gone")
    payer = await acts.caller_orders.payer(who, goal.order)
    if payer.can_be_invoiced:
        words = await _invoiced(acts, who, goal.order, goal.currency)
        await _show(query, bot, words, None)
        return
    words = _(
        "who pays? In one line: tax number, KPP where there is one, the name; the address. "
        "“7707083893 770701001 OOO Romashka; Moscow, Tverskaya 1”. For a private person the name alone."
    )
    await ask(query, bot, state, Prompt(PAYER, goal.order, words, about=goal.currency))


@asked_for(PAYER)
async def payer_told(told: Told, acts: Acts) -> None:
    details = read_requisites(told.words, told.about)
    made = await acts.caller_orders.name_payer(told.who, told.card, details)
    await told.message.reply(await _invoiced(acts, told.who, made.order.id, told.about))


@router.callback_query(Caller.filter(F.step == Step.SUM))
async def sum_tapped(query: CallbackQuery, callback_data: Caller, bot: Bot, state: FSMContext) -> None:
    words = _("what sum, in which currency, and what for? “1500 RUB setting up the line”")
    await ask(query, bot, state, Prompt(SUM, 0, words, about=str(callback_data.customer)))


@asked_for(SUM)
async def sum_told(told: Told, acts: Acts) -> None:
    typed, currency, what_for = [*told.words.split(maxsplit=2), "", "", ""][:3]
    if currency.upper() not in COUNTRIES or not what_for:
        raise CustomerError("act_words", example=_("1500 RUB setting up the line"))
    amount = read_sum(typed, currency.upper())
    url = await acts.caller_orders.sum_link(told.who, int(told.about), amount, what_for)
    words = _("{amount} onto the balance: {words}", amount=money(amount), words=shown(what_for, 200))
    await told.message.reply(words, reply_markup=buttons.sum_link(url))


@router.callback_query(Caller.filter(F.step == Step.LINK))
async def link_tapped(query: CallbackQuery, callback_data: Caller, bot: Bot, acts: Acts) -> None:
    who, customer_id = query.from_user.id, callback_data.customer
    customer = await acts.callers.get(who, customer_id)
    url = await _customer_url(bot, acts, who, customer_id)
    words = _(
        "Whoever opens this link in Telegram has all that was made for {name}. Once, within 30 days.",
        name=shown(customer.name, 64) or "…",
    )
    await _show(query, bot, words, buttons.customer_link(customer, url))


@router.callback_query(Caller.filter(F.step == Step.MAIL_LINK))
async def mail_link_tapped(query: CallbackQuery, callback_data: Caller, bot: Bot, acts: Acts) -> None:
    who, customer_id = query.from_user.id, callback_data.customer
    url = await _customer_url(bot, acts, who, customer_id)
    email = await acts.callers.send(who, customer_id, url)
    await answer_tap(bot, query, _("✉️ On its way to {email}.", email=masked_email(email)), alert=True)


async def _customer_url(bot: Bot, acts: Acts, who: int, customer_id: int) -> str:
    return await create_start_link(bot, f"mine_{await acts.callers.link(who, customer_id)}")


async def _choice(acts: Acts, who: int, customer: Customer) -> tuple[str, InlineKeyboardMarkup]:
    found = await acts.caller_orders.choice(who, customer.id)
    name = shown(customer.name, 64) or "…"
    return _("{name}: what is it for?", name=name), buttons.choice(found)


def _made(acts: Acts, made: Made) -> tuple[str, InlineKeyboardMarkup]:
    prices = " / ".join(money(price) for price in made.order.prices)
    words = _(
        "Order {number} for {name}: {titles}, {prices}. It is paid by its link, until {date}.",
        number=made.order.id,
        name=shown(made.customer.name, 64) or "…",
        titles=", ".join(shown(title, 64) for title in made.order.titles),
        prices=prices,
        date=day(made.order.expires_at.date()),
    )
    sold_in = [price.currency for price in made.order.prices]
    invoiced_in = [each for each in acts.caller_orders.invoiced_in if each in sold_in and each in COUNTRIES]
    if made.mailed:
        words += "\n" + _("✉️ On its way to {email}.", email=masked_email(made.mailed))
    return words, buttons.made(made, invoiced_in)


async def _invoiced(acts: Acts, who: int, order_id: int, currency: str) -> str:
    invoice = await acts.caller_orders.invoice(who, order_id, currency)
    blanks = {
        "number": invoice.number,
        "amount": money(invoice.total),
        "name": shown(invoice.buyer.name, 120),
    }
    if invoice.email:
        return _(
            "✔️ Invoice {number}, {amount}, {name}: on its way to {email}.",
            email=masked_email(invoice.email),
            **blanks,
        )
    return _("✔️ Invoice {number}, {amount}, {name}. There is no e-mail address to send it to.", **blanks)


async def _show(query: CallbackQuery, bot: Bot, words: str, keyboard: InlineKeyboardMarkup | None) -> None:
    """In place of the step before."""
    place = query.message
    if place is None:
        raise CustomerError("card_gone")
    await answer_tap(bot, query)
    edit = EditMessageText(
        chat_id=place.chat.id, message_id=place.message_id, text=words, reply_markup=keyboard
    )
    await bot(edit)
