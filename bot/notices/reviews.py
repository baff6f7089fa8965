"""What operators see of orders made to measure before they are paid: the form, and what is said about it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from bot.domain.documents import File
from bot.domain.form_terms import AnswerKind
from bot.domain.texts import Text
from bot.i18n import _, day, language, moment, money_of_all, months, ngettext, shown
from bot.keyboards import reviews as buttons
from bot.notices.about import customer, text_of
from bot.notices.registry import Payload, Rendered, operators_notice
from bot.notices.worth import WORTH

ORDERS = "orders"
"""Name of a forum topic."""

ROOM = 3600
"""What the answers may take of a message; longer ones are shortened, and come whole as a file."""

LENGTHS = (3000, 1000, 400, 120)


@operators_notice("review", lives=WORTH)
def review(facts: Payload) -> Rendered:
    reason = shown(str(facts.get("reason") or ""), 500)
    why = _("Reason: {reason}", reason=reason) if reason else ""
    text = text_of(_head(facts), _apart(_answers(facts)), _apart(_asked(facts)), why)
    replaces = int(facts.get("replaces") or 0)
    return Rendered(text, buttons.review(facts), topic=ORDERS, replaces=replaces)


@operators_notice("review_files", lives=WORTH)
def review_files(facts: Payload) -> Rendered:
    """Pictures or files of a form, by up to ten, as a reply to its card."""
    text = _("Sent with the order")
    return Rendered(text, album=tuple(facts["album"]), under=int(facts["under"]), topic=ORDERS)


@operators_notice("review_text", lives=WORTH)
def review_text(facts: Payload) -> Rendered:
    """Answers that were too long for the card."""
    return Rendered(
        _("All the answers, whole."),
        files=(whole_text(facts),),
        under=int(facts["under"]),
        topic=ORDERS,
    )


@operators_notice("review_reply", lives=WORTH)
def review_reply(facts: Payload) -> Rendered:
    """The customer's words below the card that asked for them, which is brought up to date."""
    count = int(facts["files"])
    sent = ngettext("{count} file", "{count} files", count) if count else ""
    text = text_of(_("💬 The customer answers:"), quoted(str(facts["text"])), sent)
    return Rendered(text, under=int(facts["under"]), redraws=True, topic=ORDERS)


@operators_notice("review_withdrawn", lives=WORTH)
def review_withdrawn(facts: Payload) -> Rendered:
    text = text_of(_("✖️ The customer has withdrawn this order."), customer(facts))
    return Rendered(text, under=int(facts["under"]), redraws=True, topic=ORDERS)


def whole_text(facts: Payload) -> File:
    """Every answer as it was written, for whoever has to work by it."""
    lines = [_title(facts), ""]
    for answer in facts["told"]:
        lines += [_in_language(answer["title"]), _value(answer, 1_000_000, mark=""), ""]
    name = _("order {number}.txt", number=facts["order_id"])
    return File(name, "text/plain", "\r\n".join(lines).encode("utf-8-sig"))


def quoted(words: str, limit: int = 3000) -> str:
    """A stranger's words, set apart from ours: every line of them is marked."""
    cut = words if len(words) <= limit else words[: limit - 1] + "…"
    return "\n".join(f"│ {shown(line, 500)}" for line in cut.splitlines() if line.strip())


def _head(facts: Payload) -> list[str]:
    until, since = facts.get("until"), facts.get("waits_since")
    promised = _("An answer is promised by {moment}.", moment=moment(until)) if until else ""
    return [
        _("📝 To be reviewed: {title}", title=_title(facts)),
        customer(facts),
        money_of_all(facts["prices"]),
        _("⏰ It has waited since {moment}.", moment=moment(since)) if since else "",
        _("The customer was asked; the promise waits for his answer.") if facts["question"] else promised,
    ]


def _title(facts: Payload) -> str:
    return f"{_in_language(facts['tariff'])}, {months(int(facts['months']))}"


def _answers(facts: Payload) -> list[str]:
    """Shortened as far as is needed, all alike."""
    for length in LENGTHS:
        lines = _written(facts, length)
        if _length(lines) <= ROOM:
            break
    return [*lines, _("The whole of it is in the file.") if facts["long"] else ""]


def _written(facts: Payload, length: int) -> list[str]:
    lines = []
    for answer in facts["told"]:
        value = _value(answer, length)
        if value:
            lines += [f"▪️ {shown(_in_language(answer['title']), 200)}", value]
    return lines


def _value(answer: Mapping[str, Any], length: int, mark: str = "│ ") -> str:
    count, value = int(answer["files"]), answer["value"]
    if count:
        return mark + ngettext("{count} file", "{count} files", count)
    if isinstance(value, Mapping):
        return mark + _in_language(value)
    if answer["kind"] == AnswerKind.DATE and value:
        return mark + day(date.fromisoformat(value))
    return quoted(value, length) if mark else str(value)


def _asked(facts: Payload) -> list[str]:
    """What was asked before and what is asked now."""
    lines: list[str] = []
    for said in list(facts["asked"])[-3:]:
        lines += [f"❓ {shown(said['question'], 200)}", quoted(said["answer"], 300)]
    if facts["question"]:
        lines.append(f"❓ {shown(str(facts['question']), 200)}")
    return lines


def _apart(lines: list[str]) -> str:
    """An empty line before them, where there are any."""
    text = "\n".join(filter(None, lines))
    return f"\n{text}" if text else ""


def _in_language(words: Mapping[str, str]) -> str:
    return Text(words).in_language(language())


def _length(lines: list[str]) -> int:
    return len("\n".join(lines).encode("utf-16-le")) // 2
