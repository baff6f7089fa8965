"""The networks' side of the protocol: what they ask, how they repeat, what they write into a register."""

from collections.abc import AsyncIterator
from datetime import datetime

import pytest

from sandbox.terminal import line
from sandbox.terminal.networks import NETWORKS, bot_settings, parse_sum
from tests.sandbox.terminal_seller import CODE, PAYER, Seller


@pytest.fixture
async def seller(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Seller]:
    monkeypatch.setattr(line, "PAUSES", (0.01,))
    async with Seller() as seller:
        yield seller


async def test_check_shows_who_the_code_is(seller: Seller) -> None:
    checked = await seller.terminals.checks("elsom", CODE)
    assert (checked["stage"], checked["payer"]) == ("checked", PAYER)
    assert (await seller.terminals.checks("elsom", "009999990"))["stage"] == "refused"


@pytest.mark.parametrize(("network", "method"), [("elsom", "GET"), ("gorod", "POST"), ("tenge", "POST")])
async def test_each_network_asks_in_its_own_way(seller: Seller, network: str, method: str) -> None:
    paid = await seller.terminals.pays(network, CODE, "480,5")
    assert (paid["stage"], paid["prv_txn"], paid["sum"]) == ("paid", "2016", "480.50")
    asked, fields = seller.asked[-1]
    assert asked == method
    assert fields["sum"] == "480.50"
    assert len(fields["txn_id"]) == 20
    at = datetime.strptime(fields["txn_date"], "%Y%m%d%H%M%S").replace(tzinfo=NETWORKS[network].zone)
    assert abs((datetime.now(NETWORKS[network].zone) - at).total_seconds()) < 60


async def test_pay_is_repeated_until_the_answer_is_final(seller: Seller) -> None:
    seller.answers = [1, 90, -1]
    paid = await seller.terminals.pays("bereke", CODE, "100")
    assert paid["stage"] == "paid"
    assert len(seller.asked) == 4
    assert len({fields["txn_id"] for _, fields in seller.asked}) == 1


async def test_final_refusal_gives_the_money_back(seller: Seller) -> None:
    returned = await seller.terminals.pays("bereke", "009999990", "100")
    assert (returned["stage"], returned["result"]) == ("returned", 5)


@pytest.mark.parametrize(
    ("fault", "asked"), [("sent twice", 2), ("15 at once", 15), ("answer lost", 2), ("late 0 s", 1)]
)
async def test_bad_days_credit_once(seller: Seller, fault: str, asked: int) -> None:
    await seller.terminals.faults(pay=fault)
    paid = await seller.terminals.pays("elsom", CODE, "100")
    assert paid["stage"] == "paid"
    assert len(seller.asked) == asked
    assert list(seller.credited.values()) == ["2016"]


async def test_check_may_be_left_out(seller: Seller) -> None:
    await seller.terminals.faults(check="left out")
    assert (await seller.terminals.checks("elsom", CODE))["stage"] == "checked"
    assert seller.asked == []


async def test_register_lists_what_was_paid_today(seller: Seller) -> None:
    first = await seller.terminals.pays("elsom", CODE, "100")
    await seller.terminals.pays("elsom", "009999990", "55")
    await seller.terminals.pays("gorod", CODE, "70")
    name, content = await seller.terminals.register("elsom")
    today = datetime.now(NETWORKS["elsom"].zone)
    assert name == f"ELSOM_100500_{today:%Y%m%d}1.csv"
    line_, total, end = content.decode().split("\r\n")
    txn_id, day, _, account, amount = line_.split("\t")
    assert (txn_id, day, account, amount) == (first["txn_id"], f"{today:%Y-%m-%d}", CODE, "100.00")
    assert (total, end) == ("Total:\t1\t100.00", "")


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("one missing", "Total:\t1\t100.00"),
        ("one more", "Total:\t3\t377.00"),
        ("another sum", "Total:\t2\t300.01"),
        ("zeros lost", "\t1234566\t"),
    ],
)
async def test_register_may_be_wrong(seller: Seller, fault: str, said: str) -> None:
    await seller.terminals.pays("elsom", CODE, "100")
    await seller.terminals.pays("elsom", CODE, "200")
    await seller.terminals.faults(register=fault)
    _, content = await seller.terminals.register("elsom")
    assert said in content.decode()


def test_bot_is_told_of_every_network() -> None:
    settings = bot_settings()
    assert settings["TERMINALS__ELSOM__CURRENCY"] == "KGS"
    secrets = [value for name, value in settings.items() if name.endswith("__SECRET")]
    assert len(set(secrets)) == len(NETWORKS)


@pytest.mark.parametrize("text", ["", "0", "-1", "1e3x", "1,005", "NaN", "inf", "сто", "9999999"])
def test_what_is_no_sum(text: str) -> None:
    assert parse_sum(text) is None
