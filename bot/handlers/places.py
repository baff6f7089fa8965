"""Which function opens which place, and which one shows a dialog's screen again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aiogram.fsm.state import StatesGroup

from bot.i18n import _
from bot.keyboards.buttons import Place
from bot.middlewares.visits import Visit

Opener = Callable[[Visit], Awaitable[None]]

_openers: dict[Place, Opener] = {}
_resumers: dict[str, Opener] = {}


def opens(place: Place) -> Callable[[Opener], Opener]:
    """Mark the function that opens a place, for its button, its command and its deep link alike."""

    def remember(opener: Opener) -> Opener:
        _openers[place] = opener
        return opener

    return remember


def resumes(dialog: type[StatesGroup]) -> Callable[[Opener], Opener]:
    """Mark the function that shows a dialog's present screen again."""

    def remember(opener: Opener) -> Opener:
        _resumers[dialog.__name__] = opener
        return opener

    return remember


async def open_place(visit: Visit, place: Place) -> None:
    await _openers[place](visit)


async def resume(visit: Visit) -> None:
    """The screen the dialog stands at, or the menu where there is none."""
    dialog = (visit.dialog or "").partition(":")[0]
    await _resumers.get(dialog, _openers[Place.MENU])(visit)


async def resume_after_stale(visit: Visit) -> None:
    visit.toast = _("That button is out of date. Here is where you are.")
    await resume(visit)
