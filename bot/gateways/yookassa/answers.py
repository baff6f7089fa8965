"""What YooKassa's objects mean to us. The SDK's models read them; sums and reasons are read past it.

Its models turn sums into floats, unknown reasons into "unknown", and raise at a surprise in any field. So
they are given only the fields that are read here: a surprise elsewhere cannot keep money from being booked.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from yookassa.domain.common import ConfirmationType
from yookassa.domain.response import PaymentResponse, RefundResponse

from bot.domain.errors import BadAmount, ProviderRefused
from bot.domain.events import Paid, Proof, Refunded, Refused, Unfinished
from bot.domain.money import EXPONENTS, Money
from bot.domain.periods import now
from bot.domain.refusals import Refusal
from bot.domain.saved_cards import CardOnFile
from bot.gateways.base import Link, RefundAnswer, RefundRefused, RefundUnfinished
from bot.gateways.http import NotUnderstood
from bot.gateways.yookassa.requests import MARK

NAME = "yookassa"

LINK_LIVES = timedelta(minutes=58)
"""YooKassa gives a payer one hour; two minutes of it are kept for the way and for clocks that differ."""

IN_EVERY_PAYMENT = ("id", "status")
IN_EVERY_REFUND = ("id", "status", "payment_id")

REFUSALS = {
    "3d_secure_failed": Refusal.NOT_CONFIRMED,
    "call_issuer": Refusal.ASK_BANK,
    "canceled_by_merchant": Refusal.CANCELLED,
    "card_expired": Refusal.CARD_EXPIRED,
    "country_forbidden": Refusal.COUNTRY,
    "deal_expired": Refusal.LINK_EXPIRED,
    "expired_on_capture": Refusal.CANCELLED,
    "expired_on_confirmation": Refusal.LINK_EXPIRED,
    "fraud_suspected": Refusal.SECURITY,
    "general_decline": Refusal.ASK_BANK,
    "identification_required": Refusal.LIMIT,
    "insufficient_funds": Refusal.NO_FUNDS,
    "internal_timeout": Refusal.BANK_SILENT,
    "invalid_card_number": Refusal.CARD_DATA,
    "invalid_csc": Refusal.CARD_DATA,
    "issuer_unavailable": Refusal.BANK_SILENT,
    "loan_application_expired": Refusal.LINK_EXPIRED,
    "loan_declined_by_payer": Refusal.CANCELLED,
    "payment_method_limit_exceeded": Refusal.LIMIT,
    "payment_method_restricted": Refusal.CARD_BLOCKED,
    "permission_revoked": Refusal.CARD_REMOVED,
    "rejected_by_timeout": Refusal.LINK_EXPIRED,
}
"""The list is open: what is not in it is OTHER, with YooKassa's own word beside it."""


def link(raw: Mapping[str, Any], return_url: str) -> Link:
    """Read the answer to a new payment; a repeat with an old key may meet one that has ended by now.

    Where the payer confirms by a text message, or has paid, there is no page of YooKassa's: ours shows how
    it stands.
    """
    payment = _parsed(PaymentResponse, raw, IN_EVERY_PAYMENT, "confirmation", "created_at")
    if payment.status == "canceled":
        raise ProviderRefused(f"YooKassa cancelled this payment: {reason(raw)}")
    needs_no_page = _is_external(raw) or payment.status == "succeeded"
    url = return_url if needs_no_page else getattr(payment.confirmation, "confirmation_url", None)
    if not isinstance(url, str) or not url.startswith(("https://", "http://")):
        raise NotUnderstood(f"no address to pay at, status {payment.status}")
    begun = moment(payment.created_at) or now()
    return Link(url=url, provider_payment=payment.id, expires_at=begun + LINK_LIVES)


def _is_external(raw: Mapping[str, Any]) -> bool:
    return _text(_inner(raw, "confirmation"), "type") == str(ConfirmationType.EXTERNAL)


def payment_told(raw: Mapping[str, Any], *, test: bool) -> Paid | Refused | Unfinished:
    """What became of a payment. Only `succeeded` is money: `waiting_for_capture` may be taken back."""
    payment = _parsed(PaymentResponse, raw, IN_EVERY_PAYMENT, "created_at", "captured_at")
    reference = mark(raw)
    if payment.status == "canceled":
        code = reason(raw)
        return Refused(NAME, reference, REFUSALS.get(code, Refusal.OTHER), payment.id, code=code, test=test)
    if payment.status != "succeeded" or _is_beyond_us(raw, reference):
        return Unfinished(NAME, reference, payment.id)
    return Paid(
        provider=NAME,
        movement=payment.id,
        reference=reference,
        amount=amount(raw),
        provider_payment=payment.id,
        proof=_proof(raw),
        test=test,
        happened_at=moment(payment.captured_at) or moment(payment.created_at),
        card_on_file=card_on_file(_inner(raw, "payment_method")),
    )


def refund_told(raw: Mapping[str, Any], reference: str, *, test: bool) -> Refunded | Unfinished:
    """What became of a refund somebody told of; `reference` is that of its payment."""
    refund = _parsed(RefundResponse, raw, IN_EVERY_REFUND, "created_at")
    if refund.status != "succeeded" or _is_beyond_us(raw, reference):
        return Unfinished(NAME, reference, refund.payment_id)
    return Refunded(
        provider=NAME,
        movement=refund.id,
        provider_payment=refund.payment_id,
        amount=amount(raw),
        attempt=mark(raw),
        reference=reference,
        test=test,
        happened_at=moment(refund.created_at),
    )


def refund_answer(raw: Mapping[str, Any], attempt: str) -> RefundAnswer:
    """What became of a refund of ours."""
    refund = _parsed(RefundResponse, raw, IN_EVERY_REFUND, "created_at")
    if refund.status == "canceled":
        return RefundRefused(attempt, reason(raw))
    if refund.status != "succeeded":
        return RefundUnfinished(attempt, refund.id)
    return Refunded(
        NAME, refund.id, refund.payment_id, amount(raw), attempt, happened_at=moment(refund.created_at)
    )


def mark(raw: Mapping[str, Any]) -> str:
    """Our reference in it, "" where there is none: then it is foreign."""
    return _text(_inner(raw, "metadata"), MARK)


def amount(raw: Mapping[str, Any]) -> Money:
    """Read the sum as it was written, not through the SDK's float."""
    written = _inner(raw, "amount")
    try:
        read = Money.parse(_text(written, "value"), _text(written, "currency"))
    except BadAmount as wrong:
        raise NotUnderstood(str(wrong)) from wrong
    if read.minor <= 0:
        raise NotUnderstood(f"an amount of {read}")
    return read


def _is_beyond_us(raw: Mapping[str, Any], reference: str) -> bool:
    """Another sale of the shop, in a currency without a name here: it must not stand in anybody's way."""
    return not reference and _text(_inner(raw, "amount"), "currency") not in EXPONENTS


def reason(raw: Mapping[str, Any]) -> str:
    """YooKassa's own word for why it was cancelled; the SDK would blur a new one into "unknown"."""
    return _text(_inner(raw, "cancellation_details"), "reason") or "unknown"


def moment(written: object) -> datetime | None:
    """Read a time in UTC; None for what is not one."""
    try:
        read = datetime.fromisoformat(written) if isinstance(written, str) else None
    except ValueError:
        return None
    return read if read is not None and read.tzinfo else None


def _proof(raw: Mapping[str, Any]) -> Proof:
    """Only an ornament: whatever shape it has, the money is told of."""
    method, details = _inner(raw, "payment_method"), _inner(raw, "authorization_details")
    card = _inner(method, "card")
    last4 = _text(card, "last4")
    return Proof(
        method=_text(method, "type"),
        card=f"{_text(card, 'card_type')} *{last4}".strip() if last4 else "",
        rrn=_text(details, "rrn"),
        approval=_text(details, "auth_code"),
    )


def card_on_file(method: Mapping[str, Any]) -> CardOnFile | None:
    """What YooKassa kept of it, None where it did not: then there is nothing to charge.

    Only a card opens a page that asks for its CVC or 3-D Secure; of a wallet nothing more would be asked.
    """
    token = _text(method, "id")
    is_kept = method.get("saved") is True and method.get("status") != "inactive"
    if not is_kept or not token or token != method.get("id"):
        return None
    last4 = _text(_inner(method, "card"), "last4")
    return CardOnFile(
        token=token,
        page_token=token if method.get("type") == "bank_card" else "",
        masked=f"•••• {last4}" if re.fullmatch(r"[0-9]{4}", last4) else "",
        expires_on=_last_day(_inner(method, "card")),
    )


def _last_day(card: Mapping[str, Any]) -> date | None:
    """A card is good to the end of the month that stands on it."""
    year, month = _text(card, "expiry_year"), _text(card, "expiry_month")
    if (
        not re.fullmatch(r"[0-9]{4} [0-9]{1,2}", f"{year} {month}")
        or not 1 <= int(month) <= 12
        or year < "2000"
    ):
        return None
    return date(int(year), int(month), monthrange(int(year), int(month))[1])


def _inner(raw: Mapping[str, Any], field: str) -> Mapping[str, Any]:
    found = raw.get(field)
    return found if isinstance(found, dict) else {}


def _text(raw: Mapping[str, Any], field: str) -> str:
    """Text of a sane length that the books can hold, "" for anything else."""
    found = raw.get(field)
    return found[:64] if isinstance(found, str) and found.isprintable() else ""


def _parsed(model: type[Any], raw: Mapping[str, Any], needed: tuple[str, ...], *wanted: str) -> Any:
    """Let the SDK read some fields; the `needed` ones must be there, and text."""
    if not all(isinstance(raw.get(field), str) for field in needed):
        raise NotUnderstood(f"{model.__name__} without {' or '.join(needed)}")
    fields = {field: raw[field] for field in (*needed, *wanted) if raw.get(field) is not None}
    try:
        return model(fields)
    except (TypeError, ValueError, AttributeError, ArithmeticError, LookupError) as surprise:
        raise NotUnderstood(f"{model.__name__}: {type(surprise).__name__}") from surprise
