"""Order forms in words: each question and its answer, the summary, and where an order stands."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from babel.numbers import format_decimal

from bot.domain.catalogue import Tariff
from bot.domain.contacts import spaced_phone
from bot.domain.form_terms import MEGABYTE, AnswerKind, MadeToOrder, Question
from bot.domain.order_forms import Answer, OrderForm, SentFile
from bot.i18n.catalogues import _, language, ngettext
from bot.i18n.figures import day, moment, money_of_all, months
from bot.i18n.sentences import said
from bot.i18n.strangers import shown

ANSWER_LENGTH = 120
"""Of an answer in the summary: twenty of them fit into one message."""
PRESENT_LENGTH = 1500
NAME_LENGTH = 40


def question_words(made: MadeToOrder, question: Question, given: Answer | None) -> str:
    """The question with its number, what to send, and what was answered before."""
    number = made.form.index(question) + 1
    lines = [
        _("Question {number} of {count}", number=number, count=len(made.form)),
        "",
        said(question.title),
        said(question.help),
        _hint(question),
    ]
    present = _present(question, given)
    return "\n".join([*lines[:3], *filter(None, lines[3:]), *(["", *present] if present else [])])


def _present(question: Question, given: Answer | None) -> list[str]:
    if given is None or given.is_empty:
        return []
    if given.files:
        here = ngettext("{count} file is here:", "{count} files are here:", len(given.files))
        return [here, *file_lines(given.files)]
    return [_("Your answer now: {answer}", answer=answer_words(question, given, PRESENT_LENGTH))]


def file_lines(files: tuple[SentFile, ...]) -> list[str]:
    return [f"{number}. {file_words(file)}" for number, file in enumerate(files, 1)]


def file_words(file: SentFile) -> str:
    """«logo.png, 1,2 МБ»."""
    name = shown(file.name, NAME_LENGTH) or (_("picture") if file.kind == "photo" else _("file"))
    if file.size < MEGABYTE // 10:
        return name
    size = format_decimal(round(file.size / MEGABYTE, 1), locale=language())
    return _("{name}, {size} MB", name=name, size=size)


def _hint(question: Question) -> str:
    match question.kind:
        case AnswerKind.NUMBER:
            return _bounds(question)
        case AnswerKind.DATE:
            return _("Send a date, such as 14.12 or 14.12.2026.")
        case AnswerKind.PHONE:
            return _("With the codes of the country and of the operator, such as +375 29 123-45-67.")
        case AnswerKind.PHOTO | AnswerKind.FILE:
            return _(
                "Up to {count}, each up to {most} MB; when all are here, tap “Ready”.",
                count=question.files,
                most=question.megabytes,
            )
    return ""


def _bounds(question: Question) -> str:
    least, most = question.least, question.most
    if least is not None and most is not None:
        return _("From {least} to {most}.", least=least, most=most)
    if least is not None:
        return _("{least} or more.", least=least)
    return _("{most} or less.", most=most) if most is not None else ""


def answer_words(question: Question, answer: Answer | None, limit: int = ANSWER_LENGTH) -> str:
    """In one line; a dash where the question was skipped."""
    if answer is None or answer.is_empty:
        return "—"
    if answer.files:
        return ngettext("{count} file", "{count} files", len(answer.files))
    if question.kind is AnswerKind.CHOICE:
        option = question.option(answer.value)
        return said(option.title) if option else shown(answer.value, limit)
    if question.kind is AnswerKind.DATE and (on := _day(answer.value)):
        return day(on)
    if question.kind is AnswerKind.PHONE:
        return spaced_phone(answer.value)
    return shown(answer.value, limit)


def _day(value: str) -> date | None:
    """None for what was answered before the catalogue asked for a date."""
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def tariff_words(tariff: Tariff) -> str:
    return "\n".join(filter(None, [said(tariff.title), said(tariff.description)]))


def ordered_words(tariff: Tariff, form: OrderForm) -> str:
    """What the questions are for, above the first: where one thing is made to order, nobody has chosen it."""
    period = tariff.period(form.months)
    assert period is not None
    return "\n".join([tariff_words(tariff), _("Price: {amount}", amount=money_of_all(period.prices))])


def answer_lines(made: MadeToOrder, answers: Mapping[str, Answer]) -> list[str]:
    return [
        f"• {_asked(question)} {answer_words(question, answers.get(question.name))}" for question in made.form
    ]


def _asked(question: Question) -> str:
    """No colon after what ends with a mark of its own."""
    title = said(question.title)
    return title if title.endswith(("?", ":", ".")) else f"{title}:"


def summary_words(tariff: Tariff, form: OrderForm, until: datetime, payer: str = "") -> str:
    """All that is sent in, what it will cost, and what is promised for it; `payer` where he chose one."""
    made, period = tariff.made_to_order, tariff.period(form.months)
    assert made is not None and period is not None
    terms = said(made.terms)
    return "\n".join(
        [
            _("Your order: {what}, {period}", what=said(tariff.title), period=months(form.months)),
            _("Price: {amount}", amount=money_of_all(period.prices)),
            *([_("Payer: {who}", who=shown(payer))] if payer else []),
            "",
            *answer_lines(made, form.answers),
            "",
            *([terms, ""] if terms else []),
            _("Nothing is to be paid now. We will look at it and answer by {moment}.", moment=moment(until)),
            _("By sending it in you accept the terms: /terms"),
        ]
    )
