"""Paying by an invoice: who it is made out to, and the tap that issues it."""

from __future__ import annotations

from typing import Any

from aiogram import F, Router

from bot.handlers.choice import Choice, Pay, load
from bot.handlers.invoice_card import InvoiceCard, stand_at
from bot.handlers.invoice_steps import PAY, change_payer, fill_in_another
from bot.handlers.menu import show_menu
from bot.handlers.pay_steps import go_on
from bot.handlers.payer_form import follows
from bot.i18n import _
from bot.i18n.invoice_words import invoice_title
from bot.keyboards import invoices as screens
from bot.keyboards.payers import NEW_PAYER
from bot.middlewares.visits import Visit

router = Router(name="pay_by_invoice")


@follows(PAY)
async def payer_told(visit: Visit, kept: dict[str, Any], payer_id: int) -> None:
    """Back from the form: with whoever was saved, or to the screen before it."""
    choice = Choice(**kept["choice"])
    if payer_id and not choice.rest:
        choice.let_pay(payer_id)
    elif not payer_id and not _was_shown_before(choice) and not choice.forget_last():
        return await show_menu(visit)
    return await go_on(visit, choice)


def _was_shown_before(choice: Choice) -> bool:
    """Whether the form was opened from the list of payers or from the summary, and not by itself."""
    return bool(choice.asked) and choice.asked[-1] in ("payer", "link")


@router.callback_query(Pay.invoiced, F.data == screens.ANEW)
async def anew_wanted(visit: Visit) -> None:
    choice = await load(visit)
    choice.anew = True
    await go_on(visit, choice)


@router.callback_query(Pay.payer, F.data == NEW_PAYER)
async def another_payer_wanted(visit: Visit) -> None:
    await fill_in_another(visit, await load(visit))


@router.callback_query(Pay.link, F.data == screens.OTHER_PAYER)
async def other_payer_wanted(visit: Visit) -> None:
    choice = await load(visit)
    choice.choose_payer = True
    choice.let_pay(0)
    choice.asked.remove("link")
    await go_on(visit, choice)


@router.callback_query(Pay.link, F.data == screens.CHANGE_PAYER)
async def change_wanted(visit: Visit) -> None:
    choice = await load(visit)
    order = await visit.orders.get(visit.customer_id, choice.order)
    await change_payer(visit, choice, order.payer_id)


@router.callback_query(Pay.link, F.data == screens.ISSUE)
async def issue_tapped(visit: Visit) -> None:
    """The paper follows as a notice that says how to pay it, so that this screen need not."""
    choice = await load(visit)
    invoice = await visit.invoices.issue(visit.customer_id, choice.order, choice.currency)
    await stand_at(visit, InvoiceCard.look, invoice.id)
    text = _("✔️ It is issued. The PDF and the purpose of the payment come in the next message.")
    await visit.show(f"{invoice_title(invoice)}\n\n{text}", screens.issued(invoice))
