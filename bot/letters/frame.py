"""One description of a letter, written out twice: as plain text, and as HTML that loads nothing."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from string import Template

from bot.i18n import _, language
from bot.letters.parts import Button, Copied, Facts, Large, Letter, Note, Part, Words

_INK = "color:#17212b; overflow-wrap:anywhere"
_QUIET = "color:#5b6772; overflow-wrap:anywhere"
_LARGE = f"margin:0 0 14px; {_INK}; font-size:30px; font-weight:700"
_NAME = f"margin:0 0 4px; {_QUIET}; font-size:14px"
_NOTE = f"margin:0 0 12px; {_QUIET}; font-size:14px"
_COPIED = (
    "margin:0 0 14px; padding:12px 14px; border:1px dashed #9aa7b3; border-radius:8px; "
    f"background:#f6f8fa; {_INK}"
)
_FACT = "padding:3px 16px 3px 0; color:#5b6772; vertical-align:top"
_VALUE = f"padding:3px 0; {_INK}; vertical-align:top"
_TABLE = "margin:0 0 14px; border-collapse:collapse; font-size:15px"
_BUTTON = (
    "display:inline-block; padding:12px 22px; border-radius:8px; background:#0b5c4f; color:#ffffff; "
    "font-weight:600; text-decoration:none"
)
"""Written into every element: many readers of mail throw style sheets away, and what is left is light."""


@dataclass(frozen=True, slots=True)
class Written:
    """A letter in one language, ready for an envelope."""

    subject: str
    text: str
    html: str


def write_out(letter: Letter, seller: str) -> Written:
    """In the language that is spoken now; `seller` is the name the letter comes from."""
    subject, seller = one_line(letter.subject), one_line(seller)
    footer = _("This letter was written by the seller's cashier bot. Questions are answered in its chat.")
    html = _frame().substitute(
        language=escape(language()),
        subject=escape(subject),
        seller=escape(seller),
        parts="\n".join(_html(part) for part in letter.parts),
        footer=escape(footer),
    )
    plain = "\n\n".join([subject, *(_plain(part) for part in letter.parts), f"-- \n{seller}\n{footer}"])
    return Written(subject, plain + "\n", html)


def one_line(text: str) -> str:
    """Fit for a header: names may hold anything, line breaks among it."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def _plain(part: Part) -> str:
    match part:
        case Words(text) | Large(text) | Note(text):
            return text
        case Facts():
            return "\n".join(f"{name}: {value}" for name, value in part.known)
        case Copied(name, text):
            return f"{name}:\n{text}"
        case Button(text, url):
            return f"{text}: {url}"


def _html(part: Part) -> str:
    match part:
        case Words(text):
            return _paragraph(text, "ink", f"margin:0 0 14px; {_INK}")
        case Large(text):
            return _paragraph(text, "ink", _LARGE)
        case Note(text):
            return _paragraph(text, "quiet", _NOTE)
        case Facts():
            return _table(part)
        case Copied(name, text):
            return _paragraph(name, "quiet", _NAME) + _paragraph(text, "copied", _COPIED)
        case Button(text, url):
            return _button(text, url)


def _paragraph(text: str, name: str, style: str) -> str:
    return f'<p class="{name}" style="{style}">{escape(text).replace(chr(10), "<br>")}</p>'


def _table(facts: Facts) -> str:
    rows = "".join(
        f'<tr><td class="quiet" style="{_FACT}">{escape(name)}</td>'
        f'<td class="ink" style="{_VALUE}">{escape(value)}</td></tr>'
        for name, value in facts.known
    )
    return f'<table cellpadding="0" cellspacing="0" style="{_TABLE}">{rows}</table>' if rows else ""


def _button(text: str, url: str) -> str:
    """An address that is none of the web's is shown and leads nowhere."""
    if not url.startswith(("https://", "http://")):
        return _paragraph(f"{text}: {url}", "ink", f"margin:0 0 14px; {_INK}")
    link = f'<a class="act" href="{escape(url)}" style="{_BUTTON}">{escape(text)}</a>'
    return f'<p style="margin:4px 0 18px">{link}</p>'


@cache
def _frame() -> Template:
    return Template((Path(__file__).parent / "frame.html").read_text("utf-8"))
