"""Puts a page together: templates beside this file, words in two languages, everything escaped."""

from decimal import Decimal
from html import escape
from pathlib import Path

from aiohttp import web

from sandbox import templates
from sandbox.bank.pages.words import WORDS
from sandbox.templates import Templates, language

FOLDER = Path(__file__).parent
FILES = ("bank.css",)
NO_FOREIGN_CODE = (
    "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
SYMBOLS = {"RUB": "₽", "BYN": "Br", "KGS": "сом", "KZT": "₸"}

fill = Templates(FOLDER, WORDS).fill


def page(request: web.Request, title: str, body_html: str, *, status: int = 200) -> web.Response:
    lang = language(request)
    other = "en" if lang == "ru" else "ru"
    switch = request.rel_url.update_query(lang=other) if request.method == "GET" else f"/?lang={other}"
    text = fill("layout.html", lang, title=title, body_html=body_html, switch=switch, other=other)
    return templates.answered(text, NO_FOREIGN_CODE, status=status)


def word(name: str, lang: str, **blanks: object) -> str:
    return WORDS[name][lang].format(**blanks)


def money(amount: Decimal, currency: str, lang: str) -> str:
    """1 980,00 ₽ in Russian, 1,980.00 ₽ in English."""
    text = f"{amount:,.2f}"
    if lang == "ru":
        text = text.replace(",", "\N{NO-BREAK SPACE}").replace(".", ",")
    return f"{text}\N{NO-BREAK SPACE}{SYMBOLS.get(currency, currency)}"


def wrong(text: str) -> str:
    return f'<p class="wrong" id="wrong" role="alert">{escape(text)}</p>' if text else ""


def go(path: str) -> web.Response:
    """On to another screen by a new request, so that reloading does nothing twice."""
    return web.Response(status=303, headers={"Location": path})


def file_routes() -> list[web.AbstractRouteDef]:
    async def file(request: web.Request) -> web.FileResponse:
        return web.FileResponse(FOLDER / request.match_info["name"])

    return [web.get(f"/{{name:{'|'.join(FILES)}}}", file)]
