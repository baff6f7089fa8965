"""What came of a code and a sum: who it is, the money on its way, the slip."""

import asyncio

from aiohttp import web

from sandbox.templates import language
from sandbox.terminal.keys import LINE
from sandbox.terminal.operations import Operation, Stage
from sandbox.terminal.pages.view import fill, go, money, page, seller, word
from sandbox.terminal.pages.words import WORDS

PATIENCE = 3.0
"""Seconds a person looks at an hourglass before the screen says that it takes longer."""
LOOK_AGAIN = 2

BAD = {
    Stage.REFUSED: "refused",
    Stage.UNKNOWN: "unknown",
    Stage.RETURNED: "returned",
}


def operation_routes() -> list[web.AbstractRouteDef]:
    return [
        web.get("/operations/{key}", show),
        web.post("/operations/{key}/check", asked_again),
        web.post("/operations/{key}/pay", paid),
    ]


async def show(request: web.Request) -> web.Response:
    operation = _find(request)
    if operation.stage is Stage.CHECKED:
        return _screen(request, operation, "confirm.html", "check_title")
    if operation.stage is Stage.PAYING:
        return _screen(request, operation, "paying.html", "paying_title", refresh=LOOK_AGAIN)
    if operation.stage is Stage.PAID:
        return _screen(request, operation, "slip.html", "paid_title")
    return _bad_news(request, operation)


async def asked_again(request: web.Request) -> web.Response:
    operation = _find(request)
    if operation.stage is Stage.UNKNOWN:
        await request.app[LINE].check(operation)
    return _again(request, operation)


async def paid(request: web.Request) -> web.Response:
    """Only once: the money is in the machine, whoever reloads or taps twice."""
    operation = _find(request)
    if operation.stage is Stage.CHECKED:
        telling = request.app[LINE].pay(operation)
        await asyncio.wait({telling}, timeout=PATIENCE)
    return _again(request, operation)


def _find(request: web.Request) -> Operation:
    operation = request.app[LINE].operations.get(request.match_info["key"])
    if operation is None:
        raise web.HTTPFound("/")
    return operation


def _again(request: web.Request, operation: Operation) -> web.Response:
    return go(f"/operations/{operation.key}", request)


def _bad_news(request: web.Request, operation: Operation) -> web.Response:
    lang, name = language(request), BAD[operation.stage]
    reason = f"result_{operation.result}" if f"result_{operation.result}" in WORDS else "result_other"
    texts = [word("unknown_text", lang)] if name == "unknown" else [word(reason, lang)]
    if name == "returned":
        texts.append(word("returned_text", lang))
    again = fill("try_again.html", lang, key=operation.key) if name == "unknown" else ""
    return _screen(request, operation, "bad.html", f"{name}_title", text=" ".join(texts), again_html=again)


def _screen(
    request: web.Request, operation: Operation, template: str, title: str, *, refresh: int = 0, **more: str
) -> web.Response:
    lang, network = language(request), operation.network
    at = operation.paid_at
    body = fill(
        template,
        lang,
        key=operation.key,
        device="wallet" if network.wallet else "terminal",
        network=network.name,
        title=network.title,
        heading=word(title, lang),
        seller=seller(request),
        account=operation.account,
        sum=money(operation.amount, network, lang),
        payer=operation.payer or word("not_asked", lang),
        act=word("confirm" if network.wallet else "insert", lang),
        txn_id=operation.txn_id,
        prv_txn=operation.prv_txn,
        when=f"{at:%d.%m.%Y %H:%M}" if at else "",
        **more,
    )
    return page(request, word(title, lang), body, refresh=refresh)
