"""How the API says no: problem details (RFC 9457), each type with what to do about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from aiohttp import web

from bot.domain.seller import Fault

PREFIX = "/api/v1"
JSON_PROBLEM = "application/problem+json"


@dataclass(frozen=True, slots=True)
class Kind:
    status: int
    title: str
    advice: str


KINDS = {
    "unauthorized": Kind(401, "Who is asking?", "Send the header Authorization: Bearer <API_TOKEN>."),
    "not-found": Kind(404, "There is no such thing.", "Check the id; PUT makes a connector."),
    "method-not-allowed": Kind(405, "That cannot be done here.", "See /api/v1/openapi.json."),
    "too-slow": Kind(408, "The request did not come to its end.", "Send it once more, faster."),
    "malformed": Kind(400, "The request cannot be read.", "Send what /api/v1/openapi.json describes."),
    "too-large": Kind(413, "The request is too large.", "Send it in several parts."),
    "not-json": Kind(415, "The body is not JSON.", "Send Content-Type: application/json."),
    "invalid": Kind(422, "Something in it is not taken.", "Mend what `errors` lists, then send it again."),
    "key-reused": Kind(
        422, "This Idempotency-Key belongs to another request.", "Use a new key for every new request."
    ),
    "charge-differs": Kind(
        409, "A charge with this reference is known already.", "Give a charge that differs a new reference."
    ),
    "etag-needed": Kind(
        428,
        "A date is set only by who knows the present one.",
        "GET the connector and send its ETag as If-Match; for a new one send If-None-Match: *.",
    ),
    "stale": Kind(412, "It has changed since you looked.", "GET it again and decide anew."),
    "exists": Kind(412, "There is such a connector already.", "Leave out If-None-Match to change it."),
    "unavailable": Kind(
        503, "The books are not at hand.", "Send the same request with the same Idempotency-Key later."
    ),
}
"""The last part of each type's address, which leads to a page that says the advice."""

_BY_STATUS = {400: "malformed", 404: "not-found", 405: "method-not-allowed", 408: "too-slow"} | {
    413: "too-large",
    503: "unavailable",
}


def type_of(name: str) -> str:
    return f"{PREFIX}/problems/{name}"


def problem(name: str, detail: str = "", faults: Sequence[Fault] = ()) -> web.Response:
    kind = KINDS[name]
    body: dict[str, Any] = {
        "type": type_of(name),
        "title": kind.title,
        "status": kind.status,
        "detail": f"{detail}: {kind.advice}" if detail else kind.advice,
    }
    if faults:
        body["errors"] = [{"pointer": fault.pointer, "detail": fault.detail} for fault in faults]
    answer = web.json_response(body, status=kind.status, content_type=JSON_PROBLEM)
    if name == "unauthorized":
        answer.headers["WWW-Authenticate"] = "Bearer"
    if name == "unavailable":
        answer.headers["Retry-After"] = "5"
    return answer


def problem_of(answered: web.HTTPException) -> web.Response:
    """The same no in the API's words; where the connection was to be closed, it still is."""
    told = problem(_BY_STATUS.get(answered.status, "malformed"))
    if "Allow" in answered.headers:
        told.headers["Allow"] = answered.headers["Allow"]
    if answered.keep_alive is False:
        told.force_close()
    return told


async def page(request: web.Request) -> web.Response:
    """What a type's address leads to."""
    kind = KINDS.get(request.match_info["name"])
    if kind is None:
        return problem("not-found")
    return web.Response(text=f"{HTTPStatus(kind.status).value} {kind.title}\n{kind.advice}\n")
