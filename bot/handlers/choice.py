"""What a customer has chosen so far in Pay, kept in the dialog's state: ids and choices, never prices."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from aiogram.fsm.state import State, StatesGroup

from bot.handlers.card_steps import CardSteps
from bot.middlewares.visits import Visit
from bot.services.methods import MethodOffer


class Pay(StatesGroup):
    connectors = State()
    search = State()
    invoiced = State()
    months = State()
    method = State()
    payer = State()
    consent = State()
    contact = State()
    link = State()
    promo = State()


BESIDE = (Pay.search, Pay.promo)
"""Screens beside the way: Back leads from them to the step they were opened from."""


@dataclass(slots=True)
class Choice(CardSteps):
    connectors: list[str] = field(default_factory=list)
    link: str = ""
    """The token of the seller's link, where the connector is somebody else's."""
    several: bool = False
    ticked: list[str] = field(default_factory=list)
    listed: list[str] = field(default_factory=list)
    page: int = 0
    search: str = ""
    anew: bool = False
    """Whether an order is wanted though an invoice for one of these connectors waits for its money."""
    months: int = 0
    order: int = 0
    rest: bool = False
    """Whether that order was there before: it keeps its price, and only what it lacks is asked for."""
    method: str = ""
    wished: str = ""
    """The currency that was picked with the method, or paid in last time; `currency` once it is settled."""
    currency: str = ""
    by_code: bool = False
    """Whether the money will come by a payer's code, so that it matters whose."""
    by_transfer: bool = False
    """Whether an invoice asks for the money, so that it has to be made out to somebody."""
    payer: int = 0
    """Who was picked to pay by code or by an invoice; else it is whoever pays for these connectors."""
    choose_payer: bool = False
    """Whether the only payer who can be invoiced is not taken unasked: somebody else was wanted."""
    contact: str = ""
    """What the method needs to know of the customer, as `particulars.needs` says it."""

    promo: str = ""
    """The code that was typed for this order; it stays with it when the period is chosen anew."""

    def is_for(self, offer: MethodOffer) -> bool:
        """Whether this is what was picked."""
        return (offer.name, offer.price.currency) == (self.method, self.wished)

    def forget_order(self) -> None:
        self.order, self.rest = 0, False
        self.forget_method()

    def forget_method(self) -> None:
        self.method, self.wished, self.currency, self.contact = "", "", "", ""
        self.by_code, self.by_transfer = False, False
        self.forget_card()
        self.let_pay(0)

    def let_pay(self, payer: int) -> None:
        """Another payer needs another order."""
        if payer != self.payer:
            self.payer, self.order, self.currency = payer, 0, ""

    def forget_from(self, step: str) -> None:
        if step == "connectors":
            self.connectors = []
        if step in ("connectors", "invoiced"):
            self.anew = False
        if step in ("connectors", "invoiced", "months"):
            self.months = 0
            self.forget_order()
        if step == "method":
            self.forget_method()
        if step == "payer":
            self.let_pay(0)


async def load(visit: Visit) -> Choice:
    data: dict[str, Any] = await visit.state.get_data()
    return Choice(**data.get("pay", {}))


async def wait_at(visit: Visit, choice: Choice, state: State) -> None:
    """Remember the choice, and that this step was shown and waits for an answer."""
    if state not in BESIDE:
        choice.shown(state)
    await visit.enter(state, pay=asdict(choice))
