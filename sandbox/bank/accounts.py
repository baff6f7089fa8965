"""Accounts: those of the seller, as its catalogue names them, and whether a typed one can exist."""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

WEIGHTS = (7, 1, 3)


@dataclass(frozen=True)
class Account:
    number: str
    bic: str
    bank: str
    currency: str
    holder: str
    tax_number: str


def seller_accounts(catalogue: Path) -> list[Account]:
    seller = tomllib.loads(catalogue.read_text("utf-8"))["seller"]
    holder = seller.get("legal_name", seller["name"])
    return [
        Account(
            each["number"], each["bic"], each["bank"], each["currency"], holder, seller.get("tax_number", "")
        )
        for each in seller.get("accounts", [])
    ]


def can_exist(number: str, bic: str) -> bool:
    """A Russian account by its key, which the bank's BIC goes into; an IBAN by its remainder."""
    if re.fullmatch(r"\d{20}", number) and re.fullmatch(r"\d{9}", bic):
        prefix = f"0{bic[4:6]}" if bic[-3:] in ("000", "001", "002") else bic[-3:]
        products = (int(digit) * WEIGHTS[place % 3] for place, digit in enumerate(prefix + number))
        return sum(products) % 10 == 0
    if re.fullmatch(r"[A-Z]{2}\d{2}[0-9A-Z]{11,30}", number) and re.fullmatch(r"[0-9A-Z]{8,11}", bic):
        return int("".join(str(int(sign, 36)) for sign in number[4:] + number[:4])) % 97 == 1
    return False
