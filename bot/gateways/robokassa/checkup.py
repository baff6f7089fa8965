"""What the answer to a question about nothing says of our settings, and how to mend them."""

from __future__ import annotations

from bot.gateways.base import Health
from bot.gateways.robokassa.answers import MENDS, NO_OPERATION, NO_SHOP
from bot.gateways.robokassa.settings import RobokassaSettings


def health(settings: RobokassaSettings, result: int) -> Health:
    """Password #2 and the hash are proven without moving money; a wrong password #1 shows on the page."""
    if result == NO_OPERATION:
        return Health(well=True, test=settings.test, remark=f"Robokassa: shop {settings.login} answers")
    if result == NO_SHOP and settings.test:
        return Health(well=True, test=True, remark="Robokassa: the shop is not active yet, tests go on")
    wrong = MENDS.get(result, f"an answer we did not expect, result {result}")
    return Health(well=False, test=settings.test, remark=f"Robokassa: {wrong}")
