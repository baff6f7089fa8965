"""Puts a page together: templates beside this file, words in two languages, everything escaped."""

from decimal import Decimal
from html import escape
from pathlib import Path

from aiohttp import web

from sandbox import templates
from sandbox.templates import Templates, language
from sandbox.terminal.keys import SELLER
from sandbox.terminal.networks import NETWORKS, Network
from sandbox.terminal.pages.words import WORDS

FOLDER = Path(__file__).parent
FILES = ("street.css", "device.css", "keypad.js")
NO_FOREIGN_CODE = (
    "default-src 'none'; style-src 'self'; script-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)

fill = Templates(FOLDER, WORDS).fill


def page(
    request: web.Request, title: str, body_html: str, *, status: int = 200, refresh: int = 0
) -> web.Response:
    """A whole page; one that waits for something looks again after `refresh` seconds."""
    lang = language(request)
    other = "en" if lang == "ru" else "ru"
    again = f'<meta http-equiv="refresh" content="{refresh}">' if refresh else ""
    switch = request.rel_url.update_query(lang=other) if request.method == "GET" else f"/?lang={other}"
    text = fill(
        "layout.html", lang, title=title, body_html=body_html, switch=switch, other=other, refresh_html=again
    )
    return templates.answered(text, NO_FOREIGN_CODE, status=status)


def word(name: str, lang: str) -> str:
    return WORDS[name][lang]


def money(amount: Decimal, network: Network, lang: str) -> str:
    """1 980,00 сом in Russian, 1,980.00 сом in English."""
    text = f"{amount:,.2f}"
    if lang == "ru":
        text = text.replace(",", "\N{NO-BREAK SPACE}").replace(".", ",")
    return f"{text}\N{NO-BREAK SPACE}{network.symbol}"


def network_of(request: web.Request, *, wallet: bool) -> Network:
    """The network in the address; a wallet's is not a terminal's."""
    network = NETWORKS.get(request.match_info["network"])
    if network is None or network.wallet is not wallet:
        raise web.HTTPNotFound
    return network


def seller(request: web.Request) -> str:
    return request.app[SELLER]


def wrong(text: str) -> str:
    return f'<p class="wrong" role="alert">{escape(text)}</p>' if text else ""


def go(path: str, request: web.Request) -> web.Response:
    """On to another screen by a new request, so that reloading does nothing twice."""
    return web.Response(status=303, headers={"Location": f"{path}?lang={language(request)}"})


def file_routes() -> list[web.AbstractRouteDef]:
    async def file(request: web.Request) -> web.FileResponse:
        return web.FileResponse(FOLDER / request.match_info["name"])

    return [web.get(f"/{{name:{'|'.join(FILES)}}}", file)]
