"""A charge with nobody at a page: what becomes of it, and how, if at all, the shop is answered."""

from aiohttp import web

from sandbox.cards import Fate, Telling
from sandbox.yookassa.keys import NOTIFIER, SHOP
from sandbox.yookassa.mishaps import CALLER_GONE, until_the_caller_leaves
from sandbox.yookassa.payments import Payment
from sandbox.yookassa.saving import REASONS, NeverCreated
from sandbox.yookassa.shop import Shop


def begun(shop: Shop, payment: Payment) -> Payment:
    """Book a new payment; one by a saved method and without a page is charged at once."""
    saved = payment.saved
    if saved is None:
        return shop.add(payment)
    if payment.return_url:
        return _at_page(shop, payment)
    outcome = saved.kept.charged(shop.clock.now().date())
    if outcome.fate is Fate.NOTHING:
        raise NeverCreated
    payment.telling, payment.method, payment.paid_with = outcome.telling, saved.method, saved.card
    shop.add(payment)
    if outcome.fate in REASONS:
        shop.die(payment, *REASONS[outcome.fate])
    elif outcome.telling is not Telling.SILENCE:
        _paid(shop, payment)
    return payment


def _at_page(shop: Shop, payment: Payment) -> Payment:
    """With `enforce` the card's owner is asked for a code; without it his money is simply taken."""
    saved = payment.saved
    assert saved is not None
    shop.add(payment)
    if payment.enforce and saved.card:
        payment.waiting_for_code = saved.card
    else:
        _paid(shop, payment)
    return payment


def _paid(shop: Shop, payment: Payment) -> None:
    if payment.saved is not None:
        shop.pay(payment, payment.saved.method, payment.saved.card)


async def answered(request: web.Request, payment: Payment) -> bool:
    """False where nobody is there any more to hear the answer; only the first call meets the behaviour."""
    telling, payment.telling = payment.telling, Telling.ANSWER
    if telling is Telling.SILENCE:
        try:
            await until_the_caller_leaves(request)
        finally:  # a server may cancel whom nobody waits for any more
            _paid(request.config_dict[SHOP], payment)
        return False
    if telling is Telling.CALLBACK_FIRST:
        await request.config_dict[NOTIFIER].heard(payment.id)
    return True


async def without_answer(request: web.Request) -> web.Response:
    await until_the_caller_leaves(request)
    return web.Response(status=CALLER_GONE)
