"""Strings behind the scene, for tests: the letters as data."""

from aiohttp import web

from sandbox.mailbox.box import Letter
from sandbox.mailbox.keys import BOX


def control_routes() -> list[web.AbstractRouteDef]:
    return [web.get("/control/letters", list_letters)]


async def list_letters(request: web.Request) -> web.Response:
    """Newest first; `?to=` for one address alone."""
    found = request.app[BOX].newest(request.query.get("to", ""))
    return web.json_response([_shown(letter) for letter in found])


def _shown(letter: Letter) -> dict[str, object]:
    return {
        "id": letter.id,
        "to": letter.to,
        "from": letter.sender,
        "subject": letter.subject,
        "message_id": letter.message_id,
        "text": letter.text,
        "html": letter.html,
        "files": [
            {"name": each.name, "media": each.media, "size": len(each.content)} for each in letter.files
        ],
    }
