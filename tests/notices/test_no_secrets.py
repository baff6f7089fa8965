"""Nothing stands in the group that an operator does not need: no token, no whole card, no customer's link."""

from __future__ import annotations

import pytest

from bot.domain.money import Money
from bot.domain.notices import DIGEST
from bot.i18n import speaking
from bot.notices.registry import Rendered, kinds, render
from tests.notices.test_operators import FACTS, written

SECRET = "s3cr3t-4111111111111111"
SECRETS = (
    *("token", "reference", "link_reference", "fingerprint", "link_fingerprint", "page_token", "code_hash"),
    *("url", "link", "link_url", "pay_url", "raw", "body", "form", "card_number", "pan", "cvc", "password"),
    *("secret", "secret_key", "api_key", "email", "customer_email", "card_token", "method_id", "binding"),
)
"""Facts that services have at hand and that no card may show, whoever puts them into a payload."""


NEEDED = {"charge_unknown": "reference"}
"""By it the payment is found in the provider's cabinet, and no link is made of it."""


def shown(rendered: Rendered) -> str:
    """All that a reader of the group gets: words, buttons and what the buttons bear."""
    keyboard = rendered.keyboard.model_dump_json() if rendered.keyboard else ""
    return f"{rendered.text} {keyboard} {rendered.topic}"


@pytest.mark.parametrize("kind", sorted(kinds(to_operators=True) - {DIGEST}))
def test_no_notice_shows_what_is_secret(kind: str) -> None:
    with speaking("ru"):
        hidden = [name for name in SECRETS if name != NEEDED.get(kind)]
        rendered = written(kind, **dict.fromkeys(hidden, SECRET))
    assert SECRET not in shown(rendered), "take it out of the notice, or out of its payload"


def test_a_secret_that_a_notice_needs_would_be_found() -> None:
    with speaking("ru"):
        told = render("question", {**FACTS, "text": SECRET, "amount": Money(1, "RUB")}, to_operators=True)
    assert SECRET in shown(told)
