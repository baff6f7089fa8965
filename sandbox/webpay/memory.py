"""Bound cards outlive the sandbox, as the books of a demo do, which name them the next day."""

from datetime import date
from pathlib import Path

from sandbox.cards import behaviour_named
from sandbox.memory import remember, remembered
from sandbox.webpay.shop import Bound, Shop


def restore(shop: Shop, file: Path | None) -> None:
    for row in remembered(file):
        behaviour = behaviour_named(row.pop("behaviour"))
        bound = Bound(**row)
        shop.bound[bound.token] = bound
        shop.cards.keep(bound.token, f"•••• {bound.card[-4:]}", behaviour, date.fromisoformat(bound.until))


def write_down(shop: Shop, file: Path | None) -> None:
    """Oldest first, so that the newest stands first again."""
    kept = reversed(shop.cards.newest_first())
    remember(file, (vars(shop.bound[each.token]) | {"behaviour": each.behaviour.value} for each in kept))
