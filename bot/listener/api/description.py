"""The OpenAPI description: shapes come from the models, the rest is written here by hand."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any

from aiohttp import web
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from bot.listener.api import models
from bot.listener.api.problems import JSON_PROBLEM, KINDS, PREFIX
from bot.services.connector_fields import ID_PATTERN
from bot.services.seller_api import MOST_PAYMENTS

_TAKEN: list[type[BaseModel]] = [
    models.PutConnector,
    models.Charge,
    models.Charges,
    models.PutInstalment,
    models.Replay,
]
_GIVEN: list[type[BaseModel]] = [
    models.Connector,
    models.ChargesTaken,
    models.Instalment,
    models.Replayed,
    models.Payments,
    models.Problem,
]
_ALWAYS = ("unauthorized", "malformed", "method-not-allowed", "too-slow", "too-large", "unavailable")

_ID = {
    "name": "id",
    "in": "path",
    "required": True,
    "description": "your own id of the connector; write / as %2F",
    "schema": {"type": "string", "pattern": f"^{ID_PATTERN}$"},
}
_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "a new random one for every new request; kept for 7 days",
    "schema": {"type": "string", "pattern": r"^[\x21-\x7e]{1,255}$"},
}
_IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "description": "the ETag you read; needed to set paid_until",
    "schema": {"type": "string", "pattern": r'^"[0-9]{1,9}"$'},
}
_IF_NONE_MATCH = {
    "name": "If-None-Match",
    "in": "header",
    "description": "* to make it only if there is none yet",
    "schema": {"type": "string", "enum": ["*"]},
}
_SINCE = {
    "name": "since",
    "in": "query",
    "description": "the `next` of an earlier answer; or a day or moment to begin at; without it: the start",
    "schema": {"type": "string"},
}
_LIMIT = {
    "name": "limit",
    "in": "query",
    "schema": {"type": "integer", "minimum": 1, "maximum": MOST_PAYMENTS, "default": 100},
}
_ETAG = {"ETag": {"required": True, "schema": {"type": "string", "pattern": r'^"[0-9]+"$'}}}


def describe(tariffs: Iterable[str] = ()) -> dict[str, Any]:
    """The description of this installation: its tariffs are those of its catalogue."""
    schemas = _schemas()
    known = sorted(tariffs)
    if known:
        schemas["PutConnector"]["properties"]["tariff"]["enum"] = known
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Kassir, the seller's side",
            "version": "1.0.0",
            "description": "Connectors, charges and payments. Sums are texts, moments carry their zone, "
            "unknown fields are refused. How to use it: docs/seller-api.md.",
        },
        "servers": [{"url": PREFIX}],
        "security": [{"token": []}],
        "paths": _paths(),
        "components": {
            "schemas": schemas,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def description_page(tariffs: Iterable[str]) -> Callable[[web.Request], Awaitable[web.Response]]:
    told = describe(tariffs)

    async def page(_request: web.Request) -> web.Response:
        """It tells how to ask, and nothing of what is there."""
        return web.json_response(told)

    return page


def _schemas() -> dict[str, Any]:
    found: dict[str, Any] = {}
    for shapes, mode in ((_TAKEN, "validation"), (_GIVEN, "serialization")):
        pairs: Any = [(shape, mode) for shape in shapes]
        found |= models_json_schema(pairs, ref_template="#/components/schemas/{model}")[1]["$defs"]
    return found


def _paths() -> dict[str, Any]:
    connector = _json("Connector", "The connector as it stands now.", _ETAG)
    taken = _json("ChargesTaken", "How many were new.")
    instalment = _json("Instalment", "The instalment as it stands now.")
    either = {"oneOf": [_ref("Charge"), _ref("Charges")]}
    return {
        "/connectors/{id}": {
            "parameters": [_ID],
            "get": _operation("getConnector", "Read a connector", {"200": connector}, ("not-found",)),
            "put": _operation(
                "putConnector",
                "Make or change a connector",
                {"200": connector, "201": connector},
                ("not-json", "invalid", "key-reused", "etag-needed", "stale", "exists"),
                parameters=[_KEY, _IF_MATCH, _IF_NONE_MATCH],
                body=_ref("PutConnector"),
            ),
        },
        "/charges": {
            "post": _operation(
                "postCharges",
                "Hand in charges of metered connectors",
                {"200": taken, "201": taken},
                ("not-json", "invalid", "key-reused", "charge-differs"),
                parameters=[_KEY],
                body=either,
            )
        },
        "/instalments/{id}": {
            "parameters": [_ID | {"description": "your own id of it; write / as %2F"}],
            "put": _operation(
                "putInstalment",
                "Tell what was sold in parts, and what of it is paid",
                {"200": instalment, "201": instalment},
                ("not-json", "invalid"),
                body=_ref("PutInstalment"),
            ),
            "delete": _operation(
                "deleteInstalment",
                "Forget something sold in parts",
                {"204": {"description": "It is forgotten."}},
                ("not-found",),
            ),
        },
        "/webhooks/replay": {
            "post": _operation(
                "replayWebhooks",
                "Send webhooks again that were heard or given up",
                {"200": _json("Replayed", "How many there are.")},
                ("not-json", "invalid"),
                body=_ref("Replay"),
            )
        },
        "/payments": {
            "get": _operation(
                "getPayments",
                "Read the money that arrived, the oldest first",
                {"200": _json("Payments", "A page; ask on with `next`.")},
                (),
                parameters=[_SINCE, _LIMIT],
            )
        },
    }


def _operation(
    name: str,
    summary: str,
    answers: dict[str, Any],
    refusals: Sequence[str],
    *,
    parameters: Sequence[dict[str, Any]] = (),
    body: dict[str, Any] | None = None,
) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": name,
        "summary": summary,
        "responses": answers | _problems((*_ALWAYS, *refusals)),
    }
    if parameters:
        operation["parameters"] = list(parameters)
    if body is not None:
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": body}}}
    return operation


def _problems(names: Sequence[str]) -> dict[str, Any]:
    """By status; where two problems share one, both are said."""
    told: dict[str, list[str]] = {}
    for name in names:
        kind = KINDS[name]
        told.setdefault(str(kind.status), []).append(f"{name}: {kind.title} {kind.advice}")
    content = {JSON_PROBLEM: {"schema": _ref("Problem")}}
    return {
        status: {"description": "\n".join(lines), "content": content}
        for status, lines in sorted(told.items())
    }


def _json(shape: str, description: str, headers: dict[str, Any] | None = None) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "description": description,
        "content": {"application/json": {"schema": _ref(shape)}},
    }
    return answer | ({"headers": headers} if headers else {})


def _ref(shape: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{shape}"}
