"""A card as it should look now, and, once it is closed, who did what with it."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.desk import Card
from bot.i18n import N_, _, ngettext, shown
from bot.notices.registry import Rendered, render

_PLAIN = {
    "answered": N_("✔️ {name} answered."),
    "returned": N_("↩️ It went back to the payer before it had an owner."),
    "promise": N_("✔️ {name} confirmed it as the second person."),
    "money_by_two": N_("✔️ {name} confirmed it as the second person."),
    "customer_moved": N_("✔️ {name} confirmed it as the second person: everything has moved."),
    "invoice_paid": N_("✔️ The invoice is paid."),
    "invoice_void": N_("✖️ The invoice is cancelled."),
    "statement_lines": N_("✔️ Every line is decided."),
    "charge_not_arrived": N_("✔️ {name} found no such money; it is charged again."),
    "withdrawn": N_("✖️ The customer has withdrawn it."),
    "no_money": N_("↩️ All of its money went back: nothing is left to work for."),
    "work_done": N_("✔️ Done: {name}."),
    "approved": N_("✔️ {name} approved it."),
    "rejected": N_("✖️ {name} rejected it."),
    "refund_arrived": N_("✔️ The payment company says that it went."),
    "refund_again": N_("✔️ {name} tries it once more."),
    "refund_on_balance": N_("✔️ {name} left it on the balance."),
    "refund_not_sent": N_("✖️ {name}: it was not sent. The money is on the customer's balance."),
    "refund_proposed": N_("✔️ {name} took it up."),
    "refund_confirmed": N_("✔️ {name} agreed to it."),
    "refund_declined": N_("✖️ {name} declined it."),
    "dismissed": N_("✔️ {name} closed it."),
}


_NUMBERED = {
    "payment": N_("✔️ {name} gave it to payment {number}."),
    "customer": N_("✔️ {name} put it on the balance of customer {number}."),
    "charge_arrived": N_("✔️ {name} found the money: {number}."),
    "refund_sent": N_("✔️ {name}: sent, number {number}."),
}


def card_face(card: Card, closer: str = "") -> Rendered:
    """Open it has its buttons; closed it says by whom and how, and has none."""
    if card.closed_by is None:
        return render(card.kind, card.payload, to_operators=True)
    face = render(card.kind, {**card.payload, "answer_by": None, "taken_by": None}, to_operators=True)
    return replace(face, text=f"{face.text}\n\n{outcome(card.answer, closer)}", keyboard=face.afterwards)


def outcome(answer: str, closer: str) -> str:
    """One line for what the desk wrote down as the card's answer."""
    name = shown(closer)
    what, _separator, goal = answer.rpartition(" ")
    kind, _separator, number = (goal if what else answer).partition(":")
    match kind:
        case "bridged":
            return _bridged(name, int(number))
    if kind in _NUMBERED:
        return _(_NUMBERED[kind]).format(name=name, number=shown(number))
    if kind in _PLAIN:
        return _(_PLAIN[kind]).format(name=name)
    line = shown(answer.removeprefix("connector:"))
    return _("✔️ {name} attached the connector {id}.", name=name, id=line)


def _bridged(name: str, days: int) -> str:
    return ngettext(
        "✔️ {name} switched it on for {count} day.",
        "✔️ {name} switched it on for {count} days.",
        days,
        name=name,
    )
