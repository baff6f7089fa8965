"""/refund and the cards about refunds: a plan is chosen on one screen, agreed to, and sent."""

from __future__ import annotations

from aiogram import Bot, Router
from aiogram.filters import Command, CommandObject
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery, Message

from bot.domain.desk import Card
from bot.domain.errors import CustomerError
from bot.domain.money import Money
from bot.domain.refunds import Destination, RefundPlan
from bot.domain.states import Role
from bot.handlers.operators import prompts
from bot.handlers.operators.board import redraw, show_buttons
from bot.handlers.operators.counter import known_person
from bot.handlers.operators.refund_answers import DECLINE, REASON, SUM
from bot.handlers.operators.refund_screens import RefundScreen, screen_of, show
from bot.i18n import _, money
from bot.i18n.refund_words import outcome_words
from bot.keyboards import operators as buttons
from bot.keyboards import refunds as screens
from bot.middlewares.living import answer_tap
from bot.services.desk import DeskService
from bot.services.refund.requests import RefundRequestService

router = Router(name="operators_refunds")


@router.message(Command("refund"))
async def refund_asked(
    message: Message,
    command: CommandObject,
    bot: Bot,
    state: FSMContext,
    refund_requests: RefundRequestService,
) -> None:
    """`/refund 118 500 by agreement`: the payment's number, a sum and a reason if one likes."""
    who = known_person(message).id
    number, _space, rest = (command.args or "").strip().partition(" ")
    if not number:
        await message.reply(_("Which payment? /refund 118, or /refund 118 500 and the reason."))
        return
    payment = await refund_requests.find(who, number)
    minor, reason = _sum_and_reason(rest.strip(), payment.amount.currency)
    plan = RefundPlan(payment.id, minor=minor, reason=reason)
    await show(message, bot=bot, state=state, refund_requests=refund_requests, who=who, plan=plan)


@router.callback_query(screens.RefundPayment.filter())
async def refund_tapped(
    query: CallbackQuery,
    callback_data: screens.RefundPayment,
    bot: Bot,
    state: FSMContext,
    refund_requests: RefundRequestService,
) -> None:
    """From a payment's record, or from the card of a customer's wish."""
    assert query.message is not None, "the router takes buttons under messages alone"
    who, plan = query.from_user.id, RefundPlan(callback_data.payment)
    await show(query.message, bot=bot, state=state, refund_requests=refund_requests, who=who, plan=plan)
    await answer_tap(bot, query)


@router.callback_query(screens.RefundOrder.filter())
async def order_tapped(
    query: CallbackQuery,
    callback_data: screens.RefundOrder,
    bot: Bot,
    state: FSMContext,
    refund_requests: RefundRequestService,
) -> None:
    assert query.message is not None, "the router takes buttons under messages alone"
    who = query.from_user.id
    plan = await refund_requests.plan_for_order(who, callback_data.order)
    await show(query.message, bot=bot, state=state, refund_requests=refund_requests, who=who, plan=plan)
    await answer_tap(bot, query)


@router.callback_query(screens.KeepService.filter())
async def service_chosen(
    query: CallbackQuery,
    callback_data: screens.KeepService,
    bot: Bot,
    state: FSMContext,
    refund_requests: RefundRequestService,
) -> None:
    await screen_of(query, bot, state, refund_requests).change(service=callback_data.service)
    await answer_tap(bot, query)


@router.callback_query(screens.RefundTo.filter())
async def place_chosen(
    query: CallbackQuery,
    callback_data: screens.RefundTo,
    bot: Bot,
    state: FSMContext,
    refund_requests: RefundRequestService,
) -> None:
    """Another place has another limit: the sum is all of it, until one is typed."""
    to = Destination(callback_data.to)
    await screen_of(query, bot, state, refund_requests).change(destination=to, minor=None)
    await answer_tap(bot, query)


@router.callback_query(screens.RefundStep.filter())
async def step_tapped(
    query: CallbackQuery,
    callback_data: screens.RefundStep,
    bot: Bot,
    state: FSMContext,
    refund_requests: RefundRequestService,
) -> None:
    screen = screen_of(query, bot, state, refund_requests)
    plan = await screen.plan()
    match callback_data.what:
        case "all":
            await screen.change(minor=None)
        case "sum":
            words = _("how much goes back? Reply to this message with a sum, for example 500.")
            prompt = prompts.Prompt(SUM, plan.payment_id, words, screen.message_id)
            await prompts.ask(query, bot, state, prompt)
        case "reason":
            words = _("why does it go back? Reply to this message in a few words.")
            prompt = prompts.Prompt(REASON, plan.payment_id, words, screen.message_id)
            await prompts.ask(query, bot, state, prompt)
        case "send":
            await _propose(query, screen, plan)
        case _:
            await screen.end(_("✖️ Nothing was refunded."))
    await answer_tap(bot, query)


@router.callback_query(screens.ConfirmRefund.filter())
async def confirm_tapped(
    query: CallbackQuery,
    callback_data: screens.ConfirmRefund,
    bot: Bot,
    desk: DeskService,
    refund_requests: RefundRequestService,
) -> None:
    """One more tap, which says how much goes where; who may not agree hears it at the first."""
    assert query.message is not None, "the router takes buttons under messages alone"
    who, place = query.from_user.id, query.message
    card = _bearing(await desk.card_for(who, callback_data.card, Role.CASHIER), callback_data.request)
    if not callback_data.sure:
        await refund_requests.to_confirm(who, callback_data.request)
        yes = _("Yes, refund {amount}", amount=money(card.payload["amount"]))
        sure = callback_data.model_copy(update={"sure": True})
        await show_buttons(bot, place, buttons.sure(yes, sure, card.id))
        await answer_tap(bot, query)
        return
    request = await refund_requests.confirm(who, callback_data.request)
    await answer_tap(bot, query, outcome_words(request))
    await redraw(bot, await desk.card(card.id), place.chat.id, closer=query.from_user.full_name, at=place)


@router.callback_query(screens.DeclineRefund.filter())
async def decline_tapped(
    query: CallbackQuery,
    callback_data: screens.DeclineRefund,
    bot: Bot,
    state: FSMContext,
    desk: DeskService,
) -> None:
    card = await desk.card_for(query.from_user.id, callback_data.card, Role.OPERATOR)
    _bearing(card, callback_data.request)
    words = _("why is it declined? The customer reads that. Reply to this message.")
    await prompts.ask(query, bot, state, prompts.Prompt(DECLINE, card.id, words, callback_data.request))


def _bearing(card: Card, request_id: int) -> Card:
    """The card, provided that it shows this request: else one sum is read and another one goes."""
    if card.payload.get("request_id") != request_id:
        raise CustomerError("not_found")
    return card


async def _propose(query: CallbackQuery, screen: RefundScreen, plan: RefundPlan) -> None:
    decided = await screen.refund_requests.propose(screen.who, plan, name=query.from_user.full_name)
    words = outcome_words(decided.request)
    if decided.alone:
        words = _(
            "⏳ {amount} needs a second word. Nobody else may give it, so I have asked you in private.",
            amount=money(decided.request.amount),
        )
    shown = query.message.text if isinstance(query.message, Message) and query.message.text else ""
    await screen.end(f"{shown}\n\n{words}".strip())


def _sum_and_reason(words: str, currency: str) -> tuple[int | None, str]:
    """«500 по договорённости»: a sum where the first word is one, and the rest."""
    first, _space, rest = words.partition(" ")
    try:
        return (Money.typed(first, currency).minor if first else None), rest.strip()
    except CustomerError:
        return None, words
