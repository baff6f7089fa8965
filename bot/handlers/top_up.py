"""Top-up: what is tapped and typed on its screens; `top_up_steps` asks for what is still missing."""

from __future__ import annotations

from aiogram import F, Router
from aiogram.filters import StateFilter

from bot.domain.money import Money
from bot.handlers.balance import show_account
from bot.handlers.card_steps import say_where_to_tick
from bot.handlers.particulars import take_contact
from bot.handlers.places import open_place, opens, resumes
from bot.handlers.sums import read_sum, within
from bot.handlers.top_up_steps import Plan, TopUp, go_on, load
from bot.keyboards import balance as screens
from bot.keyboards.autopay_taps import TopUpWithAutopay
from bot.keyboards.buttons import BACK, Place
from bot.keyboards.card_ticks import OTHER_CARD, RememberCard, SwitchAutopay
from bot.keyboards.methods import PickCard, PickMethod
from bot.keyboards.pay import AGREE
from bot.keyboards.payers import PickPayer
from bot.middlewares.visits import Visit

router = Router(name="top_up")
router.callback_query.filter(StateFilter(TopUp))
router.message.filter(StateFilter(TopUp))
opening = Router(name="top_up_opening")


@opens(Place.TOP_UP)
async def top_up_opened(visit: Visit) -> None:
    await go_on(visit, Plan())


@opening.callback_query(screens.PayIn.filter())
async def pay_in_tapped(visit: Visit, callback_data: screens.PayIn) -> None:
    await go_on(visit, Plan(payer=callback_data.payer, currency=callback_data.currency))


@opening.callback_query(TopUpWithAutopay.filter())
async def autopay_wanted(visit: Visit, callback_data: TopUpWithAutopay) -> None:
    """To the top-up that saves the card; the switch is his to tick there, the consent beside it."""
    say_where_to_tick(visit)
    data = callback_data
    await go_on(visit, Plan(payer=data.payer, currency=data.currency, minor=data.minor, connecting=True))


@resumes(TopUp)
async def top_up_resumed(visit: Visit) -> None:
    await go_on(visit, await load(visit))


@router.callback_query(TopUp.payer, PickPayer.filter())
async def payer_picked(visit: Visit, callback_data: PickPayer) -> None:
    plan = await load(visit)
    plan.payer = callback_data.payer
    await go_on(visit, plan)


@router.callback_query(TopUp.account, screens.OpenAccount.filter())
async def account_picked(visit: Visit, callback_data: screens.OpenAccount) -> None:
    plan = await load(visit)
    plan.payer, plan.currency = callback_data.payer, callback_data.currency
    await go_on(visit, plan)


@router.callback_query(TopUp.amount, screens.PickSum.filter())
async def sum_picked(visit: Visit, callback_data: screens.PickSum) -> None:
    plan = await load(visit)
    await _sum_given(visit, plan, Money(callback_data.minor, plan.currency))


@router.message(TopUp.amount, F.text)
async def sum_typed(visit: Visit) -> None:
    plan = await load(visit)
    await _sum_given(visit, plan, read_sum(visit.text, plan.currency))


async def _sum_given(visit: Visit, plan: Plan, amount: Money) -> None:
    plan.minor = within(amount, visit.catalogue.limits_for(plan.currency)).minor
    await go_on(visit, plan)


@router.callback_query(TopUp.method, PickMethod.filter())
async def method_picked(visit: Visit, callback_data: PickMethod) -> None:
    plan = await load(visit)
    plan.forget_card()
    plan.method = callback_data.name
    await go_on(visit, plan)


@router.callback_query(TopUp.method, PickCard.filter())
async def card_picked(visit: Visit, callback_data: PickCard) -> None:
    plan = await load(visit)
    plan.method, plan.card = callback_data.name, callback_data.card
    await go_on(visit, plan)


@router.callback_query(TopUp.link, RememberCard.filter())
async def remembering_ticked(visit: Visit, callback_data: RememberCard) -> None:
    plan = await load(visit)
    plan.remember = callback_data.keep
    await go_on(visit, plan)


@router.callback_query(TopUp.link, SwitchAutopay.filter())
async def autopay_switched(visit: Visit, callback_data: SwitchAutopay) -> None:
    plan = await load(visit)
    plan.switch(callback_data, visit.update_id)
    await go_on(visit, plan)


@router.callback_query(TopUp.link, F.data == OTHER_CARD)
async def other_card_wanted(visit: Visit) -> None:
    plan = await load(visit)
    plan.forget_card()
    await go_on(visit, plan)


@router.callback_query(TopUp.consent, F.data == AGREE)
async def consent_given(visit: Visit) -> None:
    await visit.customers.consent(visit.customer_id)
    await go_on(visit, await load(visit))


@router.message(TopUp.contact, F.contact | F.text)
async def contact_sent(visit: Visit) -> None:
    plan = await load(visit)
    await take_contact(visit, plan.contact)
    await go_on(visit, plan)


@router.callback_query(TopUp.link, F.data == screens.AGAIN)
async def link_wanted_again(visit: Visit) -> None:
    await go_on(visit, await load(visit))


@router.callback_query(F.data == BACK)
async def back_tapped(visit: Visit) -> None:
    plan = await load(visit)
    if plan.step_back():
        return await go_on(visit, plan)
    if plan.currency:
        return await show_account(visit, plan.payer, plan.currency, others=True)
    return await open_place(visit, Place.BALANCE)
