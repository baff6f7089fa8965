"""/start and the deep links that lead into the chat."""

from __future__ import annotations

from aiogram import Router
from aiogram.filters import CommandObject, CommandStart

from bot.domain.errors import CustomerError, NotYours
from bot.handlers.connectors import show_connector
from bot.handlers.menu import show_menu
from bot.handlers.order_form.opening import order_by_link
from bot.handlers.pay import pay_by_link, pay_for
from bot.handlers.payment import show_result
from bot.handlers.promo import code_from_link
from bot.i18n import _, sentence_for, shown
from bot.middlewares.visits import Visit

router = Router(name="start")


@router.message(CommandStart())
async def started(visit: Visit, command: CommandObject) -> None:
    """Links nobody knows, and links to other people's things, lead to the menu; a seller's link says why."""
    kind, _, what = (command.args or "").partition("_")
    opener = LINKS.get(kind)
    if opener is None or not what:
        return await show_menu(visit)
    await visit.leave_dialog()
    try:
        await opener(visit, what)
    except NotYours:
        if kind in FROM_THE_SELLER:
            visit.note = sentence_for(CustomerError("link_over"))
        await show_menu(visit)


async def _paid(visit: Visit, token: str) -> None:
    """The button back from the payment page."""
    view = await visit.links.result(token)
    if view.payment.customer_id != visit.customer_id:
        raise NotYours
    await show_result(visit, view.payment.id, ask=False)


async def _attach(visit: Visit, token: str) -> None:
    """The seller's one-time link: whoever opens it first has the connector."""
    connector = await visit.connector_links.attach(visit.customer_id, token)
    visit.toast = _("{title} is yours now: you can pay for it here.", title=shown(connector.title))
    await show_connector(visit, connector.id)


async def _mine(visit: Visit, token: str) -> None:
    """What an operator made for a caller is his from now on."""
    await visit.acts.callers.claim(visit.customer_id, token)
    visit.guests.forget(visit.customer_id)
    visit.note = _("Everything that was made for you is here now.")
    await show_menu(visit)


LINKS = {
    "mine": _mine,
    "pay": pay_for,
    "paid": _paid,
    "c": pay_by_link,
    "a": _attach,
    "order": order_by_link,
    "p": code_from_link,
}
FROM_THE_SELLER = ("c", "a", "mine")
