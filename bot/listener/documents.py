"""Papers by link: whoever has the address may read that one paper, as often as people do, for a time."""

from __future__ import annotations

import re
from collections.abc import Awaitable
from http import HTTPStatus
from typing import Protocol
from urllib.parse import quote

from aiohttp import hdrs, web

from bot import i18n
from bot.domain.documents import Enclosure, File
from bot.domain.errors import NotYours
from bot.listener.address import neighbourhood
from bot.listener.keys import ADDRESS
from bot.listener.limits import Allowance, Doubted, OneLine
from bot.listener.links import ChatLink, browser_language
from bot.listener.pages import words

READINGS_A_MINUTE = 20
"""Of one link: each is set anew."""

HEADERS = {
    hdrs.CACHE_CONTROL: "private, no-cache",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}

_TOKEN = re.compile(r"[0-9a-f]{40}")


class DocumentDesk(Protocol):
    """What the door needs of DocumentLinks; NotYours for a token that nobody was given, or that is over."""

    def open(self, token: str) -> Awaitable[tuple[Enclosure, str]]: ...


class Press(Protocol):
    """Whatever makes files."""

    def make(self, enclosure: Enclosure, language: str) -> Awaitable[File]: ...


class Documents:
    """One route. Opening it changes nothing: previews and mail scanners do it too."""

    def __init__(self, desk: DocumentDesk, press: Press, seller: str, chat_link: ChatLink) -> None:
        self._desk = desk
        self._press = press
        self._seller = seller
        self._chat_link = chat_link
        self._strangers = OneLine()
        self._readings = Allowance(READINGS_A_MINUTE)

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/documents/{token}.pdf", self.read)]

    async def read(self, request: web.Request) -> web.Response:
        """The file, made when it is asked for, so that it says what is true now."""
        token = request.match_info["token"]
        try:
            enclosure, language = await self._look(request, token)
            if not self._readings.spend(token):
                raise Doubted
            return _answer(await self._press.make(enclosure, language))
        except (NotYours, Doubted) as refusal:
            return self._excuse(request, refusal)

    async def _look(self, request: web.Request, token: str) -> tuple[Enclosure, str]:
        if not _TOKEN.fullmatch(token):
            raise NotYours
        return await self._strangers.look(neighbourhood(request[ADDRESS]), lambda: self._desk.open(token))

    def _excuse(self, request: web.Request, refusal: Exception) -> web.Response:
        with i18n.speaking(browser_language(request)):
            if isinstance(refusal, NotYours):
                answer = words.nothing_here(self._chat_link("")).answer(self._seller, HTTPStatus.NOT_FOUND)
            else:
                page = words.too_often(self._chat_link(""))
                answer = page.answer(self._seller, HTTPStatus.TOO_MANY_REQUESTS)
                answer.headers[hdrs.RETRY_AFTER] = "60"
        answer.headers["X-Robots-Tag"] = HEADERS["X-Robots-Tag"]
        return answer


def _answer(file: File) -> web.Response:
    headers = HEADERS | {
        hdrs.CONTENT_TYPE: file.media,
        hdrs.CONTENT_DISPOSITION: f"inline; filename*=UTF-8''{quote(file.name, safe='')}",
    }
    return web.Response(body=file.content, headers=headers)
