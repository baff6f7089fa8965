"""Parents and their cards outlive the sandbox, as the books of a demo do, which name them the next day."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from sandbox.cards import behaviour_named
from sandbox.memory import Row, remember, remembered
from sandbox.robokassa.shop import DONE, Operation, Shop
from sandbox.yookassa.cards import BY_NUMBER


def restore(shop: Shop, file: Path | None) -> None:
    for row in remembered(file):
        paid_at, card = datetime.fromisoformat(row["paid_at"]), BY_NUMBER[row["card"]]
        parent = Operation(
            number=row["number"],
            amount=row["amount"],
            description=row["description"],
            own=row["own"],
            created_at=paid_at,
            changed_at=paid_at,
            state=DONE,
            card=card,
            keeps_card=True,
            key=row["key"],
        )
        shop.add(parent)
        shop.cards.keep(parent.number, f"•••• {card.last4}", behaviour_named(row["behaviour"]))


def write_down(shop: Shop, file: Path | None) -> None:
    remember(file, _rows(shop))


def _rows(shop: Shop) -> Iterator[Row]:
    """Oldest first, so that the newest stands first again."""
    for kept in reversed(shop.cards.newest_first()):
        parent = shop.find(kept.token)
        assert parent is not None
        assert parent.card is not None
        yield {
            "number": parent.number,
            "amount": parent.amount,
            "description": parent.description,
            "own": parent.own,
            "paid_at": parent.changed_at.isoformat(),
            "card": parent.card.number,
            "key": parent.key,
            "behaviour": kept.behaviour.value,
        }
