"""Puts a page together: templates beside this file, words in two languages, everything escaped."""

from pathlib import Path

from aiohttp import web

from sandbox import templates
from sandbox.mailbox.pages.words import WORDS
from sandbox.templates import Templates

FOLDER = Path(__file__).parent
FILES = ("mailbox.css", "mailbox.js")
NO_FOREIGN_CODE = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; frame-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

fill = Templates(FOLDER, WORDS).fill


def word(name: str, lang: str, **blanks: object) -> str:
    return WORDS[name][lang].format(**blanks)


def answered(html: str, *, status: int = 200) -> web.Response:
    return templates.answered(html, NO_FOREIGN_CODE, status=status)


def file_routes() -> list[web.AbstractRouteDef]:
    async def file(request: web.Request) -> web.FileResponse:
        return web.FileResponse(FOLDER / request.match_info["name"])

    return [web.get(f"/{{name:{'|'.join(FILES)}}}", file)]
