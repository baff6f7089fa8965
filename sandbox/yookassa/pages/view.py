"""Puts a page together: templates beside this file, words in two languages, everything escaped."""

from pathlib import Path

from aiohttp import web

from sandbox import templates
from sandbox.templates import Templates
from sandbox.yookassa.money import decimal
from sandbox.yookassa.pages.words import WORDS

FOLDER = Path(__file__).parent
NO_FOREIGN_CODE = (
    "default-src 'none'; style-src 'self'; form-action *; base-uri 'none'; frame-ancestors 'none'"
)

fill = Templates(FOLDER, WORDS).fill


def page(path: str, lang: str, title: str, body_html: str, status: int = 200) -> web.Response:
    """A whole page; `path` is where it is to be found, for the switch of language."""
    other = "en" if lang == "ru" else "ru"
    switch = f"{path}?lang={other}"
    text = fill("layout.html", lang, title=title, body_html=body_html, switch=switch, other=other)
    return templates.answered(text, NO_FOREIGN_CODE, status=status)


def word(name: str, lang: str) -> str:
    return WORDS[name][lang]


def money(kopecks: int, lang: str) -> str:
    """1 980,00 ₽ in Russian, ₽1,980.00 in English."""
    roubles, rest = decimal(kopecks).split(".")
    grouped = f"{int(roubles):,}"
    if lang == "en":
        return f"₽{grouped}.{rest}"
    return grouped.replace(",", "\N{NO-BREAK SPACE}") + f",{rest}\N{NO-BREAK SPACE}₽"


def style_route() -> web.AbstractRouteDef:
    async def style(_: web.Request) -> web.FileResponse:
        return web.FileResponse(FOLDER / "bank.css")

    return web.get("/bank.css", style)
