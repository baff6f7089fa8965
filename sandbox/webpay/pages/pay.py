"""The payment page: a person picks a card and is sent back to the site."""

from html import escape
from urllib.parse import urlencode

from aiohttp import web

from sandbox.card_panel import choice_html
from sandbox.cards import behaviour_named
from sandbox.webpay.cards import BY_NUMBER, CARDS, Card
from sandbox.webpay.keys import SHOP
from sandbox.webpay.pages.view import fill, money, page, word
from sandbox.webpay.shop import DECLINED, Order


def pay_routes() -> list[web.AbstractRouteDef]:
    return [web.get("/pay/{page}", show), web.post("/pay/{page}", chosen)]


async def show(request: web.Request) -> web.Response:
    order = request.app[SHOP].by_page(request.match_info["page"])
    if order is None:
        return refused_page(request, "No such page")
    return _over(request, order) or _choose(order)


async def chosen(request: web.Request) -> web.Response:
    shop = request.app[SHOP]
    order = shop.by_page(request.match_info["page"])
    picked = await request.post()
    card = BY_NUMBER.get(str(picked.get("card", "")))
    if order is None or card is None:
        return refused_page(request, "No such page or card")
    over = _over(request, order)
    if over is not None:
        return over
    order.behaviour = behaviour_named(picked.get("behaviour"))
    made = shop.pay(order, card.masked, card.refusal)
    if made.kind == DECLINED:
        return _choose(order, declined=True)
    return _home(order.return_url, order, made.id)


def refused_page(request: web.Request, why: str) -> web.Response:
    """What the page shows for a form it does not take."""
    lang = "en" if request.headers.get("Accept-Language", "").startswith("en") else "ru"
    body = fill("state.html", lang, heading=word("refused_title", lang), text=why, back_html="")
    return page(lang, word("refused_title", lang), body, 400)


def _over(request: web.Request, order: Order) -> web.Response | None:
    """The page of an order that can't be paid any more."""
    paid, late = order.paid, request.app[SHOP].clock.now() > order.due
    if not paid and not late:
        return None
    name, lang = "paid" if paid else "over", order.language
    back = f'<a class="primary" href="{escape(_address(order.cancel_url, order))}">{word("back", lang)}</a>'
    body = fill(
        "state.html",
        lang,
        heading=word(f"{name}_title", lang),
        text=word(f"{name}_text", lang),
        back_html=back,
    )
    return page(lang, word(f"{name}_title", lang), body)


def _choose(order: Order, *, declined: bool = False) -> web.Response:
    lang = order.language
    wrong = f'<p class="wrong" role="alert">{word("was_declined", lang)}</p>' if declined else ""
    body = fill(
        "choose.html",
        lang,
        id=order.page,
        description=order.title,
        sum=money(order.amount, order.currency),
        until=order.due.astimezone().strftime("%H:%M"),
        wrong_html=wrong,
        options_html="".join(_option(card, lang) for card in CARDS),
        behaviour_html=choice_html(lang) if order.operation else "",
        cancel_url=_address(order.cancel_url, order),
    )
    return page(lang, word("brand", lang), body)


def _option(card: Card, lang: str) -> str:
    return fill(
        "option.html",
        lang,
        value=card.number,
        label=word(card.outcome, lang),
        detail=f"{card.scheme} {card.spaced}",
        checked_html="checked" if card is CARDS[0] else "",
    )


def _home(url: str, order: Order, transaction: str) -> web.Response:
    return web.Response(status=303, headers={"Location": _address(url, order, transaction)})


def _address(url: str, order: Order, transaction: str = "") -> str:
    """The site's own address with the order's number, and the transaction's on success: unsigned, both."""
    told = {"wsb_order_num": order.number} | ({"wsb_tid": transaction} if transaction else {})
    return f"{url}{'&' if '?' in url else '?'}{urlencode(told)}"
