"""Telephone numbers and e-mail addresses, written one way."""

import re

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from bot.domain.errors import CustomerError

HOME = "RU"

# What telephones put around a copied number or address, and nobody sees.
_INVISIBLE = re.compile("[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


def normal_phone(text: str) -> str | None:
    """E.164 (+79991234567), or None; numbers without a country are read as the seller's."""
    try:
        number = phonenumbers.parse(_INVISIBLE.sub("", text)[:40], HOME)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def spaced_phone(number: str) -> str:
    """«+7 999 123-45-67» of +79991234567; what is no number stays as it is."""
    try:
        known = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    return phonenumbers.format_number(known, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def normal_email(text: str) -> str | None:
    """The address in its normal form, or None; providers' receipts want ASCII."""
    try:
        found = validate_email(_INVISIBLE.sub("", text).strip()[:254], check_deliverability=False)
    except EmailNotValidError:
        return None
    return found.ascii_email


def demand_email(text: str) -> str:
    """The same; CustomerError "bad_email" for what is no address."""
    email = normal_email(text)
    if email is None:
        raise CustomerError("bad_email")
    return email
