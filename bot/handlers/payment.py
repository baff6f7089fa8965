"""One payment: its link, how it stands, and the honest answer to "I paid"."""

from __future__ import annotations

from aiogram import Router
from aiogram.types import InlineKeyboardMarkup

from bot.domain.customers import Customer
from bot.domain.errors import CustomerError
from bot.domain.orders import Order
from bot.handlers.places import open_place
from bot.i18n import _, method_hint, method_title, money, said, sentence_for, shown
from bot.i18n.payment_words import order_lines, standing_sentence
from bot.keyboards import pay as screens
from bot.keyboards.buttons import Place
from bot.middlewares.visits import Visit
from bot.services.payments import PayLink
from bot.services.reports import PaymentReport, Standing

router = Router(name="payment")


async def show_link(visit: Visit, order_id: int, method: str) -> None:
    """The summary with the link; shown again it is the same link. A silent provider may be asked again."""
    visit.toast = visit.toast or _("Asking the payment company…")
    visit.answer_tap()
    try:
        link = await visit.payments.start(visit.customer_id, order_id, method)
    except CustomerError as trouble:
        if trouble.code != "provider_silent":
            raise
        await visit.show(sentence_for(trouble), screens.try_again(order_id))
        return
    order = await visit.orders.get(visit.customer_id, order_id)
    customer = await visit.customers.get(visit.customer_id)
    text = _summary(visit, order, link, method, customer)
    message_id = await visit.show(text, screens.pay_link(link, order_id))
    await visit.payments.shown(visit.customer_id, link.payment_id, message_id)


async def show_result(visit: Visit, payment_id: int, *, ask: bool = True) -> None:
    """How the payment stands now, the provider asked unless it was just done."""
    find = visit.payments.check if ask else visit.payments.details
    report = await find(visit.customer_id, payment_id)
    if report.standing is Standing.DONE:
        await visit.leave_dialog()
    await visit.show(standing_sentence(report), _result_buttons(report))


@router.callback_query(screens.CheckPayment.filter())
async def check_tapped(visit: Visit, callback_data: screens.CheckPayment) -> None:
    visit.toast = _("Asking the payment company…")
    visit.answer_tap()
    await show_result(visit, callback_data.payment)


@router.callback_query(screens.CancelOrder.filter())
async def cancel_tapped(visit: Visit, callback_data: screens.CancelOrder) -> None:
    await visit.orders.cancel(visit.customer_id, callback_data.order)
    visit.toast = _("The order is cancelled.")
    await open_place(visit, Place.MENU)


def _summary(visit: Visit, order: Order, link: PayLink, method: str, customer: Customer | None) -> str:
    facts = [
        _("To pay: {amount}", amount=money(link.amount)),
        _("Method: {method}", method=_method(visit, method)),
    ]
    contact = (customer.email or customer.phone) if customer else ""
    if contact:
        facts.append(_("Receipt: {contact}", contact=shown(contact)))
    if hint := method_hint(method, phone=shown(customer.phone) if customer else ""):
        facts.append(hint)
    accepted = _("By paying you accept the terms: /terms")
    after = _("After paying come back here: we will write as soon as the money arrives.")
    return "\n".join([*order_lines(order), "", *facts, "", after, accepted])


def _method(visit: Visit, name: str) -> str:
    """«Банковская карта; без комиссии; сразу»: its own screen is skipped where it is the only one."""
    terms = visit.catalogue.method(name)
    facts = (method_title(visit.catalogue, name), said(terms.fee), said(terms.counts))
    return "; ".join(filter(None, facts))


def _result_buttons(report: PaymentReport) -> InlineKeyboardMarkup:
    if report.standing is Standing.DONE:
        return screens.after_payment()
    return screens.payment_stands(report)
