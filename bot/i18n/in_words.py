"""Sums the way papers spell them: «Одна тысяча пятьсот рублей 00 копеек».

num2words knows no Kyrgyz, no som, and writes kopecks in words; tests hold ours against it where it can speak.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from bot.domain.money import EXPONENTS, Money
from bot.i18n.catalogues import language
from bot.i18n.numerals import NUMERALS, Forms, Numerals

Noun: TypeAlias = tuple[Forms, Forms]
"""The unit of a currency and its hundredth."""


@dataclass(frozen=True, slots=True)
class _Spelling:
    numerals: Numerals
    nouns: Mapping[str, Noun]
    minus: str


def in_words(amount: Money) -> str:
    """In the language spoken here; the hundredths stay digits, as is the custom."""
    spelling = _SPELLINGS[language()]
    base = 10 ** EXPONENTS[amount.currency]
    whole, rest = divmod(abs(amount.minor), base)
    unit, hundredth = spelling.nouns[amount.currency]
    numerals = spelling.numerals
    said = f"{numerals.say(whole, unit.feminine)} {numerals.agree(whole, unit)}"
    if amount.minor < 0:
        said = f"{spelling.minus} {said}"
    return f"{said[0].upper()}{said[1:]} {rest:02} {numerals.agree(rest, hundredth)}"


def _nouns(lines: str) -> Iterator[tuple[str, Noun]]:
    """A line a currency: «RUB рубль рубля рублей / копейка* копейки копеек»."""
    for line in lines.strip().splitlines():
        code, _, forms = line.strip().partition(" ")
        unit, _, hundredth = forms.partition(" / ")
        yield code, (Forms.read(unit), Forms.read(hundredth))


_SPELLINGS = {
    "ru": _Spelling(
        NUMERALS["ru"],
        minus="минус",
        nouns=dict(
            _nouns(
                """
                RUB рубль рубля рублей / копейка* копейки копеек
                BYN белорусский_рубль белорусских_рубля белорусских_рублей / копейка* копейки копеек
                KGS сом сома сомов / тыйын тыйына тыйынов
                KZT тенге тенге тенге / тиын тиына тиынов
                USD доллар_США доллара_США долларов_США / цент цента центов
                EUR евро евро евро / цент цента центов
                """
            )
        ),
    ),
    "be": _Spelling(
        NUMERALS["be"],
        minus="мінус",
        nouns=dict(
            _nouns(
                """
                RUB расійскі_рубель расійскія_рублі расійскіх_рублёў / капейка* капейкі капеек
                BYN беларускі_рубель беларускія_рублі беларускіх_рублёў / капейка* капейкі капеек
                KGS сом сомы сомаў / тыйын тыйыны тыйынаў
                KZT тэнге тэнге тэнге / тыйін тыйіны тыйінаў
                USD долар_ЗША долары_ЗША долараў_ЗША / цэнт цэнты цэнтаў
                EUR еўра еўра еўра / цэнт цэнты цэнтаў
                """
            )
        ),
    ),
    "ky": _Spelling(
        NUMERALS["ky"],
        minus="минус",
        nouns=dict(
            _nouns(
                """
                RUB рубль / копейка
                BYN беларусь_рубли / копейка
                KGS сом / тыйын
                KZT теңге / тыйын
                USD АКШ_доллары / цент
                EUR евро / цент
                """
            )
        ),
    ),
    "en": _Spelling(
        NUMERALS["en"],
        minus="minus",
        nouns=dict(
            _nouns(
                """
                RUB Russian_rouble Russian_roubles / kopeck kopecks
                BYN Belarusian_rouble Belarusian_roubles / kopeck kopecks
                KGS Kyrgyz_som Kyrgyz_soms / tyiyn tyiyns
                KZT Kazakhstani_tenge Kazakhstani_tenge / tiyn tiyns
                USD US_dollar US_dollars / cent cents
                EUR euro euros / cent cents
                """
            )
        ),
    ),
}
