"""Files that went through the chat: kept in memory, served to the bot and to the page."""

from __future__ import annotations

import secrets
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sandbox.telegram.errors import bad_request
from sandbox.telegram.fields import Fields, Json, Upload

MOST_TO_DOWNLOAD = 20 * 1024 * 1024
JPEG_SIZES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


@dataclass(frozen=True)
class StoredFile:
    id: str
    unique_id: str
    path: str
    upload: Upload

    def as_json(self) -> Json:
        return {"file_id": self.id, "file_unique_id": self.unique_id, "file_size": self.upload.size}


class Files:
    def __init__(self) -> None:
        self._by_id: dict[str, StoredFile] = {}
        self._by_path: dict[str, StoredFile] = {}

    def keep(self, upload: Upload, folder: str) -> StoredFile:
        ending = upload.name.rsplit(".", 1)[-1] if "." in upload.name else "bin"
        path = f"{folder}/file_{len(self._by_id)}.{ending}"
        stored = StoredFile(secrets.token_urlsafe(32), secrets.token_urlsafe(9), path, upload)
        self._by_id[stored.id] = stored
        self._by_path[path] = stored
        return stored

    def by_id(self, file_id: str) -> StoredFile | None:
        return self._by_id.get(file_id)

    def by_path(self, path: str) -> StoredFile | None:
        return self._by_path.get(path)

    def sent(self, fields: Fields, name: str, folder: str) -> StoredFile:
        """The file a call sends: an upload, `attach://` to one, or the id of a file kept before."""
        if name in fields.uploads:
            return self.keep(fields.uploads[name], folder)
        return self.named(fields, fields.required(name), folder)

    def named(self, fields: Fields, reference: str, folder: str) -> StoredFile:
        attached = fields.uploads.get(reference.removeprefix("attach://"))
        if reference.startswith("attach://") and attached is not None:
            return self.keep(attached, folder)
        kept = self._by_id.get(reference)
        if kept is None:
            raise bad_request("wrong file identifier/HTTP URL specified")
        return kept


def as_document(stored: StoredFile) -> Json:
    return {"file_name": stored.upload.name, "mime_type": stored.upload.mime, **stored.as_json()}


def as_photo(stored: StoredFile) -> list[Json]:
    width, height = picture_size(stored.upload.content)
    return [stored.as_json() | {"width": width, "height": height}]


def as_video(stored: StoredFile) -> Json:
    return {"width": 640, "height": 360, "duration": 3, **as_document(stored)}


def as_voice(stored: StoredFile) -> Json:
    return {"duration": 3, "mime_type": "audio/ogg", **stored.as_json()}


def as_sticker(stored: StoredFile) -> Json:
    """A sticker is named after its emoji."""
    shape = {"type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False}
    return shape | {"emoji": stored.upload.name.split(".")[0], **stored.as_json()}


CONTENTS: dict[str, Callable[[StoredFile], Any]] = {
    "photo": as_photo, "document": as_document, "video": as_video, "voice": as_voice, "sticker": as_sticker,
}  # fmt: skip


def picture_size(content: bytes) -> tuple[int, int]:
    if content.startswith(b"\x89PNG\r\n\x1a\n") and len(content) >= 24:
        width, height = struct.unpack(">II", content[16:24])
        return width, height
    if content.startswith(b"\xff\xd8"):
        return _jpeg_size(content)
    raise bad_request("IMAGE_PROCESS_FAILED")


def _jpeg_size(content: bytes) -> tuple[int, int]:
    at = 2
    while at + 9 <= len(content):
        marker, length = struct.unpack(">xBH", content[at : at + 4])
        if marker in JPEG_SIZES:
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return width, height
        at += 2 + length
    raise bad_request("IMAGE_PROCESS_FAILED")
