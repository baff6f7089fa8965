"""Bank codes and account numbers, checked so that no paper asks for a transfer to a mistyped account."""

from __future__ import annotations

import re

from stdnum import iban

from bot.domain.requisites import BankAccount

CENTRAL_BANK = ("000", "001", "002")
"""How the BIC of the Bank of Russia's own branches end."""

_BIC = re.compile(r"[012]\d{8}", re.ASCII)
_ACCOUNT = re.compile(r"\d{20}", re.ASCII)
_BELARUSIAN_BIC = re.compile(r"[A-Z]{4}BY[0-9A-Z]{2}(?:[0-9A-Z]{3})?", re.ASCII)


def is_bic(bic: str) -> bool:
    """A Russian one; it has no control digit."""
    return _BIC.fullmatch(bic) is not None


def account_fits(account: str, bic: str) -> bool:
    """Whether a client's account has the right key for that Russian bank."""
    prefix = _place(bic) if bic.endswith(CENTRAL_BANK) else bic[-3:]
    return _shaped(account, bic) and _key_fits(prefix + account)


def correspondent_fits(account: str, bic: str) -> bool:
    """The same for the bank's own account at the Bank of Russia."""
    return _shaped(account, bic) and _key_fits(_place(bic) + account)


def is_belarusian_iban(account: str) -> bool:
    return account.startswith("BY") and iban.is_valid(account)


def problem_with(account: BankAccount, country: str) -> str:
    """What is wrong with the seller's account, for whoever keeps the catalogue; "" when nothing is."""
    match country:
        case "RU":
            return _problem_in_russia(account)
        case "BY":
            return _problem_in_belarus(account)
        case "KG":
            return _problem_in_kyrgyzstan(account)
    return ""


def _problem_in_russia(account: BankAccount) -> str:
    if not is_bic(account.bic):
        return "bic has 9 digits, the first of them 0, 1 or 2"
    if not account_fits(account.number, account.bic):
        return "number has 20 digits whose key fits the bic; compare both with the bank's paper"
    if account.correspondent and not correspondent_fits(account.correspondent, account.bic):
        return "correspondent has 20 digits whose key fits the bic; compare both with the bank's paper"
    return ""


def _problem_in_belarus(account: BankAccount) -> str:
    if not is_belarusian_iban(account.number):
        return "number is an IBAN of 28 characters that begins with BY; compare it with the bank's paper"
    if _BELARUSIAN_BIC.fullmatch(account.bic) is None or account.bic[:4] != account.number[4:8]:
        return "bic has 8 or 11 characters, and its first four stand in the IBAN as well"
    return ""


def _problem_in_kyrgyzstan(account: BankAccount) -> str:
    if re.fullmatch(r"\d{6}", account.bic, re.ASCII) is None:
        return "bic (БИК) has 6 digits"
    if re.fullmatch(r"\d{16}", account.number, re.ASCII) is None:
        return "number has 16 digits"
    return ""


def _shaped(account: str, bic: str) -> bool:
    return is_bic(bic) and _ACCOUNT.fullmatch(account) is not None


def _place(bic: str) -> str:
    return f"0{bic[4:6]}"


def _key_fits(digits: str) -> bool:
    """Weights 7, 1, 3 over and over; of each product the last digit counts."""
    return sum(int(digit) * (7, 1, 3)[place % 3] % 10 for place, digit in enumerate(digits)) % 10 == 0
