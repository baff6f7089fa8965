"""The bot's name, descriptions, commands and menu button."""

from __future__ import annotations

from sandbox.telegram.errors import bad_request
from sandbox.telegram.fields import Fields, Json
from sandbox.telegram.methods.registry import METHODS, method
from sandbox.telegram.profile import TEXTS
from sandbox.telegram.world import World

MENU_BUTTONS = {"default", "commands", "web_app"}


@method("setMyCommands")
def set_my_commands(world: World, fields: Fields) -> bool:
    world.profile.set_commands(fields)
    world.touch_all()
    return True


@method("deleteMyCommands")
def delete_my_commands(world: World, fields: Fields) -> bool:
    world.profile.delete_commands(fields)
    world.touch_all()
    return True


@method("getMyCommands")
def get_my_commands(world: World, fields: Fields) -> list[Json]:
    return world.profile.commands(fields)


@method("setChatMenuButton")
def set_chat_menu_button(world: World, fields: Fields) -> bool:
    button = fields.decoded("menu_button") or {"type": "default"}
    if button.get("type") not in MENU_BUTTONS:
        raise bad_request("can't parse menu button: Menu button type is unsupported")
    world.profile.set_button(fields.integer("chat_id"), button)
    world.touch_all()
    return True


@method("getChatMenuButton")
def get_chat_menu_button(world: World, fields: Fields) -> Json:
    return world.profile.button(fields.integer("chat_id"))


def _register_text(kind: str) -> None:
    def set_text(world: World, fields: Fields) -> bool:
        world.profile.set_text(kind, fields.text("language_code"), fields.text(kind))
        world.touch_all()
        return True

    def get_text(world: World, fields: Fields) -> Json:
        return {kind: world.profile.text(kind, fields.text("language_code"))}

    METHODS[f"setmy{kind.replace('_', '')}"] = set_text
    METHODS[f"getmy{kind.replace('_', '')}"] = get_text


for _kind in TEXTS:
    _register_text(_kind)
