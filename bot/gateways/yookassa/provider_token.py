"""The token that lets Telegram take cards for the shop, and whether it fits to the shop. No SDK here."""

from __future__ import annotations

import re

from pydantic import SecretStr

from bot.gateways.base import Method, Way
from bot.gateways.yookassa.settings import YooKassaSettings

SHAPE = re.compile(r"\d{3,20}:(TEST|LIVE):\S{1,128}", re.ASCII)
MEND = "write the token from @BotFather (Payments → ЮKassa), such as 123456789:LIVE:12345, or leave it out"

METHOD = Method(
    name="telegram_card",
    provider="yookassa",
    currencies=("RUB",),
    schemes=("mir", "visa", "mastercard"),
    way=Way.INVOICE,
    asks=False,
)
"""Telegram has no list of such payments, and at the shop they do not bear our mark: nobody can be asked."""


def what_is_wrong(token: SecretStr | None, shop: YooKassaSettings | None) -> str:
    """Why the bot must not start with this token; "" when it may."""
    if token is None:
        return ""
    kind = SHAPE.fullmatch(token.get_secret_value())
    if kind is None:
        return "is not a provider token"
    if shop is None:
        return (
            "needs YOOKASSA__SHOP_ID and YOOKASSA__SECRET_KEY of the same shop, because what it brings is "
            "booked and refunded under YooKassa's ids"
        )
    if (kind[1] == "TEST") != shop.test:
        return (
            f"is a {kind[1]} token beside the key of a {'test' if shop.test else 'live'} shop, so its "
            "payments would be pretence where the rest is not"
        )
    return ""


def is_test(token: SecretStr) -> bool:
    return ":TEST:" in token.get_secret_value()
