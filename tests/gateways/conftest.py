from collections.abc import AsyncIterator

import pytest

from tests.gateways.yookassa_street import YooKassaStreet


@pytest.fixture
async def street() -> AsyncIterator[YooKassaStreet]:
    async with YooKassaStreet() as street:
        yield street
