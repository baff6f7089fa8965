"""Bad days on demand: switches of one sandbox service, seen and set over `GET` and `POST /faults`."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass
class Fault:
    """One switch; its first choice is the good day. A number in a choice may be any other number."""

    label: str
    choices: tuple[str, ...]
    value: str = ""

    def __post_init__(self) -> None:
        self.value = self.value or self.choices[0]

    def set(self, value: str) -> None:
        if not any(re.fullmatch(_shape(choice), value) for choice in self.choices):
            raise ValueError(f"{value!r} is not one of: {', '.join(self.choices)}")
        self.value = value

    @property
    def number(self) -> int:
        """The number inside the value: 2000 for "slow 2000 ms"."""
        found = re.search(r"\d+", self.value)
        return int(found[0]) if found else 0


def _shape(choice: str) -> str:
    """Turn "slow 2000 ms" into a pattern that takes any number; "500" stands for itself."""
    return re.escape(choice) if choice.isdigit() else re.sub(r"\d+", r"\\d{1,7}", re.escape(choice))


class Faults(dict[str, Fault]):
    """The switches of one service, by name."""

    def set(self, wanted: object) -> None:
        """Set several at once, all or none; ValueError says what is wrong."""
        if not isinstance(wanted, dict):
            raise ValueError("send an object: name of the fault → its value")
        for name in wanted:
            if name not in self:
                raise ValueError(f"no such fault: {name!r}, there are: {', '.join(self)}")
        before = {name: self[name].value for name in wanted}
        try:
            for name, value in wanted.items():
                self[name].set(str(value))
        except ValueError:
            for name, value in before.items():
                self[name].value = value
            raise

    def shown(self) -> dict[str, dict[str, object]]:
        return {
            name: {"label": fault.label, "value": fault.value, "choices": list(fault.choices)}
            for name, fault in self.items()
        }


def fault_routes(faults: Faults) -> list[web.AbstractRouteDef]:
    async def show(_: web.Request) -> web.Response:
        return web.json_response(faults.shown())

    async def change(request: web.Request) -> web.Response:
        try:
            faults.set(await request.json())
        except ValueError as wrong:
            return web.json_response({"error": str(wrong)}, status=400)
        return web.json_response(faults.shown())

    return [web.get("/faults", show), web.post("/faults", change)]


@web.middleware
async def open_to_other_ports(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Let the chat page, which comes from another port, read and set the faults here (CORS)."""
    if request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers:
        answer: web.StreamResponse = web.Response(status=204)
    else:
        answer = await handler(request)
    if not answer.prepared:
        answer.headers["Access-Control-Allow-Origin"] = "*"
        answer.headers["Access-Control-Allow-Headers"] = "Content-Type"
        answer.headers["Access-Control-Allow-Methods"] = "GET, POST, OPTIONS"
    return answer
