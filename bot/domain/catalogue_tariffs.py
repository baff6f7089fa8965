"""The tariffs of the catalogue: what is sold, for how much, and what a receipt says of it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.domain.catalogue import (
    MEASURES,
    MODES,
    SUBJECTS,
    VATS,
    Goods,
    Period,
    ReceiptTerms,
    Tariff,
)
from bot.domain.catalogue_forms import KEYS as FORM_KEYS
from bot.domain.catalogue_forms import read_made_to_order
from bot.domain.catalogue_values import optional_words, read_money, words
from bot.domain.money import EXPONENTS, STARS, Money
from bot.domain.toml_table import Table

LONGEST_PERIOD = 60
_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")
_MONTHS = re.compile(r"[1-9][0-9]?")
_NOT_DIGITAL = (
    "Telegram lets digital goods be sold for Stars only, not in {currency}",
    'price it in XTR, or say goods = "service" if that is what it is',
)
_NOT_A_SERVICE = (
    "Telegram keeps Stars ({currency}) for digital goods: a service is paid for in money",
    'price it in RUB or another currency, or say goods = "digital" if that is what it is',
)
_RECEIPT_KEYS = ("vat", "subject", "mode", "measure")


def read_tariffs(top: Table) -> Mapping[str, Tariff]:
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
        (
            *("kind", "title", "description", "goods", "prices", "receipt", "metered", "addable", "ask"),
            *FORM_KEYS,
        )
    )
    goods, metered, addable = (
        Goods(table.choice("goods", list(Goods))),
        table.flag("metered"),
        table.flag("addable"),
    )
    periods = _periods(table, metered)
    _only_what_telegram_permits(table, goods, periods)
    if "ask" in table and not addable:
        table.wrong("ask", '"ask" has no use here', "say addable = true as well, or leave it out")
    sold_in_roubles = any(period.price("RUB") for period in periods)
    return Tariff(
        id=tariff_id,
        kind=table.string("kind", example="messenger"),
        title=words(table, "title"),
        goods=goods,
        periods=periods,
        receipt=_receipt(table.table("receipt"), defaults, needed=sold_in_roubles),
        description=optional_words(table, "description"),
        made_to_order=read_made_to_order(table),
        metered=metered,
        addable=addable,
        ask=optional_words(table, "ask"),
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


def _only_what_telegram_permits(tariff: Table, goods: Goods, periods: tuple[Period, ...]) -> None:
    """Digital goods are sold for Stars and nothing else, and Stars pay for nothing else."""
    for period in periods:
        for price in period.prices:
            is_stars, is_digital = price.currency == STARS, goods is Goods.DIGITAL
            if is_stars == is_digital:
                continue
            why, mend = _NOT_A_SERVICE if is_stars else _NOT_DIGITAL
            priced = tariff.table("prices").table(str(period.months))
            priced.wrong(price.currency, why.format(currency=price.currency), mend)


def _price(table: Table, code: str) -> Money:
    if code not in EXPONENTS:
        table.wrong(code, f'unknown currency "{code}"', f"known: {', '.join(EXPONENTS)}")
    price = read_money(table, code, code)
    if price.minor <= 0:
        table.wrong(code, f'price "{price.decimal()}"', "a price is more than nothing")
    return price


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
