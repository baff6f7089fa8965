"""Payments, invoices and orders as operators see them."""

from __future__ import annotations

from bot.domain.catalogue import Catalogue
from bot.domain.form_terms import Question
from bot.domain.invoices import InvoiceState
from bot.domain.order_forms import Answer
from bot.domain.orders import Order
from bot.domain.payments import Attempt, BookedEvent, Payment
from bot.domain.records import InvoiceRecord, OrderRecord, PaymentRecord
from bot.domain.states import AttemptKind, AttemptState, OrderState, PaymentState
from bot.i18n.catalogues import N_, _
from bot.i18n.figures import day, moment, money, money_of_all, short_day
from bot.i18n.invoice_words import invoice_title
from bot.i18n.networks import provider_words
from bot.i18n.payment_words import fiscal_lines, order_lines, proof_lines
from bot.i18n.sentences import refusal_sentence, said
from bot.i18n.strangers import shown
from bot.i18n.takings_words import method_words

PAYMENTS = {
    PaymentState.CREATED: N_("⏳ begun, no page yet"),
    PaymentState.PENDING: N_("⏳ waits for the money"),
    PaymentState.SUCCEEDED: N_("✅ paid"),
    PaymentState.REFUSED: N_("✖️ not paid"),
    PaymentState.UNKNOWN: N_("❔ its end is not known"),
}
ORDERS = {
    OrderState.DRAFT: N_("draft"),
    OrderState.REVIEW: N_("waits to be approved"),
    OrderState.AWAITING: N_("waits for the money"),
    OrderState.PAID: N_("paid, in work"),
    OrderState.FULFILLED: N_("paid and done"),
    OrderState.CANCELLED: N_("cancelled"),
    OrderState.REPLACED: N_("replaced by a newer one"),
    OrderState.EXPIRED: N_("its time is over"),
    OrderState.REFUNDED: N_("given back"),
}
INVOICES = {
    InvoiceState.ISSUED: N_("waits for the transfer"),
    InvoiceState.PART_PAID: N_("paid in part"),
    InvoiceState.PAID: N_("paid"),
    InvoiceState.LAPSED: N_("its time is over"),
    InvoiceState.VOID: N_("cancelled"),
}
ATTEMPTS = {
    AttemptKind.REFUND: N_("Refund of {amount}"),
    AttemptKind.CHARGE: N_("Charge of {amount}"),
    AttemptKind.RECEIPT: N_("Receipt for {amount}"),
}


def payment_words(catalogue: Catalogue, record: PaymentRecord) -> list[str]:
    paid = record.payment
    other = record.arrived is not None and record.arrived != paid.amount
    return [
        _("💳 Payment {number}, {amount}", number=paid.id, amount=money(paid.amount)),
        payment_state(paid),
        _("Arrived: {amount}", amount=money(record.arrived)) if record.arrived and other else "",
        _("Went back: {amount}", amount=money(record.refunded)) if record.refunded.minor else "",
        _how(catalogue, paid),
        _("Begun: {moment}", moment=moment(paid.created_at)),
        _("Paid: {moment}", moment=moment(paid.settled_at)) if paid.settled_at else "",
        *proof_lines(paid.proof, paid.provider_payment),
        _("Our reference: {reference}", reference=paid.reference),
        *fiscal_lines(record.receipt),
        _("Customer: {who}", who=_person(record)),
        *_order_in_short(record.order),
        *(_attempt(each) for each in record.attempts if each.kind is not AttemptKind.CHARGE),
        *(_event(each) for each in record.events if each.movement != paid.provider_payment),
    ]


def payment_state(payment: Payment) -> str:
    told = _(PAYMENTS[payment.state])
    if payment.state is PaymentState.REFUSED and payment.refusal:
        return f"{told}: {refusal_sentence(payment.refusal)}"
    return told


def invoice_words(record: InvoiceRecord) -> list[str]:
    invoice = record.invoice
    return [
        "📄 " + invoice_title(invoice),
        _(INVOICES[invoice.state]),
        _("Valid until {date}", date=day(invoice.valid_until)) if invoice.valid_until else "",
        _("Paid: {moment}", moment=moment(invoice.paid_at)) if invoice.paid_at else "",
        _("Payer: {who}", who=shown(invoice.buyer.name, 120)),
        _("Customer: {who}", who=_person(record)),
        *(f"• {shown(line.title, 80)}: {money(line.amount)}" for line in invoice.lines),
    ]


def order_words(catalogue: Catalogue, record: OrderRecord) -> list[str]:
    order = record.order
    return [
        _("🧾 Order {number}, {amount}", number=order.id, amount=money_of_all(order.prices)),
        _(ORDERS[order.state]),
        *order_lines(order),
        _("Promo code: {code}", code=shown(order.promo_code)) if order.promo_code else "",
        _("Ordered: {moment}", moment=moment(order.created_at)),
        _("Customer: {who}", who=_person(record)),
        *_answers(catalogue, record),
        *_work(catalogue, record),
    ]


def _how(catalogue: Catalogue, payment: Payment) -> str:
    """«СБП, Robokassa»; a terminal's network is both."""
    both = (method_words(catalogue, payment.method), provider_words(payment.provider))
    return ", ".join(dict.fromkeys(both))


def _order_in_short(order: Order | None) -> list[str]:
    if order is None:
        return [_("For the balance")]
    return [_("For order {number}:", number=order.id), *order_lines(order)]


def _attempt(attempt: Attempt) -> str:
    told = _(ATTEMPTS[attempt.kind]).format(amount=money(attempt.amount))
    return f"• {short_day(attempt.created_at)}: {told}, {ended_words(attempt.state, attempt.outcome)}"


def ended_words(state: str, outcome: str) -> str:
    """How a call at a provider ended, if it has."""
    if state != AttemptState.KNOWN:
        return _("under way")
    return _("it was done") if outcome == "done" else _("it failed")


def _event(event: BookedEvent) -> str:
    """A movement that bears another number than the payment itself."""
    sign = "+" if event.kind == "paid" else "−"
    return f"• {short_day(event.seen_at)}: {sign}{money(event.amount)}, № {shown(event.movement)}"


def _answers(catalogue: Catalogue, record: OrderRecord) -> list[str]:
    """What he wrote into the form, by the question's title."""
    form = record.form
    if form is None:
        return []
    tariff = catalogue.tariff(form.tariff)
    asked = tariff.made_to_order.form if tariff and tariff.made_to_order else ()
    answered = ((question, form.answers.get(question.name)) for question in asked)
    return [
        f"• {said(question.title)}: {_answer(question, answer)}"
        for question, answer in answered
        if answer is not None and (answer.value or answer.files)
    ]


def _answer(question: Question, answer: Answer) -> str:
    chosen = question.option(answer.value)
    if chosen is not None:
        return said(chosen.title)
    return shown(answer.value, 120) or _("files: {count}", count=len(answer.files))


def _work(catalogue: Catalogue, record: OrderRecord) -> list[str]:
    work = record.work
    if work is None:
        return []
    tariff = catalogue.tariff(record.form.tariff) if record.form else None
    made = tariff.made_to_order if tariff else None
    stage = made.stage(work.stage) if made and work.stage else None
    told = said(stage.title) if stage else _("not begun yet")
    due = _("due on {date}", date=day(work.due_on)) if work.due_on else ""
    return [_("Stage: {stage}", stage=", ".join(filter(None, (told, due))))]


def _person(record: PaymentRecord | InvoiceRecord | OrderRecord) -> str:
    return f"{shown(record.customer.name) or '…'} · id {record.customer.id}"
