"""Makes the files that notices, letters and links promise."""

from __future__ import annotations

from bot import i18n
from bot.documents.registry import Sources, maker_of
from bot.domain.documents import Enclosure, File


class Press:
    """Made when they are sent, so a file says what is true then; nothing is kept."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources

    async def make(self, enclosure: Enclosure, language: str) -> File:
        """The file, in the reader's language; raises what the services raise of things that are not there."""
        with i18n.speaking(language):
            return await maker_of(enclosure.kind)(self._sources, enclosure.subject, i18n.language())
