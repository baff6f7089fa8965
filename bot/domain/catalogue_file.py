"""catalog.toml → Catalogue. A mistake is a CatalogueError with its line, the reason and the mend."""

from __future__ import annotations

import pathlib
from collections.abc import Mapping

from bot.domain.catalogue import (
    COUNTRY_CURRENCIES,
    TOP_UP_TITLE,
    Catalogue,
    Help,
    MethodTerms,
    Paper,
    Phone,
    Seller,
)
from bot.domain.catalogue_autopay import read_autopay, read_suspension
from bot.domain.catalogue_desk import read_desk
from bot.domain.catalogue_invoicing import SELLER_KEYS, read_invoicing
from bot.domain.catalogue_networks import read_networks
from bot.domain.catalogue_promos import read_promos
from bot.domain.catalogue_tariffs import read_tariffs
from bot.domain.catalogue_values import optional_words, read_limits
from bot.domain.errors import CatalogueError
from bot.domain.texts import Text
from bot.domain.toml_table import Source, Table


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
        (
            *("seller", "receipt", "tariffs", "help", "terms", "privacy"),
            *("methods", "limits", "consent", "networks", "promos", "balance", "invoice"),
            *("autopay", "suspension", "desk"),
        )
    )
    tariffs = read_tariffs(top)
    return Catalogue(
        seller=_seller(top.table("seller")),
        tariffs=tariffs,
        help=_help(top.table("help")),
        terms=_paper(top.table("terms")),
        privacy=_paper(top.table("privacy")),
        methods={
            method: _method(top.table("methods").table(method)) for method in top.table("methods").values
        },
        limits=read_limits(top.table("limits")),
        consents=_consents(top.table("consent")),
        networks=read_networks(top),
        promos=read_promos(top, tuple(tariffs)),
        invoicing=read_invoicing(top),
        autopay=read_autopay(top.table("autopay")),
        suspension=read_suspension(top),
        desk=read_desk(top.table("desk")),
        top_up_title=_top_up_title(top.table("balance")),
    )


def _top_up_title(table: Table) -> Text:
    table.only(("title",))
    return optional_words(table, "title") or TOP_UP_TITLE


def _seller(table: Table) -> Seller:
    table.only(("name", "legal_name", "tax_number", "address", "site", "statement_name", *SELLER_KEYS))
    return Seller(
        name=table.string("name"),
        legal_name=table.string("legal_name"),
        tax_number=table.string("tax_number", ""),
        address=table.string("address", ""),
        site=table.string("site", ""),
        statement_name=table.string("statement_name", "") or table.string("legal_name"),
    )


def _help(table: Table) -> Help:
    table.only(("email", "phones", "hours", "refunds", "card_schemes", "card_processor"))
    return Help(
        email=table.string("email", example="help@example.org"),
        phones=tuple(_phone(each) for each in table.tables("phones")),
        hours=optional_words(table, "hours"),
        refunds=optional_words(table, "refunds"),
        card_schemes=table.strings("card_schemes"),
        card_processor=table.string("card_processor", ""),
    )


def _phone(table: Table) -> Phone:
    table.only(("town", "number"))
    return Phone(number=table.string("number", example="+7 …"), town=optional_words(table, "town"))


def _paper(table: Table) -> Paper:
    table.only(("version", "text", "url"))
    paper = Paper(
        version=table.string("version", example="2026-11-01"),
        text=optional_words(table, "text"),
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
        title=optional_words(table, "title"),
        fee=optional_words(table, "fee"),
        counts=optional_words(table, "counts"),
    )


def _consents(table: Table) -> Mapping[str, Paper]:
    table.only(tuple(COUNTRY_CURRENCIES))
    return {country: _paper(table.table(country)) for country in table.values}
