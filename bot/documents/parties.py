"""Seller, buyer and bank the way papers of their countries name them."""

from __future__ import annotations

from typing import Any

from bot.domain.requisites import BankAccount, Party, SellerDetails
from bot.i18n import _


def tax_number_title(country: str) -> str:
    match country:
        case "BY":
            return _("UNP")
        case "KZ":
            return _("BIN/IIN")
        case _other:
            return _("INN")


def numbers(party: Party) -> list[str]:
    """«ИНН 7707083893», «КПП 773601001»."""
    title = tax_number_title(party.country)
    told = [(title, party.tax_number), (_("KPP"), party.kpp)]
    return [f"{name} {value}" for name, value in told if value]


def party_line(party: Party, *more: str) -> str:
    """«ООО «Ромашка», ИНН 7707083893, КПП 773601001, 101000, Москва …»."""
    return ", ".join(part for part in (party.name, *numbers(party), *more, party.address) if part)


def bank_block(seller: SellerDetails) -> dict[str, Any]:
    """What a payer copies into his bank: by BIC and correspondent account in Russia, by IBAN elsewhere."""
    account = seller.account
    return {
        "bank": account.bank,
        "bank_title": _("The recipient's bank"),
        "bank_facts": [[_bic_title(account), account.bic], *_correspondent(account)],
        "payee": seller.party.name,
        "payee_title": _("Recipient"),
        "payee_numbers": numbers(seller.party),
        "payee_facts": [[_account_title(account), _spaced(account.number)]],
    }


def _correspondent(account: BankAccount) -> list[list[str]]:
    return [[_("Corr. account"), account.correspondent]] if account.correspondent else []


def _is_iban(number: str) -> bool:
    return number[:2].isalpha()


def _bic_title(account: BankAccount) -> str:
    return _("BIC") if account.bic.isdigit() else "SWIFT/BIC"


def _account_title(account: BankAccount) -> str:
    return "IBAN" if _is_iban(account.number) else _("Settlement account")


def _spaced(number: str) -> str:
    """An IBAN in fours, as it is printed everywhere; other accounts as one."""
    if not _is_iban(number):
        return number
    return " ".join(number[start : start + 4] for start in range(0, len(number), 4))
