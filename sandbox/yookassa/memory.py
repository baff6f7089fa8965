"""Saved cards outlive the sandbox, as the books of a demo do, which name them the next day."""

import json
from pathlib import Path

from sandbox.cards import KeptCards, behaviour_named
from sandbox.yookassa.cards import BY_NUMBER
from sandbox.yookassa.saving import LAST_DAY, SavedMethod


class SavedMethods:
    """All that a shop may charge again, by its id; in a file as well, where there is one."""

    def __init__(self, cards: KeptCards, file: Path | None = None) -> None:
        self._cards = cards
        self._file = file
        self._methods: dict[str, SavedMethod] = {}
        if file is not None and file.exists():
            for token, method, number, behaviour in json.loads(file.read_text("utf-8")):
                self.keep(token, method, number, behaviour)

    def keep(self, token: str, method: str, number: str, behaviour: str) -> None:
        """`number` is "" for what is no card: it has neither digits to show nor an end."""
        card = BY_NUMBER.get(number)
        masked, last_day = (f"•••• {card.last4}", LAST_DAY) if card else (method, None)
        kept = self._cards.keep(token, masked, behaviour_named(behaviour), last_day)
        self._methods[token] = SavedMethod(kept, method, card)

    def find(self, token: object) -> SavedMethod | None:
        return self._methods.get(token) if isinstance(token, str) else None

    def write(self) -> None:
        if self._file is None:
            return
        rows = [
            (token, saved.method, saved.card.number if saved.card else "", saved.kept.behaviour.value)
            for token, saved in self._methods.items()
        ]
        self._file.write_text(json.dumps(rows), "utf-8")
