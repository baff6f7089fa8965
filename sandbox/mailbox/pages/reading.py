"""The list of letters, one letter with both its parts, and its attachments."""

from datetime import datetime
from html import escape
from urllib.parse import quote

from aiohttp import web
from babel.numbers import format_decimal

from sandbox.mailbox.box import Attached, Letter
from sandbox.mailbox.keys import BOX
from sandbox.mailbox.pages.view import answered, fill, word
from sandbox.templates import language

INERT = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; base-uri 'self'"
)
"""A letter may look as it likes and do nothing: no script, nothing fetched, as careful mail programs do."""


def reading_routes() -> list[web.AbstractRouteDef]:
    return [
        web.get("/", show_list),
        web.get("/news", news),
        web.get(r"/letters/{id:\d+}", show_letter),
        web.get(r"/letters/{id:\d+}/html", show_html),
        web.get(r"/letters/{id:\d+}/source", show_source),
        web.get(r"/letters/{id:\d+}/files/{place:\d+}", give_file),
        web.get(r"/letters/{id:\d+}/files/{place:\d+}/{name}", give_file),
    ]


async def show_list(request: web.Request) -> web.Response:
    lang = language(request)
    main = fill("list.html", lang, revision=request.app[BOX].revision, letters_html=_letters(request))
    return _page(request, main)


async def news(request: web.Request) -> web.Response:
    """What the page asks for every second: the same list, as it is now."""
    return web.json_response({"revision": str(request.app[BOX].revision), "html": _letters(request)})


async def show_letter(request: web.Request) -> web.Response:
    lang, letter = language(request), _letter(request)
    main = fill(
        "letter.html",
        lang,
        id=letter.id,
        subject=letter.subject,
        sender=letter.sender,
        to=letter.to,
        time=_clock(letter.came_at),
        text=letter.text,
        headers="\n".join(f"{name}: {value}" for name, value in letter.headers),
        frame_html=_frame(letter, lang) if letter.html else "",
        files_html="".join(_file(letter, place, lang) for place in range(len(letter.files))),
        folded="" if letter.html else "open",
    )
    return _page(request, main)


async def show_html(request: web.Request) -> web.Response:
    """Its links open beside the mailbox, not inside the letter."""
    html = _letter(request).html.replace("<head>", '<head><base target="_blank">', 1)
    return _inert(html.encode(), "text/html")


async def show_source(request: web.Request) -> web.Response:
    return _inert(_letter(request).source, "text/plain")


async def give_file(request: web.Request) -> web.Response:
    file = _attached(request)
    way = "attachment" if "download" in request.query else "inline"
    answer = web.Response(body=file.content, content_type=file.media)
    answer.headers["Content-Disposition"] = f"{way}; filename*=UTF-8''{quote(file.name)}"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


def _page(request: web.Request, main: str) -> web.Response:
    lang = language(request)
    return answered(
        fill(
            "layout.html",
            lang,
            other="en" if lang == "ru" else "ru",
            path=request.path,
            main_html=main,
        )
    )


def _letters(request: web.Request) -> str:
    """Those of the address that was chosen, under the addresses to choose from."""
    lang, box, chosen = language(request), request.app[BOX], request.query.get("to", "")
    rows = "".join(_row(letter, lang) for letter in box.newest(chosen))
    nothing = f'<li class="quiet">{escape(word("none", lang))}</li>'
    addresses = ["", *box.addresses()] if box.letters else []
    links = "".join(_choice(address, chosen, lang) for address in addresses)
    return f'<nav class="choices">{links}</nav><ul class="letters">{rows or nothing}</ul>'


def _choice(address: str, chosen: str, lang: str) -> str:
    name = address or word("everybody", lang)
    current = ' aria-current="page"' if address == chosen else ""
    query = f"&amp;to={escape(quote(address))}" if address else ""
    return f'<a href="/?lang={lang}{query}"{current}>{escape(name)}</a>'


def _row(letter: Letter, lang: str) -> str:
    files = word("files", lang, count=len(letter.files)) if letter.files else ""
    values = {"subject": letter.subject, "to": letter.to, "files": files}
    return fill("row.html", lang, id=letter.id, time=_clock(letter.came_at), **values)


def _frame(letter: Letter, lang: str) -> str:
    return (
        f'<iframe class="sheet" src="/letters/{letter.id}/html" title="{escape(word("letter", lang))}" '
        'sandbox="allow-same-origin allow-popups allow-popups-to-escape-sandbox"></iframe>'
    )


def _file(letter: Letter, place: int, lang: str) -> str:
    file = letter.files[place]
    address = f"/letters/{letter.id}/files/{place}/{quote(file.name, safe='')}"
    size = f"{format_decimal(max(1, len(file.content) // 1024), locale=lang)} KB"
    return fill("file.html", lang, address=address, name=file.name, size=size)


def _letter(request: web.Request) -> Letter:
    letter = request.app[BOX].get(int(request.match_info["id"]))
    if letter is None:
        raise web.HTTPNotFound
    return letter


def _attached(request: web.Request) -> Attached:
    files, place = _letter(request).files, int(request.match_info["place"])
    if place >= len(files):
        raise web.HTTPNotFound
    return files[place]


def _inert(body: bytes, media: str) -> web.Response:
    answer = web.Response(body=body, content_type=media, charset="utf-8")
    answer.headers["Content-Security-Policy"] = INERT
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


def _clock(moment: datetime) -> str:
    return moment.astimezone().strftime("%d.%m %H:%M:%S")
