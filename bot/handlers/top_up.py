"""Top-up: money for the balance, any sum within the limits, by any method that may bring it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from aiogram import F, Router
from aiogram.filters import StateFilter
from aiogram.fsm.state import State, StatesGroup

from bot.domain.errors import CustomerError
from bot.domain.money import Money
from bot.domain.states import PaymentState, Purpose
from bot.handlers.balance import show_account
from bot.handlers.particulars import accept_terms, consent_words, contact_words, needs, take_contact
from bot.handlers.payment import show_top_up
from bot.handlers.places import open_place, opens, resumes
from bot.handlers.steps import Steps
from bot.handlers.sums import read_sum, round_sums, within
from bot.i18n import _, money
from bot.i18n.payment_words import method_lines
from bot.keyboards import balance as screens
from bot.keyboards.buttons import BACK, Place, only_back
from bot.keyboards.pay import AGREE, PickMethod, consent
from bot.keyboards.payers import PickPayer, which_payer
from bot.middlewares.visits import Visit


class TopUp(StatesGroup):
    payer = State()
    account = State()
    amount = State()
    method = State()
    consent = State()
    contact = State()
    link = State()


router = Router(name="top_up")
router.callback_query.filter(StateFilter(TopUp))
router.message.filter(StateFilter(TopUp))
opening = Router(name="top_up_opening")


@dataclass(slots=True)
class Plan(Steps):
    """What is to be put where, as far as it is known."""

    payer: int = 0
    currency: str = ""
    minor: int = 0
    method: str = ""
    contact: str = ""

    @property
    def amount(self) -> Money:
        return Money(self.minor, self.currency)

    def forget_from(self, step: str) -> None:
        if step == "payer":
            self.payer = 0
        if step in ("payer", "account"):
            self.currency = ""
        if step in ("payer", "account", "amount"):
            self.minor = 0
        self.method, self.contact = "", ""


@opens(Place.TOP_UP)
async def top_up_opened(visit: Visit) -> None:
    await _go_on(visit, Plan())


@opening.callback_query(screens.PayIn.filter())
async def pay_in_tapped(visit: Visit, callback_data: screens.PayIn) -> None:
    await _go_on(visit, Plan(payer=callback_data.payer, currency=callback_data.currency))


@resumes(TopUp)
async def top_up_resumed(visit: Visit) -> None:
    await _go_on(visit, await _load(visit))


@router.callback_query(TopUp.payer, PickPayer.filter())
async def payer_picked(visit: Visit, callback_data: PickPayer) -> None:
    plan = await _load(visit)
    plan.payer = callback_data.payer
    await _go_on(visit, plan)


@router.callback_query(TopUp.account, screens.OpenAccount.filter())
async def account_picked(visit: Visit, callback_data: screens.OpenAccount) -> None:
    plan = await _load(visit)
    plan.payer, plan.currency = callback_data.payer, callback_data.currency
    await _go_on(visit, plan)


@router.callback_query(TopUp.amount, screens.PickSum.filter())
async def sum_picked(visit: Visit, callback_data: screens.PickSum) -> None:
    plan = await _load(visit)
    await _sum_given(visit, plan, Money(callback_data.minor, plan.currency))


@router.message(TopUp.amount, F.text)
async def sum_typed(visit: Visit) -> None:
    plan = await _load(visit)
    await _sum_given(visit, plan, read_sum(visit.text, plan.currency))


async def _sum_given(visit: Visit, plan: Plan, amount: Money) -> None:
    plan.minor = within(amount, visit.catalogue.limits_for(plan.currency)).minor
    await _go_on(visit, plan)


@router.callback_query(TopUp.method, PickMethod.filter())
async def method_picked(visit: Visit, callback_data: PickMethod) -> None:
    plan = await _load(visit)
    plan.method = callback_data.name
    await _go_on(visit, plan)


@router.callback_query(TopUp.consent, F.data == AGREE)
async def consent_given(visit: Visit) -> None:
    await visit.customers.consent(visit.customer_id)
    await _go_on(visit, await _load(visit))


@router.message(TopUp.contact, F.contact | F.text)
async def contact_sent(visit: Visit) -> None:
    plan = await _load(visit)
    await take_contact(visit, plan.contact)
    await _go_on(visit, plan)


@router.callback_query(TopUp.link, F.data == screens.AGAIN)
async def link_wanted_again(visit: Visit) -> None:
    await _go_on(visit, await _load(visit))


@router.callback_query(F.data == BACK)
async def back_tapped(visit: Visit) -> None:
    plan = await _load(visit)
    if plan.step_back():
        return await _go_on(visit, plan)
    if plan.currency:
        return await show_account(visit, plan.payer, plan.currency, others=True)
    return await open_place(visit, Place.BALANCE)


async def _go_on(visit: Visit, plan: Plan) -> None:
    """Ask for the first thing that is missing; what has one possible answer is not asked."""
    for ask in (_ask_payer, _ask_account, _ask_amount, _ask_method, _ask_consent, _ask_contact):
        if await ask(visit, plan):
            return
    await accept_terms(visit)
    await _wait_at(visit, plan, TopUp.link)
    await show_top_up(visit, plan.payer, plan.method, plan.amount)


async def _ask_payer(visit: Visit, plan: Plan) -> bool:
    if plan.payer:
        return False
    payers = await visit.balance.payers(visit.customer_id)
    if len(payers) == 1:
        plan.payer = payers[0].id
        return False
    await _wait_at(visit, plan, TopUp.payer)
    await visit.show(_("Who pays?"), which_payer(payers))
    return True


async def _ask_account(visit: Visit, plan: Plan) -> bool:
    if plan.currency:
        return False
    found = await visit.balance.accounts(visit.customer_id)
    accounts = [each for each in found if each.payer.id == plan.payer]
    if len(accounts) == 1:
        plan.currency = accounts[0].balance.currency
        return False
    await _wait_at(visit, plan, TopUp.account)
    await visit.show(_("Which balance shall we top up?"), screens.which_account(accounts))
    return True


async def _ask_amount(visit: Visit, plan: Plan) -> bool:
    if plan.minor:
        return False
    card = await visit.balance.card(visit.customer_id, plan.payer, plan.currency)
    limits = visit.catalogue.limits_for(plan.currency)
    await _wait_at(visit, plan, TopUp.amount)
    text = _(
        "What sum shall we add? Choose one or type it, from {least} to {most}.",
        least=money(limits.least),
        most=money(limits.most),
    )
    last = await _last_sum(visit, plan.currency)
    await visit.show(text, screens.sums(card.recommended, last, round_sums(limits)))
    return True


async def _last_sum(visit: Visit, currency: str) -> Money | None:
    """What was added last time, as far as the newest page of the history tells."""
    page = await visit.payments.history(visit.customer_id)
    came = [
        payment.amount
        for payment in page.items
        if payment.purpose is Purpose.TOP_UP and payment.state is PaymentState.SUCCEEDED
    ]
    return next((amount for amount in came if amount.currency == currency), None)


async def _ask_method(visit: Visit, plan: Plan) -> bool:
    offers = visit.payments.top_up_methods(plan.currency)
    if not offers:
        raise CustomerError("no_methods")
    chosen = next((offer for offer in offers if offer.name == plan.method), None)
    if chosen is None and len(offers) == 1:
        chosen = offers[0]
    if chosen is not None:
        plan.method, plan.contact = chosen.name, needs(chosen)
        return False
    await _wait_at(visit, plan, TopUp.method)
    lines = [_("How shall we pay?"), "", *method_lines(visit.catalogue, offers)]
    await visit.show("\n".join(lines), screens.methods(visit.catalogue, offers))
    return True


async def _ask_consent(visit: Visit, plan: Plan) -> bool:
    words = await consent_words(visit, plan.currency)
    if not words:
        return False
    await _wait_at(visit, plan, TopUp.consent)
    await visit.show(words, consent())
    return True


async def _ask_contact(visit: Visit, plan: Plan) -> bool:
    question = await contact_words(visit, plan.contact)
    if not question:
        return False
    await _wait_at(visit, plan, TopUp.contact)
    await visit.show(question, only_back())
    return True


async def _load(visit: Visit) -> Plan:
    data: dict[str, Any] = await visit.state.get_data()
    return Plan(**data.get("top_up", {}))


async def _wait_at(visit: Visit, plan: Plan, state: State) -> None:
    plan.shown(state)
    await visit.enter(state, top_up=asdict(plan))
