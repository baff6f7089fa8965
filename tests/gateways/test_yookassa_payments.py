"""Payments at the sandbox's YooKassa, over real HTTP: begin, pay, ask, lose answers."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.errors import BadCallback, OutcomeUnknown, ProviderRefused, ProviderUnavailable
from bot.domain.events import Callback, EventKind, Hint, Paid, Refused, Unfinished
from bot.domain.periods import now
from bot.domain.references import new_reference
from bot.domain.refusals import Refusal
from bot.gateways.yookassa.settings import KINDS
from tests.gateways.contract import PRICE, asked
from tests.gateways.yookassa_street import YooKassaStreet


async def test_payment_is_begun_paid_and_asked_back(street: YooKassaStreet) -> None:
    request = asked(PRICE)
    link = await street.gateway.create_link(request)
    assert link.url.startswith(street.base)
    assert link.expires_at is not None
    assert timedelta(minutes=55) < link.expires_at - now() < timedelta(hours=1)
    assert isinstance(await street.gateway.ask(link.provider_payment, request.reference), Unfinished)

    hint = await street.gateway.read_callback(await street.pay(link))
    assert hint == Hint("yookassa", EventKind.PAID, link.provider_payment, link.provider_payment)
    paid = await street.gateway.ask_hint(hint)
    assert isinstance(paid, Paid)
    assert (paid.amount, paid.reference, paid.test) == (PRICE, request.reference, False)
    assert paid.identity.movement == link.provider_payment
    assert (paid.proof.method, paid.proof.card) == ("bank_card", "Mir *2987")
    assert paid.proof.rrn
    assert paid.proof.approval
    assert paid.happened_at is not None
    assert await street.gateway.ask(link.provider_payment, request.reference) == paid


async def test_repeated_request_gives_the_same_payment(street: YooKassaStreet) -> None:
    request = asked(PRICE)
    assert await street.gateway.create_link(request) == await street.gateway.create_link(request)


async def test_payment_begun_in_another_language_is_found_again(street: YooKassaStreet) -> None:
    request = asked(PRICE)
    first = await street.gateway.create_link(request)
    again = replace(request, language="en", title="WhatsApp +7 900, one month")
    assert await street.gateway.create_link(again) == first


async def test_answer_lost_once_is_fetched_again_at_once(street: YooKassaStreet) -> None:
    street.lost = 1
    link = await street.gateway.create_link(asked(PRICE))
    assert street.outcomes == ["unknown", "ok"]
    assert len(street.bodies) == 2
    assert len(await street.payments()) == 1
    assert link.url


async def test_reference_used_for_another_sum_is_asked_after(street: YooKassaStreet) -> None:
    request = asked(PRICE)
    await street.gateway.create_link(request)
    with pytest.raises(OutcomeUnknown):
        await street.gateway.create_link(asked(PRICE * 2, reference=request.reference))


@pytest.mark.parametrize(
    ("card", "reason"),
    [
        ("insufficient_funds", Refusal.NO_FUNDS),
        ("card_expired", Refusal.CARD_EXPIRED),
        ("call_issuer", Refusal.ASK_BANK),
        ("fraud_suspected", Refusal.SECURITY),
        ("3d_secure_failed", Refusal.NOT_CONFIRMED),
        ("general_decline", Refusal.ASK_BANK),
        ("invalid_csc", Refusal.CARD_DATA),
        ("issuer_unavailable", Refusal.BANK_SILENT),
        ("country_forbidden", Refusal.COUNTRY),
    ],
)
async def test_refusal_tells_the_customer_why(street: YooKassaStreet, card: str, reason: Refusal) -> None:
    link = await street.gateway.create_link(asked(PRICE))
    hint = await street.hint(await street.pay(link, card))
    assert (hint.kind, hint.final) == (None, True)
    refused = await street.gateway.ask_hint(hint)
    assert isinstance(refused, Refused)
    assert (refused.reason, refused.code) == (reason, card)


async def test_link_that_ran_out_is_refused_as_expired(street: YooKassaStreet) -> None:
    request = asked(PRICE)
    link = await street.gateway.create_link(request)
    await street.control(f"payments/{link.provider_payment}/expire")
    refused = await street.gateway.ask(link.provider_payment, request.reference)
    assert isinstance(refused, Refused)
    assert refused.reason is Refusal.LINK_EXPIRED
    with pytest.raises(ProviderRefused, match="expired_on_confirmation"):
        await street.gateway.create_link(request)


async def test_lost_answer_is_found_by_our_mark(street: YooKassaStreet) -> None:
    begun, request = now(), asked(PRICE)
    await street.fault(api="acted, answer lost")
    with pytest.raises(OutcomeUnknown):
        await street.gateway.create_link(request)
    await street.fault(api="ok")
    for _ in range(101):
        await street.gateway.create_link(asked(PRICE))
    found = await street.gateway.ask("", request.reference, begun)
    assert isinstance(found, Unfinished)
    assert found.provider_payment == (await street.gateway.create_link(request)).provider_payment


async def test_payment_that_never_arrived_is_refused_once_it_cannot_come(street: YooKassaStreet) -> None:
    reference = new_reference()
    assert isinstance(await street.gateway.ask("", reference, now()), Unfinished)
    refused = await street.gateway.ask("", reference, now() - timedelta(hours=1))
    assert isinstance(refused, Refused)
    assert refused.code == "never_created"


@pytest.mark.parametrize("mishap", ["500", "502 page", "hang", "reset", "acted, answer lost"])
async def test_trouble_after_sending_leaves_the_outcome_unknown(street: YooKassaStreet, mishap: str) -> None:
    await street.fault(api=mishap)
    with pytest.raises(OutcomeUnknown):
        await street.gateway.create_link(asked(PRICE))
    assert set(street.outcomes) == {"unknown"}


@pytest.mark.parametrize("mishap", ["500", "502 page", "hang", "reset", "429"])
async def test_trouble_while_asking_is_safe_to_repeat(street: YooKassaStreet, mishap: str) -> None:
    link = await street.gateway.create_link(asked(PRICE))
    await street.fault(api=mishap)
    with pytest.raises(ProviderUnavailable):
        await street.gateway.ask(link.provider_payment, "")
    assert street.outcomes == ["ok", "unavailable"]


async def test_too_many_requests_is_known_to_have_done_nothing(street: YooKassaStreet) -> None:
    await street.fault(api="429")
    with pytest.raises(ProviderUnavailable):
        await street.gateway.create_link(asked(PRICE))


async def test_closed_port_is_known_to_have_done_nothing(street: YooKassaStreet) -> None:
    await street.shut()
    with pytest.raises(ProviderUnavailable):
        await street.gateway.create_link(asked(PRICE))
    assert not (await street.gateway.check()).well


async def test_payment_nobody_knows_is_refused(street: YooKassaStreet) -> None:
    with pytest.raises(ProviderRefused, match="not_found"):
        await street.gateway.ask("2f0c1b7a-000f-5001-8000-1a2b3c4d5e6f", "")
    with pytest.raises(ProviderRefused, match="not an id"):
        await street.gateway.ask("../me", "")


async def test_callback_without_meaning_for_us_is_only_acknowledged(street: YooKassaStreet) -> None:
    for event in ("payout.succeeded", "payment_method.active", "invoice.new_word"):
        body = f'{{"type":"notification","event":"{event}","object":{{"id":"po-1"}}}}'
        assert not (await street.hint(Callback(body.encode()))).final


async def test_held_money_is_not_money_yet(street: YooKassaStreet) -> None:
    request = asked(PRICE)
    link = await street.gateway.create_link(request)

    def hold(said: dict[str, object]) -> None:
        said.update(status="waiting_for_capture", paid=True)

    street.changes[link.provider_payment] = hold
    assert isinstance(await street.gateway.ask(link.provider_payment, request.reference), Unfinished)


async def test_unknown_reason_is_kept_in_the_providers_word(street: YooKassaStreet) -> None:
    link = await street.gateway.create_link(asked(PRICE))

    def die(said: dict[str, object]) -> None:
        said.update(status="canceled", cancellation_details={"party": "moon", "reason": "bad_moon"})

    street.changes[link.provider_payment] = die
    refused = await street.gateway.ask(link.provider_payment, "")
    assert isinstance(refused, Refused)
    assert (refused.reason, refused.code) == (Refusal.OTHER, "bad_moon")


@pytest.mark.parametrize(
    "change",
    [
        {"amount": None},
        {"amount": {"value": "9,90", "currency": "RUB"}},
        {"amount": {"value": "990.005", "currency": "RUB"}},
        {"amount": {"value": "990.00", "currency": "XXX"}},
        {"amount": {"value": "0.00", "currency": "RUB"}},
        {"amount": {"value": "-990.00", "currency": "RUB"}},
        {"status": None},
        {"status": 7},
        {"id": "another"},
    ],
)
async def test_answer_of_a_strange_shape_is_asked_for_again(
    street: YooKassaStreet, change: dict[str, object]
) -> None:
    link = await street.gateway.create_link(asked(PRICE))
    await street.pay(link)
    street.changes[link.provider_payment] = lambda said: said.update(change)
    with pytest.raises(ProviderUnavailable):
        await street.gateway.ask(link.provider_payment, "")


async def test_surprise_in_a_field_we_do_not_read_keeps_no_money_away(street: YooKassaStreet) -> None:
    link = await street.gateway.create_link(asked(PRICE))
    await street.pay(link)
    strange = {
        "income_amount": {"value": "a lot"},
        "transfers": 5,
        "deal": [],
        "payment_method": "card",
        "brand_new": {"x": 1},
    }
    street.changes[link.provider_payment] = lambda said: said.update(strange)
    assert isinstance(await street.gateway.ask(link.provider_payment, ""), Paid)


async def test_hint_at_a_payment_nobody_knows_is_not_believed(street: YooKassaStreet) -> None:
    nobodys = "2f0c1b7a-000f-5001-8000-1a2b3c4d5e6f"
    claim = Hint("yookassa", EventKind.PAID, nobodys, nobodys)
    with pytest.raises(BadCallback):
        await street.gateway.ask_hint(claim)


async def test_two_taps_at_once_begin_one_payment(street: YooKassaStreet) -> None:
    request = asked(PRICE)
    links = await asyncio.gather(*(street.gateway.create_link(request) for _ in range(8)))
    assert len({link.provider_payment for link in links}) == 1
    assert len(await street.payments()) == 1


async def test_another_sale_in_a_currency_without_a_name_here_stands_in_nobodys_way(
    street: YooKassaStreet,
) -> None:
    link = await street.gateway.create_link(asked(PRICE))
    await street.pay(link)
    foreign = {"metadata": {}, "amount": {"value": "990.00", "currency": "UZS"}}
    street.changes[link.provider_payment] = lambda said: said.update(foreign)
    hint = Hint("yookassa", EventKind.PAID, link.provider_payment, link.provider_payment)
    assert isinstance(await street.gateway.ask_hint(hint), Unfinished)


async def test_text_that_no_database_holds_is_left_out(street: YooKassaStreet) -> None:
    link = await street.gateway.create_link(asked(PRICE))
    await street.pay(link)
    junk = {"card": {"card_type": "Mir\u0000", "last4": "29\ud800"}, "type": "bank_card"}
    street.changes[link.provider_payment] = lambda said: said.update(payment_method=junk)
    paid = await street.gateway.ask(link.provider_payment, "")
    assert isinstance(paid, Paid)
    assert (paid.proof.method, paid.proof.card) == ("bank_card", "")


@pytest.mark.parametrize("method", ["yookassa_sbp", "yookassa_sberpay", "yookassa_tpay", "yookassa_yoomoney"])
async def test_button_without_a_card_is_paid(method: str) -> None:
    async with YooKassaStreet() as street:
        request = asked(method=method)
        link = await street.gateway.create_link(request)
        await street.control(f"payments/{link.provider_payment}/pay", method=KINDS[method])
        paid = await street.gateway.ask(link.provider_payment, request.reference)
        assert isinstance(paid, Paid)
        assert (paid.amount, paid.proof.method) == (PRICE, KINDS[method])


async def test_phone_balance_has_no_page_of_the_provider() -> None:
    async with YooKassaStreet() as street:
        request = asked(method="yookassa_mobile", phone="+7 900 000-00-00")
        link = await street.gateway.create_link(request)
        assert link.url == request.return_url
        await street.control(f"payments/{link.provider_payment}/pay", method="mobile_balance")
        paid = await street.gateway.ask(link.provider_payment, request.reference)
        assert isinstance(paid, Paid)
        assert paid.proof.method == "mobile_balance"
