"""What a notification is believed to say, type by type, and what is turned away at the door."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import urlencode

import pytest

from bot.domain.errors import BadCallback
from bot.domain.events import Callback, Event, Hint, Paid, Refunded, Refused
from bot.domain.money import Money
from bot.domain.refusals import Refusal
from bot.gateways.webpay.movements import event_of
from bot.gateways.webpay.notifications import LARGEST, read_notification
from tests.gateways.webpay_wire import PLAIN, REFERENCE, notification, sent, shop, signature

BYN = Money(2550, "BYN")


def told(captures_itself: bool = False, test: bool = False, **changes: str) -> Event | Hint:
    settings = shop(captures_itself=captures_itself, test=test)
    return event_of(read_notification(notification(**changes), settings), settings)


@pytest.mark.parametrize("kind", ["1", "10"])
def test_completed_money_is_credited(kind: str) -> None:
    paid = told(payment_type=kind)
    assert isinstance(paid, Paid)
    assert (paid.movement, paid.provider_payment) == ("777000111", "777000111")
    assert (paid.reference, paid.amount, paid.test) == (REFERENCE, BYN, False)
    assert (paid.proof.rrn, paid.proof.method) == ("431200000001", "cc")
    assert paid.happened_at == datetime(2023, 11, 14, 22, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("masked", "shown"),
    [
        ("434179xxxxxx0051", "Visa *0051"),
        ("911238******0044", "BELKART *0044"),
        ("532525xxxxxx0036", "MasterCard *0036"),
        ("622848xxxxxx1111", "*1111"),
    ],
)
def test_card_is_shown_by_its_scheme_and_end(masked: str, shown: str) -> None:
    callback = notification("card", card=masked)
    paid = event_of(read_notification(callback, shop()), shop())
    assert isinstance(paid, Paid)
    assert paid.proof.card == shown


def test_held_money_counts_only_where_the_shop_captures_by_itself() -> None:
    held = told(payment_type="4")
    assert isinstance(held, Hint)
    assert not held.final
    credited = told(captures_itself=True, payment_type="4")
    completed = told(captures_itself=True, payment_type="1")
    assert isinstance(credited, Paid)
    assert isinstance(completed, Paid)
    assert credited.identity == completed.identity


@pytest.mark.parametrize("kind", ["3", "6", "23"])
def test_unfinished_and_checks_of_a_card_move_nothing(kind: str) -> None:
    amount = "0" if kind == "23" else "25.50"
    quiet = told(captures_itself=True, payment_type=kind, amount=amount)
    assert isinstance(quiet, Hint)
    assert (quiet.kind, quiet.final) == (None, False)


@pytest.mark.parametrize("kind", ["2", "8", "12"])
def test_refusal_says_why(kind: str) -> None:
    refused = told(payment_type=kind, rc="W0545")
    assert isinstance(refused, Refused)
    assert (refused.reference, refused.reason, refused.code) == (REFERENCE, Refusal.NO_FUNDS, "W0545")
    unnamed = told(payment_type=kind)
    assert isinstance(unnamed, Refused)
    assert (unnamed.reason, unnamed.code) == (Refusal.OTHER, f"type {kind}")


@pytest.mark.parametrize("kind", ["5", "7", "9", "11"])
def test_money_that_went_back_names_its_payment(kind: str) -> None:
    back = told(payment_type=kind, amount="10.00")
    assert isinstance(back, Refunded)
    assert (back.provider_payment, back.reference, back.attempt) == ("777000111", REFERENCE, "")
    assert back.amount == Money(1000, "BYN")


def test_repeat_is_one_movement_and_two_parts_are_two() -> None:
    def identity(**changes: str) -> object:
        back = told(False, False, **({"payment_type": "5", "amount": "10.00"} | changes))
        assert isinstance(back, Refunded)
        return back.identity

    assert identity() == identity() == identity(payment_type="9") == identity(amount="10")
    assert len({identity(), identity(amount="5.50"), identity(batch_timestamp="1700000200")}) == 3


def test_held_then_completed_then_voided_are_one_payment_and_one_return() -> None:
    events = [told(captures_itself=True, payment_type=kind) for kind in ("4", "1", "7", "7")]
    identities = {event.identity for event in events if isinstance(event, Paid | Refunded)}
    assert len(identities) == 2
    assert {event.provider_payment for event in events} == {"777000111"}


@pytest.mark.parametrize("amount", ["25.5", "25.50"])
def test_sum_is_read_however_many_digits_it_has(amount: str) -> None:
    paid = told(amount=amount)
    assert isinstance(paid, Paid)
    assert paid.amount == BYN


@pytest.mark.parametrize("number", ["BOT-1001", "1001", "K-1001", "k-" + REFERENCE])
def test_order_without_our_mark_is_foreign(number: str) -> None:
    paid = told(site_order_id=number)
    assert isinstance(paid, Paid)
    assert paid.reference == ""


def test_foreign_sale_in_a_currency_without_a_name_here_stands_in_nobodys_way() -> None:
    assert isinstance(told(site_order_id="BOT-1001", currency_id="GBP"), Hint)
    with pytest.raises(BadCallback):
        told(currency_id="GBP")


def test_test_payment_is_pretence_in_the_live_shop_alone() -> None:
    live, test = told(payment_method="test"), told(test=True, payment_method="test")
    assert isinstance(live, Paid)
    assert isinstance(test, Paid)
    assert (live.test, test.test) == (True, False)


@pytest.mark.parametrize("name", [*PLAIN, "wsb_signature"])
def test_missing_field_is_refused(name: str) -> None:
    fields = PLAIN | {"wsb_signature": signature(PLAIN)}
    whole = sent({key: value for key, value in fields.items() if key != name})
    if name != "rrn":
        with pytest.raises(BadCallback):
            read_notification(whole, shop())
    with pytest.raises(BadCallback):
        read_notification(sent(fields | {name: ""}), shop())


def test_payment_without_an_rrn_is_read() -> None:
    assert isinstance(told(rrn=""), Paid)


@pytest.mark.parametrize(
    "amount", ["0", "0.00", "-25.50", "1e3", "25,50", "025.50", "25.505", "٢٥.٥٠", " 25.50"]
)
def test_odd_sum_is_refused(amount: str) -> None:
    with pytest.raises(BadCallback):
        told(amount=amount)


@pytest.mark.parametrize("words", ["%CE%F2%EA%E0%E7", "%D0%9E%D0%BA", "\xd0", "%zz"])
def test_words_for_people_may_be_in_any_alphabet(words: str) -> None:
    fields = urlencode(PLAIN | {"wsb_signature": signature(PLAIN)})
    callback = Callback(f"{fields}&rc_text={words}&".encode("latin-1"))
    assert read_notification(callback, shop()).transaction == "777000111"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"\xff\xfe",
        b"a",
        b"&&&",
        urlencode([*PLAIN.items(), ("wsb_signature", signature(PLAIN)), ("amount", "25.50")]).encode(),
        urlencode({f"field{number}": "1" for number in range(500)}).encode(),
        urlencode(PLAIN | {"wsb_signature": signature(PLAIN), "rc_text": "x" * LARGEST}).encode(),
        urlencode(PLAIN | {"wsb_signature": "ф" * 32}).encode(),
    ],
)
def test_body_of_another_shape_is_refused(body: bytes) -> None:
    with pytest.raises(BadCallback):
        read_notification(Callback(body), shop())
