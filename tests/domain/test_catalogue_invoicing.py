"""The catalogue's part about invoices: what is wrong in it is told with its line and its mend."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.domain.catalogue_file import parse_catalogue
from bot.domain.errors import CatalogueError

GOOD = Path("catalog.example.toml").read_text(encoding="utf-8")
SECOND = """[[seller.accounts]]
currency = "RUB"
number = "40702810900000002851"
bank = "Other"
bic = "044030827"
correspondent = "30101810200000000827"

# ── Invoices"""


def line_of(text: str) -> int:
    """In the good catalogue."""
    return GOOD[: GOOD.index(text)].count("\n") + 1


def mistake(old: str, new: str) -> str:
    """What is said of the good catalogue after one change."""
    assert old in GOOD
    with pytest.raises(CatalogueError) as refused:
        parse_catalogue(GOOD.replace(old, new, 1))
    return str(refused.value)


@pytest.mark.parametrize(
    ("old", "new", "said", "mend"),
    [
        ('"40702810938000000001"', '"40702810938000000002"', "", "compare it with the bank's own papers"),
        ('"044525225"', '"044525226"', "", "compare it with the bank's own papers"),
        ('"30101810400000000225"', '"30101810400000000226"', "", "compare it with the bank's own papers"),
        ('"BY13NBRB3600900000002Z00AB00"', '"BY13NBRB3600900000002Z00AB01"', "", "bank's own papers"),
        ('currency = "RUB"\nnumber', 'currency = "RUR"\nnumber', 'currency "RUR" is not known', '"RUB"'),
        ('currency = "RUB"\nnumber', "number", '"currency" is missing', 'add currency = one of "RUB"'),
        ('number = "40702810938000000001"\n', "", '"number" is missing', 'add number = "4070281093'),
        ('bank = "ПАО Сбербанк"\n', "", '"bank" is missing', 'add bank = "ПАО Сбербанк"'),
        ('bic = "044525225"\n', "", '"bic" is missing', 'add bic = "044525225"'),
        ('bic = "044525225"', 'bik = "044525225"', 'unknown key "bik"', 'did you mean "bic"?'),
        ("# ── Invoices", SECOND, "there are two accounts for RUB", "keep the one to pay to"),
        ('"7700000009"', '"7700000001"', "is no tax number of such a seller", "with your registration"),
        ('tax_number = "7700000009"\n', "", "need the seller's tax number", 'add tax_number = "…"'),
        ('"770001001"', '"77000100"', 'kpp "77000100" does not belong', "with your registration"),
        (
            'kind = "organisation"',
            'kind = "entrepreneur"',
            "is no tax number of such a seller",
            "registration",
        ),
        ('kind = "organisation"', 'kind = "firm"', 'kind "firm" is not known', '"organisation"'),
        ('country = "RU"', 'country = "UA"', 'country "UA" is not known', '"RU", "BY", "KG"'),
        ('post = "Генеральный директор", ', "", '"post" is missing', 'add post = "…"'),
        (
            '[invoice]\nvat = "none"',
            '[invoice]\nvat = "21"',
            'vat "21" is not known',
            '"none", "5", "7", "10"',
        ),
        ('[invoice]\nvat = "none"', "[invoice]", '"vat" is missing', 'add vat = one of "none", "5"'),
        ("[invoice]\nvat", "[invoice]\nvalid_day = 5\nvat", 'unknown key "valid_day"', '"valid_days"?'),
        ("valid_days = 5", "valid_days = 0", 'valid_days "0"', "write a number of days from 1 to 365"),
        ("bridge_days = 5", 'bridge_days = "5"', 'bridge_days "5"', "write a number of days from 1 to 365"),
        ('"100000.00"', '"100 000"', 'price "100 000"', 'write "100000.00"'),
        ("second_from = { RUB", "second_from = { RUR", 'unknown key "RUR"', 'did you mean "RUB"?'),
        ('provider = "yookassa"\n', "", '"provider" is missing', 'add provider = "…"'),
    ],
)
def test_mistake_is_told_with_line_and_mend(old: str, new: str, said: str, mend: str) -> None:
    message = mistake(old, new)
    assert said in message
    assert mend in message
    assert " line " in message
    assert "\n" not in message


def test_the_line_is_that_of_the_mistake() -> None:
    assert f"line {line_of('7700000009')}:" in mistake('"7700000009"', '"7700000001"')
    account = '"BY13NBRB3600900000002Z00AB00"'
    assert f"line {line_of(account)}:" in mistake(account, '"BY13NBRB3600900000002Z00AB01"')


def test_an_invoice_without_an_account_is_told() -> None:
    start, end = GOOD.index("[[seller.accounts]]"), GOOD.index("# ── Invoices")
    with pytest.raises(CatalogueError, match="no account to pay to"):
        parse_catalogue(GOOD[:start] + GOOD[end:])
