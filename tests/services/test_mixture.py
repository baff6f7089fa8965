"""Callbacks of all methods in a random mixture leave clean books, to the last unit of every provider."""

from __future__ import annotations

import random

from bot.storage.database import Database
from tests.mixture import Mixture

CALLBACKS = 600


async def test_books_are_exact_after_a_mixture_of_all_methods(database: Database) -> None:
    seed = random.randrange(10**6)
    mixture = Mixture(database, seed)
    await mixture.open()
    await mixture.run(CALLBACKS)
    assert (await mixture.house.books.prove()).disagreements == [], seed
    booked = await mixture.booked()
    assert {name: +sums for name, sums in booked.items()} == {
        name: +sums for name, sums in mixture.held.items()
    }, seed
    assert min(mixture.told.values()) > 0, mixture.told
