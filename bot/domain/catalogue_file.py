"""catalog.toml → Catalogue. A mistake is a CatalogueError with its line, the reason and the mend."""

from __future__ import annotations

import pathlib
import re
from collections.abc import Mapping

from bot.domain.catalogue import (
    COUNTRY_CURRENCIES,
    MEASURES,
    MODES,
    SUBJECTS,
    VATS,
    AnswerKind,
    Catalogue,
    Goods,
    Help,
    Limits,
    MethodTerms,
    Paper,
    Period,
    Phone,
    Question,
    ReceiptTerms,
    Seller,
    Tariff,
    Text,
)
from bot.domain.errors import BadAmount, CatalogueError
from bot.domain.money import EXPONENTS, Money
from bot.domain.toml_table import Source, Table

LONGEST_PERIOD = 60
_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")
_MONTHS = re.compile(r"[1-9][0-9]?")
_LANGUAGE = re.compile(r"[a-z]{2}")
_RECEIPT_KEYS = ("vat", "subject", "mode", "measure")


def read_catalogue(path: pathlib.Path) -> Catalogue:
    """Read the file; a missing or unreadable one is a CatalogueError as well."""
    try:
        return parse_catalogue(path.read_text(encoding="utf-8-sig"), path.name)
    except UnicodeDecodeError:
        raise CatalogueError(f"{path.name} is not UTF-8: save it in that encoding") from None
    except OSError as error:
        mend = "copy catalog.example.toml and change it, or set CATALOG_PATH"
        raise CatalogueError(f"{path} cannot be read ({error.strerror}): {mend}") from None


def parse_catalogue(text: str, name: str = "catalog.toml") -> Catalogue:
    """Read a catalogue; `name` is what the messages call it."""
    top = Source(text, name).top
    top.only(
        ("seller", "receipt", "tariffs", "help", "terms", "privacy", "methods", "limits", "consent"),
    )
    return Catalogue(
        seller=_seller(top.table("seller")),
        tariffs=_tariffs(top),
        help=_help(top.table("help")),
        terms=_paper(top.table("terms")),
        privacy=_paper(top.table("privacy")),
        methods={
            method: _method(top.table("methods").table(method)) for method in top.table("methods").values
        },
        limits=_limits(top.table("limits")),
        consents=_consents(top.table("consent")),
    )


def _seller(table: Table) -> Seller:
    table.only(("name", "legal_name", "tax_number", "address", "site"))
    return Seller(
        name=table.string("name"),
        legal_name=table.string("legal_name"),
        tax_number=table.string("tax_number", ""),
        address=table.string("address", ""),
        site=table.string("site", ""),
    )


def _tariffs(top: Table) -> Mapping[str, Tariff]:
    table, defaults = top.table("tariffs"), top.table("receipt")
    defaults.only(_RECEIPT_KEYS)
    if not table.values:
        table.wrong(None, "there is nothing to sell", "add a tariff: [tariffs.whatsapp]")
    for key in table.values:
        if _ID.fullmatch(key) is None:
            table.wrong(key, f'tariff id "{key}"', "use 1 to 32 of a-z, 0-9, - and _")
    return {key: _tariff(key, table.table(key), defaults) for key in table.values}


def _tariff(tariff_id: str, table: Table, defaults: Table) -> Tariff:
    table.only(
        ("kind", "title", "description", "goods", "prices", "receipt", "form", "metered", "addable", "ask")
    )
    goods, metered, addable = (
        Goods(table.choice("goods", list(Goods))),
        table.flag("metered"),
        table.flag("addable"),
    )
    periods = _periods(table, metered)
    if goods is Goods.DIGITAL:
        _only_stars(table, periods)
    if "ask" in table and not addable:
        table.wrong("ask", '"ask" has no use here', "say addable = true as well, or leave it out")
    sold_in_roubles = any(period.price("RUB") for period in periods)
    return Tariff(
        id=tariff_id,
        kind=table.string("kind", example="messenger"),
        title=_words(table, "title"),
        goods=goods,
        periods=periods,
        receipt=_receipt(table.table("receipt"), defaults, needed=sold_in_roubles),
        description=_optional_words(table, "description"),
        form=tuple(_question(each) for each in table.tables("form")),
        metered=metered,
        addable=addable,
        ask=_optional_words(table, "ask"),
    )


def _periods(tariff: Table, metered: bool) -> tuple[Period, ...]:
    table = tariff.table("prices")
    if metered and table.values:
        tariff.wrong("prices", "a metered tariff has no prices", "leave out the prices, or metered = true")
    if not metered and not table.values:
        tariff.wrong(None, "no prices", f'add [{table.name}] with a line such as 1 = {{ RUB = "990.00" }}')
    priced = sorted((_months(table, key), _prices(table.table(key))) for key in table.values)
    return tuple(Period(months, prices, _savings(months, prices, priced[0])) for months, prices in priced)


def _months(table: Table, key: str) -> int:
    fraction = next((f".{below}" for below in table.table(key).values if below.isdigit()), "")
    if fraction or _MONTHS.fullmatch(key) is None or int(key) > LONGEST_PERIOD:  # TOML reads 2.5 as 2, then 5
        mend = f"write a whole number from 1 to {LONGEST_PERIOD}"
        table.wrong(key, f'"{key}{fraction}" is not a number of months', mend)
    return int(key)


def _prices(table: Table) -> tuple[Money, ...]:
    if not table.values:
        table.wrong(None, "no price", 'write a currency and an amount: { RUB = "990.00" }')
    return tuple(_price(table, code) for code in table.values)


def _savings(
    months: int, prices: tuple[Money, ...], shortest: tuple[int, tuple[Money, ...]]
) -> tuple[Money, ...]:
    """Against the same months at the shortest period's price; a currency without such a price saves none."""
    at_first = {price.currency: price.minor * months // shortest[0] for price in shortest[1]}
    saved = (Money(at_first.get(price.currency, 0) - price.minor, price.currency) for price in prices)
    return tuple(saving for saving in saved if saving.minor > 0)


def _only_stars(tariff: Table, periods: tuple[Period, ...]) -> None:
    for period in periods:
        for price in period.prices:
            if price.currency != "XTR":
                tariff.table("prices").table(str(period.months)).wrong(
                    price.currency,
                    f"Telegram lets digital goods be sold for Stars only, not in {price.currency}",
                    'price it in XTR, or say goods = "service" if that is what it is',
                )


def _price(table: Table, code: str) -> Money:
    if code not in EXPONENTS:
        table.wrong(code, f'unknown currency "{code}"', f"known: {', '.join(EXPONENTS)}")
    price = _money(table, code, code)
    if price.minor <= 0:
        table.wrong(code, f'price "{price.decimal()}"', "a price is more than nothing")
    return price


def _money(table: Table, key: str, currency: str) -> Money:
    value = table.values[key]
    written = str(value) if isinstance(value, int | str) and not isinstance(value, bool) else ""
    try:
        return Money.parse(written, currency)
    except BadAmount:
        table.wrong(key, f'price "{value}"', f'write "{_as_money(written, currency)}"')


def _as_money(written: str, currency: str) -> str:
    """What was most likely meant: without spaces, a point for the comma."""
    plain = re.sub(r"[^\d.]", "", written.replace(",", "."))
    try:
        return Money.parse(plain, currency).decimal()
    except BadAmount:
        return "990" if EXPONENTS[currency] == 0 else "990.00"


def _receipt(table: Table, defaults: Table, *, needed: bool) -> ReceiptTerms:
    table.only(_RECEIPT_KEYS)
    if needed and "vat" not in table and "vat" not in defaults:
        mend = 'add [receipt] with vat = "none" (or your rate)'
        table.wrong(None, "sold in roubles, and receipts do not know the VAT", mend)

    def chosen(key: str, among: tuple[str, ...], otherwise: str) -> str:
        return table.choice(key, among, defaults.choice(key, among, otherwise))

    usual = ReceiptTerms()
    return ReceiptTerms(
        vat=chosen("vat", VATS, usual.vat),
        subject=chosen("subject", SUBJECTS, usual.subject),
        mode=chosen("mode", MODES, usual.mode),
        measure=chosen("measure", MEASURES, usual.measure),
    )


def _question(table: Table) -> Question:
    table.only(("name", "title", "kind", "optional"))
    return Question(
        name=table.string("name"),
        title=_words(table, "title"),
        kind=AnswerKind(table.choice("kind", list(AnswerKind), AnswerKind.TEXT)),
        required=not table.flag("optional"),
    )


def _help(table: Table) -> Help:
    table.only(("email", "phones", "hours", "refunds", "card_schemes", "card_processor"))
    return Help(
        email=table.string("email", example="help@example.org"),
        phones=tuple(_phone(each) for each in table.tables("phones")),
        hours=_optional_words(table, "hours"),
        refunds=_optional_words(table, "refunds"),
        card_schemes=table.strings("card_schemes"),
        card_processor=table.string("card_processor", ""),
    )


def _phone(table: Table) -> Phone:
    table.only(("town", "number"))
    return Phone(number=table.string("number", example="+7 …"), town=_optional_words(table, "town"))


def _paper(table: Table) -> Paper:
    table.only(("version", "text", "url"))
    paper = Paper(
        version=table.string("version", example="2026-11-01"),
        text=_optional_words(table, "text"),
        url=table.string("url", ""),
    )
    if paper.text is None and not paper.url:
        table.wrong(None, f"[{table.name}] says nothing", 'add text = { … } or url = "https://…"')
    if paper.url and not paper.url.startswith(("https://", "http://")):
        table.wrong("url", f'"{paper.url}" is not an address', 'write url = "https://…"')
    return paper


def _method(table: Table) -> MethodTerms:
    table.only(("title", "fee", "counts"))
    return MethodTerms(
        title=_optional_words(table, "title"),
        fee=_optional_words(table, "fee"),
        counts=_optional_words(table, "counts"),
    )


def _limits(table: Table) -> Mapping[str, Limits]:
    table.only(tuple(EXPONENTS))
    return {code: _limit(table.table(code), code) for code in table.values}


def _limit(table: Table, currency: str) -> Limits:
    table.only(("least", "most"))
    for key in ("least", "most"):
        if key not in table:
            table.wrong(None, f'"{key}" is missing', f'add {key} = "10.00"')
    limits = Limits(_money(table, "least", currency), _money(table, "most", currency))
    if not Money(0, currency) < limits.least <= limits.most:
        table.wrong("least", "least is more than most, or nothing", "write the smaller amount as least")
    return limits


def _consents(table: Table) -> Mapping[str, Paper]:
    table.only(tuple(COUNTRY_CURRENCIES))
    return {country: _paper(table.table(country)) for country in table.values}


def _optional_words(table: Table, key: str) -> Text | None:
    return _words(table, key) if key in table else None


def _words(table: Table, key: str) -> Text:
    """A text per language, `{ ru = "…", en = "…" }`, or one text for all."""
    if key not in table:
        table.wrong(None, f'"{key}" is missing in [{table.name}]', f'add {key} = {{ ru = "…", en = "…" }}')
    if isinstance(table.values[key], str):
        return Text({"en": table.string(key)})
    words = table.table(key)
    for language in words.values:
        if _LANGUAGE.fullmatch(language) is None:
            words.wrong(language, f'"{language}" is not a language', "use two letters: ru, en, be, ky")
    if not words.values:
        table.wrong(key, f'"{key}" is empty', f'write {key} = {{ ru = "…", en = "…" }}')
    return Text({language: words.string(language) for language in words.values})
