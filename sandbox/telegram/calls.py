"""What the bot asked of Telegram, and the faults a person may switch on."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass, field

from sandbox.telegram.errors import bad_request
from sandbox.telegram.fields import Json

MOST_KEPT = 5000


class Calls:
    """The newest calls, each with a number that only grows; long polls are not among them."""

    def __init__(self) -> None:
        self._kept: deque[Json] = deque(maxlen=MOST_KEPT)
        self._count = 0

    def note(self, method: str, fields: Json) -> Json:
        self._count += 1
        call: Json = {
            "number": self._count,
            "at": time.time(),
            "method": method,
            "fields": fields,
            "ok": None,
        }
        self._kept.append(call)
        return call

    def after(self, number: int, method: str) -> list[Json]:
        return [c for c in self._kept if c["number"] > number and method in ("", c["method"])]


@dataclass
class Fault:
    label: str
    choices: list[str]
    value: str = field(default="")

    def __post_init__(self) -> None:
        self.value = self.value or self.choices[0]


class Faults:
    def __init__(self) -> None:
        self.down = Fault("Telegram is down", ["no", "502 with HTML", "connection reset"])
        self.slow = Fault("Answers late by, ms", ["0", "200", "1000", "5000", "20000"])
        self.storm = Fault("429 to everything, retry after, s", ["no", "1", "5", "30"])
        self.lost = Fault("Done, but the answer is lost", ["no", "next call", "every call"])
        self.limits = Fault("Sending limits (1/s a chat, 20/min a group)", ["on", "off"])

    def as_json(self) -> Json:
        return {
            name: {"label": fault.label, "value": fault.value, "choices": fault.choices}
            for name, fault in vars(self).items()
        }

    def change(self, values: Json) -> None:
        """Set every fault named, or none of them; numbers other than the choices are welcome."""
        for name, value in values.items():
            fault = vars(self).get(name)
            if fault is None or (str(value) not in fault.choices and not str(value).isdigit()):
                raise bad_request(f"no fault {name} = {value}")
        for name, value in values.items():
            vars(self)[name].value = str(value)

    def lose_answer(self) -> bool:
        if self.lost.value == "next call":
            self.lost.value = "no"
            return True
        return self.lost.value == "every call"
