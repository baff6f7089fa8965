"""What the API says when it refuses: the documented body, with the code that belongs to the status."""

import uuid

from aiohttp import web

CODES = {
    400: "invalid_request",
    401: "invalid_credentials",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    415: "unsupported_media_type",
    429: "too_many_requests",
    500: "internal_server_error",
}


class Refused(Exception):
    """A request the API answers with an error; `parameter` points at the field that is wrong."""

    def __init__(self, status: int, description: str, parameter: str | None = None) -> None:
        super().__init__(description)
        self.status = status
        self.description = description
        self.parameter = parameter


def invalid(parameter: str, description: str) -> Refused:
    return Refused(400, description, parameter)


def error_answer(refused: Refused) -> web.Response:
    body: dict[str, object] = {
        "type": "error",
        "id": str(uuid.uuid4()),
        "code": CODES[refused.status],
        "description": refused.description,
    }
    if refused.parameter:
        body["parameter"] = refused.parameter
    if refused.status == 429:
        body["retry_after"] = 1500
    return web.json_response(body, status=refused.status)
