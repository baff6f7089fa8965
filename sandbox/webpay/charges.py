"""Charges of bound cards, asked for by the shop's server, and cards that are let go."""

from aiohttp import web

from sandbox.cards import Fate, Telling
from sandbox.webpay import rules
from sandbox.webpay.keys import NOTIFIER, SHOP
from sandbox.webpay.notifications import notification_fields, unbound_fields
from sandbox.webpay.shop import DECLINED, NotPossibleError, Shop, Transaction
from sandbox.yookassa.mishaps import CALLER_GONE, until_the_caller_leaves

DECLINES = {Fate.NO_FUNDS: "W0545", Fate.EXPIRED: "W0554", Fate.REVOKED: "W0557"}
"""Of the real codes only the first is public."""


async def charged(request: web.Request, fields: dict[str, str]) -> web.Response:
    """JSON with what became of it; some cards give no answer, some let the notification overtake it."""
    shop = request.app[SHOP]
    try:
        order = rules.new_order(shop, fields)
        if shop.order(order.number) is not None:
            raise NotPossibleError("This order's number has been used")
    except rules.StrangerError as why:
        return _refusal(why, 403)
    except NotPossibleError as why:
        return _refusal(why, 400)
    try:
        bound = rules.bound_card(shop, fields)
    except NotPossibleError as why:
        return _refusal(why, 200)
    card = shop.cards.find(bound.token)
    assert card is not None
    outcome = card.charged(shop.clock.now().date())
    made = None
    if outcome.fate is not Fate.NOTHING:
        made = shop.pay(shop.add(order), bound.card, DECLINES.get(outcome.fate, ""))
    if made is None or outcome.telling is Telling.SILENCE:
        await until_the_caller_leaves(request)
        return web.Response(status=CALLER_GONE)
    if outcome.telling is Telling.CALLBACK_FIRST:
        await request.app[NOTIFIER].heard(made.id)
    return web.json_response(_told(shop, made))


async def let_go(request: web.Request, fields: dict[str, str]) -> web.Response:
    shop = request.app[SHOP]
    try:
        bound = rules.bound_card(shop, fields)
    except NotPossibleError as why:
        return _refusal(why, 400)
    shop.unbind(bound)
    told = unbound_fields(shop, bound)
    if shop.settings.notify_url:
        sent = {"id": bound.token, "url": shop.settings.notify_url, "fields": told}
        request.app[NOTIFIER].send("unbound", sent)
    return web.json_response(told)


def _told(shop: Shop, made: Transaction) -> dict[str, str]:
    """As it is notified, and what a decline is called in words."""
    words = "Declined" if made.kind == DECLINED else "Approved"
    return notification_fields(shop, made) | {"rc": made.code or "W0000", "rc_text": words}


def _refusal(why: NotPossibleError, status: int) -> web.Response:
    return web.json_response({"rc": "W0001", "rc_text": str(why)}, status=status)
