"""Where the dialog of an order by a form stands; the answers themselves are in the books."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from aiogram.fsm.state import State, StatesGroup

from bot.middlewares.visits import Visit


class OrderDialog(StatesGroup):
    listed = State()
    one = State()
    tariff = State()
    months = State()
    consent = State()
    question = State()
    summary = State()
    change = State()
    payer = State()
    reply = State()


@dataclass(slots=True)
class Draft:
    tariff: str = ""
    months: int = 0
    form: int = 0
    at: str = ""
    """The question that waits for its answer."""
    editing: bool = False
    """Whether that one is answered anew, so that the summary follows."""
    album: str = ""
    """The pictures that are coming in just now; one screen answers all of them."""
    album_at: str = ""
    """Whose answer they are: what is late comes when another question stands there."""
    page: int = 0
    """Of the list."""
    order: int = 0
    """One that was made without a form, and is looked at."""
    words: str = ""
    files: list[dict[str, Any]] = field(default_factory=list)
    """What was written to the reviewer so far."""
    refused: bool = False
    """Whether it was said already that not all of them are kept."""


async def load(visit: Visit) -> Draft:
    data: dict[str, Any] = await visit.state.get_data()
    return Draft(**data.get("order_form", {}))


async def wait_at(visit: Visit, draft: Draft, state: State) -> None:
    await visit.enter(state, order_form=asdict(draft))
