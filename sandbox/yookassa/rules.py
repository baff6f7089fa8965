"""What the API accepts: each function reads one request body, or refuses it naming the field."""

import re

from sandbox.yookassa.errors import Refused, invalid
from sandbox.yookassa.money import Json, decimal, parse_amount
from sandbox.yookassa.payments import LIMITS, OffsetReceipt, Payment, Refund
from sandbox.yookassa.receipts import check_receipt, receipt_total
from sandbox.yookassa.saving import SavedMethod, savable
from sandbox.yookassa.settings import Receipts
from sandbox.yookassa.shop import Shop

LEAST = 1_00
MOBILE = "mobile_balance"
KNOWN_METHODS = {
    "alfa_pay",
    "b2b_sberbank",
    "bank_card",
    "cash",
    "electronic_certificate",
    "mobile_balance",
    "sber_bnpl",
    "sber_loan",
    "sberbank",
    "sbp",
    "tinkoff_bank",
    "yoo_money",
}


def new_payment(body: Json, shop: Shop) -> Payment:
    amount = parse_amount(body.get("amount"), shop.settings.currency)
    saved, saves = _saved(body, shop), _flag(body, "save_payment_method")
    methods = (saved.method,) if saved else _methods(body, shop.settings.methods)
    phone = _phone(body, methods)
    is_charge = saved is not None and body.get("confirmation") is None
    payment = Payment(
        amount=amount,
        capture=_flag(body, "capture"),
        methods=savable(methods) if saves else methods,
        return_url="" if is_charge else _return_url(body.get("confirmation"), by_message=bool(phone)),
        saved=saved,
        saves=saves,
        enforce=not is_charge and _flag(body["confirmation"], "enforce", "confirmation."),
        locale=_locale(body.get("confirmation")),
        created_at=shop.clock.now(),
        description=_text(body, "description", 128),
        metadata=_metadata(body.get("metadata")),
        has_receipt=has_receipt(body, amount, shop),
        phone=phone,
    )
    if amount < LEAST or not payment.affordable_methods:
        most = max(LIMITS[name] for name in payment.methods)
        raise invalid("amount.value", f"Amount must be between {decimal(LEAST)} and {decimal(most)}")
    return payment


def new_refund(body: Json, shop: Shop, status: str) -> Refund:
    payment_id = body.get("payment_id")
    if not isinstance(payment_id, str):
        raise invalid("payment_id", "Payment id is missing")
    try:
        payment = shop.payment(payment_id)
    except Refused as unknown:
        raise invalid("payment_id", "Payment doesn't exist or access denied") from unknown
    amount = parse_amount(body.get("amount"), shop.settings.currency)
    is_partial = amount < payment.amount
    if payment.has_receipt and is_partial and not body.get("receipt"):
        raise invalid("receipt", "Receipt is missing or illegal")
    if body.get("receipt"):
        has_receipt(body, amount, shop)
    return Refund(
        payment=payment,
        amount=amount,
        created_at=shop.clock.now(),
        status=status,
        description=_text(body, "description", 250),
        metadata=_metadata(body.get("metadata")),
        has_receipt=payment.has_receipt,
    )


def new_offset_receipt(body: Json, shop: Shop) -> OffsetReceipt:
    """The receipt for what a prepayment was used for: its lines make what it settles."""
    if body.get("type") != "payment" or body.get("send") is not True:
        raise invalid("type", "This sandbox makes receipts of type payment, sent at once")
    payment, settled = shop.payment(str(body.get("payment_id"))), body.get("settlements")
    if not isinstance(settled, list) or [each.get("type") for each in settled] != ["prepayment"]:
        raise invalid("settlements", "This sandbox settles one prepayment")
    amount = parse_amount(settled[0].get("amount"), shop.settings.currency, "settlements[0].amount")
    check_receipt(body, shop.settings)
    if receipt_total(body) != amount or amount > payment.amount:
        raise invalid("settlements", "Sum of the items is not the sum of the settlement")
    return OffsetReceipt(payment, amount)


def capture_amount(body: Json, shop: Shop) -> int | None:
    """The part to capture; nothing said means all of it."""
    return parse_amount(body["amount"], shop.settings.currency) if body.get("amount") else None


def _saved(body: Json, shop: Shop) -> SavedMethod | None:
    """The saved method that pays; then no other may be named."""
    if "payment_method_id" not in body:
        return None
    if body.get("payment_method_data") is not None:
        raise invalid("payment_method_data", "Send it or payment_method_id, not both")
    return shop.saved_method(body["payment_method_id"])


def _flag(body: Json, name: str, inside: str = "") -> bool:
    value = body.get(name, False)
    if not isinstance(value, bool):
        raise invalid(inside + name, "Must be true or false")
    return value


def _text(body: Json, name: str, longest: int) -> str | None:
    value = body.get(name)
    if value is not None and (not isinstance(value, str) or len(value) > longest):
        raise invalid(name, f"Must be a string of at most {longest} characters")
    return value


def _metadata(metadata: object) -> Json:
    if metadata is None:
        return {}
    if not isinstance(metadata, dict) or len(metadata) > 16:
        raise invalid("metadata", "Must be an object with at most 16 keys")
    for key, value in metadata.items():
        if len(key) > 32:
            raise invalid("metadata", "A key has at most 32 characters")
        if not isinstance(value, str) or len(value) > 512:
            raise invalid(f"metadata.{key}", "A value is a string of at most 512 characters")
    return metadata


def _methods(body: Json, offered: tuple[str, ...]) -> tuple[str, ...]:
    data = body.get("payment_method_data")
    if data is None:
        return tuple(name for name in offered if name != MOBILE)
    kind = str(data.get("type")) if isinstance(data, dict) else ""
    if kind not in KNOWN_METHODS:
        raise invalid("payment_method_data.type", "Unknown payment method")
    if kind not in offered:
        raise Refused(400, "Payment method is not available for this store", "payment_method_data.type")
    return (kind,)


def _phone(body: Json, methods: tuple[str, ...]) -> str:
    """The number that a payment from a phone's balance is taken from."""
    if methods != (MOBILE,):
        return ""
    phone = body["payment_method_data"].get("phone")
    if not isinstance(phone, str) or not re.fullmatch(r"[0-9]{11,15}", phone):
        raise invalid("payment_method_data.phone", "Must be digits only, such as 79000000000")
    return phone


def _return_url(confirmation: object, *, by_message: bool) -> str:
    if not isinstance(confirmation, dict):
        raise invalid("confirmation", "Confirmation is missing")
    wanted = "external" if by_message else "redirect"
    if confirmation.get("type") != wanted:
        raise invalid("confirmation.type", f"This sandbox confirms this method by {wanted} only")
    if by_message:
        return "/cabinet"
    url = confirmation.get("return_url")
    if not isinstance(url, str) or not url.startswith(("http://", "https://")) or len(url) > 2048:
        raise invalid("confirmation.return_url", "Must be a web address of at most 2048 characters")
    return url


def _locale(confirmation: object) -> str:
    locale = str(confirmation.get("locale", "")) if isinstance(confirmation, dict) else ""
    if locale not in {"", "ru_RU", "en_US"}:
        raise invalid("confirmation.locale", "Must be ru_RU or en_US")
    return locale


def has_receipt(body: Json, amount: int, shop: Shop) -> bool:
    receipt = body.get("receipt")
    if shop.settings.receipts is Receipts.OFF:
        return False
    if not isinstance(receipt, dict):
        raise invalid("receipt", "Receipt is missing or illegal")
    check_receipt(receipt, shop.settings)
    if receipt_total(receipt) != amount:
        raise invalid("receipt.items", "Sum of the items is not the amount")
    return True
