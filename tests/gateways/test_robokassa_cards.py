"""Kept cards at Robokassa: parents, what they leave behind, charges, and the page with a card on it."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.errors import BadCallback, OutcomeUnknown, ProviderRefused, ProviderUnavailable
from bot.domain.events import Paid, Refused, Unfinished
from bot.domain.periods import now
from bot.domain.references import new_reference
from bot.domain.refusals import NEVER_CREATED, Refusal
from bot.domain.saved_cards import CardOnFile
from bot.gateways.base import ChargeRequest, LinkRequest
from bot.gateways.robokassa.callbacks import MARK
from bot.gateways.robokassa.charging import NEVER_CREATED_AFTER
from bot.gateways.robokassa.gateway import Robokassa
from bot.gateways.robokassa.numbers import number_of
from bot.gateways.robokassa.requests import Requests
from bot.gateways.robokassa.signatures import Signer
from sandbox.cards import Behaviour
from sandbox.robokassa import signatures as theirs
from tests.gateways.charging_contract import ChargingContract
from tests.gateways.contract import PRICE, asked
from tests.gateways.robokassa_street import (
    PASSWORD1,
    TEST2,
    RobokassaStreet,
    fields_of,
    message,
    posted,
    shop_settings,
)
from tests.gateways.scripted import Scripted
from tests.gateways.test_robokassa_payments import ITEM, MAIL

LONG_AGO = NEVER_CREATED_AFTER + timedelta(minutes=1)


def wanted(**more: object) -> LinkRequest:
    request = asked(method="robokassa", title="Доступ", items=(ITEM,), email=MAIL)
    return replace(request, **more)  # type: ignore[arg-type]  # one field at a time


def charging(token: str, **more: object) -> ChargeRequest:
    request = ChargeRequest(
        new_reference(), "robokassa", token, PRICE, "Доступ", "ru", items=(ITEM,), email=MAIL
    )
    return replace(request, **more)  # type: ignore[arg-type]  # one field at a time


def requests(**settings: object) -> Requests:
    chosen = shop_settings("https://auth.robokassa.ru", **settings)
    return Requests(chosen, Signer(chosen.hash))


def test_parent_payment_says_so_in_lower_case_and_nothing_that_does_not_go_with_it() -> None:
    fields = requests(methods=("robokassa_card",), card_label="BankCardPSR").parent(
        wanted(method="robokassa_card", saves_card=True)
    )
    assert (fields["Recurring"], fields["Shp_kept"]) == ("true", "card")
    assert not {"IncCurrLabel", "ExpirationDate"} & set(fields)
    base = f"demo-shop:990.00:{fields['InvId']}:{PASSWORD1}:{MARK}={fields[MARK]}:Shp_kept=card"
    assert fields["SignatureValue"] == Signer("SHA256").digest(base)


def test_charge_names_its_parent_and_does_not_sign_it() -> None:
    request = charging("1001")
    fields = requests(receipts="robokassa").charge(request)
    number = number_of(request.reference, test=False)
    assert (fields["InvoiceID"], fields["PreviousInvoiceID"]) == (number, "1001")
    assert (fields["Email"], fields[MARK]) == (MAIL, request.reference)
    assert not {"InvId", "Recurring", "Shp_kept"} & set(fields)
    base = f"demo-shop:990.00:{number}:{fields['Receipt']}:{PASSWORD1}:{MARK}={request.reference}"
    assert (
        fields["SignatureValue"] == Signer("SHA256").digest(base) == theirs.asked("SHA256", fields, PASSWORD1)
    )


@pytest.fixture
async def street() -> AsyncIterator[RobokassaStreet]:
    async with RobokassaStreet(recurring=True, act_timeout=0.5) as street:
        yield street


@pytest.mark.parametrize("token", ["", "0", "abc", "1&InvoiceID=2"])
def test_parent_is_a_number(token: str) -> None:
    with pytest.raises(ProviderRefused):
        requests().charge(charging(token))


def test_remembered_card_is_signed_before_the_password() -> None:
    request = wanted()
    fields = requests().saved_card(request, "OPKEY-1")
    base = f"demo-shop:990.00:{fields['InvId']}:OPKEY-1:{PASSWORD1}:{MARK}={request.reference}"
    assert fields["SignatureValue"] == Signer("SHA256").digest(base)


@pytest.mark.parametrize(
    ("body", "status", "expected"),
    [
        (b"OK", 200, OutcomeUnknown),
        (b"OK1", 200, OutcomeUnknown),
        (b"", 200, OutcomeUnknown),
        (b"<html><body>29</body></html>", 200, OutcomeUnknown),
        (b"ERROR: 40", 200, OutcomeUnknown),
        (b"ERROR: 41", 200, OutcomeUnknown),
        (b"ERROR: 29 30", 200, OutcomeUnknown),
        (b"ERROR: 29", 500, OutcomeUnknown),
        (b"ERROR: 29", 200, ProviderRefused),
        (b'{"errorCode":34}', 400, ProviderRefused),
        (b"26", 200, ProviderRefused),
        (b"slowly", 429, ProviderUnavailable),
    ],
)
async def test_only_a_clear_answer_to_a_charge_is_believed(
    body: bytes, status: int, expected: type[Exception]
) -> None:
    async with Scripted(body, status=status) as provider:
        gateway = Robokassa(shop_settings(provider.base, recurring=True))
        with pytest.raises(expected):
            await gateway.charge(charging("1001"))
        await gateway.close()


async def test_ok_means_that_a_charge_was_begun() -> None:
    request = charging("1001")
    number = number_of(request.reference, test=False)
    async with Scripted(f"OK{number}\n".encode()) as provider:
        gateway = Robokassa(shop_settings(provider.base, recurring=True))
        assert await gateway.charge(request) == Unfinished("robokassa", request.reference, number)
        await gateway.close()
    (sent,) = provider.requests
    assert (sent.method, sent.path) == ("POST", "/Merchant/Recurring")


async def test_card_is_kept_by_the_number_of_its_parent(street: RobokassaStreet) -> None:
    request = wanted(saves_card=True)
    link = await street.gateway.create_link(request)
    told = await street.gateway.read_callback(await street.pay(link))
    assert told.card_on_file == CardOnFile(link.provider_payment)
    (operation,) = await street.seen("operations")
    asked_after = await street.gateway.ask("", request.reference)
    assert isinstance(asked_after, Paid)
    card = asked_after.card_on_file
    assert card is not None
    assert (card.token, card.masked, bool(card.page_token)) == (operation["number"], "•••• 2987", True)
    assert await street.gateway.describe_card(card.token) == card


async def test_payment_that_keeps_no_card_leaves_none_behind(street: RobokassaStreet) -> None:
    plain = await street.unsaved()
    assert plain.card_on_file is None
    with pytest.raises(ProviderRefused):
        await street.gateway.describe_card(plain.provider_payment)
    with pytest.raises(ProviderRefused):
        await street.gateway.describe_card(number_of(new_reference(), test=False))
    shop = street.opened(recurring=False)
    link = await shop.create_link(wanted(saves_card=True))
    assert "Recurring" not in link.url


async def test_field_that_marks_a_kept_card_is_signed(street: RobokassaStreet) -> None:
    plain = street.fields()
    genuine = fields_of(message(plain))
    with pytest.raises(BadCallback):
        await street.gateway.read_callback(posted(genuine | {"Shp_kept": "card"}))
    kept = fields_of(message(plain | {"Shp_kept": "card"}))
    assert (await street.gateway.read_callback(posted(kept))).card_on_file == CardOnFile(plain["InvId"])
    for less in ({"InvId": "1741"}, {"Shp_kept": "wallet"}):
        told = await street.gateway.read_callback(message(plain | {"Shp_kept": "card"} | less))
        assert told.card_on_file is None
    pretended = message(plain | {"Shp_kept": "card"}, password=TEST2)
    assert (await street.gateway.read_callback(pretended)).card_on_file is None


async def test_parent_may_not_be_paid_by_sbp_and_its_page_lists_cards_alone(street: RobokassaStreet) -> None:
    link = await street.gateway.create_link(wanted(saves_card=True))
    page = await street.open(link)
    assert 'value="sbp"' not in page
    assert 'value="2202474301322987"' in page


async def test_page_opens_with_the_remembered_card_alone(street: RobokassaStreet) -> None:
    card = await street.gateway.describe_card((await street.saved_card()).token)
    request = wanted(page_token=card.page_token)
    link = await street.gateway.create_link(request)
    assert link.url == f"{street.base}/Merchant/Payment/CoFPayment"
    assert card.page_token not in link.url
    page = await street.open(link)
    assert 'type="radio"' not in page
    assert "•• 2987" in page
    paid = await street.gateway.read_callback(await street.pay(link))
    assert (paid.reference, paid.card_on_file) == (request.reference, None)
    assert "Error 30" in await street.open(
        replace(link, url=link.url.replace("Payment/CoFPayment", "Index.aspx"))
    )
    assert "Error 29" in await street.open(replace(link, form={**link.form, "Token": "another"}))


async def test_refused_charge_has_no_reason_and_is_told_by_asking_alone(street: RobokassaStreet) -> None:
    card = await street.saved_card(Behaviour.NO_FUNDS_TWICE)
    request = charging(card.token)
    begun = await street.gateway.charge(request)
    refused = await street.gateway.ask_charge(begun.provider_payment, request.reference, now())
    assert refused == Refused(
        "robokassa", request.reference, Refusal.OTHER, begun.provider_payment, code="state_10"
    )


@pytest.mark.parametrize(("odd", "expected"), [("state 50", Unfinished), ("state 60", Refused)])
async def test_charge_is_money_only_once_it_is_credited(
    street: RobokassaStreet, odd: str, expected: type
) -> None:
    request = charging((await street.saved_card()).token)
    begun = await street.gateway.charge(request)
    await street.fault(state=odd)
    assert isinstance(
        await street.gateway.ask_charge(begun.provider_payment, request.reference, now()), expected
    )
    await street.fault(state="the truth")
    assert isinstance(await street.gateway.ask_charge("", request.reference, now()), Paid)


async def test_unheard_of_charge_is_over_only_after_a_while(street: RobokassaStreet) -> None:
    """And never in tests, which OpStateExt knows nothing of."""
    reference = new_reference()
    for since in (None, now(), now() - NEVER_CREATED_AFTER + timedelta(minutes=1)):
        assert isinstance(await street.gateway.ask_charge("", reference, since), Unfinished)
    never = await street.gateway.ask_charge("", reference, now() - LONG_AGO)
    assert isinstance(never, Refused)
    assert never.code == NEVER_CREATED
    in_tests = await street.opened(test=True).ask_charge("", reference, now() - LONG_AGO)
    assert isinstance(in_tests, Unfinished)


async def test_another_charge_is_no_parent(street: RobokassaStreet) -> None:
    begun = await street.gateway.charge(charging((await street.saved_card()).token))
    await street.told(begun.provider_payment)
    told = await street.gateway.charge(charging(begun.provider_payment))
    assert isinstance(told, Refused)
    assert (told.reason, told.code) == (Refusal.OTHER, "error_35")


async def test_wrong_password_is_a_fault_of_ours(street: RobokassaStreet) -> None:
    token = (await street.saved_card()).token
    with pytest.raises(ProviderRefused, match="29"):
        await street.opened(password1="x").charge(charging(token))


async def test_charge_has_its_receipt_and_needs_an_email() -> None:
    async with RobokassaStreet(recurring=True, receipts="robokassa") as street:
        link = await street.gateway.create_link(wanted(saves_card=True))
        paid = await street.gateway.read_callback(await street.pay(link))
        request = charging(paid.provider_payment)
        begun = await street.gateway.charge(request)
        made = [each for each in await street.seen("operations") if each["number"] == begun.provider_payment]
        assert made[0]["receipt"]["items"][0]["name"] == ITEM.title
        with pytest.raises(ProviderRefused):
            await street.gateway.charge(charging(paid.provider_payment, email=""))


async def test_shop_that_keeps_cards_waits_longer_for_its_pages(street: RobokassaStreet) -> None:
    reference = new_reference()
    assert isinstance(await street.gateway.ask("", reference, now() - timedelta(hours=23)), Unfinished)
    assert isinstance(await street.gateway.ask("", reference, now() - timedelta(hours=25)), Refused)


class TestRobokassaCharges(ChargingContract):
    """Of a refusal nobody tells why; an answer never says more than that a charge was begun."""

    method = "robokassa"
    tells_reasons = False
