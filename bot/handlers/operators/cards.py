"""Buttons under the cards. Role and state are checked at each press, by the desk."""

from __future__ import annotations

from aiogram import Bot, Router
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery

from bot.domain.desk import Card
from bot.domain.errors import CustomerError
from bot.domain.states import Role
from bot.handlers.operators import bridge_answers, card_answers, prompts, talk
from bot.handlers.operators.board import Spot, redraw, show_buttons
from bot.i18n import _, money
from bot.keyboards import operators as buttons
from bot.keyboards.buttons import by_handle
from bot.keyboards.operators import (
    Attach,
    Bridge,
    Dismiss,
    FindLine,
    FindOwner,
    Give,
    ItIsThis,
    Reply,
    ShowCard,
)
from bot.middlewares.living import answer_tap
from bot.services.bridges import BridgeService
from bot.services.desk import DeskService

router = Router(name="operators_cards")


@router.callback_query(ItIsThis.filter())
async def candidate_tapped(
    query: CallbackQuery, callback_data: ItIsThis, bot: Bot, desk: DeskService
) -> None:
    """«Это он»: where the customer named no payment, the operator does."""
    who, event = query.from_user.id, callback_data.event
    card = await desk.card_for(who, callback_data.card, Role.CASHIER)
    payment_id = card.payload.get("payment_id")
    if payment_id is not None:
        await _ask_sure(query, bot, card, Give(card=card.id, event=event, payment=payment_id))
        return
    owners = await desk.owners_of(who, int(card.payload["customer_id"]))
    await show_buttons(bot, _place(query), buttons.owners(card.id, event, owners))
    await answer_tap(bot, query, _("For which payment is it?"))


@router.callback_query(Give.filter())
async def owner_tapped(query: CallbackQuery, callback_data: Give, bot: Bot, desk: DeskService) -> None:
    who, goal = query.from_user.id, callback_data
    if not goal.sure:
        card = await desk.card_for(who, goal.card, Role.CASHIER)
        await _ask_sure(query, bot, card, goal)
    elif goal.payment:
        closed = await desk.give_to_payment(who, goal.card, goal.event, goal.payment)
        await _closed(query, bot, closed)
    else:
        closed = await desk.give_to_customer(who, goal.card, goal.event, goal.customer)
        await _closed(query, bot, closed)


@router.callback_query(FindOwner.filter())
async def owner_sought(
    query: CallbackQuery, callback_data: FindOwner, bot: Bot, desk: DeskService, state: FSMContext
) -> None:
    card = await desk.card_for(query.from_user.id, callback_data.card, Role.CASHIER)
    words = _(
        "whose is it? Send a payment's number, sum, transaction or the end of its reference; "
        "or a customer's name, id, phone or e-mail."
    )
    await prompts.ask(query, bot, state, prompts.Prompt(card_answers.OWNER, card.id, words))


@router.callback_query(FindLine.filter())
async def line_sought(
    query: CallbackQuery, callback_data: FindLine, bot: Bot, desk: DeskService, state: FSMContext
) -> None:
    card = await desk.card_for(query.from_user.id, callback_data.card, Role.OPERATOR)
    words = _("which connector is it? Send its id, its phone or a part of its name.")
    await prompts.ask(query, bot, state, prompts.Prompt(card_answers.LINE, card.id, words))


@router.callback_query(Attach.filter())
async def line_tapped(query: CallbackQuery, callback_data: Attach, bot: Bot, desk: DeskService) -> None:
    who = query.from_user.id
    card = await desk.card_for(who, callback_data.card, Role.OPERATOR)
    line = by_handle(callback_data.line, card.payload.get("found", []))
    if line is None:
        raise CustomerError("connector_taken")
    await _closed(query, bot, await desk.attach(who, card.id, line))


@router.callback_query(Reply.filter())
async def reply_tapped(
    query: CallbackQuery, callback_data: Reply, bot: Bot, desk: DeskService, state: FSMContext
) -> None:
    card = await desk.card_for(query.from_user.id, callback_data.card, Role.OPERATOR)
    await prompts.ask(query, bot, state, prompts.Prompt(talk.ANSWER, card.id, talk.asked_words()))


@router.callback_query(Bridge.filter())
async def bridge_tapped(
    query: CallbackQuery,
    callback_data: Bridge,
    *,
    bot: Bot,
    desk: DeskService,
    bridges: BridgeService,
    state: FSMContext,
) -> None:
    """Refused at once where it was paid or bridged already, and not after the words were typed."""
    who = query.from_user.id
    card = await desk.card_for(who, callback_data.card, Role.OPERATOR)
    await bridges.bridgeable(who, int(card.payload["invoice_id"]))
    words = _(
        "for how many days shall it be switched on, from 1 to {most}, and why? "
        "Reply to this message: 3 the payment order is there",
        most=bridges.most_days,
    )
    await prompts.ask(query, bot, state, prompts.Prompt(bridge_answers.BRIDGE, card.id, words))


@router.callback_query(Dismiss.filter())
async def dismiss_tapped(query: CallbackQuery, callback_data: Dismiss, bot: Bot, desk: DeskService) -> None:
    who = query.from_user.id
    if callback_data.sure:
        await _closed(query, bot, await desk.dismiss(who, callback_data.card))
        return
    card = await desk.card_for(who, callback_data.card, Role.OPERATOR)
    sure = Dismiss(card=card.id, sure=True)
    await show_buttons(bot, _place(query), buttons.sure(_("Yes, close it"), sure, card.id))
    await answer_tap(bot, query)


@router.callback_query(ShowCard.filter())
async def card_tapped(query: CallbackQuery, callback_data: ShowCard, bot: Bot, desk: DeskService) -> None:
    card = await desk.card_for(query.from_user.id, callback_data.card, Role.VIEWER)
    await redraw(bot, card, _place(query).chat.id, at=_place(query))
    await answer_tap(bot, query)


@router.callback_query()
async def stale_tapped(query: CallbackQuery, bot: Bot) -> None:
    """A button of a version that is gone."""
    await answer_tap(bot, query, _("This button is no longer known. /cards shows what is open."), alert=True)


async def _ask_sure(query: CallbackQuery, bot: Bot, card: Card, goal: Give) -> None:
    """One more tap, which says how much goes where."""
    amount = _amount(card, goal.event)
    if goal.payment:
        yes = _("Yes, {amount} to payment {number}", amount=amount, number=goal.payment)
    else:
        yes = _("Yes, {amount} to customer {number}", amount=amount, number=goal.customer)
    sure = goal.model_copy(update={"sure": True})
    await show_buttons(bot, _place(query), buttons.sure(yes, sure, card.id))
    await answer_tap(bot, query)


async def _closed(query: CallbackQuery, bot: Bot, cards: list[Card]) -> None:
    """Every card that this press closed says so, and loses its buttons."""
    place = _place(query)
    await answer_tap(bot, query, _("Done."))
    for number, card in enumerate(cards):
        pressed = place if number == 0 else None
        await redraw(bot, card, place.chat.id, closer=query.from_user.full_name, at=pressed)


def _amount(card: Card, event_id: int) -> str:
    """What is given; refused when somebody else gave it away meanwhile."""
    if card.subject == f"event:{event_id}":
        return money(card.payload["amount"])
    for clue in card.payload.get("candidates", []):
        if clue["event_id"] == event_id:
            return money(clue["amount"])
    raise CustomerError("already_done")


def _place(query: CallbackQuery) -> Spot:
    assert query.message is not None, "the router takes buttons under messages alone"
    return query.message
