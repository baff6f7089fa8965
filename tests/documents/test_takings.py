"""The picture of takings: bars in proportion, the largest rows by name, a table with every figure."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from bot import i18n
from bot.documents.press import Press
from bot.documents.registry import Sources
from bot.documents.takings import MOST_BARS, MOST_ROWS, TEMPLATE, takings_paper
from bot.documents.typesetter import Typesetter
from bot.domain.catalogue_file import read_catalogue
from bot.domain.documents import Enclosure
from bot.domain.money import Money
from bot.domain.takings import Declined, Flow, Span, Taking, Takings

TODAY = date(2026, 11, 22)
WEEK = Span(TODAY - timedelta(days=6), TODAY)


def taking(minor: int, back: int = 0, method: str = "yookassa_card", currency: str = "RUB") -> Taking:
    on = TODAY - timedelta(days=back)
    return Taking(on, Flow.CAME, method, "whatsapp", Money(minor, currency), 1)


REPORT = Takings(
    WEEK,
    [taking(100_000), taking(50_000, 1), taking(1, 6), taking(59_000, currency="BYN", method="webpay")],
    declined=[Declined("RUB", "no_funds", 2)],
    expected=[Money(99_000, "RUB")],
    owed=[Money(100, "RUB")],
)


CATALOGUE = read_catalogue(Path("catalog.example.toml"))


def sources(typesetter: Typesetter | None = None) -> Sources:
    async def found(_span: Span) -> Takings:
        return REPORT

    house = cast("Any", SimpleNamespace(takings=SimpleNamespace(report=found, told=found)))
    return Sources(house, CATALOGUE, cast("Any", typesetter))


def test_bars_are_in_proportion_and_every_day_has_its_place() -> None:
    rubles, belarusian = takings_paper(REPORT, CATALOGUE)["sections"]
    assert rubles["panel"]["bars"] == [10, 0, 0, 0, 0, 500, 1000]
    assert belarusian["panel"]["bars"] == [0] * 6 + [1000]


def test_a_year_has_bars_that_can_be_seen() -> None:
    year = Takings(Span(TODAY - timedelta(days=364), TODAY), REPORT.takings)
    panel = takings_paper(year, CATALOGUE)["sections"][0]["panel"]
    assert len(panel["bars"]) <= MOST_BARS
    assert len(panel["labels"]) <= 6


def test_small_methods_are_told_together() -> None:
    many = [taking(1000 * number, method=f"network-{number}") for number in range(1, 10)]
    with i18n.speaking("ru"):
        methods, _tariffs = takings_paper(Takings(WEEK, many), CATALOGUE)["sections"][0]["lists"]
    assert len(methods["rows"]) == MOST_ROWS + 1
    assert methods["rows"][-1][:2] == ["остальное", "60\N{NO-BREAK SPACE}₽"]


@pytest.mark.parametrize("report", [REPORT, Takings(WEEK)])
async def test_it_is_one_picture_in_every_language(typesetter: Typesetter, report: Takings) -> None:
    for language in i18n.LANGUAGES:
        with i18n.speaking(language):
            (picture,) = await typesetter.png(TEMPLATE, takings_paper(report, CATALOGUE))
        assert picture.startswith(b"\x89PNG")


async def test_a_bookkeeper_gets_amounts_with_his_comma(typesetter: Typesetter) -> None:
    file = await Press(sources(typesetter)).make(
        Enclosure("takings_csv", {"first": "2026-11-16", "last": "2026-11-22"}), "ru"
    )
    text = file.content.decode("utf-8-sig")
    assert file.name == "takings-2026-11-16-2026-11-22.csv"
    assert "2026-11-22;Пришло;Банковская карта;WhatsApp;1;1000,00;RUB" in text
    assert ";Отклонено;нет денег на карте;;2;;RUB" in text
    assert ";Балансы ниже нуля;;;;1,00;RUB" in text
