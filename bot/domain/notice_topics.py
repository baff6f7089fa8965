"""What a customer is told of without having asked, and where he wants to hear it."""

from __future__ import annotations

from enum import StrEnum


class NoticeTopic(StrEnum):
    RENEWAL = "renewal"
    """A connector without autopay runs out."""
    AUTOPAY = "autopay"
    """What an autopay is about to do, and what became of it."""
    CHARGES = "charges"
    """What a charge brought: money taken, or a bank that refused."""
    CARDS = "cards"
    """A saved card expires, or is not linked any more."""
    SERVICE = "service"
    """A connector is limited, stopped, suspended or works again."""


class NoticePlace(StrEnum):
    CHAT = "chat"
    EMAIL = "email"
    BOTH = "both"
    OFF = "off"


CAN_BE_OFF = frozenset({NoticeTopic.RENEWAL, NoticeTopic.CARDS})
"""Of the others the law and the card schemes want him to hear: money taken, or about to be."""
