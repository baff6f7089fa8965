"""Every worked example of the manual, and attempts to read one signed text in two ways."""

from __future__ import annotations

import hashlib
import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.errors import BadCallback
from bot.gateways.webpay.notifications import read_notification
from bot.gateways.webpay.signatures import order_signature, proven, transaction_signature
from tests.gateways.webpay_wire import (
    BOUND,
    CARD,
    NUMBER,
    PLAIN,
    SECRET,
    SIGNED,
    notification,
    sent,
    shop,
    signature,
)

ORDER = {
    "wsb_seed": "1700000000",
    "wsb_storeid": "11111111",
    "wsb_order_num": "BOT-1001",
    "wsb_test": "1",
    "wsb_currency_id": "BYN",
    "wsb_total": "25.50",
}


@pytest.mark.parametrize(
    ("changes", "digest"),
    [
        ({}, "680e46567d400cab4b5efa25e8b9ed01cf5daa29"),
        ({"wsb_total": "25"}, "3a18935507f27efb23a683f702584c10d44fbf75"),
        ({"wsb_total": "25.00"}, "1460efc7c23ae1fc9d345fe9102c5ffe3d4b86b6"),
        (
            {"wsb_customer_id": "tg42", "wsb_operation_type": "recurring_bind"},
            "ae7ca57578b0924685154b0ab89690e9e7643352",
        ),
        (
            {
                "wsb_order_num": "BOT-1002",
                "wsb_customer_id": "tg42",
                "wsb_operation_type": "recurring_pay",
                "wsb_recurring_token": "929900001",
            },
            "3267fdae4e33fdb0d243ece6bcc2ccf8ffbd6171",
        ),
    ],
)
def test_order_is_signed_as_worked_out(changes: dict[str, str], digest: str) -> None:
    assert order_signature(ORDER | changes, "secret_Key_1") == digest


def test_unbinding_is_signed_as_worked_out() -> None:
    fields = {
        "wsb_seed": "1700000000",
        "wsb_storeid": "11111111",
        "wsb_customer_id": "tg42",
        "wsb_operation_type": "recurring_unbind",
        "wsb_recurring_token": "929900001",
    }
    assert order_signature(fields, "secret_Key_1") == "437511af735d10867b63439415c87dabe8791165"


def test_published_samples_are_reproduced() -> None:
    sample = ORDER | {"wsb_seed": "1242649174", "wsb_order_num": "ORDER-12345678"}
    first = order_signature(sample | {"wsb_total": "21.90"}, "12345678901234567890")
    assert first == "338d1647833079f9353907ad266ec0bb5264c0d9"
    assert order_signature(sample | {"wsb_total": "31.40"}, "1") == "266e9c04a24dfb5fc75775c42a831a49488f8303"


WORKED = PLAIN | {"site_order_id": "BOT-1001"}


@pytest.mark.parametrize(
    ("more", "digest"),
    [
        ({}, "6063b629f5d930cdc2f27e3ee103e2cc"),
        (CARD, "17174dc2978c23a06d45a2dea1cadd36"),
        (CARD | BOUND, "6b6794153e9c3cc0f930f5031ac3b14b"),
    ],
)
def test_notification_is_proven_as_worked_out(more: dict[str, str], digest: str) -> None:
    fields = WORKED | more
    assert proven(fields | {"wsb_signature": digest}, SECRET) == (*SIGNED, *more)
    assert proven(fields | {"wsb_signature": digest.upper()}, SECRET) == (*SIGNED, *more)
    assert proven(fields | {"wsb_signature": digest[::-1]}, SECRET) is None
    assert read_notification(sent(fields | {"wsb_signature": digest}), shop()).order_number == "BOT-1001"


def test_answer_of_get_transaction_is_signed_as_worked_out() -> None:
    assert transaction_signature(WORKED, SECRET) == "6fa3d73072b977ba5ca48e1091f43140"
    assert shop(cabinet_username="anna", cabinet_password="cabinet-pass").password_digest == (
        "6f5a29e514d1a42d4a52a4e8f60f9545"
    )


@pytest.mark.parametrize("signed", [(), ("card",)])
def test_card_is_believed_only_where_it_is_signed(signed: tuple[str, ...]) -> None:
    told = read_notification(notification(*signed, **CARD), shop())
    assert told.card == (CARD["card"] if signed else "")


@pytest.mark.parametrize(
    "signed", [tuple(BOUND), tuple(BOUND)[:3], ("card", *BOUND), ("card", *tuple(BOUND)[:3])]
)
def test_bound_card_is_told_whichever_tail_is_signed(signed: tuple[str, ...]) -> None:
    binding = read_notification(notification(*signed, **CARD, **BOUND), shop()).binding
    assert binding is not None
    assert (binding.customer, binding.operation, binding.token) == ("tg42", "recurring_bind", "929900001")
    assert (binding.good_until is not None) is ("offer_exp_date" in signed)


def test_token_that_is_not_signed_binds_nothing() -> None:
    assert read_notification(notification(**BOUND), shop()).binding is None


def test_secret_of_the_other_environment_proves_nothing() -> None:
    with pytest.raises(BadCallback):
        read_notification(notification(secret="secret_Key_2"), shop())


@pytest.mark.parametrize(
    ("moved", "into"),
    [
        # one signed text, another reading: every pair of neighbours
        ({"batch_timestamp": "1700000100B", "currency_id": "YN"}, {}),
        ({"currency_id": "BYN2", "amount": "5.50"}, {}),
        ({"amount": "25.5", "payment_method": "0cc"}, {}),
        ({"amount": "25.50c", "payment_method": "c"}, {}),
        ({"payment_method": "cc8", "order_id": "8001"}, {}),
        ({"order_id": "88001K", "site_order_id": NUMBER[1:]}, {}),
        ({"site_order_id": NUMBER + "7", "transaction_id": "77000111"}, {}),
        ({"site_order_id": NUMBER[:-1], "transaction_id": NUMBER[-1] + "777000111"}, {}),
        ({"transaction_id": "7770001111", "payment_type": "4", "rrn": "31200000001"}, {}),
        ({"transaction_id": "77700011", "payment_type": "11"}, {}),
        ({"payment_type": "14", "rrn": "31200000001"}, {}),
        ({"payment_type": "1", "rrn": "4312000000014", "card": "11111xxxxxx1111"}, CARD),
        ({"rrn": "", "card": "431200000001411111xxxxxx1111"}, CARD),
    ],
)
def test_characters_do_not_move_between_neighbours(moved: dict[str, str], into: dict[str, str]) -> None:
    genuine = PLAIN | into
    digest = signature(genuine, *into)
    read_notification(sent(genuine | {"wsb_signature": digest}), shop())
    shifted = genuine | moved
    with pytest.raises(BadCallback):
        read_notification(sent(shifted | {"wsb_signature": digest}), shop())


def test_refund_is_not_read_as_a_payment_nor_a_payment_as_a_refund() -> None:
    """ "777000111" of type 1 and "77700011" of type 11 are one signed text."""
    paid = PLAIN | {"wsb_signature": signature(PLAIN)}
    assert read_notification(sent(paid), shop()).payment_type == 1
    with pytest.raises(BadCallback):
        read_notification(sent(paid | {"transaction_id": "77700011", "payment_type": "11"}), shop())
    back = PLAIN | {"payment_type": "11"}
    back |= {"wsb_signature": signature(back)}
    assert read_notification(sent(back), shop()).payment_type == 11
    with pytest.raises(BadCallback, match="WEBPAY__TRANSACTION_DIGITS"):
        read_notification(sent(back | {"transaction_id": "7770001111", "payment_type": "1"}), shop())


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_no_other_reading_of_a_signed_text_is_believed(data: st.DataObject) -> None:
    text = "".join(PLAIN[name] for name in SIGNED)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), min_size=8, max_size=8)))
    edges = [0, *cuts, len(text)]
    parts = [text[start:end] for start, end in itertools.pairwise(edges)]
    fields = dict(zip(SIGNED, parts, strict=True))
    told = sent(fields | {"wsb_signature": hashlib.md5((text + SECRET).encode()).hexdigest()})
    if fields != PLAIN:
        with pytest.raises(BadCallback):
            read_notification(told, shop())


@pytest.mark.parametrize("number", [NUMBER, f"{NUMBER[:-4]}2347", f"K-2{NUMBER[3:-1]}7"])
@pytest.mark.parametrize("rrn", ["431200000001", ""])
def test_every_small_shift_of_the_cuts_is_refused(number: str, rrn: str) -> None:
    genuine = PLAIN | {"site_order_id": number, "rrn": rrn}
    text = "".join(genuine[name] for name in SIGNED)
    ends, at = [], 0
    for name in SIGNED[:-1]:
        at += len(genuine[name])
        ends.append(at)
    digest = signature(genuine)
    for first in range(len(ends)):
        for second in range(first, len(ends)):
            for by in (-13, -12, -3, -2, -1, 1, 2, 3, 12, 13):
                cuts = [end + by * (first <= place <= second) for place, end in enumerate(ends)]
                edges = [0, *cuts, len(text)]
                if edges != sorted(edges):
                    continue
                parts = [text[start:end] for start, end in itertools.pairwise(edges)]
                with pytest.raises(BadCallback):
                    fields = dict(zip(SIGNED, parts, strict=True))
                    read_notification(sent(fields | {"wsb_signature": digest}), shop())
