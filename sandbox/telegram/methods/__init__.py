"""Every Bot API method the sandbox answers."""

from sandbox.telegram.methods import answers, chats, edits, invoices, profile, sends, updates
from sandbox.telegram.methods.registry import METHODS

__all__ = ["METHODS", "answers", "chats", "edits", "invoices", "profile", "sends", "updates"]
