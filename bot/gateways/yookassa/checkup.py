"""What may not fit together between our settings and the shop, and how to mend it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.gateways.yookassa.settings import YooKassaSettings


def what_is_wrong(me: Mapping[str, Any], settings: YooKassaSettings) -> str:
    """Name the first thing in one line; "" when all is well."""
    shop, status, test = str(me.get("account_id")), me.get("status"), me.get("test") is True
    if shop != settings.shop_id:
        return f"this key is of shop {shop[:20]}, mend YOOKASSA__SHOP_ID"
    if status not in (None, "enabled"):
        return f"the shop is {str(status)[:20]}, mend it in the cabinet"
    if test != settings.test:
        kind = "a test shop" if settings.test else "live"
        return (
            f"the key says that the shop is {kind}, YooKassa says the opposite: take the key from its cabinet"
        )
    return _receipts(_issues_receipts(me), settings)


def _receipts(issued: bool | None, settings: YooKassaSettings) -> str:
    if issued and settings.receipts == "off":
        return "the shop issues receipts, set YOOKASSA__RECEIPTS to yookassa or register"
    if issued is False and settings.receipts != "off":
        return "the shop issues no receipts, turn them on in the cabinet or set YOOKASSA__RECEIPTS to off"
    return ""


def _issues_receipts(me: Mapping[str, Any]) -> bool | None:
    """Whether the shop issues receipts (54-FZ); None where it does not say. The older flag stands beside."""
    fiscal = me.get("fiscalization")
    told = [fiscal.get("enabled") if isinstance(fiscal, dict) else None, me.get("fiscalization_enabled")]
    known = [flag for flag in told if isinstance(flag, bool)]
    return any(known) if known else None
