"""What can be said of a payment, wherever it is said: in the chat, in a notice, on a page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from itertools import groupby

from bot.domain import periods
from bot.domain.catalogue import Catalogue
from bot.domain.events import Proof
from bot.domain.fiscal import FiscalReceipt, FiscalState
from bot.domain.invoicing import BY_TRANSFER
from bot.domain.orders import Order
from bot.domain.payments import Payment
from bot.domain.states import OrderState, PaymentState
from bot.i18n.catalogues import _
from bot.i18n.figures import day, moment, money, money_of_all, months, time_of_day
from bot.i18n.networks import network_title
from bot.i18n.sentences import card_title, method_terms, method_title, refusal_sentence
from bot.i18n.strangers import shown
from bot.services.methods import MethodOffer
from bot.services.offers import PeriodOffer
from bot.services.reports import PaymentReport, Standing

LOOK_AGAIN = timedelta(minutes=5)


def standing_sentence(report: PaymentReport) -> str:
    """One honest answer to "where is my money?"."""
    amount = money(report.amount)
    match report.standing:
        case Standing.WAITING | Standing.UNKNOWN:
            text = _not_yet(report, amount)
        case Standing.REFUSED:
            text = _(
                "✖️ {amount} was not paid: {reason}. No money was taken. You can try again.",
                amount=amount,
                reason=refusal_sentence(report.payment.refusal),
            )
        case Standing.EXPIRED:
            text = _("⌛ {amount} was not paid in time. You can pay again.", amount=amount)
        case Standing.SHORT:
            text = _(
                "{amount} arrived; {missing} is still missing.",
                amount=amount,
                missing=money(report.missing) if report.missing else "",
            )
        case Standing.ON_BALANCE:
            text = _(
                "{amount} arrived and rests on your balance: its order was closed before. Pay with it, or "
                "write to us and we will send it back.",
                amount=amount,
            )
        case Standing.DONE if report.order is None:
            text = _(
                "✅ {amount} arrived. Your balance: {balance}.", amount=amount, balance=money(report.balance)
            )
        case Standing.DONE:
            text = _booked(report.order, amount)
    bought = ["\n".join(order_lines(report.order))] if report.order else []
    return "\n\n".join([text, *bought, *proof(report.payment), *fiscal_lines(report.fiscal)])


def _booked(order: Order | None, amount: str) -> str:
    if order is not None and order.state is OrderState.PAID:
        return _("✅ {amount} is booked, and we work on your order: /orders", amount=amount)
    return _("✅ {amount} is booked. What you paid for is switched on.", amount=amount)


def _not_yet(report: PaymentReport, amount: str) -> str:
    if report.payment.method == BY_TRANSFER:
        return _(
            "⏳ {amount} has not arrived yet. A bank transfer takes a working day or two; "
            "we will write as soon as it is there.",
            amount=amount,
        )
    return _(
        "⏳ {amount} has not arrived yet. If you have paid, it is on its way: look again at {time}.",
        amount=amount,
        time=time_of_day(periods.now() + LOOK_AGAIN),
    )


def period_lines(offers: Sequence[PeriodOffer]) -> list[str]:
    """«• 3 месяца — 1 290 ₽ / 47,40 Br; выгода …»: prices in several currencies are too long for a button."""
    if all(len(offer.prices) == 1 for offer in offers):
        return []
    return [
        "; ".join([f"• {months(offer.months)} — {money_of_all(offer.prices)}", *saving(offer)])
        for offer in offers
    ]


def saving(offer: PeriodOffer) -> list[str]:
    """«выгода 120 ₽», nothing for the shortest period."""
    return [_("save {amount}", amount=money_of_all(offer.savings))] if offer.savings else []


def method_lines(catalogue: Catalogue, offers: Iterable[MethodOffer]) -> list[str]:
    """«• Банковская карта — 990 ₽; Мир, Visa; без комиссии; сразу», a line for each method."""
    return [_method_line(catalogue, list(same)) for _name, same in groupby(offers, lambda offer: offer.name)]


def _method_line(catalogue: Catalogue, offers: list[MethodOffer]) -> str:
    """One method, which may be offered in several currencies."""
    name, prices = offers[0].name, [offer.price for offer in offers if offer.price]
    title = method_title(catalogue, name)
    head = f"• {title} — {money_of_all(prices)}" if prices else f"• {title}"
    return "; ".join(filter(None, (head, method_terms(catalogue, name, offers[0].schemes))))


def order_lines(order: Order) -> list[str]:
    """«• WhatsApp +7…: 1 месяц», and until when it is paid once it is."""
    if not order.lines:
        return [bill_line(order)]
    lines = []
    for line in order.lines:
        title, period = shown(line.title), months(line.months)
        if line.paid_until is None:
            lines.append(f"• {title}: {period}")
        else:
            until = day(line.paid_until)
            lines.append(
                "• " + _("{title}: {period}, paid until {date}", title=title, period=period, date=until)
            )
    return lines


def bill_line(order: Order) -> str:
    """What the order of a month's bill is for: it has no lines."""
    return "• " + _("Invoice {number}", number=shown(order.invoice))


def proof(payment: Payment) -> list[str]:
    """When, by which card, under which number: what a bank asks for."""
    facts = [_("Begun: {moment}", moment=moment(payment.created_at))]
    if payment.state is PaymentState.SUCCEEDED and payment.settled_at is not None:
        facts.append(_("Paid: {moment}", moment=moment(payment.settled_at)))
    if payment.autopay_id is not None:
        facts.append(_("Charged by autopay"))
    facts += network_line(payment.provider)
    return ["\n".join([*facts, *proof_lines(payment.proof, payment.provider_payment)])]


def fiscal_lines(receipt: FiscalReceipt | None) -> list[str]:
    """«Кассовый чек: зарегистрирован»; nothing where the payment company makes none."""
    if receipt is None or receipt.state is FiscalState.NONE:
        return []
    if receipt.state is FiscalState.REGISTERED:
        told = ", ".join(filter(None, (_("registered"), shown(receipt.number, 100), receipt.url)))
    elif receipt.state is FiscalState.PENDING:
        told = _("on its way")
    else:
        told = _("could not be registered, we are looking into it")
    return [_("Fiscal receipt: {told}", told=told)]


def network_line(provider: str) -> list[str]:
    """Which terminals or which wallet took the money, where it was one."""
    title = network_title(provider)
    return [_("Paid through: {network}", network=title)] if title else []


def proof_lines(proof: Proof, number: str) -> list[str]:
    lines = []
    if proof.card:
        lines.append(_("Card: {card}", card=card_title(proof.card)))
    if number:
        lines.append(_("Transaction: {number}", number=shown(number)))
    if proof.rrn:
        lines.append(_("RRN: {number}", number=shown(proof.rrn)))
    return lines
