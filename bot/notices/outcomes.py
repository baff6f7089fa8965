"""A card as it should look now, and, once it is closed, who did what with it."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.desk import Card
from bot.i18n import _, shown
from bot.notices.registry import Rendered, render


def card_face(card: Card, closer: str = "") -> Rendered:
    """Open it has its buttons; closed it says by whom and how, and has none."""
    face = render(card.kind, card.payload, to_operators=True)
    if card.closed_by is None:
        return face
    return replace(face, text=f"{face.text}\n\n{outcome(card.answer, closer)}", keyboard=None)


def outcome(answer: str, closer: str) -> str:
    """One line for what the desk wrote down as the card's answer."""
    name = shown(closer)
    what, _separator, goal = answer.rpartition(" ")
    kind, _separator, number = (goal if what else answer).partition(":")
    match kind:
        case "payment":
            return _("✔️ {name} gave it to payment {number}.", name=name, number=number)
        case "customer":
            return _("✔️ {name} put it on the balance of customer {number}.", name=name, number=number)
        case "answered":
            return _("✔️ {name} answered.", name=name)
        case "returned":
            return _("↩️ It went back to the payer before it had an owner.")
        case "dismissed":
            return _("✔️ {name} closed it.", name=name)
    line = shown(answer.removeprefix("connector:"))
    return _("✔️ {name} attached the connector {id}.", name=name, id=line)
