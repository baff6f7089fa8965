"""Kept cards at Robokassa: parents, what they leave behind, charges, and the page with a card on it."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.domain.errors import OutcomeUnknown, ProviderRefused, ProviderUnavailable
from bot.domain.events import Unfinished
from bot.domain.references import new_reference
from bot.gateways.base import ChargeRequest, LinkRequest
from bot.gateways.robokassa.callbacks import MARK
from bot.gateways.robokassa.gateway import Robokassa
from bot.gateways.robokassa.numbers import number_of
from bot.gateways.robokassa.requests import Requests
from bot.gateways.robokassa.signatures import Signer
from sandbox.robokassa import signatures as theirs
from tests.gateways.contract import PRICE, asked
from tests.gateways.robokassa_street import PASSWORD1, shop_settings
from tests.gateways.scripted import Scripted
from tests.gateways.test_robokassa_payments import ITEM, MAIL

UNTIL = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


def wanted(**more: object) -> LinkRequest:
    request = asked(method="robokassa", title="Доступ", items=(ITEM,), email=MAIL)
    return replace(request, **more)  # type: ignore[arg-type]


def charging(token: str, **more: object) -> ChargeRequest:
    request = ChargeRequest(
        new_reference(), "robokassa", token, PRICE, "Доступ", "ru", items=(ITEM,), email=MAIL
    )
    return replace(request, **more)  # type: ignore[arg-type]


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
        (b"35", 200, ProviderRefused),
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
