"""Cards that YooKassa keeps, and charges by them, over real HTTP: good days, and every bad one."""

from collections.abc import AsyncIterator

import pytest

from tests.gateways.charging_contract import ChargingContract
from tests.gateways.yookassa_street import YooKassaStreet


@pytest.fixture
async def street() -> AsyncIterator[YooKassaStreet]:
    async with YooKassaStreet(recurring=True, act_timeout=0.5) as street:
        yield street


class TestYooKassaCharges(ChargingContract):
    method = "yookassa_card"
