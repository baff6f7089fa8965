"""A notification: a form whose fields are looked at one by one before the signature is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from bot.domain.errors import BadCallback
from bot.domain.events import Callback
from bot.gateways.bodies import read_form
from bot.gateways.webpay.settings import WebPaySettings
from bot.gateways.webpay.shapes import fits, is_cut_wrongly
from bot.gateways.webpay.signatures import BOUND, NOTIFIED, proven, unbinding_proven

LARGEST = 16 * 1024
MOST_FIELDS = 60
OPTIONAL = ("card", *BOUND, "offer_exp_date")
_TEN_DIGITS = 10


@dataclass(frozen=True, slots=True)
class Binding:
    """What the payer let the seller do with his card: a token to charge it by, until a day."""

    customer: str
    operation: str
    token: str
    good_until: date | None


@dataclass(frozen=True, slots=True)
class Notification:
    """Only what the signature stands for; `code` alone is WEBPAY's unsigned word for operators."""

    at: datetime | None
    batch: str
    currency: str
    amount: str
    payment_method: str
    order_number: str
    transaction: str
    payment_type: int
    rrn: str
    card: str
    binding: Binding | None
    code: str


def read_notification(callback: Callback, settings: WebPaySettings) -> Notification:
    """Prove a notification; BadCallback for everything else."""
    fields = _fields(callback.body)
    wrong = [name for name in (*NOTIFIED, "wsb_signature") if not fits(name, fields.get(name, ""))]
    if is_cut_wrongly(fields.get("site_order_id", "")):
        wrong.append("site_order_id")
    if wrong:
        raise BadCallback(f"missing or of another shape: {', '.join(wrong)}")
    usable = {name: value for name, value in fields.items() if name not in OPTIONAL or fits(name, value)}
    signed = proven(usable, settings.secret_key.get_secret_value())
    if signed is None:
        raise BadCallback("wrong signature")
    if len(fields["transaction_id"]) != settings.transaction_digits:
        # "…1" of type 1 and "…" of type 11 are signed alike: only the length tells them apart.
        raise BadCallback(
            f"a transaction of {len(fields['transaction_id'])} digits, mend WEBPAY__TRANSACTION_DIGITS"
        )
    return _read({name: fields.get(name, "") for name in signed}, fields.get("rc", ""))


def tells_of_unbinding(callback: Callback, settings: WebPaySettings) -> bool:
    """Whether it is WEBPAY's word, proven, that a card was let go: it moves no money and names no order."""
    fields = _fields(callback.body)
    if fields.get("operation_type") != "recurring_unbind" or "transaction_id" in fields:
        return False
    names = ("batch_timestamp", *BOUND, "wsb_signature")
    is_whole = all(fits(name, fields.get(name, "")) for name in names)
    return is_whole and unbinding_proven(fields, settings.secret_key.get_secret_value())


def _fields(body: bytes) -> Mapping[str, str]:
    """Whatever alphabet the words for people are in, what is signed is ASCII."""
    if len(body) > LARGEST:
        raise BadCallback("too large")
    return read_form(body, most_fields=MOST_FIELDS)


def _read(fields: Mapping[str, str], code: str) -> Notification:
    return Notification(
        at=moment(fields["batch_timestamp"]),
        batch=fields["batch_timestamp"],
        currency=fields["currency_id"],
        amount=fields["amount"],
        payment_method=fields["payment_method"],
        order_number=fields["site_order_id"],
        transaction=fields["transaction_id"],
        payment_type=int(fields["payment_type"]),
        rrn=fields["rrn"],
        card=fields.get("card", ""),
        binding=_binding(fields),
        code=code[:32] if code.isascii() and code.isprintable() else "",
    )


def _binding(fields: Mapping[str, str]) -> Binding | None:
    if not fields.get("recurring_token"):
        return None
    until = fields.get("offer_exp_date", "")
    try:
        day = date.fromisoformat(until) if until else None
    except ValueError as no_day:
        raise BadCallback("offer_exp_date is no day") from no_day
    return Binding(fields["customer_id"], fields["operation_type"], fields["recurring_token"], day)


def moment(batch: str) -> datetime | None:
    """Seconds since 1970; None for a stamp of another kind."""
    return datetime.fromtimestamp(int(batch), UTC) if len(batch) == _TEN_DIGITS else None
