import tomllib
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.catalogue import Catalogue, Goods
from bot.domain.catalogue_file import parse_catalogue, read_catalogue
from bot.domain.errors import CatalogueError
from bot.domain.money import Money

ROOT = Path(__file__).parents[2]
METHODS = (
    *("yookassa", "yookassa_card", "yookassa_sbp", "yookassa_sberpay", "yookassa_tpay", "yookassa_yoomoney"),
    *("yookassa_mobile", "robokassa", "robokassa_card", "robokassa_sbp", "webpay", "webpay_erip"),
    *("telegram_card", "stars", "terminal"),
)
GOOD = """\
[seller]
name = "Канал+"
legal_name = "ООО «Канал Плюс»"

[receipt]
vat = "none"

[tariffs.whatsapp]
kind = "messenger"
goods = "service"
title = { ru = "Ватсап", en = "WhatsApp" }

[tariffs.whatsapp.prices]
1 = { RUB = "990.00", KGS = 1000 }
3 = { RUB = 2820.50 }

[help]
email = "help@example.org"

[[help.phones]]
number = "+7 495 000-00-00"

[[help.phones]]
town = "Минск"
number = "+375 17 000-00-00"

[terms]
version = "1"
url = "https://example.org/terms"

[privacy]
version = "1"
text = "We keep little."
"""
PRICES = '1 = { RUB = "990.00", KGS = 1000 }\n3 = { RUB = 2820.50 }'


def good() -> Catalogue:
    return parse_catalogue(GOOD)


def mistake(old: str, new: str) -> str:
    """What is said of the good catalogue after one change."""
    assert GOOD.count(old) >= 1
    with pytest.raises(CatalogueError) as refused:
        parse_catalogue(GOOD.replace(old, new, 1))
    return str(refused.value)


def test_example_is_a_catalogue_with_three_currencies_and_stars() -> None:
    example = read_catalogue(ROOT / "catalog.example.toml")
    assert set(example.currencies) == {"RUB", "BYN", "KGS", "XTR"}
    assert {"whatsapp", "telegram", "line", "internet", "hosting"} <= set(example.tariffs)
    whatsapp = example.tariffs["whatsapp"]
    assert [period.months for period in whatsapp.periods] == [1, 3, 6, 12]


def test_example_says_everything_in_four_languages() -> None:
    with (ROOT / "catalog.example.toml").open("rb") as file:
        told = list(texts_in(tomllib.load(file)))
    assert len(told) > 50
    assert [text for text in told if text.keys() != {"ru", "en", "be", "ky"} or not all(text.values())] == []


def texts_in(part: object) -> Iterator[dict[str, str]]:
    """Every text of a catalogue that differs by language."""
    if isinstance(part, dict) and "ru" in part:
        yield part
    elif isinstance(part, dict):
        yield from chain.from_iterable(map(texts_in, part.values()))
    elif isinstance(part, list):
        yield from chain.from_iterable(map(texts_in, part))


def test_money_is_exact_in_quotes_and_without() -> None:
    tariff = good().tariffs["whatsapp"]
    assert tariff.goods is Goods.SERVICE
    assert tariff.periods[0].prices == (Money(99000, "RUB"), Money(100000, "KGS"))
    assert tariff.periods[1].prices == (Money(282050, "RUB"),)


def test_saving_is_against_the_shortest_period_in_the_same_currency() -> None:
    month, quarter = good().tariffs["whatsapp"].periods
    assert quarter.saving("RUB") == Money(3 * 99000 - 282050, "RUB")
    assert not month.saving("RUB")
    assert not quarter.saving("KGS")


def test_dearer_by_the_month_saves_nothing() -> None:
    tariff = parse_catalogue(GOOD.replace("2820.50", "3000")).tariffs["whatsapp"]
    assert tariff.periods[1].savings == ()


def test_missing_language_sees_the_first_one_written() -> None:
    title = good().tariffs["whatsapp"].title
    assert title.in_language("en") == "WhatsApp"
    assert title.in_language("ky") == "Ватсап"


def test_receipt_of_a_tariff_overrides_the_sellers() -> None:
    own = '[tariffs.whatsapp.receipt]\nvat = "20"\n\n[help]'
    receipt = parse_catalogue(GOOD.replace("[help]", own)).tariffs["whatsapp"].receipt
    assert (receipt.vat, receipt.subject, receipt.mode, receipt.measure) == (
        *("20", "service"),
        *("full_payment", "piece"),
    )


def test_consent_is_asked_only_where_a_country_wants_it() -> None:
    text = GOOD + '\n[consent.BY]\nversion = "1"\ntext = "I agree."\n'
    catalogue = parse_catalogue(text)
    assert catalogue.consent_for("RUB") is None
    found = catalogue.consent_for("BYN")
    assert found is not None
    assert found.version == "1"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"990.00"', '"990,00"', 'catalog.toml line 14: price "990,00": write "990.00"'),
        ('"990.00"', '"1 990.5"', 'line 14: price "1 990.5": write "1990.50"'),
        ('"990.00"', '"990.005"', 'line 14: price "990.005": write "990.00"'),
        ('"990.00"', "9e2", 'line 14: price "9e2"'),
        ('"990.00"', "true", 'line 14: price "True"'),
        ('"990.00"', "nan", 'line 14: price "nan"'),
        ('"990.00"', '"0"', "line 14: price \"0.00\": a price is more than nothing"),
        ('"990.00"', "990,00", "line 14: not TOML"),
        ("RUB =", "RUR =", 'line 14: unknown currency "RUR": known: RUB, '),
        ("3 = {", "2.5 = {", 'line 15: "2.5" is not a number of months'),
        ("3 = {", "three = {", 'line 15: "three" is not a number of months: write a whole number'),
        ("3 = {", "61 = {", 'line 15: "61" is not a number of months'),
        ("3 = {", "1 = {", "line 15: not TOML"),
        ("3 = { RUB = 2820.50 }", "3 = {}", "line 15: no price"),
        ("[tariffs.whatsapp.prices]", "[prices]", 'line 13: unknown key "prices"'),
        (PRICES, "", "line 8: no prices: add [tariffs.whatsapp.prices] with a line such as 1 = {"),
        ('kind = "mess', 'kinb = "mess', 'line 9: unknown key "kinb": did you mean "kind"?'),
        ('goods = "service"\n', "", 'line 8: "goods" is missing in [tariffs.whatsapp]: add goods = one of'),
        ('"service"', '"servise"', 'line 10: goods "servise" is not known: write one of "digital", '),
        ('"service"', '"digital"', "line 14: Telegram lets digital goods be sold for Stars only, not in RUB"),
        ("KGS = 1000", "XTR = 250", "line 14: Telegram keeps Stars (XTR) for digital goods: a service"),
        ('vat = "none"', 'vat = "19"', 'line 6: vat "19" is not known: write one of "none", "0"'),
        ('vat = "none"', 'vatt = "none"', 'line 6: unknown key "vatt": did you mean "vat"?'),
        ('vat = "none"\n', "", "line 7: sold in roubles, and receipts do not know the VAT: add [receipt]"),
        ("{ ru =", "{ russian =", 'line 11: "russian" is not a language'),
        ("title =", "addable = 1\ntitle =", 'line 11: "addable" is not a yes or no: write addable = true'),
        ("title =", 'ask = "?"\ntitle =', 'line 11: "ask" has no use here: say addable = true'),
        ("title =", "metered = true\ntitle =", "line 14: a metered tariff has no prices"),
        ("whatsapp]", "Whats App]", "line 8: not TOML"),
        ("[tariffs.whatsapp]", '[tariffs."ватсап"]', 'line 8: tariff id "ватсап": use 1 to 32 of a-z'),
        ("[help]", "[tariffs.whatsapp]\n[help]", "line 17: not TOML"),
        ('"Канал+"', "Канал+", "line 2: not TOML (Invalid value): texts stand in quotes"),
        ('"Канал+"', '"Канал+', "line 2: not TOML"),
        ('"Канал+"', '" "', 'line 2: "name" is empty: write name = "…"'),
        ('"Канал+"', "5", 'line 2: "name" is not a text: put it in quotes: name = "5"'),
        ('town = "Минск"', 'city = "Минск"', 'line 24: unknown key "city"'),
        ('text = "We', 'url = "We', 'line 33: "We keep little." is not an address'),
        ('text = "We keep little."', "", "line 31: [privacy] says nothing"),
        ("[privacy]\n", "[[privacy]]\n", 'line 31: "privacy" is not a table: write it as [privacy]'),
        ("[[help.phones]]\nnumber", "[help.phones.x]\nnumber", "not TOML"),
        ("[terms]\nver", "[limits]\nRUB = { least = 9, most = 1 }\n[terms]\nver", "line 28: least is more"),
        ("[terms]\nver", "[limits]\nRUB = { least = 9 }\n[terms]\nver", 'line 28: "most" is missing'),
        ("[terms]\nver", '[consent.UA]\nversion = "1"\n[terms]\nver', 'line 27: unknown key "UA"'),
        ("[terms]\nver", '[networks.El-Som]\n[terms]\nver', 'line 27: network "El-Som": use 1 to 32 of a-z'),
        ("[terms]\nver", '[networks.elsom]\ncurrency = "KGS"\n[terms]\nver', "line 27: [networks.elsom] has"),
        ("[terms]\nver", '[networks.x]\nsteps = [{xyz = "?"}]\n[terms]\nver', '"xyz" is not a language'),
    ],
)  # fmt: skip
def test_mistake_is_told_with_line_and_mend(old: str, new: str, said: str) -> None:
    message = mistake(old, new)
    assert said in message
    assert "\n" not in message


def test_networks_of_a_currency_come_with_their_steps() -> None:
    elsom = """
[networks.elsom]
title = "Elsom"
currency = "KGS"
steps = [
  { ru = "Нажмите «Услуги».", en = "Tap Services." },
  { ru = "Введите код." },
]
"""
    catalogue = parse_catalogue(GOOD + elsom)
    (network,) = catalogue.networks_in("KGS")
    assert [step.in_language("en") for step in network.steps] == ["Tap Services.", "Введите код."]
    assert catalogue.networks_in("RUB") == ()


def test_stars_are_the_money_of_digital_goods() -> None:
    digital = GOOD.replace('"service"', '"digital"').replace('RUB = "990.00", KGS = 1000', "XTR = 500")
    tariff = parse_catalogue(digital.replace("RUB = 2820.50", "XTR = 1400")).tariffs["whatsapp"]
    assert tariff.currencies == ("XTR",)
    assert tariff.periods[1].saving("XTR") == Money(100, "XTR")


def test_line_is_found_among_all_that_toml_allows() -> None:
    text = GOOD.replace(
        'url = "https://example.org/terms"',
        'text = """\nA text = with { all ] kinds # of\n"marks" \\""" in it."""\nurl = \'ftp://x\' # "old"',
    )
    with pytest.raises(CatalogueError, match=r'line 32: "ftp://x" is not an address'):
        parse_catalogue(text)


def test_windows_line_ends_and_byte_order_mark_are_fine() -> None:
    assert parse_catalogue("\ufeff" + GOOD.replace("\n", "\r\n")) == good()


def test_unreadable_file_is_a_catalogue_error(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match=r"copy catalog\.example\.toml"):
        read_catalogue(tmp_path / "none.toml")
    (tmp_path / "old.toml").write_bytes(GOOD.encode("cp1251", "replace"))
    with pytest.raises(CatalogueError, match="not UTF-8: save it"):
        read_catalogue(tmp_path / "old.toml")


@given(st.integers(0, len(GOOD) - 1), st.text(max_size=4))
def test_any_slip_of_the_pen_is_a_catalogue_or_a_catalogue_error(at: int, slip: str) -> None:
    try:
        parse_catalogue(GOOD[:at] + slip + GOOD[at + 1 :])
    except CatalogueError as error:
        assert " line " in str(error)


@pytest.mark.parametrize("name", METHODS)
def test_the_example_says_what_each_method_costs_and_how_soon_it_counts(name: str) -> None:
    terms = read_catalogue(ROOT / "catalog.example.toml").method(name)
    assert terms.fee and terms.counts
