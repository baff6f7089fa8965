"""Screens of Pay after the connectors: period, method, contact, the link and what follows it."""

from __future__ import annotations

from collections.abc import Sequence

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.domain.invoicing import BY_TRANSFER
from bot.domain.money import Money
from bot.domain.payments import Payment
from bot.domain.states import PAYABLE_ORDERS
from bot.gateways.base import Way
from bot.i18n import _, money, money_of_all, months, shown
from bot.i18n.payment_words import saving
from bot.keyboards.buttons import BACK, Place, Row, go, keyboard, link, tap
from bot.services.addressing import BY_CODE
from bot.services.offers import PeriodOffer
from bot.services.orders import Summary
from bot.services.payments import PayLink
from bot.services.reports import PaymentReport, Standing

AGREE = "agree"
TRY_AGAIN = "pay:again"
PROMO = "promo"
NO_PROMO = "promo:none"
SAVE_PROMO = "promo:save"
CODE_ON_BUTTON = 20


class PickPeriod(CallbackData, prefix="months"):
    months: int


class CheckPayment(CallbackData, prefix="check"):
    payment: int


class SendInvoice(CallbackData, prefix="invoice"):
    """Send Telegram's invoice of a payment once more."""

    payment: int


class CancelOrder(CallbackData, prefix="cancel"):
    order: int


class PayRest(CallbackData, prefix="rest"):
    """What an order still lacks, by a link: its rest, or all of it where nothing came."""

    order: int
    anew: bool = False


class OpenInvoiceOf(CallbackData, prefix="invoiceof"):
    """The invoice that asks for an order."""

    order: int


class UseBalance(CallbackData, prefix="balance"):
    """The tick in the summary: other money on the balance shall help, or shall not."""

    order: int
    use: bool


class Settle(CallbackData, prefix="settle"):
    """Pay an order with what is on the balance, or what costs nothing with nothing, in one tap."""

    order: int
    currency: str
    anew: bool = False


class ShowCode(CallbackData, prefix="code"):
    """The payment code that this payment waits for."""

    payment: int
    anew: bool = False


class Complain(CallbackData, prefix="paidbut"):
    """«Оплатил(а), но ничего не изменилось»."""

    payment: int
    anew: bool = False


def periods(offers: Sequence[PeriodOffer]) -> InlineKeyboardMarkup:
    """With its price, where that is one; prices in several currencies stand above and not on a button."""
    rows = ([tap(_period(offer), PickPeriod(months=offer.months))] for offer in offers)
    return keyboard(*rows, back=BACK)


def consent() -> InlineKeyboardMarkup:
    return keyboard([tap(_("I agree"), AGREE)], back=BACK)


def pay_button(pay: PayLink) -> Row:
    """What brings the money, by the way its method goes."""
    if pay.way is Way.CODE:
        return [show_code(pay.payment_id)]
    if pay.way is Way.INVOICE:
        return [invoice_again(pay.payment_id)]
    return [link(_("Pay {amount}", amount=money(pay.amount)), pay.url)]


def show_code(payment_id: int) -> InlineKeyboardButton:
    return tap(_("Show the payment code"), ShowCode(payment=payment_id))


def summary(
    view: Summary, pay: PayLink, ticks: Sequence[Row] = (), *, for_rest: bool = False
) -> InlineKeyboardMarkup:
    return keyboard(
        pay_button(pay),
        *ticks,
        *ways_to_pay_less(view, for_rest=for_rest),
        [tap(_("Check payment"), CheckPayment(payment=pay.payment_id))],
        [tap(_("I paid, but nothing changed"), Complain(payment=pay.payment_id))],
        [tap(_("Cancel the order"), CancelOrder(order=view.order.id))],
        back=BACK,
    )


def nothing_left(view: Summary, ticks: Sequence[Row] = (), *, for_rest: bool = False) -> InlineKeyboardMarkup:
    """The balance or the promo code covers it: one tap and it is done."""
    text = _("Pay from the balance") if view.price else _("Get it for free")
    return keyboard(
        [tap(text, Settle(order=view.order.id, currency=view.price.currency))],
        *ticks,
        *ways_to_pay_less(view, for_rest=for_rest),
        [tap(_("Cancel the order"), CancelOrder(order=view.order.id))],
        back=BACK,
    )


def ways_to_pay_less(view: Summary, *, for_rest: bool = False) -> list[Row]:
    """The balance as a tick, and the promo code unless only the rest is asked for."""
    return [_balance_tick(view), [] if for_rest else _promo(view)]


def _balance_tick(view: Summary) -> Row:
    if not view.balance_offered:
        return []
    mark = "☑ " if view.uses_balance else "☐ "
    text = mark + _("Use the balance: {amount}", amount=money(view.balance))
    return [tap(text, UseBalance(order=view.order.id, use=not view.uses_balance))]


def _promo(view: Summary) -> Row:
    if view.promo:
        return [tap(_("Take off promo code {code}", code=shown(view.promo, CODE_ON_BUTTON)), NO_PROMO)]
    return [tap(_("Promo code"), PROMO)]


def invoice(amount: Money) -> InlineKeyboardMarkup:
    """Under the invoice itself; its first button has to be the one that pays."""
    pay = InlineKeyboardButton(text=_("Pay {amount}", amount=money(amount)), pay=True)
    return InlineKeyboardMarkup(inline_keyboard=[[pay]])


def invoice_again(payment_id: int) -> InlineKeyboardButton:
    return tap(_("Send the invoice again"), SendInvoice(payment=payment_id))


def try_again() -> InlineKeyboardMarkup:
    """The order waits where it was; nothing has to be chosen again, not even the method."""
    return keyboard([tap(_("Try again"), TRY_AGAIN)], back=BACK)


def payment_stands(report: PaymentReport, *, back: bool) -> InlineKeyboardMarkup:
    """Under the answer of "Check payment": pay, look again, or say that the answer is wrong.

    `back` where a dialog stands behind this screen: a notice has none.
    """
    payment, pay = report.payment, pay_or_rest(report)
    return keyboard(
        pay,
        [tap(_("Check payment"), CheckPayment(payment=payment.id))],
        [tap(_("I paid, but nothing changed"), Complain(payment=payment.id))],
        [tap(_("Cancel the order"), CancelOrder(order=payment.order_id))] if pay and payment.order_id else [],
        back=BACK if back else None,
    )


def pay_or_rest(report: PaymentReport) -> Row:
    """The same link while it can bring the money; the rest of an order needs a new one, a closed one none."""
    if not report.url or not _takes_money(report):
        return []
    if report.order and report.standing is Standing.SHORT and report.missing:
        return [pay_rest(report.order.id, report.missing)]
    payment = report.payment
    if payment.method == BY_CODE:
        return [show_code(payment.id)]
    if payment.method == BY_TRANSFER and report.order:
        return [tap(_("Open the invoice"), OpenInvoiceOf(order=report.order.id))]
    if is_invoice(payment):
        return [invoice_again(payment.id)]
    return [link(_("Pay {amount}", amount=money(payment.amount)), report.url)]


def is_invoice(payment: Payment) -> bool:
    """Whether it is paid in the chat: then there is something to show and no page to open."""
    return bool(payment.form) and not payment.url


def pay_rest(order_id: int, missing: Money, *, anew: bool = False) -> InlineKeyboardButton:
    return tap(_("Pay the rest: {amount}", amount=money(missing)), PayRest(order=order_id, anew=anew))


def after_payment(*above: Row) -> InlineKeyboardMarkup:
    return keyboard(*above, [go(_("Connectors"), Place.CONNECTORS), go(_("History"), Place.HISTORY)])


def after_top_up(*above: Row) -> InlineKeyboardMarkup:
    return keyboard(*above, [go(_("Balance and history"), Place.BALANCE)], [go(_("Pay"), Place.PAY)])


def _takes_money(report: PaymentReport) -> bool:
    """An order while it is open; a top-up until it has come; an autopay's charge not while it is charged."""
    if report.payment.is_charge_under_way:
        return False
    if report.order is None:
        return report.standing is not Standing.DONE
    return report.order.state in PAYABLE_ORDERS


def _period(offer: PeriodOffer) -> str:
    facts = [months(offer.months)]
    if len(offer.prices) == 1:
        facts += [money_of_all(offer.prices), *saving(offer)]
    return " · ".join(facts)
