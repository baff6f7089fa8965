"""Pay links and return pages. A GET changes nothing, a page grants nothing: previews open them too."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from http import HTTPStatus

from aiohttp import hdrs, web

from bot import i18n
from bot.domain.catalogue import Catalogue
from bot.domain.errors import CustomerError, NotYours, ProviderError, StorageError
from bot.domain.events import Callback
from bot.listener.address import neighbourhood
from bot.listener.keys import ADDRESS, LinkDesk
from bot.listener.limits import Allowance, Doubted, OneLine, read_body
from bot.listener.pages import words
from bot.listener.pages.page import Page
from bot.services.links import LinkKind, LinkView

RENEWALS_A_MINUTE = 10
"""Each may be a call to the provider."""

SECONDS_FOR_BODY = 10
WAY_BACK = "/return/{provider:[a-z0-9_]{1,32}}/{how:success|fail}"

_TOKEN = re.compile(r"[0-9a-f]{40}")

ChatLink = Callable[[str], str]
"""The address that opens the bot's chat with this start parameter ("" for none)."""

Look = Callable[[str], Awaitable[LinkView]]


class Links:
    """Every route with a token in it. The token is the right to see and to pay, nothing more."""

    def __init__(self, desk: LinkDesk, catalogue: Catalogue, chat_link: ChatLink) -> None:
        self._desk = desk
        self._catalogue = catalogue
        self._chat_link = chat_link
        self._strangers = OneLine()
        self._renewals = Allowance(RENEWALS_A_MINUTE)

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/pay/{token}", self.open),
            web.post("/pay/{token}", self.renew),
            web.get("/return/{token}", self.result),
            web.get("/return/{token}/state", self.state),
            web.get(WAY_BACK, self.back),
            web.post(WAY_BACK, self.back),
        ]

    async def open(self, request: web.Request) -> web.StreamResponse:
        """On to the provider, by a form where it wants one, or to the chat where Telegram takes the money."""
        return await self._answer(request, self._desk.open_link, HTTPStatus.FOUND)

    async def renew(self, request: web.Request) -> web.StreamResponse:
        """Begin a new attempt at the same price, and on to it; a link that is hammered has to wait."""
        if not self._renewals.spend(request.match_info["token"]):
            return self._excuse(request, Doubted())
        return await self._answer(request, self._desk.renew_link, HTTPStatus.SEE_OTHER)

    async def result(self, request: web.Request) -> web.StreamResponse:
        """How the payment ended; the provider is asked if we do not know yet."""
        return await self._answer(request, self._desk.result, None)

    async def state(self, request: web.Request) -> web.Response:
        """What the result page looks at to see whether it is out of date."""
        try:
            view = await self._look(request, self._desk.result)
        except NotYours:
            raise web.HTTPNotFound from None
        except Doubted:
            raise web.HTTPTooManyRequests(headers={"Retry-After": "60"}) from None
        return web.json_response({"state": view.kind.value})

    async def back(self, request: web.Request) -> web.Response:
        """From the one address for all browsers to the page of the payment that is proven, else to the chat.

        It grants nothing: money is told of by callbacks, or asked after by that page.
        """
        callback = Callback(
            body=await read_body(request, SECONDS_FOR_BODY), query=request.rel_url.raw_query_string
        )
        token = ""
        if request.match_info["how"] == "success":
            token = await self._desk.token_behind(request.match_info["provider"], callback)
        address = f"/return/{token}" if token else self._chat_link("")
        return web.Response(status=HTTPStatus.SEE_OTHER, headers={hdrs.LOCATION: address})

    async def _answer(self, request: web.Request, look: Look, go_on: HTTPStatus | None) -> web.StreamResponse:
        try:
            view = await self._look(request, look)
        except (CustomerError, Doubted, ProviderError, StorageError) as error:
            return self._excuse(request, error)
        token = request.match_info["token"]
        chat = self._chat_link(f"mine_{view.mine}" if view.mine else f"paid_{token}")
        where = view.url or (chat if view.form else "")
        goes_on = go_on is not None and view.kind is LinkKind.LIVE and bool(where)
        if go_on is not None and goes_on and not (view.url and view.form):
            return web.Response(status=go_on, headers={hdrs.LOCATION: where})
        with i18n.speaking(view.language):
            link = words.Link(view, token, self._catalogue, chat)
            inside = _is_inside_telegram(request)
            page = words.onward_page(link, inside=inside) if goes_on else words.link_page(link)
            return page.answer(self._catalogue.seller.name)

    async def _look(self, request: web.Request, look: Look) -> LinkView:
        token = request.match_info["token"]
        if not _TOKEN.fullmatch(token):
            raise NotYours
        return await self._strangers.look(neighbourhood(request[ADDRESS]), lambda: look(token))

    def _excuse(self, request: web.Request, error: Exception) -> web.Response:
        return excuse(request, error, self._catalogue.seller.name, self._chat_link(""))


def excuse(request: web.Request, error: Exception, seller: str, chat: str) -> web.Response:
    """Say it in the browser's language: whose link it is, we do not know."""
    with i18n.speaking(browser_language(request)):
        page, status = _page_for(error, chat)
        answer = page.answer(seller, status)
    if status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE):
        answer.headers[hdrs.RETRY_AFTER] = "60"
    return answer


def _page_for(error: Exception, chat: str) -> tuple[Page, HTTPStatus]:
    if isinstance(error, NotYours):
        return words.nothing_here(chat), HTTPStatus.NOT_FOUND
    if isinstance(error, CustomerError):
        return words.not_done(error, chat), HTTPStatus.CONFLICT
    if isinstance(error, Doubted):
        return words.too_often(chat), HTTPStatus.TOO_MANY_REQUESTS
    return words.in_trouble(chat), HTTPStatus.SERVICE_UNAVAILABLE


def _is_inside_telegram(request: web.Request) -> bool:
    """Its own browser says so on Android; elsewhere only the page's script can tell."""
    return "telegram" in request.headers.get(hdrs.USER_AGENT, "").lower()


def browser_language(request: web.Request) -> str:
    """The first language of Accept-Language that we speak; people list them by preference."""
    wanted = request.headers.get(hdrs.ACCEPT_LANGUAGE, "")[:200]
    codes = [part.partition(";")[0].strip().partition("-")[0].lower() for part in wanted.split(",")]
    return i18n.language_of(next((code for code in codes if code in i18n.LANGUAGES), None))
