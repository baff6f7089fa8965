"""What the bot is in a chat, and the update that tells it when that changes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sandbox.telegram.fields import Json
from sandbox.telegram.model import ALL_RIGHTS, Chat
from sandbox.telegram.world import World

BOT_STATUSES = {"administrator", "member", "restricted", "left", "kicked"}
# What a group may leave to its members, and takes from whom it makes silent.
PERMISSIONS = (
    "can_send_messages", "can_send_audios", "can_send_documents", "can_send_photos", "can_send_videos",
    "can_send_video_notes", "can_send_voice_notes", "can_send_polls", "can_send_other_messages",
    "can_add_web_page_previews", "can_react_to_messages", "can_edit_tag", "can_change_info",
    "can_invite_users", "can_pin_messages", "can_manage_topics",
)  # fmt: skip


def bot_member(world: World, chat: Chat) -> Json:
    status = chat.bot_status
    if chat.private:
        status = "kicked" if chat.blocked else "member"
    member: Json = {"user": world.bot, "status": status}
    if status == "kicked":
        return member | {"until_date": 0}
    if status == "restricted":
        return member | {"is_member": True, "until_date": 0} | dict.fromkeys(PERMISSIONS, False)
    if status != "administrator":
        return member
    rights = {right: right in chat.bot_rights for right in ALL_RIGHTS}
    return member | {"can_be_edited": False, "is_anonymous": False} | rights


@contextmanager
def bot_changes(world: World, chat: Chat, by: Json) -> Iterator[None]:
    """Whatever is done to the bot inside is told to it as one change."""
    before = bot_member(world, chat)
    yield
    told = {"chat": chat.as_json(), "from": by, "date": int(world.now())}
    told |= {"old_chat_member": before, "new_chat_member": bot_member(world, chat)}
    world.updates.put("my_chat_member", told)
    world.touch(chat)
