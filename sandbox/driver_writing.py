"""What a person of the driver writes and sends; sandbox.driver.Person looks and taps besides."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import aiohttp

from sandbox.driver_session import DriverSession
from sandbox.screen import Json

GIGABYTE = 1024**3


class Writing:
    def __init__(
        self, telegram: DriverSession, person_id: int, chat: str | int | None = None, thread: int = 0
    ) -> None:
        self.id = person_id
        self._telegram = telegram
        self._chat = chat
        self._thread = thread
        self._acted_at = 0

    async def says(self, text: str, *, reply_to: int = 0, thread: int = 0, anonymous: bool = False) -> Json:
        """`reply_to` is the number of a message, as in message["body"]["message_id"]."""
        thread = thread or self._thread
        return await self._act("send", text=text, reply_to=reply_to, thread=thread, anonymous=anonymous)

    async def shares_contact(self, *, of: int | None = None, phone: str = "") -> Json:
        other = {} if of is None else {"of": of}
        return await self._act("contact", phone=phone, **other)

    async def sends_file(
        self,
        name: str,
        content: bytes,
        mime: str,
        *,
        caption: str = "",
        photo: bool = False,
        reply_to: int = 0,
    ) -> Json:
        return await self._send_files([(name, content)], mime, caption, reply_to, photo=photo)

    async def sends_album(
        self,
        files: Sequence[tuple[str, bytes]],
        *,
        mime: str = "image/png",
        caption: str = "",
        reply_to: int = 0,
    ) -> list[Json]:
        """Pictures, or documents of another type, at once; more than ten become several albums."""
        photo = mime.startswith("image/")
        sent = await self._send_files(files, mime, caption, reply_to, photo=photo)
        album: list[Json] = sent.get("album") or [sent]
        return album

    async def sends_sticker(self, emoji: str = "👍", *, reply_to: int = 0) -> Json:
        return await self._act("sticker", emoji=emoji, reply_to=reply_to, thread=self._thread)

    async def sends_voice(self, *, reply_to: int = 0) -> Json:
        return await self._act("voice", reply_to=reply_to, thread=self._thread)

    async def claims_file(
        self, name: str = "film.mp4", size: int = 2 * GIGABYTE, *, kind: str = "document", reply_to: int = 0
    ) -> Json:
        """Send a file of that size of which there are no bytes; the bot may not fetch it anyway."""
        place = {"reply_to": reply_to, "thread": self._thread}
        return await self._act("claim", name=name, size=size, kind=kind, **place)

    async def _send_files(
        self, files: Sequence[tuple[str, bytes]], mime: str, caption: str, reply_to: int, *, photo: bool
    ) -> Json:
        await self._mark()
        form = aiohttp.FormData(quote_fields=False)  # names of files as browsers send them
        form.add_field("caption", caption)
        form.add_field("kind", "photo" if photo else "document")
        form.add_field("reply_to", str(reply_to))
        form.add_field("thread", str(self._thread))
        if self._chat is not None:
            form.add_field("chat", str(self._chat))
        for name, content in files:
            form.add_field("file", content, filename=name, content_type=mime)
        sent: Json = await self._telegram.post(f"/chat/{self.id}/file", form)
        return sent

    async def _act(self, act: str, **what: Any) -> Json:
        await self._mark()
        if self._chat is not None:
            what["chat"] = self._chat
        answer: Json = await self._telegram.post(f"/chat/{self.id}/{act}", what)
        return answer

    async def _mark(self) -> None:
        screen = await self._telegram.get(f"/chat/{self.id}", chat=self._chat, last=1)
        self._acted_at = screen["revision"]

    def _in_topic(self, screen: Json) -> Json:
        """Whoever stands in a topic sees what is written there."""
        if self._thread:
            screen["messages"] = [
                m for m in screen["messages"] if m["body"].get("message_thread_id") == self._thread
            ]
        return screen
