"""Every worked example of Robokassa's signatures, and the rules behind them."""

from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.gateways.robokassa import signatures
from bot.gateways.robokassa.numbers import LARGEST, LIVE, is_number, number_of
from bot.gateways.robokassa.signatures import Signer

P1, P2 = "p1_Secret", "p2_Secret"
PLAIN = {"MerchantLogin": "demo-shop", "OutSum": "150.00", "InvId": "1001"}
OWN = {"Shp_user": "42", "Shp_order": "A17"}
LIVE_SUM = {"OutSum": "150.000000", "InvId": "1001"}
RECEIPT = (
    '{"sno":"usn_income","items":[{"name":"Доступ на 1 месяц","quantity":1,"sum":150.0,'
    '"payment_method":"full_payment","payment_object":"service","tax":"none"}]}'
)
MD5, SHA256 = Signer("MD5"), Signer("SHA256")


@pytest.mark.parametrize(
    ("base", "text", "md5"),
    [
        (signatures.payment(PLAIN, P1), "demo-shop:150.00:1001:p1_Secret",
         "086eefe9ea26af678835dc19872d18f7"),
        (signatures.payment({"MerchantLogin": "demo-shop", "OutSum": "150.00"}, P1),
         "demo-shop:150.00::p1_Secret", "e00ca39b7e2c74f51127559837a32e69"),
        (signatures.payment(PLAIN | OWN, P1), "demo-shop:150.00:1001:p1_Secret:Shp_order=A17:Shp_user=42",
         "cbf4fad4050307b28a42b1f1c9efed77"),
        (signatures.payment(PLAIN | {"UserIp": "203.0.113.7"}, P1),
         "demo-shop:150.00:1001:203.0.113.7:p1_Secret", "fb396eea2996bf811806585df31eb573"),
        (signatures.told(LIVE_SUM | OWN, P2)[0], "150.000000:1001:p2_Secret:Shp_order=A17:Shp_user=42",
         "1525a3b81e5796457a9ae2c734d32775"),
        (signatures.told(PLAIN | OWN, P1)[0], "150.00:1001:p1_Secret:Shp_order=A17:Shp_user=42",
         "2375856a5b0da4a6ab76f33ba6be21de"),
        (signatures.state("demo-shop", "1001", P2), "demo-shop:1001:p2_Secret",
         "dd549ffb4b4b944ff4347eb734e0df8f"),
        (signatures.charge({"MerchantLogin": "demo-shop", "OutSum": "150.00", "InvoiceID": "1002",
                            "PreviousInvoiceID": "1001"}, P1),
         "demo-shop:150.00:1002:p1_Secret", "cb721ce6a2a068a4224f67d4b9b88eb2"),
        (signatures.release("demo-shop", "1001", P1), "demo-shop::1001:p1_Secret",
         "e60f9fc9c700698e1edb08f44fc9f5dd"),
    ],
)  # fmt: skip
def test_worked_example(base: str, text: str, md5: str) -> None:
    assert base == text
    assert MD5.digest(base) == md5


def test_worked_examples_by_sha256() -> None:
    assert SHA256.digest(signatures.payment(PLAIN, P1)) == (
        "b8fa1051f4ad824a58aa9ac9d476ff585993081665071a771102ad530f585627"
    )
    assert SHA256.digest(signatures.told(LIVE_SUM | OWN, P2)[0]) == (
        "715cfb2bcc88eea26ad68291ce3821d6af558e2874dfb405aec0855035f45cdf"
    )


@pytest.mark.parametrize(
    ("sent", "md5"),
    [
        (quote(RECEIPT, safe=""), "5d209f01a87dd0e54232a9fc23a55593"),
        (RECEIPT, "a0450487c9c9795c0cc9c591f0424a23"),
        (quote_plus(RECEIPT), "3677ef2ec1ddd6a69c4b84553152f57a"),
    ],
)
def test_receipt_is_signed_as_the_text_that_is_sent(sent: str, md5: str) -> None:
    base = signatures.payment(PLAIN | {"Receipt": sent, "Shp_user": "42"}, P1)
    assert MD5.digest(base) == md5


def test_receipt_encoded_once_by_sha256() -> None:
    base = signatures.payment(PLAIN | {"Receipt": quote(RECEIPT, safe=""), "Shp_user": "42"}, P1)
    assert SHA256.digest(base) == "b5d35170a199419ad7ef3298781ea9c21f4f6aa17e5edaaa088e7ae0677781ab"


def test_modifiers_stand_in_their_order_and_leave_no_empty_slots() -> None:
    sent = PLAIN | {"Token": "t", "FailUrl2Method": "GET", "FailUrl2": "f", "SuccessUrl2Method": "POST",
                    "SuccessUrl2": "s", "ResultUrl2": "r", "StepByStep": "true", "Receipt": "c",
                    "Email": "anna@example.org", "IsTest": "1"}  # fmt: skip
    assert signatures.payment(sent, P1) == "demo-shop:150.00:1001:c:true:r:s:POST:f:GET:t:p1_Secret"
    assert signatures.capture("demo-shop", "150.00", "1001", P1) == "demo-shop:150.00:1001:p1_Secret"
    assert signatures.capture("demo-shop", "150.00", "1001", P1, "c") == "demo-shop:150.00:1001:c:p1_Secret"


@pytest.mark.parametrize(
    ("name", "length"),
    [("MD5", 32), ("RIPEMD160", 40), ("SHA1", 40), ("SHA256", 64), ("SHA384", 96), ("SHA512", 128)],
)
def test_every_hash_signs_and_proves_in_any_case(name: str, length: int) -> None:
    signer = Signer(name)
    signature = signer.digest("150.00:1001:p2_Secret")
    assert len(signature) == length
    assert signer.matches(signature.upper(), ["another", "150.00:1001:p2_Secret"])
    assert not signer.matches(signature, ["150.01:1001:p2_Secret"])
    assert not signer.matches("ф" * length, ["150.00:1001:p2_Secret"])


def test_names_sorted_in_either_of_robokassas_ways_are_proven() -> None:
    mixed = LIVE_SUM | {"Shp_b": "2", "Shp_C": "3"}
    assert signatures.told(mixed, P2) == [
        "150.000000:1001:p2_Secret:Shp_C=3:Shp_b=2",
        "150.000000:1001:p2_Secret:Shp_b=2:Shp_C=3",
    ]


@given(st.dictionaries(st.from_regex(r"Shp_[a-z_]{1,9}", fullmatch=True), st.text(), max_size=5), st.data())
def test_order_of_fields_does_not_matter(own: dict[str, str], data: st.DataObject) -> None:
    shuffled = dict(data.draw(st.permutations(list((PLAIN | own).items()))))
    assert signatures.payment(shuffled, P1) == signatures.payment(PLAIN | own, P1)
    assert signatures.told(shuffled, P2) == signatures.told(PLAIN | own, P2)


@given(st.text())
def test_number_belongs_to_its_reference_and_never_to_a_test_and_a_sale(reference: str) -> None:
    live, test = number_of(reference, test=False), number_of(reference, test=True)
    assert live == number_of(reference, test=False)
    assert 0 < int(test) < LIVE <= int(live) <= LARGEST
    assert is_number(live)
    assert is_number(test)


@pytest.mark.parametrize(
    "odd", ["", "0", "01", "+1", "-1", "1.0", " 1", "٣", "²", str(LARGEST + 1), "9" * 5000]
)
def test_what_is_no_number(odd: str) -> None:
    assert not is_number(odd)
