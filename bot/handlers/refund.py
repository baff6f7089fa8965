"""Refunds in private chats: an owner's word where nobody else may agree."""

from __future__ import annotations

from aiogram import Router

from bot.handlers.places import open_place
from bot.i18n import _, money
from bot.i18n.refund_words import outcome_words
from bot.keyboards import refunds as screens
from bot.keyboards.buttons import Place
from bot.middlewares.visits import Visit

router = Router(name="refund")


@router.callback_query(screens.ConfirmAlone.filter())
async def confirmed_in_private(visit: Visit, callback_data: screens.ConfirmAlone) -> None:
    """One more tap, which says how much; whoever may not agree is refused, here as in the group."""
    visit.anew = callback_data.anew
    if not callback_data.sure:
        request = await visit.refund_requests.to_confirm(visit.customer_id, callback_data.request)
        text = _("Send {amount} back? It can't be called back.", amount=money(request.amount))
        await visit.show(text, screens.sure_alone(request))
        return
    visit.toast = _("Asking the payment company…")
    visit.answer_tap()
    request = await visit.refund_requests.confirm(visit.customer_id, callback_data.request, alone=True)
    visit.note = outcome_words(request)
    await open_place(visit, Place.MENU)
