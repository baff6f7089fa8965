"""What a customer has chosen so far in Pay, kept in the dialog's state: ids and choices, never prices."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from aiogram.fsm.state import State, StatesGroup

from bot.middlewares.visits import Visit


class Pay(StatesGroup):
    connectors = State()
    search = State()
    months = State()
    method = State()
    consent = State()
    contact = State()
    link = State()


GIVEN_ONCE = ("consent", "contact")
"""Answers that the books keep: going back does not ask for them again."""


@dataclass(slots=True)
class Choice:
    """`asked` are the steps that were shown, for the way back; a step with one answer is not among them."""

    connectors: list[str] = field(default_factory=list)
    link: str = ""
    """The token of the seller's link, where the connector is somebody else's."""
    several: bool = False
    ticked: list[str] = field(default_factory=list)
    listed: list[str] = field(default_factory=list)
    page: int = 0
    search: str = ""
    months: int = 0
    order: int = 0
    method: str = ""
    currency: str = ""
    contact: str = ""
    """What the method needs for its receipt: "email", "any" or nothing."""
    asked: list[str] = field(default_factory=list)

    def forget_order(self) -> None:
        self.order, self.method, self.currency, self.contact = 0, "", "", ""

    def step_back(self) -> bool:
        """Undo the last answer that was really given; False when there was none."""
        if self.asked:
            self.asked.pop()
        while self.asked and self.asked[-1] in GIVEN_ONCE:
            self.asked.pop()
        if not self.asked:
            return False
        self._forget_from(self.asked[-1])
        return True

    def _forget_from(self, step: str) -> None:
        if step == "connectors":
            self.connectors = []
        if step in ("connectors", "months"):
            self.months = 0
            self.forget_order()
        if step == "method":
            self.method, self.currency, self.contact = "", "", ""


async def load(visit: Visit) -> Choice:
    data: dict[str, Any] = await visit.state.get_data()
    return Choice(**data.get("pay", {}))


async def wait_at(visit: Visit, choice: Choice, state: State) -> None:
    """Remember the choice, and that this step was shown and waits for an answer."""
    step = (state.state or "").partition(":")[2]
    if step != "search" and step not in choice.asked:
        choice.asked.append(step)
    await visit.enter(state, pay=asdict(choice))
