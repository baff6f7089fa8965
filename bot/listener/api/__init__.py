"""The seller's side of the listener: mounted only where API_TOKEN is set."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from aiohttp import web

from bot.listener.api.description import description_page
from bot.listener.api.door import door, open_to_all
from bot.listener.api.problems import page
from bot.listener.api.routes import Api
from bot.listener.api.statement_files import statement_door
from bot.services.connector_links import ConnectorLinkService
from bot.services.instalments import InstalmentService
from bot.services.seller_api import SellerService
from bot.services.statements import StatementService
from bot.services.webhook_history import WebhookHistoryService


def create_api(
    seller: SellerService,
    instalments: InstalmentService,
    links: ConnectorLinkService,
    webhooks: WebhookHistoryService,
    statements: StatementService,
    *,
    token: str,
    chat_link: Callable[[str], str],
    tariffs: Iterable[str] = (),
) -> web.Application:
    """An application of its own, so that also what it does not have is refused in its own words."""
    api = web.Application(middlewares=[door(token)])
    api.router.add_get("/openapi.json", open_to_all(description_page(tariffs)))
    api.router.add_get("/problems/{name}", open_to_all(page))
    api.add_routes(Api(seller, instalments, links, webhooks, chat_link).routes())
    api.router.add_post("/statements", statement_door(statements))
    return api
