"""The cabinet: connectors with «•••» → Pay, what the bot told, and how its webhooks are answered."""

import json
from collections.abc import Awaitable
from datetime import date, datetime
from html import escape

from aiohttp import web
from babel.dates import format_date

from sandbox import clock
from sandbox.seller import metering
from sandbox.seller.bot_api import Refused
from sandbox.seller.keys import BOT, FAULTS, LINES, POST
from sandbox.seller.lines import Line
from sandbox.seller.pages.view import answered, fill, word
from sandbox.seller.post import Letter
from sandbox.templates import language

SHOWN = 30


def cabinet_routes() -> list[web.AbstractRouteDef]:
    return [
        web.get("/", home),
        web.get("/cabinet", show),
        web.get("/cabinet/news", news),
        web.post("/cabinet/answers", choose_answers),
        web.post("/cabinet/{id}/pay", pay),
        web.post("/cabinet/{id}/call", call),
        web.post("/cabinet/{id}/instalment", sell_in_parts),
    ]


async def home(_: web.Request) -> web.Response:
    raise web.HTTPFound("/cabinet")


async def show(request: web.Request) -> web.Response:
    return _page(request)


async def news(request: web.Request) -> web.Response:
    """What the page asks for every second: the same parts of it, as they are now."""
    return web.json_response({"revision": request.app[POST].revision, "html": _parts(request)})


async def pay(request: web.Request) -> web.Response:
    """«•••» → «Оплатить»: on to the chat with the bot, where this connector waits."""
    lang = language(request)
    try:
        link = await request.app[BOT].pay_link(request.match_info["id"])
    except Refused as trouble:
        return _page(request, wrong=word("no_link", lang, why=trouble))
    return web.Response(status=303, headers={"Location": link})


async def call(request: web.Request) -> web.Response:
    """A metered line was used: the bot hears of it at once."""
    return await _told(request, request.app[BOT].charge(metering.call(request.match_info["id"])))


async def sell_in_parts(request: web.Request) -> web.Response:
    line_id = request.match_info["id"]
    today = clock.today()
    told = request.app[BOT].sell_in_parts(f"phone-{line_id}", metering.instalment(line_id, today))
    return await _told(request, told)


async def _told(request: web.Request, telling: Awaitable[None]) -> web.Response:
    lang = language(request)
    try:
        await telling
    except Refused as trouble:
        return _page(request, wrong=word("not_taken", lang, why=trouble))
    return web.Response(status=303, headers={"Location": f"/cabinet?lang={lang}"})


async def choose_answers(request: web.Request) -> web.Response:
    form = await request.post()
    try:
        request.app[FAULTS].set({"webhooks": str(form.get("webhooks", ""))})
    except ValueError as wrong:
        return _page(request, wrong=str(wrong))
    return web.Response(status=303, headers={"Location": f"/cabinet?lang={language(request)}"})


def _page(request: web.Request, wrong: str = "") -> web.Response:
    lang = language(request)
    html = fill(
        "layout.html",
        lang,
        other="en" if lang == "ru" else "ru",
        revision=request.app[POST].revision,
        wrong_html=f'<p class="wrong" role="alert">{escape(wrong)}</p>' if wrong else "",
        parts_html=_parts(request),
        choices_html=_choices(request.app[FAULTS]["webhooks"].value, lang),
    )
    return answered(html, status=502 if wrong else 200)


def _parts(request: web.Request) -> str:
    lang, post = language(request), request.app[POST]
    nothing = f"<li>{word('none', lang)}</li>"
    forged = f'<p class="quiet">{word("forged", lang, count=post.forged)}</p>' if post.forged else ""
    return fill(
        "parts.html",
        lang,
        lines_html="".join(_line(line, lang) for line in request.app[LINES].all()) or nothing,
        letters_html="".join(_letter(letter, lang) for letter in list(post.letters)[: -SHOWN - 1 : -1])
        or nothing,
        forged_html=forged,
    )


def _line(line: Line, lang: str) -> str:
    is_on = line.is_on(clock.today())
    is_metered = line.tariff == metering.METERED
    state = "metered" if is_metered else "on" if is_on else "off" if line.paid_until else "never"
    until = format_date(date.fromisoformat(line.paid_until), "d MMMM y", lang) if line.paid_until else ""
    return fill(
        "line.html",
        lang,
        id=line.id,
        title=line.title,
        state_name=state,
        state=word(state, lang, date=until),
        owner="" if line.owned else word("unowned", lang),
        more=word("more", lang, title=line.title),
        menu_html=fill("menu_metered.html" if is_metered else "menu_pay.html", lang, id=line.id),
    )


def _letter(letter: Letter, lang: str) -> str:
    return fill(
        "letter.html",
        lang,
        time=_clock(letter.came_at),
        kind=letter.kind,
        about=str(letter.data.get("id", "")),
        fate_name=letter.fate or "waits",
        fate=word(letter.fate or "waits", lang),
        answers=", ".join(letter.answers) or "…",
        data=json.dumps(letter.data, ensure_ascii=False, indent=1),
    )


def _choices(chosen: str, lang: str) -> str:
    names = ("at once", "after 8 s", "500", "410", "down", "heard, answer lost")
    return "".join(
        f'<button name="webhooks" value="{escape(name)}" aria-pressed="{str(name == chosen).lower()}">'
        f"{escape(word(name, lang))}</button>"
        for name in names
    )


def _clock(moment: datetime) -> str:
    return moment.strftime("%d.%m %H:%M:%S")
