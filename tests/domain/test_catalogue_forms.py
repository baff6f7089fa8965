"""Forms of what is made to order: questions, stages and what is promised."""

from __future__ import annotations

import pytest

from bot.domain.catalogue_file import parse_catalogue
from bot.domain.errors import CatalogueError
from bot.domain.form_terms import USUAL_STAGES, AnswerKind, MadeToOrder
from tests.domain.test_catalogue_desk import LEAST

FORM = '[[tariffs.line.form]]\nname = "about"\ntitle = "What?"\n'
OPTIONS = '[[tariffs.line.form.options]]\nname = "a"\ntitle = "A"\n'


def made_to_order(text: str) -> MadeToOrder | None:
    return parse_catalogue(LEAST + text).tariffs["line"].made_to_order


def test_a_tariff_without_a_form_is_not_made_to_order() -> None:
    assert made_to_order("") is None
    assert parse_catalogue(LEAST).made_to_order == ()


def test_a_form_alone_gets_the_usual_promises_and_stages() -> None:
    terms = made_to_order(FORM)
    assert terms is not None
    (question,) = terms.form
    assert (question.name, question.kind, question.required) == ("about", AnswerKind.TEXT, True)
    assert (terms.review_hours, terms.pay_days, terms.stages) == (24, 7, USUAL_STAGES)
    assert [terms.after(""), terms.after("working"), terms.after("done")] == [*USUAL_STAGES, None]


def test_what_is_paid_for_once_is_not_renewed() -> None:
    once = LEAST.replace("[tariffs.line]\n", "[tariffs.line]\nonce = true\n")
    assert not parse_catalogue(once + FORM).tariffs["line"].renews
    assert parse_catalogue(LEAST + FORM).tariffs["line"].renews
    with pytest.raises(CatalogueError, match='"once" has no use here'):
        parse_catalogue(once)


def test_everything_is_read() -> None:
    terms = made_to_order(
        FORM
        + '[[tariffs.line.form]]\nname = "which"\ntitle = "Which?"\nkind = "choice"\nhelp = "One."\n'
        + OPTIONS
        + '[[tariffs.line.form]]\nname = "many"\ntitle = "How many?"\nkind = "number"\nleast = 1\nmost = 5\n'
        + '[[tariffs.line.form]]\nname = "logo"\ntitle = "Logo"\nkind = "photo"\nfiles = 3\noptional = true\n'
        + '[[tariffs.line.stages]]\nname = "made"\ntitle = "Made"\ndays = 3\n'
    )
    assert terms is not None
    which, many, logo = terms.form[1:]
    assert [option.name for option in which.options] == ["a"]
    assert (many.least, many.most) == (1, 5)
    assert (logo.files, logo.required, logo.kind.is_file) == (3, False, True)
    assert [(stage.name, stage.days) for stage in terms.stages] == [("made", 3)]
    assert terms.question("logo") is logo and terms.question("gone") is None


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[[tariffs.line.stages]]\nname = "made"\ntitle = "Made"\n', '"stages" has no use here'),
        (FORM + FORM, 'name "about" stands twice in form'),
        (FORM.replace('"about"', '"About us"'), 'name "About us"'),
        (FORM + 'kind = "phonenumber"\n', 'kind "phonenumber" is not known'),
        (FORM + 'kind = "choice"\n', "0 of options"),
        (FORM + OPTIONS, '"options" has no use for this kind'),
        (FORM + 'kind = "number"\nleast = 5\nmost = 1\n', "least is more than most"),
        (FORM + 'kind = "date"\nmost = 5\n', '"most" has no use for this kind'),
        (FORM + 'kind = "date"\nleast = 400\n', "from -365 to 365"),
        (FORM + "files = 3\n", '"files" has no use for this kind'),
        (FORM + 'kind = "photo"\nfiles = 11\n', "write a whole number from 1 to 10"),
        (FORM + 'kind = "file"\nmegabytes = 2000\n', "write a whole number from 1 to 20"),
    ],
)
def test_a_mistake_is_told_with_its_line(text: str, told: str) -> None:
    with pytest.raises(CatalogueError) as error:
        made_to_order(text)
    assert told in str(error.value)
    assert "line " in str(error.value)
