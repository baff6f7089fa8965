"""Letters that tell what metered connectors used."""

from __future__ import annotations

from bot.i18n import _, moment, month_name
from bot.letters.about import enclosed, payer, sum_of, titles
from bot.letters.parts import Facts, Large, Letter, Note, Part, Words
from bot.letters.registry import Payload, letter


@letter("usage")
def usage(facts: Payload) -> Letter:
    """`month`, `titles` of the subscribers, `payer`, `total`, and the `subject` of both files."""
    month = month_name(str(facts["month"]))
    parts: tuple[Part, ...] = (
        Words(_("The detail of what was used in {month} is attached: to read and as a table.", month=month)),
        *_total(facts),
        Facts(((_("Subscriber"), titles(facts)), payer(facts))),
    )
    return Letter(_("Usage detail, {month}", month=month), parts, enclosed(facts, "usage", "usage_csv"))


@letter("charges")
def charges(facts: Payload) -> Letter:
    """`month`, `as_of` (a moment), `titles`, `payer`, `total`, and the `subject` of both files."""
    month, as_of = month_name(str(facts["month"])), facts.get("as_of")
    parts: tuple[Part, ...] = (
        Words(_("Here is what was charged in {month} so far.", month=month)),
        *_total(facts),
        Facts(((_("Subscriber"), titles(facts)), payer(facts), (_("As of"), moment(as_of) if as_of else ""))),
        Note(_("The month is not over: the invoice may name more.")),
    )
    return Letter(
        _("Current charges, {month}", month=month), parts, enclosed(facts, "charges", "charges_csv")
    )


def _total(facts: Payload) -> tuple[Large, ...]:
    total = sum_of(facts, "total")
    return (Large(total),) if total else ()
