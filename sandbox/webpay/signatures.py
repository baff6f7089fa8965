"""The operator's side of the signatures, written from the manual apart from the bot's."""

import hashlib
from collections.abc import Mapping

ASKED = (
    "wsb_seed", "wsb_storeid", "wsb_customer_id", "wsb_order_num", "wsb_test", "wsb_currency_id", "wsb_total",
    "wsb_operation_type", "wsb_recurring_token",
)  # fmt: skip


def asked(fields: Mapping[str, str], secret: str) -> str:
    """What a form must be signed with: SHA-1 for version 2, MD5 for one without a version."""
    base = "".join(fields.get(name, "") for name in ASKED) + secret
    digest = hashlib.sha1 if fields.get("wsb_version") == "2" else hashlib.md5
    return digest(base.encode()).hexdigest()


def told(values: list[str], secret: str) -> str:
    """MD5, whatever the form was signed with."""
    return hashlib.md5(("".join(values) + secret).encode()).hexdigest()
