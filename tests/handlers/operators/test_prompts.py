"""Questions to operators: each name has one who hears the replies, and gets what it asks for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from aiogram.types import CallbackQuery, Chat, Message, User

from bot.domain.errors import CustomerError
from bot.handlers.operators import prompts
from bot.handlers.operators.prompts import Prompt, Told, asked_for
from bot.services.desk import DeskService
from tests.handlers.operators_rig import GROUP, PHOTO, Group, Operator


@pytest.fixture(autouse=True)
def registered(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(prompts, "_listeners", {})
    yield


async def asked(group: Group, person: Operator, prompt: Prompt) -> None:
    """The question below something that this person said."""
    state = group.dispatcher.fsm.get_context(group.bot, chat_id=GROUP, user_id=person.id)
    user = User.model_validate(person.user)
    chat = Chat(id=GROUP, type="supergroup", title="Operators")
    said = Message(message_id=1, date=datetime.now(UTC), chat=chat, from_user=user, text="?")
    tap = CallbackQuery(id="1", from_user=user, chat_instance="1", message=said)
    await prompts.ask(tap, group.bot, state, prompt)


async def test_reply_reaches_the_listener_with_what_was_asked_about(group: Group, oleg: Operator) -> None:
    heard: list[Any] = []

    @asked_for("colour")
    async def colour_told(told: Told, desk: DeskService) -> None:
        heard.append((told.who, told.card, told.line, told.about, told.words, type(desk)))

    await asked(group, oleg, Prompt("colour", 7, "which?", line=2, about="payment:3"))
    await oleg.replies(group.newest, "green")

    assert heard == [(oleg.id, 7, 2, "payment:3", "green", DeskService)]


async def test_picture_is_taken_only_where_files_may_come(group: Group, oleg: Operator) -> None:
    heard: list[str] = []

    @asked_for("words")
    async def words_told(told: Told) -> None:
        heard.append("words")

    @asked_for("file", files=True)
    async def file_told(told: Told) -> None:
        heard.append("file")

    for what in ("words", "file"):
        await asked(group, oleg, Prompt(what, 1, "send it"))
        question = group.newest
        await oleg.replies(question, "", photo=[PHOTO])

    assert heard == ["file"]


async def test_who_is_told_what_was_wrong_may_reply_to_that(group: Group, oleg: Operator) -> None:
    heard: list[str] = []

    @asked_for("colour")
    async def colour_told(told: Told) -> None:
        if told.words == "loud":
            raise CustomerError("words_needed")
        heard.append(told.words)

    await asked(group, oleg, Prompt("colour", 1, "which?"))
    for _ in range(2):
        await oleg.replies(group.newest, "loud")
    await oleg.replies(group.newest, "green")
    assert heard == ["green"]


def test_two_prompts_of_one_name_are_a_mistake() -> None:
    async def hear(told: Told) -> None: ...

    asked_for("twice")(hear)
    with pytest.raises(ValueError, match="two prompts are called twice"):
        asked_for("twice")(hear)
