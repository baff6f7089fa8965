"""Kept cards in a sandbox shop's cabinet, and the choice of a behaviour on its payment page.

app[KEPT_CARDS] = cards; app.add_routes(card_routes())     # GET /control/cards, POST /control/cards/{token},
                                                           # and the forms of the panel: POST /cards/{token}
panel_html(cards, lang)                                    # goes into the cabinet's page, "" without cards
choice_html(lang)                                          # a select named "behaviour" for the payment page
"""

from html import escape

from aiohttp import web

from sandbox.cards import Behaviour, KeptCard, KeptCards, behaviour_named
from sandbox.templates import language

KEPT_CARDS = web.AppKey("kept_cards", KeptCards)

SHOWN = 50
TITLE = {"ru": "Сохранённые карты", "en": "Saved cards"}
CHOICE = {"ru": "Как карта ответит на автоплатёж", "en": "What the card does when it is charged"}
CHANGE = {"ru": "Сменить", "en": "Change"}
CHARGES = {"ru": "Автосписаний", "en": "Charges"}
BEHAVIOURS = {
    Behaviour.PAYS: {"ru": "Платит", "en": "Pays"},
    Behaviour.NO_FUNDS_TWICE: {
        "ru": "Дважды не хватит денег, потом платит",
        "en": "Not enough money twice, then pays",
    },
    Behaviour.EXPIRED: {"ru": "Срок истёк", "en": "Has expired"},
    Behaviour.REVOKED: {"ru": "Согласие отозвано в банке", "en": "Consent withdrawn at the bank"},
    Behaviour.SILENT_PAID: {"ru": "Нет ответа, но деньги спишутся", "en": "No answer, yet the money moves"},
    Behaviour.SILENT_NOTHING: {
        "ru": "Нет ответа, и платежа не будет",
        "en": "No answer, and no payment either",
    },
    Behaviour.CALLBACK_FIRST: {
        "ru": "Платит, уведомление раньше ответа",
        "en": "Pays, the notification comes before the answer",
    },
}


def card_routes() -> list[web.AbstractRouteDef]:
    return [
        web.get("/control/cards", list_cards),
        web.post("/control/cards/{token}", change),
        web.post("/cards/{token}", changed_by_hand),
    ]


async def list_cards(request: web.Request) -> web.Response:
    return web.json_response([card.shown() for card in request.app[KEPT_CARDS].newest_first()])


async def change(request: web.Request) -> web.Response:
    """`{"behaviour": "no_funds_twice"}`."""
    card = _card(request)
    card.behave(behaviour_named((await request.json()).get("behaviour")))
    return web.json_response(card.shown())


async def changed_by_hand(request: web.Request) -> web.Response:
    """Back to the cabinet by a new request, so that reloading does nothing twice."""
    _card(request).behave(behaviour_named((await request.post()).get("behaviour")))
    return web.Response(status=303, headers={"Location": f"/cabinet?lang={language(request)}"})


def _card(request: web.Request) -> KeptCard:
    card = request.app[KEPT_CARDS].find(request.match_info["token"])
    if card is None:
        raise web.HTTPNotFound
    return card


def panel_html(cards: KeptCards, lang: str) -> str:
    kept = "".join(_row(card, lang) for card in cards.newest_first()[:SHOWN])
    return f'<h2>{TITLE[lang]}</h2>\n<div class="payments">{kept}</div>' if kept else ""


def choice_html(lang: str, chosen: Behaviour = Behaviour.PAYS, at: str = "behaviour") -> str:
    """`at` is the id of the select, where a page has several."""
    options = "".join(
        f'<option value="{name}"{" selected" if name is chosen else ""}>{escape(words[lang])}</option>'
        for name, words in BEHAVIOURS.items()
    )
    label = f'<label class="field" for="{escape(at)}">{CHOICE[lang]}</label>'
    return f'{label}<select id="{escape(at)}" name="behaviour" class="behaviour">{options}</select>'


def _row(card: KeptCard, lang: str) -> str:
    token, masked = escape(card.token), escape(card.masked or card.token[:8])
    return (
        f'<article class="payment" aria-label="{masked}">'
        f'<p class="line"><span class="name">{masked}</span> '
        f'<span class="quiet">{CHARGES[lang]}: {card.charges}</span></p>'
        f'<form method="post" action="/cards/{token}?lang={lang}">'
        f"{choice_html(lang, card.behaviour, f'of-{card.token}')}"
        f'<p class="row"><button type="submit">{CHANGE[lang]}</button></p></form></article>'
    )
