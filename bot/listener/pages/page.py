"""The one page there is: what happened, the figures, what to do. Every word that goes in is escaped here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from html import escape
from string import Template
from urllib.parse import urlsplit

from aiohttp import web

from bot import i18n
from bot.listener.pages.assets import FOLDER, address_of

_PAGE = Template((FOLDER / "page.html").read_text(encoding="utf-8"))
_ASSETS = {"stylesheet": address_of("page.css"), "icon": address_of("icon.svg")}
_SCRIPT = f'<script src="{address_of("page.js")}" defer></script>'
_ONWARD_SCRIPT = f'<script src="{address_of("onward.js")}" defer></script>'
_SECONDS_WITHOUT_SCRIPT = 5

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; "
        "base-uri 'none'; frame-ancestors 'none'; form-action 'self' https: http:"
    ),
    "Vary": "Accept-Language",
}
"""Browsers hold a form's redirects to form-action too, and that of "pay again" leaves for the bank."""


ONWARD_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
    "base-uri 'none'; frame-ancestors 'none'; form-action {host}"
)
"""The form leaves for that one host and no other."""

REFERRER = "strict-origin"
"""A payment company may ask which site the payer comes from; the path, which has the token, stays here."""


class Mood(StrEnum):
    GOOD = "good"
    BAD = "bad"
    WAIT = "wait"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class Act:
    """A button; `posts` where pressing it makes something happen, with these `fields`."""

    title: str
    address: str
    posts: bool = False
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Fact:
    title: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Watch:
    """Where the page asks whether `state` is still the state."""

    address: str
    state: str


@dataclass(frozen=True, slots=True)
class Onward:
    """The page's form leaves for this address by itself, unless it stands inside another program.

    `elsewhere` says how to get out of that; `inside` is what we can tell, the script may know better.
    """

    address: str
    elsewhere: str
    inside: bool

    @property
    def host(self) -> str:
        parts = urlsplit(self.address)
        return f"{parts.scheme}://{parts.netloc}"


@dataclass(frozen=True, slots=True)
class Page:
    """Words in the language spoken where it is made; nothing in it is markup."""

    mood: Mood
    title: str
    lead: str
    facts: list[Fact] = field(default_factory=list)
    acts: list[Act] = field(default_factory=list)
    advice: str = ""
    watch: Watch | None = None
    onward: Onward | None = None

    def answer(self, seller: str, status: int = 200) -> web.Response:
        text = _PAGE.substitute(
            _ASSETS,
            language=i18n.language(),
            seller=escape(seller),
            mood=self.mood.value,
            title=escape(self.title),
            lead=escape(self.lead),
            facts=_facts(self.facts),
            acts="\n".join(map(_act, self.acts)),
            advice=f'<p class="advice">{escape(self.advice)}</p>' if self.advice else "",
            live=_ONWARD_SCRIPT if self.onward else _live() if self.watch else "",
            watched=_watched(self.watch) if self.watch else "",
            elsewhere=_elsewhere(self.onward) if self.onward else "",
        )
        return web.Response(status=status, text=text, content_type="text/html", headers=self._headers())

    def _headers(self) -> dict[str, str]:
        if self.onward is None:
            return HEADERS
        policy = ONWARD_POLICY.format(host=self.onward.host)
        return HEADERS | {"Content-Security-Policy": policy, "Referrer-Policy": REFERRER}


def _facts(facts: list[Fact]) -> str:
    if not facts:
        return ""
    return "<dl>\n" + "\n".join(map(_fact, facts)) + "\n</dl>"


def _fact(fact: Fact) -> str:
    values = "".join(f"<dd>{escape(value)}</dd>" for value in fact.values)
    return f"<div><dt>{escape(fact.title)}</dt>{values}</div>"


def _act(act: Act) -> str:
    address, title = escape(act.address), escape(act.title)
    if act.posts:
        fields = "".join(_field(name, value) for name, value in act.fields.items())
        return f'<form method="post" action="{address}">{fields}<button class="act">{title}</button></form>'
    return f'<a class="act" href="{address}">{title}</a>'


def _field(name: str, value: str) -> str:
    return f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'


def _elsewhere(onward: Onward) -> str:
    hidden = "" if onward.inside else " hidden"
    return f'<p class="elsewhere" role="alert"{hidden}>{escape(onward.elsewhere)}</p>'


def _live() -> str:
    return f'{_SCRIPT}\n<noscript><meta http-equiv="refresh" content="{_SECONDS_WITHOUT_SCRIPT}"></noscript>'


def _watched(watch: Watch) -> str:
    return f' data-watch="{escape(watch.address)}" data-state="{escape(watch.state)}"'
