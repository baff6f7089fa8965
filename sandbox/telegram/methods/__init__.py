"""Every Bot API method the sandbox answers."""

from sandbox.telegram.methods import albums, answers, chats, copies, edits, invoices, profile, sends, updates
from sandbox.telegram.methods.registry import METHODS

__all__ = [
    "METHODS", "albums", "answers", "chats", "copies", "edits", "invoices", "profile", "sends", "updates",
]  # fmt: skip
