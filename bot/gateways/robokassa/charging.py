"""Charges of a kept card: what the answer to one means, and what silence about it does."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

from bot.domain.errors import ProviderRefused, ProviderUnavailable
from bot.domain.events import Paid, Refused, Unfinished
from bot.domain.refusals import Refusal
from bot.gateways.http import Answer, NotUnderstood
from bot.gateways.robokassa.answers import Operation, payment_told

NEVER_CREATED_AFTER = timedelta(hours=1)
"""An operation that OpStateExt does not know so long after the call was never begun."""

TAKEN = re.compile(r"OK\s*\+?\s*(\d{1,19})")
CODE = re.compile(r"(?<!\d)(\d{2,3})(?!\d)")

NO_PARENT = 35
REFUSALS = {
    25: "mend ROBOKASSA__LOGIN: the shop is not active",
    26: "mend ROBOKASSA__LOGIN: there is no such shop",
    29: "mend ROBOKASSA__PASSWORD1 or ROBOKASSA__HASH: the signature is wrong",
    30: "a wrong number",
    31: "a wrong sum",
    34: "repeated payments are not allowed: ask Robokassa's support",
    NO_PARENT: "the parent payment left no card that can be charged",
}
"""Codes that say for certain that nothing was begun; 40, 41 and 500 do not."""


class NoParent(ProviderRefused):
    """A fault of this card alone: its payer took `Recurring` out of his link, or Robokassa let it go."""


def begun(answer: Answer) -> str:
    """The number of the operation that was begun; only a refusal with a known code is clear."""
    said = answer.body[:1000].decode(errors="replace").strip()
    taken = TAKEN.fullmatch(said)
    if answer.status == 200 and taken is not None:
        return taken[1]
    if answer.status == 429:
        raise ProviderUnavailable("too many requests")
    if answer.status < 500 and not said.startswith("<"):
        codes = {int(code) for code in CODE.findall(said)}
        if len(codes) == 1 and codes <= REFUSALS.keys():
            code = codes.pop()
            raise (NoParent if code == NO_PARENT else ProviderRefused)(f"error {code}: {REFUSALS[code]}")
    raise NotUnderstood(f"status {answer.status}, neither OK nor a known error")


def charge_told(told: Operation, number: str, reference: str) -> Paid | Refused | Unfinished:
    """What became of a charge: of a refusal Robokassa gives no reason, so the next try may go through."""
    became = payment_told(told, number, reference, late=None)
    return replace(became, reason=Refusal.OTHER) if isinstance(became, Refused) else became
