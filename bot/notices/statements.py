"""The paged card of bank lines that wait for a person, and the one that asks for a second person."""

from __future__ import annotations

from bot.i18n import _, money, shown
from bot.i18n.statement_words import line_words, why_words
from bot.keyboards import promises as promise_buttons
from bot.keyboards import statements as buttons
from bot.notices.about import text_of
from bot.notices.registry import Payload, Rendered, operators_notice
from bot.notices.topics import MONEY
from bot.notices.worth import WORTH


@operators_notice("statement_lines", lives=WORTH)
def statement_lines(facts: Payload) -> Rendered:
    """A line a page; whoever presses brings it up to date."""
    if not facts["total"]:
        return Rendered(_("🏦 No line of the bank waits any more."), topic=MONEY)
    head = _(
        "🏦 Lines of the bank that wait for you: {place} of {total}",
        place=facts["place"],
        total=facts["total"],
    )
    return Rendered(text_of(head, line_words(facts), why_words(facts)), buttons.card(facts), topic=MONEY)


@operators_notice("promise_second", lives=WORTH)
def promise_second(facts: Payload) -> Rendered:
    head = _(
        "🤝 {amount} for {number} was noted by hand. A second person has to say so too.",
        amount=money(facts["amount"]),
        number=facts["number"],
    )
    buyer = _("{total} in all, {name}", total=money(facts["total"]), name=shown(str(facts["buyer"]), 120))
    return Rendered(text_of(head, buyer), promise_buttons.second(facts), topic=MONEY)
