"""The part of the catalogue about invoices: accounts, VAT, the offer, and what operators may do."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.bank_numbers import problem_with
from bot.domain.catalogue_values import optional_words, read_money, words
from bot.domain.errors import CustomerError
from bot.domain.invoicing import Acquirer, Invoicing
from bot.domain.money import CURRENCIES, Money
from bot.domain.requisites import BankAccount, Party, PartyKind, SellerDetails, Signer
from bot.domain.tax_numbers import country_for, normal_kpp, normal_tax_number
from bot.domain.toml_table import Table

INVOICE_VATS = ("none", "5", "7", "10", "12", "20", "22")
"""12 is Kyrgyzstan's, 20 is Belarus', 22 Russia's from 2026 with 5, 7 and 10 beside it."""

COUNTRIES = ("RU", "BY", "KG", "KZ")
CHECKED_COUNTRIES = ("RU", "BY", "KG")

SELLER_KEYS = ("kind", "country", "kpp", "registration", "signer", "accounts")
"""What [seller] says for invoices alone."""

_KEYS = (
    *(
        "vat",
        "vat_ground",
        "subject",
        "regular_subject",
        "offer",
        "offer_url",
        "valid_days",
        "statements",
        "third_party",
    ),
    *("bridge_days", "second_from", "acquirers"),
)


def read_invoicing(top: Table) -> Invoicing | None:
    """None where [seller] has no accounts: then nobody is asked to pay by a transfer."""
    seller, table = top.table("seller"), top.table("invoice")
    table.only(_KEYS)
    accounts = _accounts(seller)
    if not accounts:
        if table.values:
            seller.wrong(None, "[invoice] is there, but no account to pay to", "add [[seller.accounts]]")
        return None
    party, signer = _party(seller), _signer(seller.table("signer"))
    registration = seller.string("registration", "")
    return Invoicing(
        sellers={
            account.currency: SellerDetails(party, account, signer, registration) for account in accounts
        },
        vat=table.choice("vat", INVOICE_VATS),
        vat_ground=optional_words(table, "vat_ground"),
        subject=words(table, "subject"),
        offer=words(table, "offer"),
        regular_subject=optional_words(table, "regular_subject"),
        offer_url=table.string("offer_url", ""),
        valid_days=_days(table, "valid_days", 5),
        statements=optional_words(table, "statements"),
        third_party=table.flag("third_party"),
        bridge_days=_days(table, "bridge_days", 5),
        second_from=_sums(table.table("second_from")),
        acquirers=tuple(_acquirer(each) for each in table.tables("acquirers")),
    )


def _party(seller: Table) -> Party:
    party = Party(
        kind=PartyKind(seller.choice("kind", [kind.value for kind in PartyKind], "organisation")),
        name=seller.string("legal_name"),
        country=seller.choice("country", COUNTRIES, "RU"),
        tax_number=seller.string("tax_number", ""),
        kpp=seller.string("kpp", ""),
        address=seller.string("address", ""),
    )
    _demand_true_numbers(seller, party)
    return party


def _demand_true_numbers(seller: Table, party: Party) -> None:
    """A wrong digit would stand on every invoice, and the payer's bank would send his money back."""
    mend = "compare it with your registration"
    if not party.tax_number and party.kind is not PartyKind.PERSON:
        seller.wrong(None, "invoices need the seller's tax number", 'add tax_number = "…" to [seller]')
    try:
        if party.tax_number and party.country in CHECKED_COUNTRIES:
            normal_tax_number(party.tax_number, party.country, party.kind)
    except CustomerError:
        seller.wrong("tax_number", f'"{party.tax_number}" is no tax number of such a seller', mend)
    try:
        if party.kpp:
            normal_kpp(party.kpp, party.country, party.kind)
    except CustomerError:
        seller.wrong("kpp", f'kpp "{party.kpp}" does not belong to such a seller', mend)


def _signer(table: Table) -> Signer | None:
    table.only(("post", "name"))
    return Signer(table.string("post"), table.string("name")) if table.values else None


def _accounts(seller: Table) -> list[BankAccount]:
    """At most one for each currency: an invoice names one."""
    found: dict[str, BankAccount] = {}
    for table in seller.tables("accounts"):
        account = _account(table)
        if account.currency in found:
            table.wrong(
                "currency", f"there are two accounts for {account.currency}", "keep the one to pay to"
            )
        found[account.currency] = account
    return list(found.values())


def _account(table: Table) -> BankAccount:
    """By the rules of the country whose money it takes: a wrong digit would send money astray."""
    table.only(("currency", "number", "bank", "bic", "correspondent"))
    account = BankAccount(
        currency=table.choice("currency", CURRENCIES),
        number=table.string("number", example="40702810938000000001").replace(" ", ""),
        bank=table.string("bank", example="ПАО Сбербанк"),
        bic=table.string("bic", example="044525225"),
        correspondent=table.string("correspondent", "").replace(" ", ""),
    )
    if problem := problem_with(account, country_for(account.currency)):
        table.wrong("number", problem, "compare it with the bank's own papers")
    return account


def _days(table: Table, key: str, usual: int) -> int:
    value = table.values.get(key, usual)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value <= 365:
        table.wrong(key, f'{key} "{value}"', "write a number of days from 1 to 365")
    return value


def _sums(table: Table) -> Mapping[str, Money]:
    table.only(CURRENCIES)
    return {code: read_money(table, code, code) for code in table.values}


def _acquirer(table: Table) -> Acquirer:
    table.only(("provider", "tax_number", "words"))
    return Acquirer(table.string("provider"), table.string("tax_number"), table.strings("words"))
