"""WEBPAY answers the questions that every provider answers, over real HTTP."""

from collections.abc import AsyncIterator

import pytest

from bot.gateways.base import Link
from tests.gateways.contract import GatewayContract, Street
from tests.gateways.webpay_street import NEEDED, PRICE, WebPayStreet


class TestWebPay(GatewayContract):
    method = "webpay"
    price = PRICE
    recordings = ("webpay/completed.txt", "webpay/completed_with_card.txt", "webpay/card_bound.txt")
    needed = (*NEEDED, "wsb_signature")

    @pytest.fixture
    async def street(self) -> AsyncIterator[WebPayStreet]:
        async with WebPayStreet() as street:
            street.voids = False
            yield street

    async def known_as(self, street: Street, link: Link) -> str:
        """WEBPAY numbers a transaction, not what it was asked for: the link has no number yet."""
        assert isinstance(street, WebPayStreet)
        assert link.provider_payment == ""
        return str((await street.transaction(link))["id"])
