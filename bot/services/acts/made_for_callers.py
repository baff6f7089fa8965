"""What is made to order for somebody on the telephone: an operator writes it down, and so has reviewed it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.catalogue import Catalogue, Tariff
from bot.domain.errors import CustomerError
from bot.domain.form_terms import AnswerKind, MadeToOrder
from bot.domain.order_forms import Answer, FormState
from bot.domain.orders import Order
from bot.domain.periods import now
from bot.domain.personal_data import is_nobody
from bot.domain.states import Role
from bot.services import seller
from bot.services.acts.callers import CallerActs, known
from bot.services.acts.made import Made
from bot.services.blocked import refuse_blocked
from bot.services.connectors import MOST_ADDED
from bot.services.desk import DeskService
from bot.services.made_to_order import news as order_news
from bot.services.made_to_order.placing import place_order
from bot.services.order_links import OrderLinks
from bot.services.orders import own_order
from bot.storage.database import Database, transaction
from bot.storage.tx import Tx

LONGEST = 3000
"""Of what an operator writes down."""


class MadeForCallers:
    """A form that nobody has to review: it can be paid at once, and work begins with the money."""

    def __init__(
        self,
        database: Database,
        desk: DeskService,
        *,
        catalogue: Catalogue,
        links: OrderLinks,
        callers: CallerActs,
        zone: ZoneInfo,
    ) -> None:
        self.database = database
        self._desk = desk
        self._catalogue = catalogue
        self._links = links
        self._callers = callers
        self._zone = zone

    def tariff(self, tariff_id: str) -> Tariff:
        """One that is made to order today."""
        tariff = next((each for each in self._catalogue.made_to_order if each.id == tariff_id), None)
        if tariff is None:
            raise CustomerError("form_gone")
        return tariff

    def is_made(self, tariff_id: str) -> bool:
        return any(each.id == tariff_id for each in self._catalogue.made_to_order)

    @transaction
    def order(self, tx: Tx, who: int, customer_id: int, tariff_id: str, *, months: int, words: str) -> Made:
        """Write the form down as it was told, approve it, and confirm it by letter with the link."""
        self._desk.demand(who, Role.OPERATOR)
        customer = known(tx, customer_id)
        refuse_blocked(tx, customer_id)
        tariff, words = self.tariff(tariff_id), words.strip()[:LONGEST]
        made = tariff.made_to_order
        assert made is not None
        if not words:
            raise CustomerError("words_needed")
        if tx.connectors.count_for_customer(customer_id) >= MOST_ADDED:
            raise CustomerError("too_many_connectors", most=MOST_ADDED)
        form = tx.order_forms.write_down(customer_id, tariff.id, months)
        tx.order_forms.answer(form.id, _goes_under(made), Answer(words))
        order_id, payer_id = place_order(tx, tariff, form)
        until = now() + timedelta(days=made.pay_days)
        tx.orders.approved(order_id, until=until)
        decided: dict[str, Any] = {"state": FormState.APPROVED.value, "decided_by": who, "decided_at": now()}
        tx.order_forms.change(form.id, order_id=order_id, payer_id=payer_id, **decided)
        order = own_order(tx, customer_id, order_id)
        url, day = self._links.give(tx, order), until.astimezone(self._zone).date()
        mailed = order_news.approved(tx, form, order, made, until=until, day=day, url=url)
        seller.tell_order(tx, order, "approved")
        if is_nobody(customer_id):
            self._callers.token(tx, who, customer_id)
        tx.audit.note(who, "ordered_for", f"order:{order_id}", customer=customer_id, form=form.id)
        return Made(order, customer, url, mailed)


def give_to_payer(tx: Tx, order: Order, payer_id: int) -> bool:
    """Let a firm pay what is made to order: placed anew it would lose its form. False for any other order."""
    form = tx.order_forms.of_order(order.id)
    if form is None:
        return False
    for each in sorted({order.payer_id, payer_id}):
        tx.customers.lock_payer(each)
    if order.payer_id != payer_id and not tx.orders.give_to_payer(order.id, payer_id):
        raise CustomerError("order_not_open")
    tx.order_forms.change(form.id, payer_id=payer_id)
    return True


def _goes_under(made: MadeToOrder) -> str:
    """The question that what was told in one go stands under: the first that takes any words."""
    open_ones = [each.name for each in made.form if each.kind is AnswerKind.TEXT]
    return [*open_ones, *(each.name for each in made.form), "told"][0]
