"""Letters about what is made to order: confirmed, asked about, rejected."""

from __future__ import annotations

from dataclasses import replace

from bot.i18n import _, money_of_all, order_news
from bot.i18n.autopay_news import News
from bot.letters.about import date_of, link, payer, sum_of, titles, words
from bot.letters.chat import chat_button
from bot.letters.parts import Facts, Large, Letter, Note, Part, Words
from bot.letters.registry import Payload, letter


@letter("order_confirmed")
def order_confirmed(facts: Payload) -> Letter:
    """`number`, `titles`, `payer`, `total` or `prices` (one a currency), `valid_until`, `url`, `terms`."""
    number = words(facts, "number")
    total = sum_of(facts, "total") or money_of_all(facts.get("prices") or ())
    terms = order_news.terms(facts)
    parts: tuple[Part, ...] = (
        Words(_("Your order is confirmed. It begins when it is paid.")),
        *([Large(total)] if total else []),
        Facts(
            (
                (_("Order"), number),
                (_("For"), titles(facts)),
                payer(facts),
                (_("Pay until"), date_of(facts, "valid_until")),
            )
        ),
        *link(_("Pay"), facts),
        *([Note(terms)] if terms else []),
    )
    subject = _("Order {number} is confirmed", number=number) if number else _("Your order is confirmed")
    return Letter(subject, parts)


@letter("form_rejected")
def form_rejected(facts: Payload) -> Letter:
    """`titles`, `reason`."""
    return _written(order_news.rejected(facts))


@letter("form_question")
def form_question(facts: Payload) -> Letter:
    """`titles`, `question`; it is answered in the chat."""
    return _written(order_news.question(facts))


@letter("order_stage")
def order_stage(facts: Payload) -> Letter:
    """`titles`, `stage`, `stage_due`, `words`, `link`; a `file` is in the chat alone."""
    written = _written(order_news.stage(facts))
    if not facts.get("file"):
        return written
    return replace(written, parts=(*written.parts, Note(_("A file goes with it: it waits in the chat."))))


def _written(news: News) -> Letter:
    parts: tuple[Part, ...] = tuple(Words(line) for line in news.lines)
    return Letter(news.subject, (*parts, *chat_button(_("Open the chat"))))
