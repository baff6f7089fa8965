"""The way from a letter into the chat, where every switch is."""

from __future__ import annotations

from collections.abc import Callable

from bot.letters.parts import Button


class _Chat:
    link: Callable[[str], str] | None = None


def set_chat_link(link: Callable[[str], str]) -> None:
    """What makes the address that opens our chat; said once Telegram has told us our name."""
    _Chat.link = link


def chat_button(text: str, start: str = "") -> tuple[Button, ...]:
    """None while nobody knows where the chat is."""
    return (Button(text, _Chat.link(start)),) if _Chat.link else ()
