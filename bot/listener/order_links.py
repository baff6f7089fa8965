"""Links to orders: a GET shows what can be paid by which method, a POST begins and goes on to the payment."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import Protocol
from urllib.parse import parse_qs

from aiohttp import hdrs, web

from bot import i18n
from bot.domain.catalogue import Catalogue
from bot.domain.errors import CustomerError, NotYours, ProviderError, StorageError
from bot.listener.address import neighbourhood
from bot.listener.keys import ADDRESS
from bot.listener.limits import Allowance, Doubted, OneLine, read_body
from bot.listener.links import SECONDS_FOR_BODY, ChatLink, browser_language, excuse
from bot.listener.pages import order_words
from bot.services.order_links import OrderLinkView
from bot.services.payments import PayLink

BEGINNINGS_A_MINUTE = 10
"""Each may be a call to the provider."""

_TOKEN = re.compile(r"[0-9a-f]{40}")


class OrderDesk(Protocol):
    """What the door needs of the OrderLinkService."""

    async def look(self, token: str) -> OrderLinkView: ...
    async def begin(self, token: str, method: str, currency: str) -> PayLink: ...


class OrderPages:
    """The token is the right to see and to pay, nothing more."""

    def __init__(self, desk: OrderDesk, catalogue: Catalogue, chat_link: ChatLink) -> None:
        self._desk = desk
        self._catalogue = catalogue
        self._chat_link = chat_link
        self._strangers = OneLine()
        self._beginnings = Allowance(BEGINNINGS_A_MINUTE)

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/order/{token}", self.look), web.post("/order/{token}", self.begin)]

    async def look(self, request: web.Request) -> web.Response:
        """What is to be paid, and a button for each method that leads to a page."""
        token = request.match_info["token"]
        try:
            view = await self._view(request)
        except (CustomerError, Doubted, StorageError) as error:
            return excuse(request, error, self._catalogue.seller.name, self._chat_link(""))
        with i18n.speaking(i18n.language_of(view.language) if view.language else browser_language(request)):
            page = order_words.order_page(view, token, self._catalogue, self._chat_link(""))
            return page.answer(self._catalogue.seller.name)

    async def begin(self, request: web.Request) -> web.Response:
        """On to the payment's own link, which knows how to go on from there."""
        token = request.match_info["token"]
        try:
            await self._view(request)
            if not self._beginnings.spend(token):
                raise Doubted
            method, currency = await _chosen(request)
            link = await self._desk.begin(token, method, currency)
        except (CustomerError, Doubted, ProviderError, StorageError) as error:
            return excuse(request, error, self._catalogue.seller.name, self._chat_link(""))
        return web.Response(status=HTTPStatus.SEE_OTHER, headers={hdrs.LOCATION: link.url})

    async def _view(self, request: web.Request) -> OrderLinkView:
        token = request.match_info["token"]
        if not _TOKEN.fullmatch(token):
            raise NotYours
        return await self._strangers.look(neighbourhood(request[ADDRESS]), lambda: self._desk.look(token))


async def _chosen(request: web.Request) -> tuple[str, str]:
    """The method and the currency of the button that was pressed."""
    fields = parse_qs((await read_body(request, SECONDS_FOR_BODY)).decode(errors="replace"))
    return fields.get("method", [""])[0], fields.get("currency", [""])[0]
