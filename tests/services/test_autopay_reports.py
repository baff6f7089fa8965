"""What operators see of all autopays: sums by day and currency, failures and pauses by reason."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import update

from bot.domain import periods
from bot.domain.autopay_reports import AutopayReport, Day, Failures
from bot.domain.autopays import AutopayState
from bot.domain.errors import CustomerError
from bot.domain.money import Money
from bot.services.house import House
from bot.storage.database import Database
from bot.storage.tables import attempts, autopays, payments
from bot.storage.tx import Tx
from tests.autopays import PRICE, connect, send_charge
from tests.services.conftest import ANNA, BOB, LINE, STRANGER, WHATSAPP

TODAY = date(2026, 11, 22)
NOW = periods.now().replace(year=2026, month=11, day=22, hour=12)


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(periods, "now", lambda: NOW)


def on(days: int) -> date:
    return TODAY + timedelta(days=days)


async def test_nothing_is_told_of_nothing(house: House) -> None:
    assert await house.autopay_reports.report() == AutopayReport(TODAY)


async def test_expected_are_charges_of_thirty_days_and_a_balance_is_charged_again(
    house: House, database: Database
) -> None:
    def agree(tx: Tx) -> None:
        connect(tx, ANNA, WHATSAPP, charge_on=on(0))
        connect(tx, ANNA, LINE, token="pm-2", charge_on=on(30))
        connect(tx, ANNA, token="pm-3", days=10, charge_on=on(5))
        connect(tx, BOB, token="pm-4", charge_on=on(5))
        connect(tx, BOB, token="pm-5", currency="BYN", minor=100, charge_on=on(6))

    await database.write(agree)
    rubles, belarusian = sorted(
        (await house.autopay_reports.report()).currencies, key=lambda each: -each.expects.minor
    )
    assert rubles.expected == (
        Day(on(0), PRICE, 1),
        Day(on(5), PRICE * 2, 2),
        Day(on(15), PRICE, 1),
        Day(on(25), PRICE, 1),
    )
    assert belarusian.expects == Money(100, "BYN")


async def test_what_ended_is_told_by_day_and_reason(house: House, database: Database) -> None:
    def charge(tx: Tx) -> None:
        his = connect(tx, ANNA)
        ends = [("succeeded", "", 0), ("succeeded", "", 3), ("refused", "no_funds", 3), ("succeeded", "", 31)]
        for number, (state, refusal, back) in enumerate(
            [*ends, ("refused", "no_funds", 1), ("pending", "", 0)]
        ):
            reference = send_charge(tx, ANNA, his, cycle=f"c{number}")
            mine = update(payments).where(payments.c.reference == reference)
            tx.connection.execute(
                mine.values(state=state, refusal=refusal, created_at=NOW - timedelta(days=back))
            )

    await database.write(charge)
    report = await house.autopay_reports.report()
    (rubles,) = report.currencies
    assert rubles.charged == (Day(on(-3), PRICE, 1), Day(on(0), PRICE, 1))
    assert (report.failures, report.failed, report.unknown) == ((Failures("no_funds", 2),), 2, 1)
    await database.write(away)


def away(tx: Tx) -> None:
    """These payments were written by hand: the books are to agree when the test ends."""
    tx.connection.execute(attempts.delete())
    tx.connection.execute(payments.delete())


async def test_paused_ones_are_told_by_reason_and_expect_nothing(house: House, database: Database) -> None:
    def stop(tx: Tx) -> None:
        connect(tx, ANNA, WHATSAPP, state="paused", reason="card_unlinked")
        connect(tx, ANNA, LINE, token="pm-2", state="retrying")
        ended = connect(tx, BOB, token="pm-3")
        tx.autopay_consents.end(ended.autopay_id, "button")
        tx.connection.execute(
            update(autopays).where(autopays.c.id == ended.autopay_id).values(state="revoked")
        )

    await database.write(stop)
    report = await house.autopay_reports.report()
    assert report.currencies == ()
    assert [(each.reason, each.autopays) for each in report.paused] == [("card_unlinked", 1)]
    assert report.in_state(AutopayState.RETRYING) == 1


async def test_who_is_no_operator_gets_nothing(house: House) -> None:
    with pytest.raises(CustomerError, match="not_allowed"):
        await house.autopay_reports.send(STRANGER)
    with pytest.raises(CustomerError, match="not_allowed"):
        await house.autopay_reports.send_table(STRANGER)


async def test_what_is_due_is_counted_by_step(house: House, database: Database) -> None:
    def connected(tx: Tx) -> None:
        moment = periods.now()
        connect(tx, ANNA, WHATSAPP, due_at=moment - timedelta(hours=1))
        connect(tx, ANNA, token="pm-2", due_at=moment - timedelta(hours=2))
        connect(tx, BOB, token="pm-3", due_at=moment + timedelta(hours=1))

    await database.write(connected)
    [waiting] = await house.autopay_reports.backlog()
    assert (waiting.step, waiting.autopays) == ("announce", 2)
    assert periods.now() - waiting.oldest >= timedelta(hours=2)
