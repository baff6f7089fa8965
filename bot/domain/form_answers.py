"""What counts as an answer to an order form's question: each kind in its one normal form."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from urllib.parse import SplitResult, urlsplit

from bot.domain.contacts import demand_email, normal_phone
from bot.domain.errors import CustomerError
from bot.domain.form_terms import MEGABYTE, AnswerKind, MadeToOrder, Question
from bot.domain.order_forms import Answer, SentFile

WANTED = {
    AnswerKind.TEXT: "words_wanted",
    AnswerKind.LINK: "bad_link",
    AnswerKind.NUMBER: "bad_number",
    AnswerKind.CHOICE: "choice_wanted",
    AnswerKind.EMAIL: "bad_email",
    AnswerKind.PHONE: "bad_phone",
    AnswerKind.DATE: "day_wanted",
    AnswerKind.PHOTO: "picture_wanted",
    AnswerKind.FILE: "file_wanted",
}
"""The refusal of whatever is none of it: its sentence says what to send."""

LONGEST = 2000
LONGEST_LINK = 500
_NUMBER = re.compile(r"([-−–]?)(\d{1,12})(?:[.,]0+)?")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:(?!\d)", re.IGNORECASE)
_DAY = re.compile(r"(\d{1,2})\s?[./ -]\s?(\d{1,2})(?:\s?[./ -]\s?(\d{4}|\d{2}))?\s?г?\.?")
_ISO_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
FIRST_YEAR, LAST_YEAR = 1900, 2099


def read_answer(question: Question, text: str, today: date) -> str:
    """What was typed, as it is kept; a CustomerError says what to send instead."""
    read = _READERS.get(question.kind)
    if read is None:
        raise CustomerError(WANTED[question.kind])
    return read(question, text, today)


def check_file(question: Question, file: SentFile) -> None:
    """Refuse a file that is no answer; a picture may come as a file as well, so that it keeps its quality."""
    if not question.kind.is_file:
        raise CustomerError(WANTED[question.kind])
    if question.kind is AnswerKind.PHOTO and not file.is_picture:
        raise CustomerError(WANTED[question.kind])
    if file.size > question.megabytes * MEGABYTE:
        raise CustomerError("file_too_large", most=question.megabytes)


def answers(question: Question, answer: Answer | None) -> bool:
    """Whether this answers the question as it is asked today; a skipped one does where one may skip."""
    if answer is None:
        return False
    if answer.is_empty:
        return not question.required
    if question.kind.is_file:
        return bool(answer.files)
    return not answer.files and _still_fits(question, answer.value)


def first_open(form: MadeToOrder, given: Mapping[str, Answer]) -> Question | None:
    """The question to be asked next; None when nothing is left to ask."""
    return next((each for each in form.form if not answers(each, given.get(each.name))), None)


def _still_fits(question: Question, value: str) -> bool:
    try:
        return read_answer(question, value, date.min) == value
    except CustomerError:
        return False


def _words(_question: Question, text: str, _today: date) -> str:
    """Line breaks stay; what nobody can see goes."""
    visible = "".join(each for each in text if each.isprintable() or each == "\n").strip()
    if not visible:
        raise CustomerError("words_wanted")
    if len(visible) > LONGEST:
        raise CustomerError("answer_too_long", most=LONGEST)
    return visible


def _link(_question: Question, text: str, _today: date) -> str:
    return read_link(text)


def read_link(text: str) -> str:
    """An address of the web as it is opened; CustomerError "bad_link" for anything else."""
    typed = text.strip()
    address = typed if _SCHEME.match(typed) else f"https://{typed}"
    try:
        parts = urlsplit(address)
        fits = _is_site(parts) and len(address) <= LONGEST_LINK
    except ValueError:
        fits = False
    if not fits or any(each.isspace() or not each.isprintable() for each in address):
        raise CustomerError("bad_link")
    host = parts.netloc.lower()
    return parts._replace(scheme=parts.scheme.lower(), netloc=host).geturl()


def _is_site(parts: SplitResult) -> bool:
    """An address of the web that anybody can open; one with a password in it is shown to nobody."""
    host = parts.hostname or ""
    is_web = parts.scheme.lower() in ("http", "https") and "@" not in parts.netloc
    labels = host.encode("idna").decode().split(".")
    return is_web and len(labels) > 1 and all(labels) and (parts.port is None or parts.port > 0)


def _number(question: Question, text: str, _today: date) -> str:
    """A whole one: «5», «5,0» and «1 000» are; «5,5» is none."""
    found = _NUMBER.fullmatch(re.sub(r"[\s_]", "", text[:40]))
    if found is None:
        raise CustomerError("bad_number")
    number = int(found[2]) * (-1 if found[1] else 1)
    if question.least is not None and number < question.least:
        raise CustomerError("number_too_small", least=question.least)
    if question.most is not None and number > question.most:
        raise CustomerError("number_too_big", most=question.most)
    return str(number)


def _email(_question: Question, text: str, _today: date) -> str:
    return demand_email(text)


def _phone(_question: Question, text: str, _today: date) -> str:
    phone = normal_phone(text)
    if phone is None:
        raise CustomerError("bad_phone")
    return phone


def _choice(question: Question, text: str, _today: date) -> str:
    """By its name, as a button means it, or by its title in any language, as somebody types it."""
    wanted = text.strip().casefold()
    for option in question.options:
        titles = [title.casefold() for title in option.title.by_language.values()]
        if wanted in (option.name, *titles):
            return option.name
    raise CustomerError("choice_wanted")


def _day(question: Question, text: str, today: date) -> str:
    day = _typed_day(text.strip(), today)
    if day is None:
        raise CustomerError("day_wanted")
    if question.least is not None and day < (first := today + timedelta(days=question.least)):
        raise CustomerError("day_too_early", first=first)
    return day.isoformat()


def _typed_day(typed: str, today: date) -> date | None:
    """«14.12», the next one; «14.12.2026», «14/12/26» and 2026-12-14 as they stand."""
    try:
        if iso := _ISO_DAY.fullmatch(typed):
            return _within(date(int(iso[1]), int(iso[2]), int(iso[3])))
        if found := _DAY.fullmatch(typed):
            return _within(_local_day(*found.groups(), today=today))
    except ValueError:
        pass
    return None


def _local_day(number: str, month: str, year: str | None, *, today: date) -> date:
    if year is not None:
        return date(int(year) + (2000 if len(year) == 2 else 0), int(month), int(number))
    years = range(today.year, today.year + 9)  # nine of them hold a 29th of February
    days = (_or_none(each, int(month), int(number)) for each in years)
    coming = next((day for day in days if day is not None and day >= today), None)
    if coming is None:
        raise ValueError
    return coming


def _or_none(year: int, month: int, number: int) -> date | None:
    try:
        return date(year, month, number)
    except ValueError:
        return None


def _within(day: date) -> date:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError
    return day


_READERS: Mapping[AnswerKind, Callable[[Question, str, date], str]] = {
    AnswerKind.TEXT: _words,
    AnswerKind.LINK: _link,
    AnswerKind.NUMBER: _number,
    AnswerKind.CHOICE: _choice,
    AnswerKind.EMAIL: _email,
    AnswerKind.PHONE: _phone,
    AnswerKind.DATE: _day,
}
