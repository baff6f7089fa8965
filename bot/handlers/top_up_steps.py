"""The questions of Top-up: money for the balance, any sum within the limits, by any method that may."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from aiogram.fsm.state import State, StatesGroup

from bot.domain.errors import CustomerError
from bot.domain.money import Money
from bot.domain.states import PaymentState, Purpose
from bot.handlers.card_steps import CardSteps, cards_for, fit_for
from bot.handlers.particulars import accept_terms, consent_words, contact_words, needs
from bot.handlers.payment import show_top_up
from bot.handlers.sums import round_sums
from bot.i18n import _, money, sentence_for
from bot.i18n.card_words import saved_card_lines
from bot.i18n.payment_words import method_lines
from bot.keyboards import balance as screens
from bot.keyboards.buttons import only_back
from bot.keyboards.methods import which_method
from bot.keyboards.pay import consent
from bot.keyboards.payers import which_payer
from bot.middlewares.visits import Visit


class TopUp(StatesGroup):
    payer = State()
    account = State()
    amount = State()
    method = State()
    consent = State()
    contact = State()
    link = State()


@dataclass(slots=True)
class Plan(CardSteps):
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
        self.forget_card()


async def go_on(visit: Visit, plan: Plan) -> None:
    """Ask for the first thing that is missing; what has one possible answer is not asked."""
    for ask in (_ask_payer, _ask_account, _ask_amount, _ask_method, _ask_consent, _ask_contact):
        if await ask(visit, plan):
            return
    await accept_terms(visit)
    await _wait_at(visit, plan, TopUp.link)
    await _show_link(visit, plan)


async def _show_link(visit: Visit, plan: Plan) -> None:
    """The summary; where the saved card is gone, that is said above the other ways to pay."""
    offers = visit.payments.top_up_methods(plan.currency)
    chosen = next(offer for offer in offers if offer.name == plan.method)
    try:
        await show_top_up(visit, plan, plan.payer, chosen, plan.amount)
    except CustomerError as gone:
        if gone.code != "saved_card_gone":
            raise
        visit.note = sentence_for(gone)
        plan.lose_card()
        plan.take_back(TopUp.link)
        plan.method = ""
        await go_on(visit, plan)


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
    offers = fit_for(plan, visit.payments.top_up_methods(plan.currency))
    if not offers:
        raise CustomerError("no_methods")
    chosen = next((offer for offer in offers if offer.name == plan.method), None)
    cards = [] if chosen else await cards_for(visit, plan, offers)
    if chosen is None and len(offers) == 1 and len(cards) < 2:
        chosen = offers[0]
        plan.card = cards[0].card.id if cards else 0
    if chosen is not None:
        plan.method, plan.contact = chosen.name, needs(chosen)
        return False
    await _wait_at(visit, plan, TopUp.method)
    lines = [_("How shall we pay?"), "", *saved_card_lines(cards), *method_lines(visit.catalogue, offers)]
    await visit.show("\n".join(lines), which_method(visit.catalogue, offers, cards))
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


async def load(visit: Visit) -> Plan:
    data: dict[str, Any] = await visit.state.get_data()
    return Plan(**data.get("top_up", {}))


async def _wait_at(visit: Visit, plan: Plan, state: State) -> None:
    plan.shown(state)
    await visit.enter(state, top_up=asdict(plan))
