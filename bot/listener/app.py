"""The HTTP door: what is mounted where. bot/app/ adds the route of Telegram's updates beside it."""

from __future__ import annotations

from collections.abc import Iterable

from aiohttp import web

from bot.domain.catalogue import Catalogue
from bot.listener import callbacks as callback_routes
from bot.listener import status
from bot.listener import terminals as terminal_routes
from bot.listener.address import Network, TrustedProxies
from bot.listener.api.problems import PREFIX
from bot.listener.documents import Documents
from bot.listener.guard import add_headers, guard
from bot.listener.health import Health
from bot.listener.keys import CALLBACKS, HEALTH, METRICS, TERMINALS, Callbacks, LinkDesk, Terminals
from bot.listener.links import ChatLink, Links
from bot.listener.metrics import AutopayProbe, Metrics, OutboxProbe, WebhookProbe
from bot.listener.order_links import OrderDesk, OrderPages
from bot.listener.pages import assets

LARGEST_REQUEST = 1024 * 1024
"""For routes without a limit of their own: an update of Telegram may be larger than any callback."""


def create_app(
    *,
    callbacks: Callbacks,
    links: LinkDesk,
    terminals: Terminals,
    catalogue: Catalogue,
    chat_link: ChatLink,
    health: Health,
    metrics: Metrics,
    trusted_proxies: Iterable[str | Network] = (),
    metrics_token: str = "",
    outbox: OutboxProbe | None = None,
    webhooks: WebhookProbe | None = None,
    autopays: AutopayProbe | None = None,
    api: web.Application | None = None,
    documents: Documents | None = None,
    orders: OrderDesk | None = None,
) -> web.Application:
    """Every route behind one guard; a HEAD changes nothing, a GET only what a provider proves by it."""
    proxies = TrustedProxies(trusted_proxies)
    app = web.Application(middlewares=[guard(proxies)], client_max_size=LARGEST_REQUEST)
    app.on_response_prepare.append(add_headers)
    app[CALLBACKS] = callbacks
    app[HEALTH] = health
    app[METRICS] = metrics
    app[TERMINALS] = terminals
    app.add_routes(callback_routes.routes)
    app.add_routes(terminal_routes.routes)
    app.add_routes(Links(links, catalogue, chat_link).routes())
    if documents is not None:
        app.add_routes(documents.routes())
    if orders is not None:
        app.add_routes(OrderPages(orders, catalogue, chat_link).routes())
    app.add_routes(assets.routes)
    app.add_routes(status.routes)
    page = status.MetricsPage(proxies, metrics_token, outbox, webhooks, autopays)
    app.router.add_get("/metrics", page.__call__)
    if api is not None:
        app.add_subapp(PREFIX, api)
    return app
