"""Telephone numbers and e-mail addresses, written one way."""

import phonenumbers
from email_validator import EmailNotValidError, validate_email

HOME = "RU"


def normal_phone(text: str) -> str | None:
    """E.164 (+79991234567), or None; numbers without a country are read as the seller's."""
    try:
        number = phonenumbers.parse(text[:40], HOME)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def normal_email(text: str) -> str | None:
    """The address in its normal form, or None; providers' receipts want ASCII."""
    try:
        found = validate_email(text.strip()[:254], check_deliverability=False)
    except EmailNotValidError:
        return None
    return found.ascii_email
