"""Puts a page together: templates beside this file, words in two languages, everything escaped."""

from pathlib import Path

from aiohttp import web

from sandbox import templates
from sandbox.templates import Templates
from sandbox.webpay.pages.words import WORDS
from sandbox.yookassa.money import decimal

FOLDER = Path(__file__).parent
POLICY = "default-src 'none'; style-src 'self'; form-action *; base-uri 'none'; frame-ancestors 'none'"

fill = Templates(FOLDER, WORDS).fill


def page(lang: str, title: str, body_html: str, status: int = 200) -> web.Response:
    text = fill("layout.html", lang, title=title, body_html=body_html)
    return templates.answered(text, POLICY, status=status)


def word(name: str, lang: str) -> str:
    return WORDS[name][lang]


def money(kopecks: int, currency: str = "BYN") -> str:
    roubles, rest = decimal(kopecks).split(".")
    return f"{int(roubles):,}".replace(",", "\N{NO-BREAK SPACE}") + f",{rest}\N{NO-BREAK SPACE}{currency}"
