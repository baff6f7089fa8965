"""What counts as an answer to an order form's question."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.domain.errors import CustomerError
from bot.domain.form_answers import WANTED, answers, check_file, first_open, read_answer
from bot.domain.form_terms import AnswerKind, MadeToOrder, Option, Question
from bot.domain.order_forms import Answer, SentFile
from bot.domain.texts import Text

TODAY = date(2026, 11, 22)
TITLE = Text({"en": "A question", "ru": "Вопрос"})
OPTIONS = (Option("ios", Text({"en": "iPhone", "ru": "Айфон"})), Option("android", Text({"en": "Android"})))


def question(kind: AnswerKind, **more: object) -> Question:
    return Question("name", TITLE, kind, **more)  # type: ignore[arg-type]  # its fields, by name


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        (AnswerKind.TEXT, "  Two\nlines\x00\u202e ", "Two\nlines"),
        (AnswerKind.LINK, "Example.ORG/Path?q=1", "https://example.org/Path?q=1"),
        (AnswerKind.LINK, " HTTP://пример.рф ", "http://пример.рф"),
        (AnswerKind.LINK, "example.org:8080/a", "https://example.org:8080/a"),
        (AnswerKind.NUMBER, "5", "5"),
        (AnswerKind.NUMBER, "5,0", "5"),
        (AnswerKind.NUMBER, "1 000.00", "1000"),
        (AnswerKind.NUMBER, "−7", "-7"),
        (AnswerKind.NUMBER, "007", "7"),
        (AnswerKind.EMAIL, " anna@Example.org\u200b", "anna@example.org"),
        (AnswerKind.PHONE, "+375 (29) 123-45-67", "+375291234567"),
        (AnswerKind.CHOICE, "айфон", "ios"),
        (AnswerKind.CHOICE, "android", "android"),
        (AnswerKind.DATE, "14.12", "2026-12-14"),
        (AnswerKind.DATE, "1.2", "2027-02-01"),
        (AnswerKind.DATE, "22.11", "2026-11-22"),
        (AnswerKind.DATE, "29.02", "2028-02-29"),
        (AnswerKind.DATE, "14/12/27", "2027-12-14"),
        (AnswerKind.DATE, "14.12.2027 г.", "2027-12-14"),
        (AnswerKind.DATE, "2027-12-14", "2027-12-14"),
        (AnswerKind.DATE, "9.5.1985", "1985-05-09"),
    ],
)
def test_an_answer_has_one_normal_form(kind: AnswerKind, typed: str, kept: str) -> None:
    asked = question(kind, options=OPTIONS if kind is AnswerKind.CHOICE else ())
    assert read_answer(asked, typed, TODAY) == kept
    assert answers(asked, Answer(kept))


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        (AnswerKind.TEXT, " \n\u200b "),
        *(
            (AnswerKind.LINK, typed)
            for typed in ("ftp://example.org", "example", "javascript:alert(1)", "a b.org")
        ),
        *(
            (AnswerKind.LINK, typed)
            for typed in ("https://me:secret@example.org", "https://", "http://[::1", "")
        ),
        *((AnswerKind.LINK, typed) for typed in ("https://exa mple.org", "https://a..org", "mailto:a@b.org")),
        *((AnswerKind.NUMBER, typed) for typed in ("5,5", "five", "", "1e5", "5-7", "9" * 13)),
        *((AnswerKind.EMAIL, typed) for typed in ("anna", "anna@", "@example.org")),
        *((AnswerKind.PHONE, typed) for typed in ("29 123-45-67", "123", "позвоните", "+375 00 000-00-00")),
        (AnswerKind.CHOICE, "windows"),
        *(
            (AnswerKind.DATE, typed)
            for typed in ("31.02", "30.02.2027", "14", "tomorrow", "14.13", "0.1", "1.1.3000")
        ),
        (AnswerKind.PHOTO, "a picture"),
        (AnswerKind.FILE, "a file"),
    ],
)
def test_what_is_none_is_told_what_to_send(kind: AnswerKind, typed: str) -> None:
    with pytest.raises(CustomerError) as refused:
        read_answer(question(kind, options=OPTIONS), typed, TODAY)
    assert refused.value.code == WANTED[kind]


def test_a_number_stays_within_its_bounds() -> None:
    asked = question(AnswerKind.NUMBER, least=1, most=5)
    assert [read_answer(asked, typed, TODAY) for typed in ("1", "5")] == ["1", "5"]
    for typed, code in (("0", "number_too_small"), ("6", "number_too_big")):
        with pytest.raises(CustomerError, match=code):
            read_answer(asked, typed, TODAY)


def test_a_day_may_have_to_lie_ahead() -> None:
    asked = question(AnswerKind.DATE, least=1)
    tomorrow = TODAY + timedelta(days=1)
    assert read_answer(asked, tomorrow.isoformat(), TODAY) == tomorrow.isoformat()
    for typed in (TODAY.isoformat(), "1.1.2020"):
        with pytest.raises(CustomerError, match="day_too_early") as refused:
            read_answer(asked, typed, TODAY)
        assert refused.value.blanks == {"first": tomorrow}
    assert answers(asked, Answer("2020-01-01")), "what was given once is not asked again when days go by"


@given(some.sampled_from(list(AnswerKind)), some.text(max_size=60))
def test_whatever_is_typed_is_kept_well_or_refused(kind: AnswerKind, typed: str) -> None:
    asked = question(kind, options=OPTIONS)
    try:
        kept = read_answer(asked, typed, TODAY)
    except CustomerError:
        return
    kept.encode()
    assert "\x00" not in kept
    assert answers(asked, Answer(kept))


def test_files_are_measured_and_pictures_are_pictures() -> None:
    photo, file = question(AnswerKind.PHOTO, megabytes=5), question(AnswerKind.FILE)
    check_file(photo, SentFile("1", "photo", size=5_000_000))
    check_file(photo, SentFile("1", "document", "LOGO.PNG"))
    check_file(file, SentFile("1", "document", "anything"))
    for asked, sent, code in (
        (photo, SentFile("1", "photo", size=5_000_001), "file_too_large"),
        (photo, SentFile("1", "document", "logo.pdf"), "picture_wanted"),
        (file, SentFile("1", "document", size=2_000_000_000), "file_too_large"),
        (question(AnswerKind.TEXT), SentFile("1", "photo"), "words_wanted"),
    ):
        with pytest.raises(CustomerError, match=code):
            check_file(asked, sent)


def test_answers_are_held_against_todays_questions() -> None:
    """The catalogue may have changed since they were given."""
    picture = Answer(files=(SentFile("1", "photo"),))
    number = question(AnswerKind.NUMBER, most=5)
    assert not answers(number, None)
    assert not answers(number, Answer())
    assert answers(question(AnswerKind.NUMBER, required=False), Answer())
    assert not answers(number, Answer("6"))
    assert not answers(number, picture)
    assert not answers(question(AnswerKind.CHOICE, options=OPTIONS), Answer("windows"))
    assert answers(question(AnswerKind.PHOTO), picture)
    assert not answers(question(AnswerKind.PHOTO), Answer("words"))


def test_the_first_open_question_is_asked() -> None:
    form = MadeToOrder((Question("one", TITLE), Question("two", TITLE, required=False)))
    one, two = form.form
    assert first_open(form, {}) == one
    assert first_open(form, {"one": Answer("yes")}) == two
    assert first_open(form, {"one": Answer("yes"), "two": Answer(), "gone": Answer("no")}) is None
