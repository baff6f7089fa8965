"""The shop's cabinet: its payments, refunds by hand, and what the bot was told."""

from html import escape

from aiohttp import web

from sandbox.card_panel import panel_html
from sandbox.templates import language
from sandbox.yookassa.cards import CARDS
from sandbox.yookassa.control import refund_in_cabinet
from sandbox.yookassa.errors import Refused
from sandbox.yookassa.keys import NOTIFIER, SHOP
from sandbox.yookassa.money import decimal
from sandbox.yookassa.notifications import Notification
from sandbox.yookassa.pages.view import fill, money, page, word
from sandbox.yookassa.payments import Payment

SHOWN = 50


def cabinet_routes() -> list[web.AbstractRouteDef]:
    return [
        web.get("/", home),
        web.get("/cabinet", show),
        web.post("/cabinet/sell", sell_elsewhere),
        web.post("/cabinet/{id}/refund", refund),
        web.post("/cabinet/{id}/expire", expire),
    ]


async def home(_: web.Request) -> web.Response:
    raise web.HTTPFound("/cabinet")


async def show(request: web.Request) -> web.Response:
    return _page(request)


async def refund(request: web.Request) -> web.Response:
    shop = request.app[SHOP]
    value = str((await request.post()).get("value", "")).strip().replace(",", ".")
    whole = f"{value}.00" if value.isdigit() else value
    try:
        refund_in_cabinet(shop, shop.payment(request.match_info["id"]), whole)
    except Refused as refused:
        return _page(request, wrong=str(refused))
    return _again(request)


async def expire(request: web.Request) -> web.Response:
    shop = request.app[SHOP]
    try:
        payment = shop.payment(request.match_info["id"])
    except Refused as refused:
        return _page(request, wrong=str(refused))
    if not payment.is_final:
        shop.expire(payment)
    return _again(request)


async def sell_elsewhere(request: web.Request) -> web.Response:
    """A payment of the same shop that bears no mark of the bot."""
    shop = request.app[SHOP]
    payment = shop.add(
        Payment(
            amount=1_500_00,
            capture=True,
            methods=shop.settings.methods,
            return_url=str(request.url.with_path("/cabinet")),
            locale="",
            created_at=shop.clock.now(),
            description="Web shop: mug with a logo",
            metadata={"cart": "1741"},
        )
    )
    shop.pay(payment, "bank_card", CARDS[0])
    return _again(request)


def _again(request: web.Request) -> web.Response:
    """Show the cabinet by a new request, so that reloading does nothing twice."""
    return web.Response(status=303, headers={"Location": f"/cabinet?lang={language(request)}"})


def _page(request: web.Request, wrong: str = "") -> web.Response:
    lang = language(request)
    payments = list(request.app[SHOP].payments())[:SHOWN]
    sent = list(reversed(request.app[NOTIFIER].sent))[:SHOWN]
    body = fill(
        "cabinet.html",
        lang,
        wrong_html=f'<p class="wrong" role="alert">{escape(wrong)}</p>' if wrong else "",
        payments_html="".join(_payment(payment, lang) for payment in payments)
        or f"<p>{word('cabinet_empty', lang)}</p>",
        cards_html=panel_html(request.app[SHOP].cards, lang),
        notifications_html="".join(_notification(notification, lang) for notification in sent)
        or f"<li>{word('notifications_none', lang)}</li>",
    )
    return page("/cabinet", lang, word("cabinet", lang), body, 400 if wrong else 200)


def _payment(payment: Payment, lang: str) -> str:
    return fill(
        "cabinet_payment.html",
        lang,
        id=payment.id,
        short=payment.id[:8],
        description=payment.description or word("payment", lang),
        sum=money(payment.amount, lang),
        status=word(f"status_{payment.status}", lang),
        status_name=payment.status,
        time=payment.created_at.astimezone().strftime("%d.%m %H:%M"),
        more_html=_more(payment, lang),
    )


def _more(payment: Payment, lang: str) -> str:
    html = ""
    if payment.refunded:
        html += f'<p class="quiet">{word("refunded", lang)}: {money(payment.refunded, lang)}</p>'
    if payment.status == "succeeded" and payment.refunded < payment.amount:
        left = decimal(payment.amount - payment.refunded)
        html += fill("cabinet_refund.html", lang, id=payment.id, left=left)
    if payment.status == "pending":
        html += fill("cabinet_pending.html", lang, id=payment.id)
    return html


def _notification(notification: Notification, lang: str) -> str:
    answers = [
        str(answer["status"]) if "status" in answer else word("no_answer", lang)
        for answer in notification.answers
    ]
    return fill(
        "cabinet_notification.html",
        lang,
        time=notification.created_at.astimezone().strftime("%d.%m %H:%M:%S"),
        event=notification.event,
        short=notification.object["id"][:8],
        state=word(f"state_{notification.state.replace(' ', '_')}", lang),
        state_name=notification.state.split()[0],
        list=", ".join(answers[-8:]) or "–",
    )
