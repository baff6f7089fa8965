"""Whatever arrives, from strangers or from the API itself, ends in a named error or in the truth."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.errors import BadCallback, ProviderError
from bot.domain.events import Callback, Hint, Paid
from bot.gateways.http import NotUnderstood
from bot.gateways.yookassa import answers
from bot.gateways.yookassa.callbacks import ID, read_hint
from tests.gateways.contract import recorded

PAID = json.loads(recorded("yookassa/payment.succeeded.txt").body)["object"]
CANCELED = json.loads(recorded("yookassa/payment.canceled.txt").body)["object"]
REFUND = json.loads(recorded("yookassa/refund.succeeded.txt").body)["object"]
WORDS = sorted(
    {*PAID, *CANCELED, *REFUND, "value", "currency", "type", "card", "last4", "reason", "rrn", "kassir"}
)

JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.sampled_from(WORDS),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(WORDS), inner, max_size=4),
    max_leaves=8,
)
FIELDS = st.dictionaries(st.sampled_from(WORDS), JUNK, max_size=4)


@given(st.binary(max_size=300))
def test_any_bytes_are_a_hint_or_refused(body: bytes) -> None:
    with pytest.raises(BadCallback):
        read_hint(Callback(body))


@settings(max_examples=100)
@given(st.sampled_from(["payment.succeeded", "refund.succeeded", "deal.closed"]) | JUNK, FIELDS | JUNK)
def test_any_notification_is_a_checked_hint_or_refused(event: object, claimed: object) -> None:
    body = {"type": "notification", "event": event, "object": claimed}
    try:
        hint = read_hint(Callback(json.dumps(body).encode()))
    except BadCallback:
        return
    assert isinstance(hint, Hint)
    assert not hint.final or ID.fullmatch(hint.movement)


@pytest.mark.parametrize(
    "told",
    [
        lambda raw: answers.payment_told(PAID | raw, test=False),
        lambda raw: answers.payment_told(CANCELED | raw, test=False),
        lambda raw: answers.refund_told(REFUND | raw, "reference", test=False),
        lambda raw: answers.refund_answer(REFUND | raw, "reference"),
        lambda raw: answers.link(PAID | {"status": "pending"} | raw, "https://a"),
    ],
)
@settings(max_examples=100)
@given(FIELDS)
def test_any_answer_is_understood_or_named(told: Callable[[Any], Any], raw: dict[str, Any]) -> None:
    try:
        told(raw)
    except (NotUnderstood, ProviderError):
        return


@settings(max_examples=100)
@given(JUNK, JUNK)
def test_paid_money_is_told_whatever_its_receipt_looks_like(method: object, details: object) -> None:
    paid = answers.payment_told(
        PAID | {"payment_method": method, "authorization_details": details}, test=False
    )
    assert isinstance(paid, Paid)
    json.dumps([paid.proof.method, paid.proof.card, paid.proof.rrn, paid.proof.approval])
    assert all(isinstance(part, str) for part in (paid.proof.method, paid.proof.card, paid.proof.rrn))


@pytest.mark.parametrize(
    ("method", "shown"),
    [
        (
            {"type": "sbp", "sbp_operation_id": "A1", "payer_bank_details": {"bank_id": "1", "bic": "2"}},
            "sbp",
        ),
        ({"type": "yoo_money", "account_number": "41001"}, "yoo_money"),
        ({"type": "sberbank", "card": {"last4": "1234", "card_type": "Mir"}}, "sberbank"),
        ({"type": "tinkoff_bank", "card": {"last4": "1234"}}, "tinkoff_bank"),
        ({"type": "bank_card"}, "bank_card"),
        ({"type": "brand_new", "card": "*1"}, "brand_new"),
    ],
)
def test_every_kind_of_payment_is_told(method: dict[str, Any], shown: str) -> None:
    paid = answers.payment_told(PAID | {"payment_method": method}, test=False)
    assert isinstance(paid, Paid)
    assert paid.proof.method == shown
