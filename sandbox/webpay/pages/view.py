"""Puts a page together: templates beside this file, words in two languages, everything escaped."""

from html import escape
from pathlib import Path
from string import Template

from aiohttp import web

from sandbox.webpay.pages.words import WORDS
from sandbox.yookassa.money import decimal

FOLDER = Path(__file__).parent
POLICY = "default-src 'none'; style-src 'self'; form-action *; base-uri 'none'; frame-ancestors 'none'"


def fill(template: str, lang: str, **values: object) -> str:
    """Fill a template: `$t_name` from the words, `$name` from the values, all but `…_html` escaped."""
    texts = {f"t_{name}": escape(said[lang]) for name, said in WORDS.items()}
    shown = {
        name: str(value) if name.endswith("_html") else escape(str(value)) for name, value in values.items()
    }
    return Template((FOLDER / template).read_text("utf-8")).substitute(texts | {"lang": lang} | shown)


def page(lang: str, title: str, body_html: str, status: int = 200) -> web.Response:
    text = fill("layout.html", lang, title=title, body_html=body_html)
    answer = web.Response(text=text, content_type="text/html", status=status)
    answer.headers["Content-Security-Policy"] = POLICY
    answer.headers["Cache-Control"] = "no-store"
    return answer


def word(name: str, lang: str) -> str:
    return WORDS[name][lang]


def money(kopecks: int, currency: str = "BYN") -> str:
    roubles, rest = decimal(kopecks).split(".")
    return f"{int(roubles):,}".replace(",", "\N{NO-BREAK SPACE}") + f",{rest}\N{NO-BREAK SPACE}{currency}"
