"""What the bot says of itself: names, descriptions, commands and menu buttons, per language and scope."""

from __future__ import annotations

import json
import re

from sandbox.telegram.errors import bad_request
from sandbox.telegram.fields import Fields, Json
from sandbox.telegram.model import Chat, Person

COMMAND = re.compile(r"[a-z0-9_]{1,32}")
TEXTS = {"name": 64, "description": 512, "short_description": 120}


class Profile:
    def __init__(self, name: str) -> None:
        self._texts: dict[tuple[str, str], str] = {("name", ""): name}
        self._commands: dict[tuple[str, str], list[Json]] = {}
        self._buttons: dict[int, Json] = {}

    def name(self, language: str = "") -> str:
        return self.text("name", language)

    def text(self, kind: str, language: str) -> str:
        return self._texts.get((kind, language)) or self._texts.get((kind, ""), "")

    def set_text(self, kind: str, language: str, value: str) -> None:
        if len(value) > TEXTS[kind]:
            raise bad_request(f"bot {kind.replace('_', ' ')} is too long")
        self._texts[kind, language] = value

    def set_commands(self, fields: Fields) -> None:
        commands = fields.decoded("commands") or []
        if len(commands) > 100:
            raise bad_request("BOT_COMMANDS_TOO_MUCH")
        for command in commands:
            command["command"] = str(command.get("command", "")).removeprefix("/")
            if not COMMAND.fullmatch(command["command"]):
                raise bad_request("BOT_COMMAND_INVALID")
            if not 1 <= len(command.get("description", "")) <= 256:
                raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
        self._commands[_scope(fields), fields.text("language_code")] = commands

    def delete_commands(self, fields: Fields) -> None:
        self._commands.pop((_scope(fields), fields.text("language_code")), None)

    def commands(self, fields: Fields) -> list[Json]:
        return self._commands.get((_scope(fields), fields.text("language_code")), [])

    def commands_for(self, chat: Chat, person: Person) -> list[Json]:
        """The narrowest scope wins, then the person's language before the common list."""
        for scope in _scopes(chat, person):
            for language in (person.language, ""):
                found = self._commands.get((json.dumps(scope, sort_keys=True), language))
                if found:
                    return found
        return []

    def set_button(self, chat_id: int, button: Json) -> None:
        self._buttons[chat_id] = button

    def button(self, chat_id: int) -> Json:
        return self._buttons.get(chat_id) or self._buttons.get(0) or {"type": "commands"}


def _scope(fields: Fields) -> str:
    scope = fields.decoded("scope") or {"type": "default"}
    if "chat_id" in scope:
        scope["chat_id"] = int(scope["chat_id"])
    return json.dumps(scope, sort_keys=True)


def _scopes(chat: Chat, person: Person) -> list[Json]:
    if chat.private:
        return [{"type": "chat", "chat_id": chat.id}, {"type": "all_private_chats"}, {"type": "default"}]
    scopes: list[Json] = [{"type": "chat_member", "chat_id": chat.id, "user_id": person.id}]
    if chat.members.get(person.id) in {"creator", "administrator"}:
        scopes += [{"type": "chat_administrators", "chat_id": chat.id}, {"type": "all_chat_administrators"}]
    return [*scopes, {"type": "chat", "chat_id": chat.id}, {"type": "all_group_chats"}, {"type": "default"}]
