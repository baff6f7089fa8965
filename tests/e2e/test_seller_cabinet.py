"""The seller's side: a line is switched on in his cabinet when it was paid in the chat."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from sandbox.driver import Person
from sandbox.runner import Sandbox
from sandbox.seller.driver import Cabinet
from sandbox.yookassa.driver import Bank
from tests.e2e.customers import ask_for_link, clean_books
from tests.e2e.test_first_payment import CONNECTOR, paid_until


@pytest.fixture
async def cabinet(street: Sandbox) -> AsyncIterator[Cabinet]:
    async with Cabinet(street.seller_url) as cabinet:
        yield cabinet


async def test_slow_seller_is_waited_for_and_lost_answers_do_no_harm(
    street: Sandbox, anna: Person, bank: Bank, cabinet: Cabinet
) -> None:
    await cabinet.faults(webhooks="after 6 s")
    await ask_for_link(anna)
    await bank.pays(await bank.newest())
    await anna.sees("Включаем")
    await anna.sees("включено", within=30)
    until = paid_until(street).isoformat()
    await cabinet.sees_line(CONNECTOR, paid_until=until, sequence=1)
    kinds = [letter["kind"] for letter in await cabinet.webhooks()]
    assert sorted(kinds) == ["connector.extended", "order.paid", "payment.succeeded"]
    await clean_books(street)
