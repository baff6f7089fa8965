"""The steps of Pay that an invoice adds: whom it is made out to, and what it will say."""

from __future__ import annotations

from dataclasses import asdict

from bot.domain.customers import Payer
from bot.domain.requisites import PartyKind
from bot.domain.tax_numbers import country_for
from bot.handlers.choice import Choice, Pay, wait_at
from bot.handlers.invoice_card import show_invoice
from bot.handlers.payer_answers import Answers
from bot.handlers.payer_form import form_of, open_form
from bot.i18n import _
from bot.i18n.card_words import standing_lines
from bot.i18n.invoice_words import invoice_summary, invoice_title
from bot.i18n.summary_words import summary_words
from bot.keyboards import invoices as screens
from bot.keyboards.card_ticks import standing_rows
from bot.keyboards.pay import nothing_left
from bot.keyboards.payers import whom_to_invoice
from bot.middlewares.visits import Visit

PAY = "pay"
"""What follows a form that was opened here."""


async def ask_about_invoice(visit: Visit, choice: Choice) -> bool:
    """Before another order takes the place of one whose invoice is perhaps at the payer's bank already."""
    if choice.anew or choice.order or choice.link or not visit.invoices.offered:
        return False
    waiting = await visit.invoices.waiting_for(visit.customer_id, choice.connectors)
    if waiting is None:
        return False
    await wait_at(visit, choice, Pay.invoiced)
    text = _(
        "There is an invoice for this already, and it waits for its money. Choose anew only if nobody "
        "has paid it: the new order takes its place."
    )
    await visit.show(f"{invoice_title(waiting)}\n\n{text}", screens.already_invoiced(waiting.id))
    return True


async def ask_whom_to_invoice(visit: Visit, choice: Choice) -> bool:
    """The only payer who can be invoiced is taken unasked; a first one fills in the form."""
    if choice.rest:
        order = await visit.orders.get(visit.customer_id, choice.order)
        return await _fill_in_if_needed(visit, choice, order.payer_id)
    if choice.payer:
        return await _fill_in_if_needed(visit, choice, choice.payer)
    payers = await _known(visit)
    if not payers:
        await fill_in_another(visit, choice)
        return True
    if len(payers) == 1 and payers[0].can_be_invoiced and not choice.choose_payer:
        choice.let_pay(payers[0].id)
        return False
    await wait_at(visit, choice, Pay.payer)
    await visit.show(_("Whom shall the invoice be made out to?"), whom_to_invoice(payers))
    return True


async def fill_in_another(visit: Visit, choice: Choice) -> None:
    answers = Answers(country=country_for(choice.currency))
    await open_form(visit, answers, then=PAY, choice=asdict(choice))


async def change_payer(visit: Visit, choice: Choice, payer_id: int) -> None:
    """His form: with everything in it where he went through it once."""
    answers = await form_of(visit, payer_id, country_for(choice.currency))
    await open_form(visit, answers, then=PAY, choice=asdict(choice))


async def show_invoice_summary(visit: Visit, choice: Choice) -> None:
    """The last screen before the paper; what has one already shows it, what the balance covers needs none."""
    issued = await visit.invoices.of_order(visit.customer_id, choice.order)
    if issued is not None and issued.total.currency == choice.currency:
        return await show_invoice(visit, issued.id)
    view = await visit.orders.summary(visit.customer_id, choice.order, choice.method, choice.currency)
    if not view.to_pay:
        text = summary_words(visit.catalogue, view, await visit.customers.get(visit.customer_id))
        await visit.show(text, nothing_left(view, for_rest=choice.rest))
        return None
    details = await visit.payers.details(visit.customer_id, view.order.payer_id)
    autopays = await visit.autopays.standing_for_order(visit.customer_id, choice.order)
    text = "\n".join([invoice_summary(visit.catalogue, view, details), *standing_lines(autopays)])
    await visit.show(text, screens.summary(view, standing_rows(autopays), for_rest=choice.rest))
    return None


async def _fill_in_if_needed(visit: Visit, choice: Choice, payer_id: int) -> bool:
    payer = await visit.payers.get(visit.customer_id, payer_id)
    if payer.can_be_invoiced:
        return False
    await change_payer(visit, choice, payer_id)
    return True


async def _known(visit: Visit) -> list[Payer]:
    """Those that were filled in, and firms that were added by a name alone."""
    payers = await visit.connectors.payers(visit.customer_id)
    return [payer for payer in payers if payer.can_be_invoiced or payer.kind != PartyKind.PERSON]
