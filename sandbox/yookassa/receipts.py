"""The rules of a fiscal receipt (54-FZ), as far as the provider checks them."""

import re
from decimal import Decimal, InvalidOperation

from sandbox.yookassa.errors import invalid
from sandbox.yookassa.money import Json, parse_amount
from sandbox.yookassa.settings import Receipts, ShopSettings

SUBJECTS = {
    "agent_commission",
    "another",
    "casino",
    "commodity",
    "composite",
    "deposit",
    "excise",
    "expense",
    "fine",
    "gambling_bet",
    "gambling_prize",
    "intellectual_activity",
    "job",
    "lottery",
    "lottery_prize",
    "marked",
    "non_marked",
    "non_operating_gain",
    "payment",
    "pension_insurance_with_payouts",
    "property_right",
    "sales_tax",
    "service",
    "tax",
}
MODES = {
    "full_prepayment",
    "partial_prepayment",
    "advance",
    "full_payment",
    "partial_payment",
    "credit",
    "credit_payment",
}
MEASURES = {
    "piece",
    "gram",
    "kilogram",
    "ton",
    "centimeter",
    "decimeter",
    "meter",
    "square_centimeter",
    "square_decimeter",
    "square_meter",
    "milliliter",
    "liter",
    "cubic_meter",
    "kilowatt_hour",
    "gigacalorie",
    "day",
    "hour",
    "minute",
    "second",
    "kilobyte",
    "megabyte",
    "gigabyte",
    "terabyte",
    "another",
}
VAT_CODES = range(1, 13)
TAX_SYSTEMS = range(1, 7)
CHOICES = {"payment_subject": SUBJECTS, "payment_mode": MODES, "measure": MEASURES}


def check_receipt(receipt: Json, shop: ShopSettings) -> None:
    _check_customer(receipt.get("customer"), shop.receipts)
    tax_system = receipt.get("tax_system_code")
    if tax_system is not None and tax_system not in TAX_SYSTEMS:
        raise invalid("receipt.tax_system_code", "Must be a whole number from 1 to 6")
    items = receipt.get("items")
    most = 80 if shop.receipts is Receipts.YOOKASSA else 100
    if not isinstance(items, list) or not 1 <= len(items) <= most:
        raise invalid("receipt.items", f"Must be a list of 1 to {most} items")
    for at, item in enumerate(items):
        _check_item(item, f"receipt.items[{at}]", shop.currency)


def receipt_total(receipt: Json) -> Decimal:
    """Sum of quantity times price, in kopecks."""
    return sum((_quantity(item, "") * _price(item) for item in receipt["items"]), Decimal())


def _check_customer(customer: object, receipts: Receipts) -> None:
    if not isinstance(customer, dict):
        raise invalid("receipt.customer", "Customer is missing")
    email, phone = customer.get("email"), customer.get("phone")
    if email is not None and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s.]+", str(email)):
        raise invalid("receipt.customer.email", "Not an e-mail address")
    if phone is not None and not re.fullmatch(r"\d{7,15}", str(phone), re.ASCII):
        raise invalid("receipt.customer.phone", "Must be digits only, such as 79000000000")
    if receipts is Receipts.YOOKASSA and not email:
        raise invalid("receipt.customer.email", "Receipts are sent by e-mail, the address is missing")
    if not email and not phone:
        raise invalid("receipt.customer", "E-mail or phone is missing")


def _check_item(item: object, where: str, currency: str) -> None:
    if not isinstance(item, dict):
        raise invalid(where, "Must be an object")
    description = item.get("description")
    if not isinstance(description, str) or not 1 <= len(description) <= 128:
        raise invalid(f"{where}.description", "Must be a string of 1 to 128 characters")
    if _quantity(item, where) <= 0:
        raise invalid(f"{where}.quantity", "Must be more than zero")
    parse_amount(item.get("amount"), currency, f"{where}.amount")
    if isinstance(item.get("vat_code"), bool) or item.get("vat_code") not in VAT_CODES:
        raise invalid(f"{where}.vat_code", "Must be a whole number from 1 to 12")
    for name, allowed in CHOICES.items():
        if str(item.get(name)) not in allowed:
            raise invalid(f"{where}.{name}", "Missing or not one of the known values")


def _quantity(item: Json, where: str) -> Decimal:
    """A number, or a string with one as the official SDK sends it."""
    try:
        quantity = Decimal(str(item.get("quantity")))
    except InvalidOperation:
        quantity = Decimal("NaN")
    if not quantity.is_finite():
        raise invalid(f"{where}.quantity", "Must be a number")
    return quantity


def _price(item: Json) -> int:
    return int(str(item["amount"]["value"]).replace(".", ""))
