"""The text behind the QR code, byte by byte, and the code as a telephone reads it."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.documents import bank_qr as module
from bot.documents.bank_qr import LARGEST_BLOCK, SEPARATORS, bank_qr, payment_text
from bot.domain.invoices import Invoice
from bot.domain.money import Money
from bot.domain.requisites import BankAccount
from tests.documents.invoices import OFFER

WORKED = (
    'ST00012|Name=ООО "Ромашка"|PersonalAcc=40702810938000000001|BankName=ПАО Сбербанк|BIC=044525225'
    "|CorrespAcc=30101810400000000225|Sum=150000"
    "|Purpose=Оплата по счету INV-2026-000123 от 18.11.2026. Без НДС|PayeeINN=7707083893|KPP=773601001"
)
PURPOSE = "Оплата по счету INV-2026-000123 от 18.11.2026. Без НДС"


def of(name: str = 'ООО "Ромашка"', purpose: str = PURPOSE, bank: str = "ПАО Сбербанк") -> Invoice:
    seller = OFFER.seller
    party, account = replace(seller.party, name=name), replace(seller.account, bank=bank)
    seller = replace(seller, party=party, account=account)
    return replace(OFFER, seller=seller, purpose=purpose, total=Money(150000, "RUB"))


def test_the_text_is_the_standards() -> None:
    text = payment_text(of())
    assert text.decode() == WORKED
    assert sha256(text).hexdigest() == "67a970d6af503b4e3b6a65bb236d7999f45986c14ab4431cfb9e823111e2c91c"


def test_the_same_in_windows_1251(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "ENCODINGS", {"ST00011": "cp1251"})
    text = payment_text(of())
    assert len(text) == 235
    assert sha256(text).hexdigest() == "db7b7d587d8f255f14a3237968d7266978263743ded24aabc9845a27686bfcff"


def test_a_long_name_is_kept_whole_in_windows_1251() -> None:
    text = payment_text(of(name="Щ" * 130))
    assert text.startswith(b"ST00011|")
    assert f"Name={'Щ' * 130}|" in text.decode("cp1251")


def test_limits_of_the_standard_are_kept() -> None:
    values = read(payment_text(of(name="Ң" * 300, purpose="п" * 300, bank="б" * 100)))
    block = "|".join(f"{name}={value}" for name, value in list(values.items())[:5])
    assert len(block.encode()) <= LARGEST_BLOCK
    assert values["Name"].startswith("Ң" * 50)
    assert values["BankName"] == "б" * 45
    assert values["Purpose"] == "п" * 160


def test_another_separator_where_a_value_holds_the_usual_one() -> None:
    text = payment_text(of(name="ООО «Ро|машка»", purpose=f"{PURPOSE} ~")).decode()
    assert text.startswith("ST00012^Name=ООО «Ро|машка»^PersonalAcc=40702810938000000001^")


def test_the_bar_gives_way_where_every_separator_is_held() -> None:
    assert read(payment_text(of(name=SEPARATORS)))["Name"] == SEPARATORS.replace("|", " ")


def test_an_absent_correspondent_account_is_a_zero() -> None:
    account = replace(OFFER.seller.account, correspondent="")
    assert (
        read(payment_text(replace(OFFER, seller=replace(OFFER.seller, account=account))))["CorrespAcc"] == "0"
    )


@pytest.mark.parametrize(
    "account",
    [
        BankAccount("BYN", "BY13NBRB3600900000002Z00AB00", "Банк", "NBRBBY2X"),
        BankAccount("KGS", "1234567890123456", "Банк", "109018"),
        BankAccount("RUB", "BY13NBRB3600900000002Z00AB00", "Банк", "NBRBBY2X"),
        BankAccount("USD", "40702840938000000001", "Банк", "044525225", "30101810400000000225"),
    ],
)
def test_no_code_but_for_roubles_in_russia(account: BankAccount) -> None:
    assert bank_qr(replace(OFFER, seller=replace(OFFER.seller, account=account))) == ""


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200), st.text(max_size=250))
def test_any_words_fit_and_stay_apart(name: str, purpose: str) -> None:
    text = payment_text(of(name=name, purpose=purpose))
    values = read(text)
    assert list(values)[:5] == ["Name", "PersonalAcc", "BankName", "BIC", "CorrespAcc"]
    assert values["PersonalAcc"] == "40702810938000000001"
    assert values["Sum"] == "150000"
    assert values["KPP"] == "773601001"


@settings(max_examples=10, deadline=None)
@given(st.text("абвгдежзABC «»|0123456789", max_size=160))
def test_a_telephone_reads_any_of_them(purpose: str) -> None:
    """With the mask chosen beforehand as well."""
    import segno

    text = payment_text(of(purpose=purpose))
    code = segno.make(text, error="m", micro=False, mask=module.MASK)
    from PIL import Image

    rows = [bytes(0 if dark else 255 for dark in row) for row in code.matrix_iter(scale=4, border=4)]
    picture = Image.frombytes("L", (len(rows[0]), len(rows)), b"".join(rows))
    assert [found.bytes for found in zxingcpp.read_barcodes(picture)] == [text]


def read(text: bytes) -> dict[str, str]:
    words = text.decode("cp1251" if text.startswith(b"ST00011") else "utf-8")
    return dict(part.split("=", 1) for part in words[8:].split(words[7]))
