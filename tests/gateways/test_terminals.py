"""The terminal protocol on the wire: what is read, what is refused, what is answered."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode
from xml.etree.ElementTree import fromstring

import pytest

from bot.domain.errors import BadCallback
from bot.domain.events import Callback, Hint, Unfinished
from bot.domain.money import Money
from bot.gateways.base import RefundCall, RefundRefused, Way
from bot.gateways.network import BadRequest, Command, Network, NetworkAnswer, Result
from bot.gateways.registry import ProviderSettings, offered_methods, open_gateways, open_networks
from tests.gateways.contract import asked

SECRET = "a-secret-of-tests"
BLOCK: dict[str, Any] = {"secret": SECRET, "currency": "KGS", "allow": ["192.0.2.0/24", "2001:db8::/32"]}
FORM = {"content-type": "application/x-www-form-urlencoded"}
LONGEST = "18446744073709551616"
PAY = {
    "command": "pay",
    "txn_id": "1234567",
    "txn_date": "20261118120133",
    "account": "001234567892",
    "sum": "200.00",
}


def network(**more: Any) -> Network:
    return open_networks(ProviderSettings.model_validate({"terminals": {"elsom": BLOCK | more}}))["elsom"]


def got(**fields: str) -> Callback:
    return Callback(b"", query=urlencode(fields))


def posted(**fields: str) -> Callback:
    return Callback(urlencode(fields).encode(), FORM)


@pytest.mark.parametrize("sent", [got, posted])
def test_query_and_form_say_the_same(sent: Any) -> None:
    request = network().read(sent(**PAY))
    assert (request.command, request.txn_id, request.account) == (Command.PAY, "1234567", "001234567892")
    assert request.amount == Money(20000, "KGS")
    assert request.happened_at == datetime(2026, 11, 18, 6, 1, 33, tzinfo=UTC)


def test_moment_is_by_the_networks_clock() -> None:
    moscow = network(timezone="Europe/Moscow").read(got(**PAY))
    assert moscow.happened_at == datetime(2026, 11, 18, 9, 1, 33, tzinfo=UTC)


def test_text_stays_text() -> None:
    request = network().read(got(**PAY | {"txn_id": LONGEST, "account": "  0012 3456 7892 "}))
    assert (request.txn_id, request.account) == (LONGEST, "0012 3456 7892")
    assert network().read(got(**PAY | {"txn_id": "007"})).txn_id == "007"


def test_check_may_name_no_sum_and_extras_are_let_be() -> None:
    request = network().read(got(command="check", txn_id="1", account="x", pay_type="7", data1="&<"))
    assert (request.command, request.amount) == (Command.CHECK, None)


@pytest.mark.parametrize(
    "text", ["", "-1", "+1", "1e3", "1,00", "1.000", "0x10", "NaN", " ", ".5", "5.", "1 000", "٢٠٠", "9" * 13]
)
def test_sum_of_another_shape_is_not_understood(text: str) -> None:
    with pytest.raises(BadRequest) as refusal:
        network().read(got(**PAY | {"sum": text}))
    assert (refusal.value.answer.result, refusal.value.answer.txn_id) == (Result.REFUSED, "1234567")


@pytest.mark.parametrize(("text", "minor"), [("0", 0), ("200", 20000), ("200.5", 20050), ("0200.00", 20000)])
def test_sum_is_read_without_a_float(text: str, minor: int) -> None:
    assert network().read(got(**PAY | {"sum": text})).amount == Money(minor, "KGS")


@pytest.mark.parametrize(
    "wrong",
    [
        {"txn_id": ""},
        {"txn_id": "9" * 21},
        {"txn_id": "-1"},
        {"txn_id": "12a"},
        {"txn_id": "1<b>"},
        {"command": ""},
        {"command": "refund"},
        {"command": "cancel"},
        {"command": "status"},
        {"txn_date": "2026-11-18"},
        {"txn_date": "20261318120133"},
        {"prv_txn": "x"},
        {"cancel_txn_id": "1 or 1"},
    ],
)
def test_what_is_not_of_the_contract_is_refused_with_a_final_code(wrong: dict[str, str]) -> None:
    with pytest.raises(BadRequest) as refusal:
        network().read(got(**PAY | wrong))
    assert refusal.value.answer.result is Result.REFUSED


@pytest.mark.parametrize(
    "junk",
    [
        Callback(b""),
        Callback(b"\xff\xfe\x00", FORM),
        Callback(b"{}", {"content-type": "application/json"}),
        Callback(b"", query="&".join(f"a{number}=1" for number in range(100))),
        Callback(b"", query=urlencode(PAY) + "&sum=1.00"),
        Callback(b"sum=1.00", FORM, query=urlencode(PAY)),
        Callback(urlencode(PAY).encode()),
        Callback(b"", query="%ff%fe=%00"),
    ],
)
def test_junk_is_not_understood(junk: Callback) -> None:
    with pytest.raises(BadRequest):
        network().read(junk)


def test_network_may_call_things_otherwise() -> None:
    ibox = network(
        element="ibox_txn_id",
        names={"txn_id": "id", "account": "ls", "cancelled": "old"},
        cancel="storno",
        status="getStatus",
    )
    paid = ibox.read(got(command="pay", id="5", ls="00", sum="1.00"))
    assert (paid.txn_id, paid.account) == ("5", "00")
    cancel = ibox.read(got(command="storno", id="6", old="5"))
    assert (cancel.command, cancel.cancelled) == (Command.CANCEL, "5")
    assert ibox.read(got(command="getStatus", id="5")).command is Command.STATUS
    assert fromstring(ibox.write(NetworkAnswer("5", Result.DONE)))[0].tag == "ibox_txn_id"


def test_answer_has_the_elements_of_the_manual() -> None:
    answer = NetworkAnswer("1234567", Result.DONE, number="2016", amount=Money(20000, "KGS"), comment="OK")
    assert network().write(answer) == (
        b'<?xml version="1.0" encoding="UTF-8"?>\n'
        b"<response><osmp_txn_id>1234567</osmp_txn_id><prv_txn>2016</prv_txn><sum>200.00</sum>"
        b"<result>0</result><comment>OK</comment></response>"
    )


def test_answer_is_escaped_whatever_stands_in_it() -> None:
    body = network(payer_field='<"&').write(
        NetworkAnswer("1", Result.DONE, payer="Ж*** &<", comment="a & b < c ]]>")
    )
    root = fromstring(body)
    assert root.findtext("comment") == "a & b < c ]]>"
    assert root.findtext("fields/field1") == "Ж*** &<"
    assert root.find("fields/field1").attrib == {"name": '<"&'}  # type: ignore[union-attr]  # it is there


def test_one_code_alone_asks_for_a_repeat() -> None:
    assert [code for code in Result if not code.final] == [Result.TRY_LATER]


@pytest.mark.parametrize("address", ["192.0.2.7", "::ffff:192.0.2.7", "2001:db8::1"])
def test_secret_and_address_open_the_door(address: str) -> None:
    assert network().admits(SECRET, Callback(b"", address=address))


@pytest.mark.parametrize(
    ("secret", "address"),
    [
        (SECRET, "192.0.3.7"),
        (SECRET, ""),
        (SECRET, "x"),
        ("wrong", "192.0.2.7"),
        ("", "192.0.2.7"),
        ("ф", "::"),
    ],
)
def test_one_wrong_lock_keeps_it_shut(secret: str, address: str) -> None:
    assert not network().admits(secret, Callback(b"", address=address))


@pytest.mark.parametrize(
    ("said", "opens"), [("pay:p:w", True), ("pay:other", False), ("", False), ("\u0444:x", False)]
)
def test_basic_is_one_lock_more(said: str, opens: bool) -> None:
    locked = network(allow=[], user="pay", password="p:w")
    header = "Basic " + base64.b64encode(said.encode()).decode()
    assert locked.admits(SECRET, Callback(b"", {"authorization": header}, address="198.51.100.1")) is opens


@pytest.mark.parametrize("header", ["", "Basic", "Basic %%%", "Bearer cGF5OnA6dw==", "Basic \u0444"])
def test_other_words_are_no_password(header: str) -> None:
    locked = network(user="pay", password="p:w")
    assert not locked.admits(SECRET, Callback(b"", {"authorization": header}, address="192.0.2.7"))


async def test_button_is_there_with_any_network() -> None:
    blocks = {"elsom": BLOCK, "pay24": BLOCK | {"currency": "RUB"}, "umai": BLOCK}
    settings = ProviderSettings.model_validate({"terminals": blocks})
    method = offered_methods(settings)["terminal"]
    assert (method.way, method.currencies) == (Way.CODE, ("KGS", "RUB"))
    assert not method.refunds
    assert not method.asks
    gateways = open_gateways(settings)
    assert [(name, gateway.name) for name, gateway in gateways.items()] == [
        ("terminal", "terminal"),
        ("elsom", "elsom"),
        ("pay24", "pay24"),
        ("umai", "umai"),
    ]
    assert gateways["elsom"].methods == ()
    gateway = gateways["terminal"]
    assert (gateway.name, gateway.methods) == ("terminal", (method,))
    assert (await gateway.check()).remark == "waiting for elsom (KGS), pay24 (RUB), umai (KGS)"


async def test_there_is_nobody_to_call() -> None:
    gateway = open_gateways(ProviderSettings.model_validate({"terminals": {"elsom": BLOCK}}))["terminal"]
    link = await gateway.create_link(asked(method="terminal"))
    assert (link.url, link.provider_payment, link.expires_at) == ("", "", None)
    assert isinstance(await gateway.ask("", "ref"), Unfinished)
    request = RefundCall("ref", "1", Money(100, "KGS"), "mistake")
    assert await gateway.refund(request) == RefundRefused("ref", "by_contract")
    assert [movement async for movement in gateway.movements_since(datetime.now(UTC))] == []
    with pytest.raises(BadCallback):
        await gateway.read_callback(Callback(b"x"))
    with pytest.raises(BadCallback):
        await gateway.ask_hint(Hint("terminal", None, "1", "1"))
