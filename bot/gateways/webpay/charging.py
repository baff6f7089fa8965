"""What WEBPAY answers to a charge of a bound card, and to letting one go: JSON, at the top or in `data`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus

from bot.domain.errors import BadAmount, ProviderRefused, ProviderUnavailable
from bot.domain.events import Paid, Proof, Refused, Unfinished
from bot.domain.money import Money
from bot.domain.refusals import Refusal
from bot.gateways.base import ChargeRequest
from bot.gateways.http import Answer, NotUnderstood
from bot.gateways.webpay import movements
from bot.gateways.webpay.settings import WebPaySettings
from bot.gateways.webpay.shapes import fits, order_number

NEVER_CREATED_AFTER = timedelta(hours=1)
"""A charge that the back office lists nothing of so long after the call was never begun."""

STRANGERS = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)
DONE = ("W0000", "0", "00")
NAMES = (
    *("payment_type", "transaction_id", "site_order_id", "currency_id", "amount", "payment_method", "rrn"),
    *("card", "rc", "rc_text"),
)


@dataclass(frozen=True, slots=True)
class Said:
    """An answer that was read; nothing in it is believed yet."""

    status: int
    fields: Mapping[str, str]

    @property
    def code(self) -> str:
        code = self.fields["rc"][:32]
        return code if code.isascii() and code.isprintable() else ""

    @property
    def words(self) -> str:
        """Of all that was said, what an operator may read."""
        return f"{self.code} {self.fields['rc_text'][:100]}".strip()


def read(answer: Answer) -> Said:
    """NotUnderstood for a proxy's page, a cut body or trouble of theirs."""
    if answer.status == HTTPStatus.TOO_MANY_REQUESTS:
        raise ProviderUnavailable("too many requests")
    try:
        said = json.loads(answer.body, parse_float=str, parse_int=str)
    except (ValueError, RecursionError) as junk:
        raise NotUnderstood(f"status {answer.status}, not JSON") from junk
    inner = said.get("data", said) if isinstance(said, dict) else None
    if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR or not isinstance(inner, dict):
        raise NotUnderstood(f"status {answer.status}")
    values = ((name, inner.get(name)) for name in NAMES)
    return Said(answer.status, {name: value if isinstance(value, str) else "" for name, value in values})


def charged(said: Said, request: ChargeRequest, settings: WebPaySettings) -> Paid | Refused | Unfinished:
    """What became of a charge; the codes are not public, so what is no clear decline is asked after."""
    transaction, kind = said.fields["transaction_id"], said.fields["payment_type"]
    if said.fields["site_order_id"] not in ("", order_number(request.reference)):
        raise NotUnderstood("an answer about another order")
    if kind:
        if not fits("payment_type", kind) or not fits("transaction_id", transaction):
            raise NotUnderstood("a payment type or a transaction of another shape")
        return _by_type(int(kind), transaction, said, request, settings)
    if said.status in STRANGERS:
        raise ProviderRefused(f"status {said.status}: {said.words}")
    if said.status != HTTPStatus.OK or not said.code or said.code in DONE:
        raise NotUnderstood(f"status {said.status}, neither yes nor no: {said.words}")
    return _refused(said, request, "")


def let_go(said: Said) -> None:
    """Raise ProviderRefused unless the card is bound no more."""
    if not said.code:
        raise NotUnderstood("an answer without rc")
    if said.code not in DONE:
        raise ProviderRefused(f"status {said.status}: {said.words}")


def _by_type(
    kind: int, transaction: str, said: Said, request: ChargeRequest, settings: WebPaySettings
) -> Paid | Refused | Unfinished:
    if kind in movements.REFUSED:
        return _refused(said, request, transaction)
    if not movements.is_taken(kind, settings):
        return Unfinished(movements.NAME, request.reference, transaction)
    method, card, rrn = (said.fields[name] for name in ("payment_method", "card", "rrn"))
    return Paid(
        provider=movements.NAME,
        movement=transaction,
        reference=request.reference,
        amount=_amount(said, request),
        provider_payment=transaction,
        proof=Proof(
            method=method if fits("payment_method", method) else "",
            card=movements.card_shown(card) if fits("card", card) else "",
            rrn=rrn if fits("rrn", rrn) else "",
        ),
        test=method == movements.PRETENDED and not settings.test,
    )


def _amount(said: Said, request: ChargeRequest) -> Money:
    """What was taken; an answer that leaves it out speaks of the sum that was asked for."""
    if not said.fields["amount"]:
        return request.amount
    try:
        amount = Money.parse(said.fields["amount"], said.fields["currency_id"] or request.amount.currency)
    except BadAmount as wrong:
        raise NotUnderstood(str(wrong)) from wrong
    if amount.minor <= 0:
        raise NotUnderstood(f"an amount of {amount}")
    return amount


def _refused(said: Said, request: ChargeRequest, transaction: str) -> Refused:
    code = said.code or f"type {said.fields['payment_type']}"
    reason = movements.REASONS.get(said.code, Refusal.OTHER)
    return Refused(movements.NAME, request.reference, reason, transaction, code=code)
