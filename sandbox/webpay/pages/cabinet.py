"""The shop's cabinet: its transactions, money given back by hand, and what the bot was told."""

from html import escape

from aiohttp import web

from sandbox.card_panel import panel_html
from sandbox.webpay.control import sold_elsewhere
from sandbox.webpay.keys import NOTIFIER, SHOP
from sandbox.webpay.pages.view import fill, money, page, word
from sandbox.webpay.shop import AUTHORIZED, DECLINED, STATES, NotPossibleError, Transaction
from sandbox.yookassa.money import decimal
from sandbox.yookassa.notifications import Notification

SHOWN = 50
LANG = "ru"


def cabinet_routes() -> list[web.AbstractRouteDef]:
    return [
        web.get("/", home),
        web.get("/cabinet", show),
        web.post("/cabinet/sell", sell_elsewhere),
        web.post("/cabinet/{id}/back", give_back),
        web.post("/cabinet/{id}/complete", complete),
    ]


async def home(_: web.Request) -> web.Response:
    raise web.HTTPFound("/cabinet")


async def show(request: web.Request) -> web.Response:
    return _page(request)


async def give_back(request: web.Request) -> web.Response:
    shop, value = request.app[SHOP], str((await request.post()).get("value", "")).strip().replace(",", ".")
    whole, _, rest = value.partition(".")
    try:
        amount = int(whole + rest.ljust(2, "0")[:2])
        shop.give_back(shop.transaction(request.match_info["id"]), amount, void=True)
    except (NotPossibleError, ValueError) as why:
        return _page(request, wrong=str(why))
    return _again()


async def complete(request: web.Request) -> web.Response:
    shop = request.app[SHOP]
    try:
        shop.complete(shop.transaction(request.match_info["id"]))
    except NotPossibleError as why:
        return _page(request, wrong=str(why))
    return _again()


async def sell_elsewhere(request: web.Request) -> web.Response:
    sold_elsewhere(request.app[SHOP], 15_00)
    return _again()


def _again() -> web.Response:
    """Show the cabinet by a new request, so that reloading does nothing twice."""
    return web.Response(status=303, headers={"Location": "/cabinet"})


def _page(request: web.Request, wrong: str = "") -> web.Response:
    made = [each for order in request.app[SHOP].orders() for each in order.transactions][:SHOWN]
    sent = list(reversed(request.app[NOTIFIER].sent))[:SHOWN]
    body = fill(
        "cabinet.html",
        LANG,
        wrong_html=f'<p class="wrong" role="alert">{escape(wrong)}</p>' if wrong else "",
        payments_html="".join(map(_payment, made)) or f"<p>{word('empty', LANG)}</p>",
        cards_html=panel_html(request.app[SHOP].cards, LANG),
        notifications_html="".join(map(_notification, sent)) or "<li>–</li>",
    )
    return page(LANG, word("cabinet", LANG), body, 400 if wrong else 200)


def _payment(made: Transaction) -> str:
    return fill(
        "cabinet_payment.html",
        LANG,
        title=made.order.title,
        sum=money(made.amount, made.order.currency),
        id=made.id,
        card=made.card,
        state=STATES[made.kind],
        kind=made.kind,
        acts_html=_acts(made),
    )


def _acts(made: Transaction) -> str:
    html = fill("cabinet_complete.html", LANG, id=made.id) if made.kind == AUTHORIZED else ""
    if made.kind != DECLINED and made.returned < made.amount:
        html += fill("cabinet_back.html", LANG, id=made.id, left=decimal(made.amount - made.returned))
    return html


def _notification(sent: Notification) -> str:
    answers = ", ".join(str(each.get("status", "–")) for each in sent.answers[-8:])
    line = f"{sent.event} · {sent.object['id']} · {sent.state}"
    said = f"{word('answers', LANG)}: {answers or '–'}"
    return f'<li><span class="line">{escape(line)}</span><span class="quiet">{escape(said)}</span></li>'
