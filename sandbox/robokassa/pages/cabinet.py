"""The shop's cabinet: its operations, refunds by hand, another till's sale, and what the bot was told."""

from html import escape

from aiohttp import web

from sandbox.card_panel import panel_html
from sandbox.robokassa.control import sold_elsewhere
from sandbox.robokassa.keys import SENDER, SHOP
from sandbox.robokassa.services import kopecks
from sandbox.robokassa.shop import BEGUN, DONE, NotPossibleError, Operation
from sandbox.templates import language
from sandbox.yookassa.money import decimal
from sandbox.yookassa.notifications import Notification
from sandbox.yookassa.pages.view import fill, money, page, word

SHOWN = 50
STATUSES = {BEGUN: "pending", DONE: "succeeded"}


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
    operation, value = _operation(request), str((await request.post()).get("value", ""))
    try:
        request.app[SHOP].refund(operation, kopecks(value.strip().replace(",", ".")), "finished")
    except NotPossibleError as why:
        return _page(request, wrong=str(why))
    return _again(request)


async def expire(request: web.Request) -> web.Response:
    request.app[SHOP].cancel(_operation(request))
    return _again(request)


async def sell_elsewhere(request: web.Request) -> web.Response:
    sold_elsewhere(request.app[SHOP], 150_000)
    return _again(request)


def _operation(request: web.Request) -> Operation:
    operation = request.app[SHOP].by_id(request.match_info["id"])
    if operation is None:
        raise web.HTTPNotFound
    return operation


def _again(request: web.Request) -> web.Response:
    return web.Response(status=303, headers={"Location": f"/cabinet?lang={language(request)}"})


def _page(request: web.Request, wrong: str = "") -> web.Response:
    lang = language(request)
    operations = request.app[SHOP].operations()[:SHOWN]
    sent = list(reversed(request.app[SENDER].sent))[:SHOWN]
    body = fill(
        "cabinet.html",
        lang,
        wrong_html=f'<p class="wrong" role="alert">{escape(wrong)}</p>' if wrong else "",
        payments_html="".join(_payment(each, lang) for each in operations)
        or f"<p>{word('cabinet_empty', lang)}</p>",
        cards_html=panel_html(request.app[SHOP].cards, lang),
        notifications_html="".join(_notification(each, lang) for each in sent)
        or f"<li>{word('notifications_none', lang)}</li>",
    )
    return page("/cabinet", lang, f"Robokassa · {word('cabinet', lang)}", body, 400 if wrong else 200)


def _payment(operation: Operation, lang: str) -> str:
    status = STATUSES.get(operation.state, "canceled")
    return fill(
        "cabinet_payment.html",
        lang,
        id=operation.id,
        short=operation.number,
        description=operation.description or word("payment", lang),
        sum=money(operation.amount, lang),
        status=word(f"status_{status}", lang),
        status_name=status,
        time=operation.created_at.astimezone().strftime("%d.%m %H:%M"),
        more_html=_more(operation, lang),
    )


def _more(operation: Operation, lang: str) -> str:
    html = ""
    if operation.refunded:
        html += f'<p class="quiet">{word("refunded", lang)}: {money(operation.refunded, lang)}</p>'
    if operation.state == DONE and operation.refunded < operation.amount:
        left = decimal(operation.amount - operation.refunded)
        html += fill("cabinet_refund.html", lang, id=operation.id, left=left)
    if operation.is_open:
        html += fill("cabinet_pending.html", lang, id=operation.id)
    return html


def _notification(notification: Notification, lang: str) -> str:
    answers = [
        f"{answer['status']} {answer['said']}" if "status" in answer else word("no_answer", lang)
        for answer in notification.answers
    ]
    return fill(
        "cabinet_notification.html",
        lang,
        time=notification.created_at.astimezone().strftime("%d.%m %H:%M:%S"),
        event=notification.event,
        short=notification.object["id"],
        state=word(f"state_{notification.state.replace(' ', '_')}", lang),
        state_name=notification.state.split()[0],
        list=", ".join(answers[-8:]) or "–",
    )
