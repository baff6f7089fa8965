"""What the back office answers: an XML document or a SOAP envelope, read by the names of its elements."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from bot.domain.errors import ProviderRefused
from bot.gateways.base import signatures_match
from bot.gateways.bodies import read_xml
from bot.gateways.http import Answer, NotFound, NotUnderstood
from bot.gateways.webpay.notifications import Notification, moment
from bot.gateways.webpay.shapes import fits
from bot.gateways.webpay.signatures import ANSWERED, transaction_signature

DONE = "0"
"""The error_code of a call that was carried out."""


@dataclass(frozen=True, slots=True)
class Row:
    """One transaction in the list of GetTransactionStatus."""

    order_number: str
    transaction: str
    status: str
    response_code: str
    amount: str


def element(answer: Answer) -> Element:
    """The root of what came; NotUnderstood for a proxy's page, a cut body or a fault of theirs."""
    if answer.status == 404:
        raise NotFound("nothing is at this address, status 404")
    root = read_xml(answer.body)
    if answer.status != 200 or any(_name(each) == "Fault" for each in root.iter()):
        raise NotUnderstood(f"status {answer.status}")
    return root


def acted(root: Element) -> None:
    """Raise ProviderRefused unless the call was carried out."""
    said = texts(root)
    if said.get("error_code") is None:
        raise NotUnderstood("an answer without error_code")
    if said["error_code"] != DONE:
        raise ProviderRefused(f"{said['error_code'][:16]}: {said.get('error_comment', '')[:200]}")


def rows(root: Element, asked_for: str) -> list[Row]:
    """The transactions listed; the list leaves out the order number where it was asked for by that."""
    acted(root)
    found = []
    for each in _every(root, "transaction"):
        said = texts(each)
        number = said.get("order_num") or asked_for
        if fits("transaction_id", said.get("transaction_id", "")):
            code = said.get("response_code", "")[:32]
            status, amount = said.get("status", "")[:32], said.get("amount", "")
            found.append(Row(number, said["transaction_id"], status, code, amount))
    return found


def transaction(root: Element, asked_for: str, number: str, secret: str) -> Notification | None:
    """The state of one transaction, proven by its signature; None where WEBPAY knows none."""
    said = texts(root)
    if said.get("status", "").lower() == "failed":
        return None
    fields = {name: said.get(name, "") for name in (*ANSWERED, "wsb_signature")}
    if not all(fits(name, value) for name, value in fields.items()) or fields["transaction_id"] != asked_for:
        raise NotUnderstood("a transaction of another shape")
    if not signatures_match(fields["wsb_signature"].lower(), transaction_signature(fields, secret)):
        raise NotUnderstood("a transaction with a wrong signature")
    return Notification(
        at=moment(fields["batch_timestamp"]),
        batch=fields["batch_timestamp"],
        currency=fields["currency_id"],
        amount=fields["amount"],
        payment_method=fields["payment_method"],
        order_number=number,
        transaction=fields["transaction_id"],
        payment_type=int(fields["payment_type"]),
        rrn=fields["rrn"],
        card="",
        binding=None,
        code="",
    )


def texts(root: Element) -> Mapping[str, str]:
    """Every element that holds text, by its name without a namespace; the first of equal names."""
    found: dict[str, str] = {}
    for each in root.iter():
        if not len(each):
            found.setdefault(_name(each), (each.text or "").strip())
    return found


def _every(root: Element, name: str) -> Iterator[Element]:
    """Elements of that name that hold others: a list may be wrapped in its own name."""
    for each in root.iter():
        holds_texts = any(not len(child) for child in each)
        if _name(each) in (name, "item") and holds_texts:
            yield each


def _name(each: Element) -> str:
    return str(each.tag).rpartition("}")[2]
