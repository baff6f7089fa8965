"""Reading a person's screen: what its messages say and where its buttons are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

Json = dict[str, Any]


class Button(NamedTuple):
    message: int | None
    row: int
    column: int
    body: Json

    @property
    def text(self) -> str:
        return str(self.body["text"])


def shown_text(message: Json) -> str:
    body = message["body"]
    invoice = body.get("invoice", {})
    return str(body.get("text") or body.get("caption") or invoice.get("description") or "")


def describe(screen: Json) -> str:
    """The newest messages with their buttons, for a failed test."""
    lines = []
    for message in screen["messages"][-6:]:
        rows = _rows(message)
        buttons = " ".join(f"[{button['text']}]" for row in rows for button in row)
        who = message["body"]["from"]["first_name"]
        lines.append(f"  {message['body']['message_id']} {who}: {shown_text(message)} {buttons}")
    return "\n".join(lines) or "  nothing"


def find_button(screen: Json, text: str, since: int) -> Button | None:
    """Exact text wins over a part of it, newer messages over older ones and over the keyboard below."""
    buttons = list(_buttons(screen, since))
    exact = (button for button in buttons if button.text == text)
    part = (button for button in buttons if text in button.text)
    return next(exact, None) or next(part, None)


def _buttons(screen: Json, since: int) -> Iterator[Button]:
    for message in newest(screen, since):
        yield from _in_rows(message["body"]["message_id"], _rows(message))
    yield from _in_rows(None, (screen["keyboard"] or {}).get("keyboard", []))


def _in_rows(message: int | None, rows: list[list[Json]]) -> Iterator[Button]:
    for row, buttons in enumerate(rows):
        for column, body in enumerate(buttons):
            yield Button(message, row, column, body)


def newest(screen: Json, since: int) -> list[Json]:
    return [message for message in reversed(screen["messages"]) if message["revision"] > since]


def newest_invoice(screen: Json) -> Json | None:
    unpaid = (m for m in newest(screen, 0) if "invoice" in m["body"] and not m["paid"])
    return next(unpaid, None)


def _rows(message: Json) -> list[list[Json]]:
    rows: list[list[Json]] = message["body"].get("reply_markup", {}).get("inline_keyboard", [])
    return rows
