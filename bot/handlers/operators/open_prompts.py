"""Which questions to an operator are open, by the message that a reply to them answers."""

from __future__ import annotations

from typing import Any

from aiogram.fsm.context import FSMContext
from aiogram.types import Message

MOST_PROMPTS = 20
"""So many questions to one person stay open; older ones are asked anew by their button."""


async def asked_by(state: FSMContext, message_id: int) -> list[Any] | None:
    """What the message asks this person; None where it asks nothing."""
    found: list[Any] | None = (await state.get_data()).get("prompts", {}).get(str(message_id))
    return found


async def keep_open(state: FSMContext, message_id: int, asked: list[Any]) -> None:
    """Let a reply to that message answer the question."""
    open_ = {**(await state.get_data()).get("prompts", {}), str(message_id): asked}
    await state.update_data(prompts=dict(list(open_.items())[-MOST_PROMPTS:]))


async def ask_again(state: FSMContext, refused: Message, told: Message) -> None:
    """Let a reply to what was wrong with an answer count as one to the question itself."""
    if refused.reply_to_message is None:
        return
    asked = await asked_by(state, refused.reply_to_message.message_id)
    if asked is not None:
        await keep_open(state, told.message_id, asked)
