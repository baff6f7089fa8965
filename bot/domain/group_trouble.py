"""What keeps the operators' group from hearing of anything."""

from __future__ import annotations

from enum import StrEnum


class GroupTrouble(StrEnum):
    REMOVED = "removed"
    """The bot was taken out of it."""
    SILENT = "silent"
    """It may read there, and not write."""
    GONE = "gone"
    """The group was deleted, or its number is wrong."""


_SAID = {
    GroupTrouble.GONE: ("chat not found", "chat was deleted", "deactivated"),
    GroupTrouble.SILENT: ("not enough rights", "no rights", "write_forbidden", "restricted", "administrator"),
    GroupTrouble.REMOVED: ("kicked", "not a member", "blocked"),
}


def trouble_in(refusal: str, *, forbidden: bool) -> GroupTrouble | None:
    """What Telegram's words for a message that it does not take into the group mean for every other one."""
    told = refusal.casefold()
    for trouble, words in _SAID.items():
        if any(word in told for word in words):
            return trouble
    return GroupTrouble.REMOVED if forbidden else None
