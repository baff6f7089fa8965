"""Refunds in private chats: a customer's wish, and an owner's word where nobody else may agree."""

from __future__ import annotations

from aiogram import F, Router
from aiogram.filters import StateFilter
from aiogram.fsm.state import State, StatesGroup

from bot.handlers.history import show_payment
from bot.handlers.places import open_place, resumes
from bot.i18n import _, money
from bot.i18n.refund_words import REASONS, outcome_words, wish_words
from bot.keyboards import refund_wishes as screens
from bot.keyboards import refunds as operators
from bot.keyboards.buttons import BACK, Place, only_back
from bot.middlewares.visits import Visit

router = Router(name="refund")


class Refund(StatesGroup):
    look = State()
    reason = State()
    account = State()


@router.callback_query(screens.AskRefund.filter())
async def refund_tapped(visit: Visit, callback_data: screens.AskRefund) -> None:
    """The seller's rules first, and how an earlier wish stands."""
    await visit.enter(Refund.look, payment=callback_data.payment)
    await _show(visit)


@resumes(Refund)
async def refund_resumed(visit: Visit) -> None:
    if visit.dialog == Refund.reason.state:
        await _ask_reason(visit)
    elif visit.dialog == Refund.account.state:
        await _ask_account(visit)
    else:
        await _show(visit)


async def _show(visit: Visit) -> None:
    offer = await visit.refund_wishes.offer(visit.customer_id, await _payment(visit))
    await visit.enter(Refund.look, keep=True)
    await visit.show(wish_words(offer), screens.stands(offer))


@router.callback_query(Refund.look, F.data == screens.ASK)
async def ask_tapped(visit: Visit) -> None:
    await _ask_reason(visit)


async def _ask_reason(visit: Visit) -> None:
    await visit.enter(Refund.reason, keep=True)
    text = _("Why do you want the money back? Choose, or write it in a few words.")
    await visit.show(text, screens.reasons())


@router.callback_query(Refund.reason, screens.PickReason.filter())
async def reason_picked(visit: Visit, callback_data: screens.PickReason) -> None:
    await _reason_known(visit, _(REASONS[callback_data.number % len(REASONS)]))


@router.message(Refund.reason, F.text)
async def reason_written(visit: Visit) -> None:
    await _reason_known(visit, visit.text)


async def _reason_known(visit: Visit, reason: str) -> None:
    """A transfer goes back to an account; where no statement has told it, he does."""
    offer = await visit.refund_wishes.offer(visit.customer_id, await _payment(visit))
    await visit.state.update_data(reason=reason)
    if offer.needs_account and offer.most is not None:
        await _ask_account(visit)
    else:
        await _hand_in(visit)


async def _ask_account(visit: Visit) -> None:
    await visit.enter(Refund.account, keep=True)
    text = _("Where shall it go? Send the account, its bank and whose it is, in one message.")
    await visit.show(text, only_back())


@router.message(Refund.account, F.text)
async def account_written(visit: Visit) -> None:
    await _hand_in(visit, visit.text)


async def _hand_in(visit: Visit, account: str = "") -> None:
    data = await visit.state.get_data()
    await visit.refund_wishes.ask(visit.customer_id, data["payment"], data["reason"], account)
    visit.note = _("We have your request. An operator decides, and we write to you what becomes of it.")
    await _show(visit)


@router.callback_query(screens.WithdrawRefund.filter())
async def withdraw_tapped(visit: Visit, callback_data: screens.WithdrawRefund) -> None:
    if not callback_data.sure:
        text = _("Take your request back? The money stays where it is.")
        await visit.show(text, screens.withdrawing(callback_data.request))
        return
    await visit.refund_wishes.withdraw(visit.customer_id, callback_data.request)
    visit.note = _("Your request is taken back.")
    await _show(visit)


@router.callback_query(StateFilter(Refund.reason, Refund.account), F.data == BACK)
async def back_to_rules(visit: Visit) -> None:
    await _show(visit)


@router.callback_query(Refund.look, F.data == BACK)
async def back_to_payment(visit: Visit) -> None:
    await show_payment(visit, await _payment(visit))


async def _payment(visit: Visit) -> int:
    return int((await visit.state.get_data()).get("payment", 0))


@router.callback_query(operators.ConfirmAlone.filter())
async def confirmed_in_private(visit: Visit, callback_data: operators.ConfirmAlone) -> None:
    """One more tap, which says how much; whoever may not agree is refused, here as in the group."""
    visit.anew = callback_data.anew
    if not callback_data.sure:
        request = await visit.refund_requests.to_confirm(visit.customer_id, callback_data.request, alone=True)
        text = _("Send {amount} back? It can't be called back.", amount=money(request.amount))
        await visit.show(text, operators.sure_alone(request))
        return
    visit.toast = _("Asking the payment company…")
    visit.answer_tap()
    request = await visit.refund_requests.confirm(visit.customer_id, callback_data.request, alone=True)
    visit.note = outcome_words(request)
    await open_place(visit, Place.MENU)
