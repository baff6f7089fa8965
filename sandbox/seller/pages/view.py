"""Puts a page together: templates beside this file, words in two languages, everything escaped."""

from html import escape
from pathlib import Path
from string import Template

from aiohttp import web

from sandbox.seller.pages.words import WORDS

FOLDER = Path(__file__).parent
LANGUAGES = ("ru", "en")
FILES = ("cabinet.css", "cabinet.js")
NO_FOREIGN_CODE = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; form-action *; "
    "base-uri 'none'; frame-ancestors 'none'"
)


def language(request: web.Request) -> str:
    """As asked in the address, else as the browser prefers, else Russian."""
    for wish in (request.query.get("lang", ""), request.headers.get("Accept-Language", "")):
        if wish[:2] in LANGUAGES:
            return wish[:2]
    return "ru"


def fill(template: str, lang: str, **values: object) -> str:
    """Fill a template: `$t_name` from the words, `$name` from the values, all but `…_html` escaped."""
    texts = {f"t_{name}": escape(said[lang]) for name, said in WORDS.items() if name.isidentifier()}
    shown = {
        name: str(value) if name.endswith("_html") else escape(str(value)) for name, value in values.items()
    }
    return Template((FOLDER / template).read_text("utf-8")).substitute(texts | {"lang": lang} | shown)


def word(name: str, lang: str, **blanks: object) -> str:
    return WORDS[name][lang].format(**blanks)


def answered(html: str, *, status: int = 200) -> web.Response:
    answer = web.Response(text=html, content_type="text/html", status=status)
    answer.headers["Content-Security-Policy"] = NO_FOREIGN_CODE
    answer.headers["Cache-Control"] = "no-store"
    return answer


def file_routes() -> list[web.AbstractRouteDef]:
    async def file(request: web.Request) -> web.FileResponse:
        return web.FileResponse(FOLDER / request.match_info["name"])

    return [web.get(f"/{{name:{'|'.join(FILES)}}}", file)]
