"""An order of the catalogue's app, by a form that Anna has filled in and sent in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from bot.domain.catalogue import Catalogue
from bot.domain.customers import Connector
from bot.domain.events import Paid
from bot.domain.order_forms import Answer, FormState, OrderForm, SentFile
from bot.domain.orders import Order, OrderLine
from bot.domain.periods import now
from bot.domain.references import new_reference
from bot.domain.states import OrderState
from bot.services.house import House
from bot.services.made_to_order import reviews
from bot.storage.tx import Tx

APP = "app"
PICTURES = tuple(SentFile(f"pic-{number}", "photo", caption="logo" * (number == 1)) for number in (1, 2))
TEXTS = SentFile("texts-1", "document", "texts.docx", 9000)
ANSWERS: dict[str, Answer] = {
    "site": Answer("https://bakery.example"),
    "about": Answer("Menu, prices\nand a map"),
    "systems": Answer("both"),
    "languages": Answer("2"),
    "logo": Answer(files=PICTURES),
    "texts": Answer(files=(TEXTS,)),
}


@dataclass(frozen=True, slots=True)
class SentIn:
    """What waits for the operators."""

    form_id: int
    order_id: int
    card_id: int


def send_in(tx: Tx, catalogue: Catalogue, customer_id: int, answers: dict[str, Answer] = ANSWERS) -> SentIn:
    """As the customer's side does it: a connector, an order in review that holds it, and the card."""
    form = tx.order_forms.begin(customer_id, APP, 12)
    for name, answer in answers.items():
        tx.order_forms.answer(form.id, name, answer)
    order_id = _order(tx, catalogue, customer_id, form)
    tx.order_forms.change(form.id, state=FormState.REVIEW.value, order_id=order_id, sent_in_at=now())
    found = tx.order_forms.get(form.id)
    tariff = catalogue.tariff(APP)
    assert found is not None and tariff is not None
    return SentIn(form.id, order_id, reviews.open_review(tx, found, tariff))


def form_of(tx: Tx, sent_in: SentIn) -> OrderForm:
    form = tx.order_forms.get(sent_in.form_id)
    assert form is not None
    return form


def order_of(tx: Tx, sent_in: SentIn) -> Order:
    order = tx.orders.get(sent_in.order_id)
    assert order is not None
    return order


def _order(tx: Tx, catalogue: Catalogue, customer_id: int, form: OrderForm) -> int:
    tariff = catalogue.tariff(APP)
    assert tariff is not None
    period = tariff.period(12)
    assert period is not None
    title = tariff.title.in_language("en")
    connector_id = f"app-{form.id}"
    payer_id = tx.customers.person(customer_id)
    tx.connectors.add(Connector(connector_id, tariff.kind, title, APP, payer_id, None, None))
    return tx.orders.add(
        reference=new_reference(),
        customer_id=customer_id,
        payer_id=payer_id,
        lines=[OrderLine(connector_id, title, APP, 12, period.prices)],
        prices=period.prices,
        full_prices=period.prices,
        promo_code="",
        terms_version="1",
        expires_at=now() + timedelta(days=365),
        state=OrderState.REVIEW,
    )


def by_the_year(catalogue: Catalogue) -> Catalogue:
    """With an app that is paid for again each year, where the example's is paid for once."""
    app = catalogue.tariffs[APP]
    assert app.made_to_order is not None
    renewed = replace(app, made_to_order=replace(app.made_to_order, once=False))
    return replace(catalogue, tariffs={**catalogue.tariffs, APP: renewed})


async def pay(house: House, sent_in: SentIn, movement: str = "made-1") -> int:
    """By card, in the currency that it is sold in; the payment's id."""
    form = await house.orders.database.read(lambda tx: form_of(tx, sent_in))
    link = await house.payments.start(form.customer_id, sent_in.order_id, "fake", "BYN")
    payment = await house.orders.database.read(lambda tx: tx.payments.get(link.payment_id))
    assert payment is not None
    paid = Paid("fake", movement, payment.reference, payment.amount, provider_payment=f"sale-{movement}")
    await house.settlement.take(paid)
    return payment.id
