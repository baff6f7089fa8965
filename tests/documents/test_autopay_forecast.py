"""The chart of autopays: bars in proportion, reasons in words, a picture that can be looked at."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from bot import i18n
from bot.documents.autopay_forecast import MOST_REASONS, TEMPLATE, forecast_paper
from bot.documents.press import Press
from bot.documents.registry import Sources
from bot.documents.typesetter import Typesetter
from bot.domain.autopay_reports import DAYS, AutopayReport, CurrencyReport, Day, Failures, Standing
from bot.domain.autopays import AutopayState
from bot.domain.catalogue_file import read_catalogue
from bot.domain.documents import Enclosure
from bot.domain.money import Money

TODAY = date(2026, 11, 22)


def days(*minors: int) -> list[Day]:
    return [
        Day(TODAY + timedelta(days=number), Money(minor, "RUB"), 1) for number, minor in enumerate(minors)
    ]


REPORT = AutopayReport(
    TODAY,
    [CurrencyReport("RUB", days(100_000, 50_000, 1))],
    [Failures(f"reason-{number}", 1) for number in range(MOST_REASONS + 3)],
    [Standing(AutopayState.ACTIVE, "", 7), Standing(AutopayState.PAUSED, "card_unlinked", 2)],
    unknown=1,
)


def test_bars_are_in_proportion_and_every_day_has_its_place() -> None:
    expected, charged = forecast_paper(REPORT, "Seller")["panels"]
    assert expected["bars"] == [1000, 500, 10] + [0] * (DAYS - 3)
    assert charged["bars"] == [0] * DAYS
    assert expected["labels"][:2] == ["22.11", "27.11"]


def test_rare_reasons_are_told_together() -> None:
    with i18n.speaking("ru"):
        failed, paused = forecast_paper(REPORT, "Seller")["lists"]
    assert failed["rows"][-1] == ["другие причины", "3", 1000]
    assert paused["rows"] == [["карта отвязана", "2", 1000]]


@pytest.mark.parametrize("report", [REPORT, AutopayReport(TODAY)])
async def test_it_is_one_picture_in_every_language(typesetter: Typesetter, report: AutopayReport) -> None:
    for language in i18n.LANGUAGES:
        with i18n.speaking(language):
            (picture,) = await typesetter.png(TEMPLATE, forecast_paper(report, "Seller"))
        assert picture.startswith(b"\x89PNG")


async def test_the_table_has_every_figure(typesetter: Typesetter) -> None:
    async def found() -> AutopayReport:
        return REPORT

    house = cast("Any", SimpleNamespace(autopay_reports=SimpleNamespace(report=found)))
    press = Press(Sources(house, read_catalogue(Path("catalog.example.toml")), typesetter))
    file = await press.make(Enclosure("autopay_forecast_csv", {}), "ru")
    text = file.content.decode("utf-8-sig")
    assert "Ожидается;2026-11-22;1;1000,00;RUB" in text
    assert "На паузе;карта отвязана;2;;" in text
    assert "Исход пока неизвестен;;1;;" in text
