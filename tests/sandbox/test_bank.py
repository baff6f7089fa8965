"""The bank of the sandbox: what it takes, and statements that the bot's reader believes, or rightly not."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest
from aiohttp.test_utils import TestServer

from bot.domain.errors import BadStatement
from bot.domain.money import Money
from bot.domain.statements import StatementHead, StatementLine
from bot.gateways.bank import reading
from sandbox.bank import create_app, seller_accounts
from sandbox.bank.driver import FORMS, Bank
from sandbox.bot_process import CATALOGUE
from sandbox.driver_session import RefusedError

PURPOSE = "Оплата по счёту-оферте № INV-2026-000123 от 18.11.2026 & <без НДС>"
DAY = date(2026, 11, 18)


@dataclass
class Street:
    bank: Bank
    folder: Path

    async def read(self, form: str = "1c", *, account: str = "") -> tuple[StatementHead, list[StatementLine]]:
        """The statement of that day and the next, as the bot reads it."""
        name, content = await self.bank.statement(
            form, account=account, since=DAY, until=DAY + timedelta(days=1)
        )
        path = self.folder / name
        path.write_bytes(content)
        head = reading.inspect(path, {each.number: each.currency for each in seller_accounts(CATALOGUE)})
        return head, list(reading.lines(path, head))


@pytest.fixture
async def street(tmp_path: Path) -> AsyncIterator[Street]:
    async with (
        TestServer(create_app(seller_accounts(CATALOGUE))) as server,
        Bank(str(server.make_url(""))) as bank,
    ):
        yield Street(bank, tmp_path)


@pytest.mark.parametrize("form", FORMS)
async def test_transfer_stands_in_every_form_of_statement(street: Street, form: str) -> None:
    await street.bank.pays("1500,5", PURPOSE, day="2026-11-18")
    await street.bank.pays("20", "Ещё", day="2026-11-19", inn="")
    await street.bank.pays("30", "Later", day="2026-11-20")
    head, lines = await street.read(form)
    assert (head.sums, head.remarks) == ((Money(152050, "RUB"),), {})
    name = 'ООО "Ромашка"' if form == "1c-dos" else "ООО «Ромашка»"
    assert [(each.booked_on, each.payer_name, each.payer_tax_number, each.purpose) for each in lines] == [
        (DAY, name, "7707083893", PURPOSE),
        (DAY + timedelta(days=1), name, "", "Ещё"),
    ]


@pytest.mark.parametrize("form", FORMS)
async def test_account_in_another_currency_has_its_own_statement(street: Street, form: str) -> None:
    await street.bank.pays("10", PURPOSE, currency="BYN", day="2026-11-18")
    _head, lines = await street.read(form, account="BY13NBRB3600900000002Z00AB00")
    assert [each.amount for each in lines] == [Money(1000, "BYN")]


@pytest.mark.parametrize("form", FORMS)
async def test_lines_besides_are_told_apart(street: Street, form: str) -> None:
    await street.bank.faults(besides="lump sum and outgoing")
    await street.bank.pays("10", PURPOSE, day="2026-11-18")
    head, lines = await street.read(form)
    assert [each.payer_tax_number for each in lines] == ["7707083893", "7750005725"]
    assert head.outgoing == 1


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    ("fault", "value", "problems"),
    [
        ("statement", "cut in the middle", {"cut"}),
        ("statement", "wrong totals", {"incoming_differs"}),
        ("statement", "rows twice", {"incoming_differs"}),
        ("account", "somebody else's", {"foreign_account"}),
    ],
)
async def test_bad_days_are_refused(
    street: Street, form: str, fault: str, value: str, problems: set[str]
) -> None:
    await street.bank.pays("10", PURPOSE, day="2026-11-18")
    await street.bank.faults(**{fault: value})
    with pytest.raises(BadStatement) as refused:
        await street.read(form)
    assert refused.value.problem in problems


@pytest.mark.parametrize(
    "wrong",
    [
        {"account": "40702810900000002851"},
        {"bic": "044525226"},
        {"inn": "12"},
        {"payer": ""},
        {"day": "18.11.2026"},
        {"purpose": "x" * 211},
        {"sum": "0"},
        {"sum": "-5"},
    ],
)
async def test_bank_refuses_what_cannot_be(street: Street, wrong: dict[str, str]) -> None:
    wish = {"amount": wrong.pop("sum", "10"), "purpose": wrong.pop("purpose", PURPOSE)} | wrong
    with pytest.raises(RefusedError):
        await street.bank.pays(**wish)
