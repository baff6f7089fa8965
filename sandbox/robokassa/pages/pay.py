"""The payment page: opened by a signed link or form, paid by a card or SBP, left by Success or Fail."""

from urllib.parse import urlencode

from aiohttp import web

from sandbox.card_panel import choice_html
from sandbox.cards import behaviour_named
from sandbox.clock import stamp
from sandbox.robokassa.keys import SHOP
from sandbox.robokassa.result import return_fields
from sandbox.robokassa.rules import RejectedError, begun
from sandbox.robokassa.shop import DONE, Operation
from sandbox.templates import language
from sandbox.yookassa.cards import BY_NUMBER, CARDS, Card
from sandbox.yookassa.pages.view import fill, money, page, word

RIGHT_CODE = "1234"
TRIES = 3


def pay_routes() -> list[web.AbstractRouteDef]:
    return [
        web.get("/Merchant/Index.aspx", opened, allow_head=False),
        web.post("/Merchant/Index.aspx", opened),
        web.post("/Merchant/Payment/CoFPayment", opened),
        web.get("/pay/{id}", show),
        web.post("/pay/{id}", chosen),
        web.post("/pay/{id}/code", code_typed),
    ]


async def opened(request: web.Request) -> web.Response:
    """A link or a posted form; either is decoded once, and signed as it then reads."""
    sent = request.query if request.method == "GET" else await request.post()
    try:
        fields = {name: str(value) for name, value in sent.items()}
        if ("Token" in fields) != request.path.endswith("CoFPayment"):
            raise RejectedError(30)
        operation = begun(request.app[SHOP], fields)
    except RejectedError as why:
        return _state(request, "refused", f"Robokassa: {why}", status=400)
    return _again(operation)


async def show(request: web.Request) -> web.Response:
    operation = request.app[SHOP].by_id(request.match_info["id"])
    if operation is None:
        return _state(request, "unknown", status=404)
    if not operation.is_open:
        return _over(request, operation)
    return _ask_code(request, operation) if operation.waiting_for_code else _choose(request, operation)


async def chosen(request: web.Request) -> web.Response:
    operation = _open(request)
    shop, form = request.app[SHOP], await request.post()
    picked = str(form.get("with", ""))
    card = BY_NUMBER.get(picked)
    operation.behaviour = behaviour_named(form.get("behaviour"))
    if picked == "sbp":
        shop.pay(operation)
    elif card is not None and card.asks_code:
        operation.waiting_for_code = card
    elif card is not None:
        shop.pay(operation, card)
    return _finish(request, operation)


async def code_typed(request: web.Request) -> web.Response:
    operation = _open(request)
    card = operation.waiting_for_code
    if card is None:
        return _again(operation)
    if str((await request.post()).get("code", "")).strip() == RIGHT_CODE:
        request.app[SHOP].pay(operation, card)
        return _finish(request, operation)
    operation.wrong_codes += 1
    if operation.wrong_codes == TRIES:
        request.app[SHOP].pay(operation, Card(card.number, card.scheme, "3d_secure_failed", asks_code=True))
    return _finish(request, operation)


def _open(request: web.Request) -> Operation:
    operation = request.app[SHOP].by_id(request.match_info["id"])
    if operation is None or not operation.is_open:
        raise web.HTTPSeeOther(f"/pay/{request.match_info['id']}")
    return operation


def _finish(request: web.Request, operation: Operation) -> web.Response:
    """To the shop's Success or Fail address, or on to the next step."""
    if operation.is_open:
        return _again(operation)
    return web.Response(status=303, headers={"Location": _way_back(request, operation)})


def _way_back(request: web.Request, operation: Operation) -> str:
    settings, good = request.app[SHOP].settings, operation.state == DONE
    address = settings.success_url if good else settings.fail_url
    return f"{address}?{urlencode(return_fields(operation, settings, good=good))}" if address else "/cabinet"


def _again(operation: Operation) -> web.Response:
    return web.Response(status=303, headers={"Location": f"/pay/{operation.id}"})


def _choose(request: web.Request, operation: Operation) -> web.Response:
    lang = language(request, operation.culture)
    body = fill(
        "choose.html",
        lang,
        id=operation.id,
        description=operation.description or word("payment", lang),
        sum=money(operation.amount, lang),
        until=operation.due.astimezone().strftime("%H:%M") if operation.due else "–",
        until_iso=stamp(operation.due) if operation.due else "",
        groups_html=_groups(operation, lang),
        saving_html=_saving(lang) if operation.keeps_card else "",
        return_url=_way_back(request, operation),
    )
    return page(request.path, lang, "Robokassa", body)


def _saving(lang: str) -> str:
    return fill("saving.html", lang, choice_html=choice_html(lang))


def _groups(operation: Operation, lang: str) -> str:
    """What is kept must be a card."""
    good = [_card(card, lang) for card in CARDS if not card.refusal]
    if operation.keeps_card:
        return _cards(good, lang)
    return _cards([*good, _option("sbp", word("sbp", lang), word("by_sbp", lang), lang)], lang)


def _cards(good: list[str], lang: str) -> str:
    bad = [_card(card, lang) for card in CARDS if card.refusal]
    legends = (("good_cards", good), ("bad_cards", bad))
    return "".join(
        fill("group.html", lang, legend=word(legend, lang), options_html="".join(options))
        for legend, options in legends
    )


def _card(card: Card, lang: str) -> str:
    label = word(card.refusal or ("asks_code" if card.asks_code else "success"), lang)
    return _option(card.number, label, f"{card.scheme} {card.spaced}", lang)


def _option(value: str, label: str, detail: str, lang: str) -> str:
    mark = "checked" if value == CARDS[0].number else ""
    return fill("option.html", lang, value=value, label=label, detail=detail, checked_html=mark)


def _ask_code(request: web.Request, operation: Operation) -> web.Response:
    lang = language(request, operation.culture)
    assert operation.waiting_for_code is not None
    left = f"{word('code_wrong', lang)} {TRIES - operation.wrong_codes}"
    body = fill(
        "code.html",
        lang,
        id=operation.id,
        last4=operation.waiting_for_code.last4,
        saved_html=f'<p class="quiet">{word("code_saved", lang)}</p>' if operation.by_saved_card else "",
        sum=money(operation.amount, lang),
        wrong_html=f'<p class="wrong" role="alert">{left}</p>' if operation.wrong_codes else "",
        code=RIGHT_CODE,
        return_url=_way_back(request, operation),
    )
    return page(request.path, lang, word("code_title", lang), body)


def _over(request: web.Request, operation: Operation) -> web.Response:
    """Paid, refused or out of time: what was paid can't be paid again by the same number."""
    lang = language(request, operation.culture)
    paid = operation.state == DONE
    expired = operation.due is not None and operation.due <= request.app[SHOP].clock.now()
    back = fill(
        "receipt.html",
        lang,
        description=operation.description,
        sum=money(operation.amount, lang),
        return_url=_way_back(request, operation),
    )
    return _state(request, "paid" if paid else "expired" if expired else "refused", rest_html=back)


def _state(
    request: web.Request, name: str, text: str = "", *, rest_html: str = "", status: int = 200
) -> web.Response:
    lang, good = language(request), name == "paid"
    body = fill(
        "state.html",
        lang,
        kind="good" if good else "bad",
        sign="✓" if good else "✕",
        title=word(f"{name}_title", lang),
        text=text or word(f"{name}_text", lang),
        rest_html=rest_html,
    )
    return page(request.path, lang, word(f"{name}_title", lang), body, status)
