"""Charges of kept cards, asked for by the shop's server: OK and the number, or the code of a mistake."""

from aiohttp import web

from sandbox.cards import Fate, Telling
from sandbox.robokassa.keys import SENDER, SHOP
from sandbox.robokassa.rules import RejectedError, charge_begun
from sandbox.robokassa.shop import Operation, Shop
from sandbox.yookassa.cards import Card
from sandbox.yookassa.mishaps import CALLER_GONE, until_the_caller_leaves

CHARGE = "/Merchant/Recurring"


async def charged(request: web.Request) -> web.Response:
    """OK says only that it was begun: ResultURL tells of money, and of a refusal nobody is told."""
    shop = request.app[SHOP]
    fields = {name: str(value) for name, value in (await request.post()).items()}
    try:
        operation, card = charge_begun(shop, fields)
    except RejectedError as why:
        return web.Response(text=f"ERROR: {why.code}")
    outcome = card.charged(shop.clock.now().date())
    if outcome.fate is not Fate.NOTHING:
        _carry_out(shop, operation, outcome.fate)
    if outcome.telling is Telling.SILENCE:
        await until_the_caller_leaves(request)
        return web.Response(status=CALLER_GONE)
    if outcome.telling is Telling.CALLBACK_FIRST:
        await request.app[SENDER].heard(operation.number)
    return web.Response(text=f"OK{operation.number}")


def _carry_out(shop: Shop, operation: Operation, fate: Fate) -> None:
    """By the card of the parent, which its bank may refuse."""
    parent = shop.find(operation.parent)
    assert parent is not None
    assert parent.card is not None
    refusal = None if fate is Fate.PAID else fate.value
    shop.pay(shop.add(operation), Card(parent.card.number, parent.card.scheme, refusal))
