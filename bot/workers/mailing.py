"""One letter on its way to a mail server, and what each answer of the server means for it."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta
from typing import Protocol

import structlog

from bot.domain import periods
from bot.domain.documents import File
from bot.domain.errors import NotYours, ProviderRefused, ProviderUnavailable
from bot.domain.notices import Dead, Later, Notice, Outcome, Sent
from bot.gateways.envelopes import Envelope
from bot.gateways.mail import LetterTooLarge
from bot.i18n import _, language
from bot.letters import compose, life_of
from bot.letters.frame import Written, write_out
from bot.letters.parts import Letter, Note
from bot.workers.posting import Press

PAUSES = (60.0, 120.0, 300.0, 600.0, 1200.0, 1800.0)
"""Seconds between tries, the last of them until the letter is too old: a server may be down for days."""

SEND_SECONDS = 100.0
"""Making the files included: given up before the lease ends, else it would be sent twice."""

MAKING_TRIES = 5
"""A file that can't be made may want a little time; after so many tries it wants a person."""

log = structlog.get_logger(__name__)


class Mail(Protocol):
    """Whatever takes letters: ProviderRefused is for good, ProviderUnavailable is for now."""

    async def send(self, envelope: Envelope) -> None: ...


class Mailing:
    """Sends letters; `speak` sets the language one is written in, `seller` is the name they come from."""

    def __init__(
        self,
        mail: Mail,
        press: Press | None,
        *,
        speak: Callable[[str], AbstractContextManager[object]],
        seller: str,
    ) -> None:
        self._mail = mail
        self._press = press
        self._speak = speak
        self._seller = seller

    async def deliver(self, notice: Notice) -> Outcome:
        """Try once. A connection that breaks at the end leaves the outcome unknown: it is sent again."""
        try:
            async with asyncio.timeout(SEND_SECONDS):
                with self._speak(notice.language):
                    return await self._write_and_send(notice)
        except TimeoutError:
            return _later(notice, "took too long")

    async def _write_and_send(self, notice: Notice) -> Outcome:
        try:
            letter = compose(notice.kind, notice.payload)
            written = write_out(letter, self._seller)
        except Exception:  # a letter that cannot be written must not hold up the others
            log.exception("letter.not_written", notice_id=notice.id, kind=notice.kind)
            return Dead(notice, "it could not be written")
        try:
            files = await self._make_files(letter)
        except Exception as trouble:  # whatever makes files, of whatever people write into templates
            log.exception("letter.no_files", notice_id=notice.id, kind=notice.kind)
            is_hopeless = isinstance(trouble, NotYours | KeyError) or notice.tries >= MAKING_TRIES
            error = "its files could not be made"
            return Dead(notice, error) if is_hopeless else _later(notice, error)
        return await self._send(notice, letter, written, files)

    async def _make_files(self, letter: Letter) -> list[File]:
        if not letter.enclosures:
            return []
        if self._press is None:
            raise RuntimeError("nobody makes files here")
        return [await self._press.make(each, language()) for each in letter.enclosures]

    async def _send(self, notice: Notice, letter: Letter, written: Written, files: list[File]) -> Outcome:
        try:
            try:
                await self._mail.send(_envelope(notice, written, files))
            except LetterTooLarge:
                if not files:
                    raise
                await self._mail.send(_envelope(notice, self._without_files(letter), []))
        except ProviderRefused as refusal:
            log.warning("letter.refused", notice_id=notice.id, kind=notice.kind, code=str(refusal)[:3])
            return Dead(notice, str(refusal))
        except ProviderUnavailable as trouble:
            return _later(notice, str(trouble), trouble.retry_after or 0.0)
        return Sent(notice)

    def _without_files(self, letter: Letter) -> Written:
        """Better told where the papers are than told nothing."""
        note = Note(_("The files are too large for this mailbox. Take them in the bot's chat, please."))
        return write_out(replace(letter, parts=(*letter.parts, note)), self._seller)


def _envelope(notice: Notice, written: Written, files: list[File]) -> Envelope:
    return Envelope(
        to=notice.email,
        reference=notice.reference,
        language=language(),
        subject=written.subject,
        text=written.text,
        html=written.html,
        files=files,
    )


def _later(notice: Notice, error: str, at_least: float = 0.0) -> Outcome:
    """Again after a pause, unless the letter would be too old by then."""
    pause = max(PAUSES[min(notice.tries, len(PAUSES)) - 1], at_least)
    due_at = periods.now() + timedelta(seconds=pause * random.uniform(1.0, 1.2))  # noqa: S311 (a jitter)
    if due_at > notice.created_at + life_of(notice.kind):
        log.warning("letter.too_late", notice_id=notice.id, kind=notice.kind)
        return Dead(notice, error)
    log.info("letter.later", notice_id=notice.id, kind=notice.kind, code=error[:3], seconds=round(pause))
    return Later(notice, due_at, error)
