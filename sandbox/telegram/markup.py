"""Keyboards under messages: what Telegram accepts, and which of them it shows to bots again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sandbox.telegram.errors import bad_request
from sandbox.telegram.fields import Fields, Json

ACTIONS = (
    "url", "callback_data", "web_app", "login_url", "switch_inline_query", "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat", "copy_text", "callback_game", "pay", "disabled",
)  # fmt: skip
LINKS = ("http://", "https://", "tg://", "ton://", "tonsite://")
MOST_BUTTONS = 100


@dataclass(frozen=True)
class Markup:
    """`inline` belongs to the message; `client` to the person's screen, bots never see it again."""

    inline: Json | None = None
    client: Json | None = None


def read_markup(fields: Fields, *, private: bool, invoice: bool = False) -> Markup:
    markup = fields.decoded("reply_markup")
    if markup is None:
        return Markup()
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    if "inline_keyboard" in markup:
        return Markup(inline=_inline(markup["inline_keyboard"], private=private, invoice=invoice))
    if "keyboard" in markup:
        return Markup(client=_reply(markup, private=private))
    if markup.get("remove_keyboard") or markup.get("force_reply"):
        return Markup(client=markup)
    raise bad_request("can't parse reply keyboard markup JSON object")


def _rows(keyboard: Any, what: str) -> list[list[Any]]:
    if not isinstance(keyboard, list) or not all(isinstance(row, list) for row in keyboard):
        raise bad_request(f"can't parse {what} JSON object")
    if sum(len(row) for row in keyboard) > MOST_BUTTONS:
        raise bad_request("reply markup is too long")
    return [row for row in keyboard if row]


def _inline(keyboard: Any, *, private: bool, invoice: bool) -> Json | None:
    rows = [
        [_inline_button(button, private=private) for button in row]
        for row in _rows(keyboard, "inline keyboard")
    ]
    for row_number, row in enumerate(rows):
        for column, button in enumerate(row):
            if "pay" in button and (not invoice or row_number or column):
                raise bad_request("BUTTON_TYPE_INVALID")
    if invoice and rows and "pay" not in rows[0][0]:
        raise bad_request("BUTTON_TYPE_INVALID")
    return {"inline_keyboard": rows} if rows else None


def _inline_button(button: Any, *, private: bool) -> Json:
    if not isinstance(button, dict) or not isinstance(button.get("text"), str) or not button["text"].strip():
        raise bad_request('can\'t parse inline keyboard button: Field "text" must be of type String')
    actions = [name for name in ACTIONS if name in button]
    if not actions:
        raise bad_request(
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
        )
    if len(actions) > 1:
        raise bad_request("BUTTON_TYPE_INVALID")
    check = CHECKS.get(actions[0])
    if check:
        check(button)
    if actions[0] == "web_app" and not private:
        raise bad_request("BUTTON_TYPE_INVALID")
    return button


def _check_data(button: Json) -> None:
    data = button["callback_data"]
    if not isinstance(data, str) or not 1 <= len(data.encode()) <= 64:
        raise bad_request("BUTTON_DATA_INVALID")


def _check_copy(button: Json) -> None:
    copied = button["copy_text"]
    if not isinstance(copied, dict) or not 1 <= len(str(copied.get("text", ""))) <= 256:
        raise bad_request("BUTTON_COPY_TEXT_INVALID")


def _check_url(button: Json) -> None:
    url = button["url"]
    if not isinstance(url, str) or (not url.startswith(LINKS) and "." not in url) or " " in url:
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")


CHECKS = {"callback_data": _check_data, "copy_text": _check_copy, "url": _check_url}


def _reply(markup: Json, *, private: bool) -> Json:
    rows = [[_reply_button(button) for button in row] for row in _rows(markup["keyboard"], "keyboard")]
    asks = any("request_contact" in button or "request_location" in button for row in rows for button in row)
    if asks and not private:
        raise bad_request("phone number can be requested in private chats only")
    if not rows:
        raise bad_request("KEYBOARD_EMPTY")
    return markup | {"keyboard": rows}


def _reply_button(button: Any) -> Json:
    if isinstance(button, str):
        button = {"text": button}
    if not isinstance(button, dict) or not isinstance(button.get("text"), str) or not button["text"].strip():
        raise bad_request('can\'t parse keyboard button: Field "text" must be of type String')
    return button
