"""Who writes "stop" takes his consent back: it works at once, whatever the chat was about."""

from __future__ import annotations

from aiogram import F, Router
from aiogram.types import Message

from bot.handlers.autopay.opening import show_list
from bot.handlers.places import open_place
from bot.i18n import _
from bot.i18n.autopay_words import autopay_summary, target_words
from bot.keyboards import autopay as screens
from bot.keyboards import autopay_taps as taps
from bot.keyboards.buttons import Place
from bot.middlewares.visits import Visit

STOP_WORDS = frozenset({"stop", "unsubscribe", "стоп", "отписаться", "адпісацца", "токтот"})

router = Router(name="autopay_stopping")


def says_stop(message: Message) -> bool:
    return (message.text or "").strip().rstrip(".!").lower() in STOP_WORDS


@router.message(says_stop)
async def stop_said(visit: Visit) -> None:
    """The only autopay is deleted, and whatever was ticked; which of several is one tap each."""
    waited = await visit.autopays.refuse_waiting(visit.customer_id, visit.update_id)
    views = await visit.autopays.all(visit.customer_id)
    if not views and waited:
        visit.note = _("Autopay is deleted. Nothing more is charged.")
        return await open_place(visit, Place.MENU)
    if not views:
        visit.note = _("You have no autopay: nothing is taken without your consent.")
        return await open_place(visit, Place.MENU)
    if len(views) > 1:
        await visit.leave_dialog()
        told = [_("Which autopay shall be deleted? It works at once."), *map(autopay_summary, views)]
        await visit.show("\n\n".join(told), screens.which_to_delete(views))
        return None
    view = views[0]
    await visit.autopays.delete(visit.customer_id, view.autopay.id, visit.update_id)
    await visit.leave_dialog()
    text = _("Autopay is deleted: {what}. Nothing more is charged.", what=target_words(view))
    await visit.show(text, screens.deleted(view))
    return None


@router.callback_query(F.data == taps.DELETE_ALL)
async def delete_all_tapped(visit: Visit) -> None:
    for view in await visit.autopays.all(visit.customer_id):
        await visit.autopays.delete(visit.customer_id, view.autopay.id, visit.update_id)
    visit.note = _("All autopays are deleted. Nothing more is charged.")
    await show_list(visit)
