"""Whole numbers in words, and the form a noun takes beside them: Russian, Belarusian, Kyrgyz, English."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

Choice: TypeAlias = Callable[[int], int]
"""Which of a noun's forms stands beside this number."""


@dataclass(frozen=True, slots=True)
class Forms:
    """A noun as it stands beside numbers: рубль, рубля, рублей; or one form for all."""

    words: tuple[str, ...]
    feminine: bool = False

    @classmethod
    def read(cls, line: str) -> Forms:
        """«копейка* копейки копеек»: a star marks the feminine, _ stands for a space inside a form."""
        words = tuple(word.rstrip("*").replace("_", " ") for word in line.split())
        return cls(words, feminine="*" in line)


@dataclass(frozen=True, slots=True)
class Numerals:
    """The words of one language. `scales` are the thousand, the million and so on."""

    zero: str
    units: tuple[str, ...]
    """One to nineteen; a language may make those above ten of two words, then it has nine."""
    tens: tuple[str, ...]
    hundreds: tuple[str, ...]
    scales: tuple[Forms, ...]
    choice: Choice
    feminine: dict[str, str] = field(default_factory=dict)
    """What one and two become beside a feminine noun."""
    between: str = " "
    """Between tens and units: twenty-one."""
    before_small: str = ""
    """What joins a part below a hundred to what stands before it: one hundred and one."""

    def say(self, number: int, feminine: bool = False) -> str:
        return " ".join(self._groups(number, feminine)) or self.zero

    def agree(self, number: int, noun: Forms) -> str:
        return noun.words[min(self.choice(number), len(noun.words) - 1)]

    def _groups(self, number: int, feminine: bool) -> Iterator[str]:
        if number >= 1000 ** (len(self.scales) + 1):
            raise ValueError(f"{number} has no name here")
        for power in range(len(self.scales), 0, -1):
            group = number // 1000**power % 1000
            if group:
                scale = self.scales[power - 1]
                yield f"{self._below_thousand(group, scale.feminine)} {self.agree(group, scale)}"
        if rest := number % 1000:
            joined = self.before_small if number >= 1000 and rest < 100 else ""
            yield joined + self._below_thousand(rest, feminine)

    def _below_thousand(self, number: int, feminine: bool) -> str:
        hundreds, rest = divmod(number, 100)
        parts = [self.hundreds[hundreds - 1]] if hundreds else []
        if rest:
            parts.append((self.before_small if hundreds else "") + self._below_hundred(rest, feminine))
        return " ".join(parts)

    def _below_hundred(self, number: int, feminine: bool) -> str:
        tens, ones = divmod(number, 10)
        if number <= len(self.units):
            tens, ones = 0, number
        parts = [self.tens[tens - 1]] if tens else []
        if ones:
            word = self.units[ones - 1]
            parts.append(self.feminine.get(word, word) if feminine else word)
        return self.between.join(parts)


def _slavic(number: int) -> int:
    if 11 <= number % 100 <= 14:
        return 2
    return {1: 0, 2: 1, 3: 1, 4: 1}.get(number % 10, 2)


def _english(number: int) -> int:
    return 0 if number == 1 else 1


def _scales(*lines: str) -> tuple[Forms, ...]:
    return tuple(Forms.read(line) for line in lines)


def _words(line: str) -> tuple[str, ...]:
    return tuple(line.split())


NUMERALS = {
    "ru": Numerals(
        zero="ноль",
        units=_words(
            "один два три четыре пять шесть семь восемь девять десять одиннадцать двенадцать тринадцать "
            "четырнадцать пятнадцать шестнадцать семнадцать восемнадцать девятнадцать"
        ),
        tens=_words("десять двадцать тридцать сорок пятьдесят шестьдесят семьдесят восемьдесят девяносто"),
        hundreds=_words("сто двести триста четыреста пятьсот шестьсот семьсот восемьсот девятьсот"),
        scales=_scales(
            "тысяча* тысячи тысяч",
            "миллион миллиона миллионов",
            "миллиард миллиарда миллиардов",
            "триллион триллиона триллионов",
            "квадриллион квадриллиона квадриллионов",
        ),
        feminine={"один": "одна", "два": "две"},
        choice=_slavic,
    ),
    "be": Numerals(
        zero="нуль",
        units=_words(
            "адзін два тры чатыры пяць шэсць сем восем дзевяць дзесяць адзінаццаць дванаццаць трынаццаць "
            "чатырнаццаць пятнаццаць шаснаццаць сямнаццаць васямнаццаць дзевятнаццаць"
        ),
        tens=_words(
            "дзесяць дваццаць трыццаць сорак пяцьдзясят шэсцьдзясят семдзесят восемдзесят дзевяноста"
        ),
        hundreds=_words("сто дзвесце трыста чатырыста пяцьсот шэсцьсот семсот восемсот дзевяцьсот"),
        scales=_scales(
            "тысяча* тысячы тысяч",
            "мільён мільёны мільёнаў",
            "мільярд мільярды мільярдаў",
            "трыльён трыльёны трыльёнаў",
            "квадрыльён квадрыльёны квадрыльёнаў",
        ),
        feminine={"адзін": "адна", "два": "дзве"},
        choice=_slavic,
    ),
    "ky": Numerals(
        zero="нөл",
        units=_words("бир эки үч төрт беш алты жети сегиз тогуз"),
        tens=_words("он жыйырма отуз кырк элүү алтымыш жетимиш сексен токсон"),
        hundreds=("жүз", *(f"{word} жүз" for word in _words("эки үч төрт беш алты жети сегиз тогуз"))),
        scales=_scales("миң", "миллион", "миллиард", "триллион", "квадриллион"),
        choice=lambda _: 0,
    ),
    "en": Numerals(
        zero="zero",
        units=_words(
            "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
            "sixteen seventeen eighteen nineteen"
        ),
        tens=_words("ten twenty thirty forty fifty sixty seventy eighty ninety"),
        hundreds=tuple(f"{word} hundred" for word in _words("one two three four five six seven eight nine")),
        scales=_scales("thousand", "million", "billion", "trillion", "quadrillion"),
        choice=_english,
        between="-",
        before_small="and ",
    ),
}
