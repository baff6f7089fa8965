"""Where a customer stands in the invoices section, and whose papers he looks at."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from aiogram.fsm.state import State, StatesGroup

from bot.domain.errors import CustomerError
from bot.middlewares.visits import Visit
from bot.services.subscribers import Subscriber


class Section(StatesGroup):
    subscribers = State()
    search = State()
    menu = State()
    listed = State()
    months = State()
    detail = State()
    charges = State()
    request = State()
    requested = State()
    link = State()
    instalments = State()
    delivery = State()
    address = State()
    code = State()


@dataclass(slots=True)
class Scope:
    """Ids alone. Without a payer nothing of his is metered; without a connector it is all that he has."""

    payer: int = 0
    connector: str = ""
    chosen: bool = False
    """Whether there were others to choose from."""

    @property
    def is_metered(self) -> bool:
        return bool(self.payer)

    @property
    def subscriber(self) -> str | None:
        """As services name it: None for all."""
        return self.connector or None


async def load(visit: Visit) -> Scope:
    data: dict[str, Any] = await visit.state.get_data()
    return Scope(**data.get("scope", {}))


async def subscriber(visit: Visit, scope: Scope) -> Subscriber | None:
    """What the books say of him now; None where nothing is metered."""
    if not scope.is_metered:
        return None
    return await visit.subscribers.get(visit.customer_id, scope.payer, scope.connector)


async def wait_at(visit: Visit, scope: Scope, state: State, **data: Any) -> None:
    """Stand at this screen; of earlier ones only the scope is kept."""
    await visit.enter(state, scope=asdict(scope), **data)


def demand_open(visit: Visit) -> None:
    """Refuse while regular invoices are formed."""
    if opens := visit.billing.opens_at():
        raise CustomerError("section_closed", opens=opens)
