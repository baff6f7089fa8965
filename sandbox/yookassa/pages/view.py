"""Puts a page together: templates beside this file, words in two languages, everything escaped."""

from html import escape
from pathlib import Path
from string import Template

from aiohttp import web

from sandbox.yookassa.money import decimal
from sandbox.yookassa.pages.words import WORDS

FOLDER = Path(__file__).parent
LANGUAGES = ("ru", "en")
NO_FOREIGN_CODE = (
    "default-src 'none'; style-src 'self'; form-action *; base-uri 'none'; frame-ancestors 'none'"
)


def language(request: web.Request, locale: str = "") -> str:
    """As asked in the address, else as the shop asked, else as the browser prefers, else Russian."""
    for wish in (request.query.get("lang", ""), locale, request.headers.get("Accept-Language", "")):
        if wish[:2] in LANGUAGES:
            return wish[:2]
    return "ru"


def fill(template: str, lang: str, **values: object) -> str:
    """Fill a template: `$t_name` from the words, `$name` from the values, all but `…_html` escaped."""
    texts = {f"t_{name}": escape(said[lang]) for name, said in WORDS.items()}
    shown = {
        name: str(value) if name.endswith("_html") else escape(str(value)) for name, value in values.items()
    }
    return Template((FOLDER / template).read_text("utf-8")).substitute(texts | {"lang": lang} | shown)


def page(path: str, lang: str, title: str, body_html: str, status: int = 200) -> web.Response:
    """A whole page; `path` is where it is to be found, for the switch of language."""
    other = "en" if lang == "ru" else "ru"
    switch = f"{path}?lang={other}"
    text = fill("layout.html", lang, title=title, body_html=body_html, switch=switch, other=other)
    answer = web.Response(text=text, content_type="text/html", status=status)
    answer.headers["Content-Security-Policy"] = NO_FOREIGN_CODE
    answer.headers["Cache-Control"] = "no-store"
    return answer


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
