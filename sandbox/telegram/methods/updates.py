"""Who the bot is, and how updates reach it."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from sandbox.telegram.errors import bad_request
from sandbox.telegram.fields import Fields, Json
from sandbox.telegram.methods.registry import method
from sandbox.telegram.updates import Webhook
from sandbox.telegram.world import World

LOOPBACK = {"127.0.0.1", "localhost", "::1"}
SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
MOST_SECONDS = 50


@method("getMe")
def get_me(world: World, _: Fields) -> Json:
    return world.bot | {
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


@method("getUpdates")
async def get_updates(world: World, fields: Fields) -> list[Json]:
    _remember_allowed(world, fields)
    limit = fields.integer("limit", 100)
    if not 1 <= limit <= 100:
        limit = 100
    seconds = min(max(fields.integer("timeout"), 0), MOST_SECONDS)
    return await world.updates.poll(offset=fields.integer("offset"), limit=limit, seconds=seconds)


@method("setWebhook")
def set_webhook(world: World, fields: Fields) -> bool:
    url = fields.text("url")
    if not url:
        return _stop_webhook(world, fields)
    address = urlsplit(url)
    if address.scheme != "https" and address.hostname not in LOOPBACK:
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    secret = fields.text("secret_token")
    if secret and not SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters")
    _remember_allowed(world, fields)
    if fields.flag("drop_pending_updates"):
        world.updates.drop()
    connections = min(max(fields.integer("max_connections", 40), 1), 100)
    world.updates.webhook = Webhook(url, secret, connections)
    world.updates.changed.fire()
    return True


@method("deleteWebhook")
def delete_webhook(world: World, fields: Fields) -> bool:
    return _stop_webhook(world, fields)


@method("getWebhookInfo")
def get_webhook_info(world: World, _: Fields) -> Json:
    webhook = world.updates.webhook
    info: Json = {
        "url": webhook.url if webhook else "",
        "has_custom_certificate": False,
        "pending_update_count": len(world.updates.pending()),
    }
    if webhook:
        info |= {"max_connections": webhook.max_connections, "ip_address": "127.0.0.1"}
    if webhook and webhook.last_error:
        info |= {"last_error_date": webhook.last_error_date, "last_error_message": webhook.last_error}
    if world.updates.allowed:
        info["allowed_updates"] = world.updates.allowed
    return info


@method("logOut")
def log_out(_: World, __: Fields) -> bool:
    return True


@method("close")
def close(_: World, __: Fields) -> bool:
    return True


def _stop_webhook(world: World, fields: Fields) -> bool:
    if fields.flag("drop_pending_updates"):
        world.updates.drop()
    world.updates.webhook = None
    return True


def _remember_allowed(world: World, fields: Fields) -> None:
    """Left out means: as before; an empty list means: the default kinds."""
    allowed = fields.decoded("allowed_updates")
    if allowed is not None:
        world.updates.allowed = [str(kind) for kind in allowed] or None
