"""The webhooks that came: proven, taken once, kept to be looked at."""

from __future__ import annotations

import json
from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hmac import compare_digest
from typing import Any

from standardwebhooks import Webhook

from sandbox import clock
from sandbox.seller.lines import Lines

KEPT = 500
TOLERANCE = timedelta(minutes=5)


@dataclass
class Letter:
    """One webhook; `fate` is what was made of it, `answers` what each try was answered."""

    id: str
    kind: str
    data: dict[str, Any]
    came_at: datetime
    fate: str = ""
    answers: list[str] = field(default_factory=list)

    def shown(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "kind": self.kind,
            "data": self.data,
            "fate": self.fate,
            "answers": self.answers,
        }


class Post:
    """Newest last. A webhook is known by its id: the second time it changes nothing."""

    def __init__(self, secret: str, lines: Lines) -> None:
        self._webhook = Webhook(secret)
        self._lines = lines
        self.letters: deque[Letter] = deque(maxlen=KEPT)
        self.forged = 0

    def open(self, body: bytes, headers: dict[str, str]) -> Letter | None:
        """The webhook if it is genuine; nothing of it is believed or done yet."""
        try:
            told = self._proven(body, headers)
        except ValueError:
            self.forged += 1
            return None
        name = headers["webhook-id"]
        known = next((letter for letter in self.letters if letter.id == name), None)
        if known is not None:
            return known
        letter = Letter(name, told["type"], told["data"], clock.now().astimezone())
        self.letters.append(letter)
        return letter

    def _proven(self, body: bytes, headers: dict[str, str]) -> Any:
        """ValueError unless it is signed, and now: by the street's clock, which the library cannot read."""
        name, at, signatures = (
            headers.get(f"webhook-{part}", "") for part in ("id", "timestamp", "signature")
        )
        moment = datetime.fromtimestamp(int(at), UTC)
        if abs(clock.now() - moment) > TOLERANCE:
            raise ValueError("too old or too new")
        genuine = self._webhook.sign(name, moment, body.decode())
        if not any(compare_digest(genuine.encode(), each.encode()) for each in signatures.split()):
            raise ValueError("no signature matches")
        return json.loads(body)

    def take(self, letter: Letter) -> None:
        """Do what it says, once, and only if it is newer than what is known of that connector."""
        if letter.fate:
            return
        if not letter.kind.startswith("connector."):
            letter.fate = "noted"
        else:
            letter.fate = "done" if self._lines.hear(letter.data) else "older"

    def hand_in(self, name: str, told: dict[str, Any]) -> None:
        """A callback that the bot forwarded, as it came."""
        letter = Letter(name, "foreign", told, clock.now().astimezone(), "noted", ["200"])
        self.letters.append(letter)

    @property
    def revision(self) -> str:
        """Changes whenever the page would look different."""
        answers = sum(len(letter.answers) for letter in self.letters)
        return f"{len(self.letters)}-{answers}-{self.forged}"
