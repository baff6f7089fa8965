"""The payment page: a person picks a card, perhaps types a code, and is sent back to the shop."""

from aiohttp import web

from sandbox.card_panel import choice_html
from sandbox.cards import behaviour_named
from sandbox.clock import stamp
from sandbox.templates import LANGUAGES, language
from sandbox.yookassa.cards import BY_NUMBER, CARDS, Card
from sandbox.yookassa.errors import Refused
from sandbox.yookassa.keys import SHOP
from sandbox.yookassa.pages.view import fill, money, page, word
from sandbox.yookassa.payments import TIME_TO_PAY, Payment
from sandbox.yookassa.settings import WITHOUT_CARD

RIGHT_CODE = "1234"
TRIES = 3


def pay_routes() -> list[web.AbstractRouteDef]:
    return [
        web.get("/pay/{id}", show),
        web.post("/pay/{id}", chosen),
        web.post("/pay/{id}/code", code_typed),
    ]


async def show(request: web.Request) -> web.Response:
    payment = _find(request)
    if payment is None:
        return _state(request, None)
    if payment.status != "pending":
        return _state(request, payment)
    return _ask_code(request, payment) if payment.waiting_for_code else _choose(request, payment)


async def chosen(request: web.Request) -> web.Response:
    payment = _find(request)
    if payment is None or payment.status != "pending":
        return _again(request)
    form = await request.post()
    picked, payment.behaviour = str(form.get("with", "")), behaviour_named(form.get("behaviour"))
    card = BY_NUMBER.get(picked) if "bank_card" in payment.affordable_methods else None
    if picked in WITHOUT_CARD and picked in payment.affordable_methods:
        request.app[SHOP].pay(payment, picked)
    elif card and card.asks_code:
        payment.waiting_for_code = card
    elif card:
        request.app[SHOP].pay(payment, "bank_card", card)
    return _finish(request, payment)


async def code_typed(request: web.Request) -> web.Response:
    payment = _find(request)
    if payment is None or payment.status != "pending" or payment.waiting_for_code is None:
        return _again(request)
    shop, card = request.app[SHOP], payment.waiting_for_code
    if str((await request.post()).get("code", "")).strip() == RIGHT_CODE:
        shop.pay(payment, payment.saved.method if payment.saved else "bank_card", card)
        return _finish(request, payment)
    payment.wrong_codes += 1
    if payment.wrong_codes == TRIES:
        shop.pay(payment, "bank_card", Card(card.number, card.scheme, "3d_secure_failed", asks_code=True))
    return _again(request)


def _find(request: web.Request) -> Payment | None:
    shop = request.app[SHOP]
    shop.sweep()
    try:
        return shop.payment(request.match_info["id"])
    except Refused:
        return None


def _finish(request: web.Request, payment: Payment) -> web.Response:
    """Money taken: straight back to the shop; else the next step or the reason, on the same address."""
    if payment.status in {"pending", "canceled"}:
        return _again(request)
    return web.Response(status=303, headers={"Location": payment.return_url})


def _again(request: web.Request) -> web.Response:
    """Show the payment by a new request, so that reloading does nothing twice."""
    where = f"/pay/{request.match_info['id']}"
    lang = request.query.get("lang", "")
    return web.Response(
        status=303, headers={"Location": f"{where}?lang={lang}" if lang in LANGUAGES else where}
    )


def _choose(request: web.Request, payment: Payment) -> web.Response:
    lang = language(request, payment.locale)
    until = payment.created_at + TIME_TO_PAY
    body = fill(
        "choose.html",
        lang,
        id=payment.id,
        description=payment.description or f"{word('payment', lang)} {payment.id[:8]}",
        sum=money(payment.amount, lang),
        until=until.astimezone().strftime("%H:%M"),
        until_iso=stamp(until),
        saving_html=_saving(lang) if payment.saves else "",
        groups_html=_groups(payment, lang),
        return_url=payment.return_url,
    )
    return page(request.path, lang, word("bank", lang), body)


def _saving(lang: str) -> str:
    return fill("saving.html", lang, choice_html=choice_html(lang))


def _groups(payment: Payment, lang: str) -> str:
    cards = CARDS if "bank_card" in payment.affordable_methods else ()
    good = [_card_option(card, lang) for card in cards if not card.refusal]
    bad = [_card_option(card, lang) for card in cards if card.refusal]
    others = [name for name in WITHOUT_CARD if name in payment.affordable_methods]
    good += [
        _option(name, word(name, lang), payment.phone or word(f"by_{name}", lang), lang) for name in others
    ]
    return _group("good_cards", good, lang) + (_group("bad_cards", bad, lang) if bad else "")


def _group(legend: str, options: list[str], lang: str) -> str:
    return fill("group.html", lang, legend=word(legend, lang), options_html="".join(options))


def _card_option(card: Card, lang: str) -> str:
    label = word(card.refusal or ("asks_code" if card.asks_code else "success"), lang)
    return _option(card.number, label, f"{card.scheme} {card.spaced}", lang)


def _option(value: str, label: str, detail: str, lang: str) -> str:
    mark = "checked" if value == CARDS[0].number else ""
    return fill("option.html", lang, value=value, label=label, detail=detail, checked_html=mark)


def _ask_code(request: web.Request, payment: Payment) -> web.Response:
    lang = language(request, payment.locale)
    assert payment.waiting_for_code is not None
    left = f"{word('code_wrong', lang)} {TRIES - payment.wrong_codes}"
    body = fill(
        "code.html",
        lang,
        id=payment.id,
        last4=payment.waiting_for_code.last4,
        saved_html=f'<p class="quiet">{word("code_saved", lang)}</p>' if payment.saved else "",
        sum=money(payment.amount, lang),
        wrong_html=f'<p class="wrong" role="alert">{left}</p>' if payment.wrong_codes else "",
        code=RIGHT_CODE,
        return_url=payment.return_url,
    )
    return page(request.path, lang, word("code_title", lang), body)


def _state(request: web.Request, payment: Payment | None) -> web.Response:
    """What became of a payment that cannot be paid (any more)."""
    lang = language(request, payment.locale if payment else "")
    name, kind, sign = _look(payment)
    text = word(f"{name}_text", lang)
    if name == "refused" and payment and payment.cancellation:
        text = f"{word(payment.cancellation[1], lang)}. {text}"
    body = fill(
        "state.html",
        lang,
        kind=kind,
        sign=sign,
        title=word(f"{name}_title", lang),
        text=text,
        rest_html=_receipt(payment, lang) if payment else "",
    )
    status = 200 if payment else 404
    return page(request.path, lang, word(f"{name}_title", lang), body, status)


def _look(payment: Payment | None) -> tuple[str, str, str]:
    """Name in the words, class in the style, sign."""
    if payment is None:
        return "unknown", "bad", "?"
    if payment.status == "succeeded":
        return "paid", "good", "✓"
    if payment.status == "waiting_for_capture":
        return "held", "good", "✓"
    expired = payment.cancellation and payment.cancellation[1].startswith("expired")
    return ("expired", "bad", "!") if expired else ("refused", "bad", "✕")


def _receipt(payment: Payment, lang: str) -> str:
    return fill(
        "receipt.html",
        lang,
        description=payment.description or payment.id[:8],
        sum=money(payment.amount, lang),
        return_url=payment.return_url,
    )
