"""Pay: what is tapped and typed on its screens; `pay_steps` asks for what is still missing."""

from __future__ import annotations

from aiogram import F, Router
from aiogram.filters import StateFilter

from bot.domain.errors import CustomerError, NotYours
from bot.handlers.card_steps import say_where_to_tick
from bot.handlers.choice import Choice, Pay, load
from bot.handlers.menu import show_menu
from bot.handlers.particulars import take_contact
from bot.handlers.pay_steps import ask_promo, ask_search, go_on, use_promo
from bot.handlers.places import opens, resume_after_stale, resumes
from bot.i18n import shown
from bot.keyboards import pay as screens
from bot.keyboards.autopay_taps import PayWithAutopay
from bot.keyboards.buttons import BACK, Place, TurnPage, by_handle
from bot.keyboards.card_ticks import OTHER_CARD, RememberCard, SwitchAutopay
from bot.keyboards.connectors import DONE, SEARCH, SEVERAL, SHOW_ALL, PickConnector
from bot.keyboards.methods import PickCard, PickMethod
from bot.keyboards.payers import PickPayer
from bot.middlewares.visits import Visit
from bot.services.offers import Again

resuming = Router(name="pay_again")
router = Router(name="pay")
router.callback_query.filter(StateFilter(Pay))
router.message.filter(StateFilter(Pay))

MOST_AT_ONCE = 20


@opens(Place.PAY)
async def pay_opened(visit: Visit) -> None:
    await go_on(visit, Choice())


@resuming.callback_query(screens.PayRest.filter())
async def rest_tapped(visit: Visit, callback_data: screens.PayRest) -> None:
    """An order that money came for already keeps its price; only the rest is asked for."""
    visit.anew = callback_data.anew
    order = await visit.orders.get(visit.customer_id, callback_data.order)
    connectors = [line.connector_id for line in order.lines]
    months = order.lines[0].months if order.lines else 0
    await go_on(visit, Choice(connectors=connectors, months=months, order=order.id, rest=True))


@opens(Place.AGAIN)
async def again_opened(visit: Visit) -> None:
    """The last order once more: its link is one tap away."""
    again = await visit.orders.again(visit.customer_id)
    if again is None:
        return await pay_opened(visit)
    choice = Choice(
        connectors=list(again.connector_ids),
        months=again.months,
        method=again.method,
        wished=again.prices[0].currency,
    )
    choice.card = await _card_as_last_time(visit, again)
    return await go_on(visit, choice)


async def _card_as_last_time(visit: Visit, again: Again) -> int:
    """The newest card that was saved with the method he paid by, 0 where there is none."""
    cards = await visit.saved_cards.to_pay_with(visit.customer_id, {again.prices[0].currency})
    return next((card.id for card in cards if card.method == again.method), 0)


@resuming.callback_query(PayWithAutopay.filter())
async def autopay_wanted(visit: Visit, callback_data: PayWithAutopay) -> None:
    """To the payment that saves the card; the switch is his to tick there, the consent beside it."""
    offers = await visit.autopays.offers(visit.customer_id)
    found = by_handle(callback_data.connector, [each.connector_id for each in offers if each.connector_id])
    if found is None:
        raise NotYours
    say_where_to_tick(visit)
    await go_on(visit, Choice(connectors=[found], months=callback_data.months, connecting=True))


async def pay_for(visit: Visit, connector_id: str) -> None:
    """Pay for this one; raises NotYours for anybody else's."""
    connector = await visit.connectors.get(visit.customer_id, connector_id)
    await go_on(visit, Choice(connectors=[connector.id]))


async def pay_by_link(visit: Visit, token: str) -> None:
    """The seller's link to pay: one's own connector as ever, anybody else's under a mask."""
    linked = await visit.connector_links.open_to_pay(visit.customer_id, token)
    await go_on(visit, Choice(connectors=[linked.id], link="" if linked.own else token))


@resumes(Pay)
async def pay_resumed(visit: Visit) -> None:
    choice = await load(visit)
    match visit.dialog:
        case Pay.search.state:
            return await ask_search(visit, choice)
        case Pay.promo.state:
            return await ask_promo(visit, choice)
    return await go_on(visit, choice)


@router.callback_query(Pay.connectors, PickConnector.filter())
async def connector_picked(visit: Visit, callback_data: PickConnector) -> None:
    choice = await load(visit)
    picked = by_handle(callback_data.handle, choice.listed)
    if picked is None:
        return await resume_after_stale(visit)
    if not choice.several:
        choice.connectors = [picked]
    elif picked in choice.ticked:
        choice.ticked.remove(picked)
    elif len(choice.ticked) < MOST_AT_ONCE:
        choice.ticked.append(picked)
    else:
        raise CustomerError("choose_connectors", most=MOST_AT_ONCE)
    return await go_on(visit, choice)


@router.callback_query(Pay.connectors, F.data == SEVERAL)
async def several_wanted(visit: Visit) -> None:
    choice = await load(visit)
    choice.several = True
    await go_on(visit, choice)


@router.callback_query(Pay.connectors, F.data == DONE)
async def ticks_done(visit: Visit) -> None:
    choice = await load(visit)
    choice.connectors = list(choice.ticked)
    await go_on(visit, choice)


@router.callback_query(Pay.connectors, TurnPage.filter())
async def page_turned(visit: Visit, callback_data: TurnPage) -> None:
    choice = await load(visit)
    choice.page = callback_data.to
    await go_on(visit, choice)


@router.callback_query(Pay.connectors, F.data == SEARCH)
async def search_wanted(visit: Visit) -> None:
    await ask_search(visit, await load(visit))


@router.callback_query(Pay.connectors, F.data == SHOW_ALL)
async def all_wanted(visit: Visit) -> None:
    choice = await load(visit)
    choice.search, choice.page = "", 0
    await go_on(visit, choice)


@router.message(Pay.search, F.text)
async def words_sent(visit: Visit) -> None:
    choice = await load(visit)
    choice.search, choice.page = shown(visit.text), 0
    await go_on(visit, choice)


@router.callback_query(Pay.months, screens.PickPeriod.filter())
async def period_picked(visit: Visit, callback_data: screens.PickPeriod) -> None:
    choice = await load(visit)
    choice.months = callback_data.months
    await go_on(visit, choice)


@router.callback_query(Pay.method, PickMethod.filter())
async def method_picked(visit: Visit, callback_data: PickMethod) -> None:
    choice = await load(visit)
    choice.forget_card()
    choice.method, choice.wished = callback_data.name, callback_data.currency
    await go_on(visit, choice)


@router.callback_query(Pay.method, PickCard.filter())
async def card_picked(visit: Visit, callback_data: PickCard) -> None:
    choice = await load(visit)
    choice.method, choice.wished = callback_data.name, callback_data.currency
    choice.card = callback_data.card
    await go_on(visit, choice)


@router.callback_query(Pay.payer, PickPayer.filter())
async def payer_picked(visit: Visit, callback_data: PickPayer) -> None:
    choice = await load(visit)
    choice.let_pay(callback_data.payer)
    await go_on(visit, choice)


@router.callback_query(Pay.link, F.data == screens.TRY_AGAIN)
async def link_wanted_again(visit: Visit) -> None:
    await go_on(visit, await load(visit))


@router.callback_query(Pay.link, screens.UseBalance.filter())
async def balance_ticked(visit: Visit, callback_data: screens.UseBalance) -> None:
    choice = await load(visit)
    await visit.orders.use_balance(visit.customer_id, choice.order, callback_data.use)
    await go_on(visit, choice)


@router.callback_query(Pay.link, RememberCard.filter())
async def remembering_ticked(visit: Visit, callback_data: RememberCard) -> None:
    choice = await load(visit)
    choice.remember = callback_data.keep
    await go_on(visit, choice)


@router.callback_query(Pay.link, SwitchAutopay.filter())
async def autopay_switched(visit: Visit, callback_data: SwitchAutopay) -> None:
    choice = await load(visit)
    choice.switch(callback_data, visit.update_id)
    await go_on(visit, choice)


@router.callback_query(Pay.link, F.data == OTHER_CARD)
async def other_card_wanted(visit: Visit) -> None:
    choice = await load(visit)
    choice.forget_card()
    await go_on(visit, choice)


@router.callback_query(Pay.link, F.data == screens.PROMO)
async def promo_wanted(visit: Visit) -> None:
    await ask_promo(visit, await load(visit))


@router.message(Pay.promo, F.text)
async def promo_sent(visit: Visit) -> None:
    choice = await load(visit)
    await use_promo(visit, choice, visit.text)
    await go_on(visit, choice)


@router.callback_query(Pay.link, F.data == screens.NO_PROMO)
async def promo_taken_off(visit: Visit) -> None:
    choice = await load(visit)
    await use_promo(visit, choice, None)
    await go_on(visit, choice)


@router.callback_query(Pay.consent, F.data == screens.AGREE)
async def consent_given(visit: Visit) -> None:
    await visit.customers.consent(visit.customer_id)
    await go_on(visit, await load(visit))


@router.message(Pay.contact, F.contact | F.text)
async def contact_sent(visit: Visit) -> None:
    choice = await load(visit)
    await take_contact(visit, choice.contact)
    await go_on(visit, choice)


@router.callback_query(F.data == BACK)
async def back_tapped(visit: Visit) -> None:
    choice = await load(visit)
    if visit.dialog in (Pay.search.state, Pay.promo.state):
        return await go_on(visit, choice)
    if choice.several and visit.dialog == Pay.connectors.state:
        choice.several, choice.ticked = False, []
        return await go_on(visit, choice)
    if not choice.step_back():
        return await show_menu(visit)
    return await go_on(visit, choice)
