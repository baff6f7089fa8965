"""What Robokassa sends: ResultURL proves money, SuccessURL only who comes back. Only signed fields count."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from bot.domain.errors import BadAmount, BadCallback
from bot.domain.events import Callback, Paid
from bot.domain.money import Money
from bot.domain.saved_cards import CardOnFile
from bot.gateways.bodies import read_form
from bot.gateways.robokassa import signatures
from bot.gateways.robokassa.numbers import is_number, number_of
from bot.gateways.robokassa.signatures import Signer

NAME = "robokassa"
LARGEST = 64 * 1024
MOST_FIELDS = 100

MARK = "Shp_kassir"
"""The name of our reference among the shop's own fields: what does not bear it is foreign."""

KEPT, KEPT_CARD = "Shp_kept", "card"
"""The field that marks a payment whose card Robokassa keeps: it never says so itself."""

REFERENCE = re.compile(r"[a-z2-7]{26}")
SIGNATURE = re.compile(r"[0-9A-Fa-f]{32,128}")

Fields = Mapping[str, str]


def read_paid(callback: Callback, signer: Signer, passwords: Sequence[str], tests: Sequence[str]) -> Paid:
    """Money that arrived; `tests` are the passwords under which it is only pretence."""
    fields = read_fields(callback)
    if signed(fields, signer, passwords):
        return _paid(fields, test=False)
    if signed(fields, signer, tests):
        return _paid(fields, test=True)
    raise BadCallback("wrong signature")


def read_return(callback: Callback, signer: Signer, passwords: Sequence[str]) -> str:
    """The reference that a browser brings back from the payment page, "" when it proves nothing."""
    try:
        fields = read_fields(callback)
        return reference_in(fields) if signed(fields, signer, passwords) else ""
    except BadCallback:
        return ""


def read_fields(callback: Callback) -> dict[str, str]:
    """The fields of a form that was posted, else of the query; the shop's cabinet says which it is."""
    raw = callback.body or callback.query.encode()
    if len(raw) > LARGEST:
        raise BadCallback("too large")
    return read_form(raw, most_fields=MOST_FIELDS, strict=True)


def signed(fields: Fields, signer: Signer, passwords: Sequence[str]) -> bool:
    """Whether one of these passwords signed it; raises for what cannot be a message of Robokassa."""
    claimed = fields.get("SignatureValue", "")
    if "OutSum" not in fields or not SIGNATURE.fullmatch(claimed):
        raise BadCallback("not a message of Robokassa")
    if not is_number(fields.get("InvId", "")):
        raise BadCallback("a number of another shape")
    bases = [base for password in passwords for base in signatures.told(fields, password)]
    return signer.matches(claimed, bases)


def reference_in(fields: Fields) -> str:
    """Our reference, where the number belongs to it.

    The base string is glued with colons, so another shop page's field could be read as our mark: its number
    could not.
    """
    reference = fields.get(MARK, "")
    if not REFERENCE.fullmatch(reference):
        return ""
    ours = (number_of(reference, test=False), number_of(reference, test=True))
    return reference if fields["InvId"] in ours else ""


def keeps_card(own: Fields) -> bool:
    """Whether a payment with these fields was a parent: its number is what the card is charged by."""
    return own.get(KEPT) == KEPT_CARD


def _paid(fields: Fields, *, test: bool) -> Paid:
    number, reference = fields["InvId"], reference_in(fields)
    try:
        amount = Money.parse(fields["OutSum"], "RUB")
    except BadAmount as wrong:
        raise BadCallback(str(wrong)) from wrong
    return Paid(
        provider=NAME,
        movement=number,
        reference=reference,
        amount=amount,
        provider_payment=number,
        test=test,
        ack=f"OK{number}",
        card_on_file=CardOnFile(number) if reference and not test and keeps_card(fields) else None,
    )
