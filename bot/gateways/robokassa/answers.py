"""What Robokassa's answers mean to us: the XML of an operation's state, the JSON of refunds and receipts."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from xml.etree.ElementTree import Element

from bot.domain.errors import BadAmount, ProviderRefused, ProviderUnavailable
from bot.domain.events import Paid, Proof, Refunded, Refused, Unfinished
from bot.domain.fiscal import FiscalReceipt, FiscalState
from bot.domain.money import Money
from bot.domain.refusals import Refusal
from bot.domain.saved_cards import CardOnFile
from bot.gateways.base import RefundAnswer, RefundCall, RefundRefused, RefundUnfinished
from bot.gateways.http import NotFound, NotUnderstood
from bot.gateways.robokassa.callbacks import MARK, NAME, keeps_card
from bot.gateways.robokassa.writing import read_moment

SPACE = "{http://merchant.roboxchange.com/WebService/}"
REQUEST_ID = re.compile(r"[\w-]{1,64}", re.ASCII)

FOUND, BAD_SIGNATURE, NO_SHOP, NO_OPERATION, TWO_OPERATIONS = 0, 1, 2, 3, 4
DONE, CANCELLED, SENT_BACK = 100, 10, 60
"""The final states. In between: 5 begun, 20 held, 50 taken but not credited, 80 suspended for a check."""

MENDS = {
    BAD_SIGNATURE: "mend ROBOKASSA__PASSWORD2 or ROBOKASSA__HASH: the signature is wrong",
    NO_SHOP: "mend ROBOKASSA__LOGIN: there is no such shop, or it is not active",
}


@dataclass(frozen=True, slots=True)
class Operation:
    """One payment as Robokassa keeps it; `key` names it in the refund service."""

    state: int
    out_sum: str
    key: str
    state_at: datetime | None
    proof: Proof
    own: Mapping[str, str] = field(default_factory=dict)


def result_code(root: Element) -> int:
    return _whole(_text(root, "Result", "Code"))


def operation(root: Element) -> Operation:
    """The operation that was asked for; NotFound when there is none with that number."""
    match result_code(root):
        case 0:
            return _operation(root)
        case 3:
            raise NotFound("Robokassa knows no operation with that number")
        case 4:
            raise ProviderUnavailable("Robokassa has two operations with that number: look in its cabinet")
        case code if code in MENDS:
            raise ProviderRefused(MENDS[code])
        case code:
            raise ProviderUnavailable(f"Robokassa's own trouble, result {code}")


def payment_told(
    told: Operation, number: str, reference: str, *, late: datetime | None
) -> Paid | Refused | Unfinished:
    """What became of a payment: only state 100 is money; what is refused after `late` ran out of time."""
    if told.own.get(MARK, reference) != reference:
        raise NotUnderstood("the operation bears the mark of another payment")
    if told.state in (CANCELLED, SENT_BACK):
        over = late is not None and told.state_at is not None and told.state_at >= late
        reason = Refusal.OTHER if told.state == SENT_BACK else Refusal.CANCELLED
        return Refused(
            NAME, reference, Refusal.LINK_EXPIRED if over else reason, number, code=f"state_{told.state}"
        )
    if told.state != DONE:
        return Unfinished(NAME, reference, number)
    return Paid(
        provider=NAME,
        movement=number,
        reference=reference,
        amount=_money(told.out_sum),
        provider_payment=number,
        proof=told.proof,
        happened_at=told.state_at,
        card_on_file=card_told(told, number),
    )


def card_told(told: Operation, number: str) -> CardOnFile | None:
    """The card that a paid parent left behind; its key opens the page with that card on it."""
    is_card = not told.proof.method or "card" in told.proof.method.lower()
    if told.state != DONE or not keeps_card(told.own) or not is_card:
        return None
    return CardOnFile(number, told.key, told.proof.card.replace("*", "•••• "))


def refund_begun(raw: Mapping[str, Any], reference: str) -> RefundAnswer:
    """The answer to a new refund: begun under a number, or clearly refused."""
    if raw.get("success") is True:
        return RefundUnfinished(reference, _request_id(raw))
    if raw.get("success") is False:
        return RefundRefused(reference, str(raw.get("message") or "refused")[:64])
    raise NotUnderstood("an answer that says neither yes nor no")


def refund_told(raw: Mapping[str, Any], request: RefundCall) -> RefundAnswer:
    """What became of a refund that has a number."""
    if _request_id(raw) != request.movement:
        raise NotUnderstood("an answer about another refund")
    match raw.get("label"):
        case "finished":
            return Refunded(
                provider=NAME,
                movement=request.movement,
                provider_payment=request.provider_payment,
                amount=_money(_written(raw.get("amount"))),
                attempt=request.reference,
            )
        case "canceled":
            return RefundRefused(request.reference, "canceled")
        case "processing":
            return RefundUnfinished(request.reference, request.movement)
        case surprise:
            raise NotUnderstood(f"a refund that is {str(surprise)[:20]}")


def receipt_told(raw: Mapping[str, Any], number: str) -> str:
    """The number of a second receipt that was taken."""
    if str(raw.get("ResultCode")) in ("0", "1", "2"):
        return number
    if "ResultCode" in raw and str(raw["ResultCode"]) != "1000":
        raise ProviderRefused(f"receipt: {str(raw.get('ResultDescription') or raw['ResultCode'])[:200]}")
    raise NotUnderstood("the receipt service's own trouble")


FISCAL_STATES = {"0": FiscalState.PENDING, "1": FiscalState.PENDING, "2": FiscalState.REGISTERED}
"""Waiting, on its way, made; 3 is refused, and 1000 the service's own trouble."""


def receipt_state(raw: Mapping[str, Any]) -> FiscalReceipt:
    """What became of a receipt, and the numbers by which the tax office finds it."""
    code = str(raw.get("ResultCode", raw.get("Code", "")))
    if code == "3":
        return FiscalReceipt(FiscalState.FAILED)
    if code not in FISCAL_STATES:
        raise NotUnderstood("the receipt service's own trouble")
    numbers = (raw.get(name) for name in ("FiscalDocumentNumber", "FnNumber", "FiscalDocumentAttribute"))
    return FiscalReceipt(FISCAL_STATES[code], " / ".join(str(each)[:32] for each in numbers if each))


def json_object(body: bytes) -> dict[str, Any]:
    """Read JSON without a float in it."""
    try:
        read = json.loads(body, parse_float=Decimal)
    except (ValueError, RecursionError) as junk:
        raise NotUnderstood("not JSON") from junk
    if not isinstance(read, dict):
        raise NotUnderstood("not a JSON object")
    return read


def _operation(root: Element) -> Operation:
    rrn, method = _text(root, "Info", "BankCardRRN"), _text(root, "Info", "PaymentMethod", "Code")
    account = _text(root, "Info", "IncAccount")
    return Operation(
        state=_whole(_text(root, "State", "Code")),
        out_sum=_text(root, "Info", "OutSum"),
        key=_text(root, "Info", "OpKey"),
        state_at=read_moment(_text(root, "State", "StateDate")),
        proof=Proof(method=method, card=_masked(account), rrn=rrn),
        own={
            _text(each, "Name"): _text(each, "Value")
            for each in root.iterfind(f"{SPACE}UserField/{SPACE}Field")
        },
    )


def _masked(account: str) -> str:
    """The payer's account, if it is a card's with its middle hidden."""
    last4 = account[-4:]
    return f"*{last4}" if len(account) >= 12 and last4.isdigit() and "*" in account else ""


def _text(root: Element, *path: str) -> str:
    """Text of a sane length that the books can hold, "" for anything else."""
    found = root.findtext("/".join(SPACE + step for step in path)) or ""
    return found.strip()[:64] if found.isprintable() else ""


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise NotUnderstood("a code that is not a number")
    return int(text)


def _money(text: str) -> Money:
    try:
        read = Money.parse(text, "RUB")
    except BadAmount as wrong:
        raise NotUnderstood(str(wrong)) from wrong
    if read.minor <= 0:
        raise NotUnderstood(f"an amount of {read}")
    return read


def _written(number: object) -> str:
    return format(number, "f") if isinstance(number, Decimal) else str(number)


def _request_id(raw: Mapping[str, Any]) -> str:
    found = raw.get("requestId")
    return found if isinstance(found, str) and REQUEST_ID.fullmatch(found) else ""
