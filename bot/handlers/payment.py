"""One payment: its link, how it stands, and the honest answer to "I paid"."""

from __future__ import annotations

from collections.abc import Awaitable

from aiogram import Router
from aiogram.types import CallbackQuery, InlineKeyboardMarkup

from bot.domain.errors import CustomerError
from bot.domain.money import Money
from bot.gateways.base import Way
from bot.handlers.card_steps import CardSteps, ticks_for
from bot.handlers.choice import Choice
from bot.handlers.invoice import send_again, send_invoice
from bot.handlers.places import open_place
from bot.i18n import _, sentence_for
from bot.i18n.card_words import autopay_lines, kept_card_line, standing_lines
from bot.i18n.payment_words import order_lines, standing_sentence
from bot.i18n.summary_words import summary_words, top_up_words
from bot.keyboards import balance as accounts
from bot.keyboards import pay as screens
from bot.keyboards.buttons import Place
from bot.keyboards.card_ticks import CardTicks, standing_rows, tick_rows
from bot.keyboards.receipts import receipt_button
from bot.middlewares.visits import Visit
from bot.services.methods import MethodOffer
from bot.services.payments import PayLink
from bot.services.reports import PaymentReport, Standing

router = Router(name="payment")


async def show_link(visit: Visit, choice: Choice) -> None:
    """The summary with the link on it; shown again it is the same link. What nobody has to pay has none.

    An order that money came for already keeps its price: its rest takes no promo code.
    """
    customer_id, order_id, method, currency = visit.customer_id, choice.order, choice.method, choice.currency
    view = await visit.orders.summary(customer_id, order_id, method, currency)
    customer = await visit.customers.get(customer_id)
    autopay = await visit.autopays.offer_for_order(customer_id, order_id, view.price.currency)
    others = await visit.autopays.standing_for_order(customer_id, order_id) if autopay is None else []
    if not view.to_pay:
        ticks = CardTicks(offer=autopay if autopay and autopay.standing else None)
        said = [*autopay_lines(ticks.offer, None), *standing_lines(others)]
        text = summary_words(visit.catalogue, view, customer, autopay=said)
        rows = [*tick_rows(ticks), *standing_rows(others)]
        await visit.show(text, screens.nothing_left(view, rows, for_rest=choice.rest))
        return
    ticks = await ticks_for(visit, choice, view.offer, autopay, customer)
    kept = kept_card_line(keeps=ticks.wishes.save_card)
    said = [*autopay_lines(ticks.offer, ticks.agreed), *kept, *standing_lines(others)]
    text = summary_words(visit.catalogue, view, customer, card=ticks.card, autopay=said)
    starting = visit.payments.start(customer_id, order_id, method, currency, ticks.wishes)
    if link := await _begun(visit, starting, screens.try_again()):
        rows = [*tick_rows(ticks), *standing_rows(others)]
        buttons = screens.summary(view, link, rows, for_rest=choice.rest)
        await _show(visit, link, text, buttons)


async def show_top_up(
    visit: Visit, steps: CardSteps, payer_id: int, offer: MethodOffer, amount: Money
) -> None:
    """The same for money that is to rest on the balance."""
    customer = await visit.customers.get(visit.customer_id)
    autopay = await visit.autopays.offer_for_top_up(visit.customer_id, payer_id, amount)
    ticks = await ticks_for(visit, steps, offer, autopay, customer)
    said = [*autopay_lines(ticks.offer, ticks.agreed), *kept_card_line(keeps=ticks.wishes.save_card)]
    text = top_up_words(visit.catalogue, amount, offer, customer, card=ticks.card, autopay=said)
    starting = visit.payments.start_top_up(visit.customer_id, payer_id, offer.name, amount, ticks.wishes)
    if link := await _begun(visit, starting, accounts.try_again()):
        await _show(visit, link, text, accounts.pay_in(link, tick_rows(ticks)))


async def _begun(visit: Visit, starting: Awaitable[PayLink], again: InlineKeyboardMarkup) -> PayLink | None:
    """The link; None where the provider is silent, which is said with a button to ask it again."""
    if isinstance(visit.event, CallbackQuery):
        visit.toast = visit.toast or _("Asking the payment company…")
        visit.answer_tap()
    try:
        return await starting
    except CustomerError as trouble:
        if trouble.code != "provider_silent":
            raise
        await visit.show(sentence_for(trouble), again)
        return None


async def _show(visit: Visit, link: PayLink, text: str, buttons: InlineKeyboardMarkup) -> None:
    message_id = await visit.show(text, buttons)
    await visit.payments.shown(visit.customer_id, link.payment_id, message_id)
    if link.way is Way.INVOICE:
        await send_invoice(visit, link)


async def show_result(visit: Visit, payment_id: int, *, ask: bool = True) -> None:
    """How the payment stands now, the provider asked unless it was just done."""
    find = visit.payments.check if ask else visit.payments.details
    report = await find(visit.customer_id, payment_id)
    if report.standing is Standing.DONE:
        await visit.leave_dialog()
    await visit.show(standing_sentence(report), _result_buttons(report, back=visit.dialog is not None))


@router.callback_query(screens.CheckPayment.filter())
async def check_tapped(visit: Visit, callback_data: screens.CheckPayment) -> None:
    visit.toast = _("Asking the payment company…")
    visit.answer_tap()
    await show_result(visit, callback_data.payment)


@router.callback_query(screens.SendInvoice.filter())
async def invoice_wanted(visit: Visit, callback_data: screens.SendInvoice) -> None:
    visit.answer_tap()
    report = await visit.payments.details(visit.customer_id, callback_data.payment)
    if not await send_again(visit, report):
        await show_result(visit, callback_data.payment, ask=False)


@router.callback_query(screens.CancelOrder.filter())
async def cancel_tapped(visit: Visit, callback_data: screens.CancelOrder) -> None:
    await visit.orders.cancel(visit.customer_id, callback_data.order)
    await visit.telegram_invoices.take_away(visit.bot, visit.customer_id)
    visit.toast = _("The order is cancelled.")
    await open_place(visit, Place.MENU)


@router.callback_query(screens.Settle.filter())
async def settle_tapped(visit: Visit, callback_data: screens.Settle) -> None:
    """The good news follow as a notice, which makes a sound; this screen only says that it is done."""
    visit.anew = callback_data.anew
    order = await visit.orders.settle(visit.customer_id, callback_data.order, callback_data.currency)
    await visit.leave_dialog()
    text = "\n".join([_("Done, nothing is left to pay."), "", *order_lines(order)])
    await visit.show(text, screens.after_payment([receipt_button(None, order.id)]))


def _result_buttons(report: PaymentReport, *, back: bool) -> InlineKeyboardMarkup:
    if report.standing is not Standing.DONE:
        return screens.payment_stands(report, back=back)
    receipt = [receipt_button(report.payment.id)]
    return screens.after_payment(receipt) if report.order else screens.after_top_up(receipt)
