"""What a network is answered: a small XML, always with HTTP 200, since anything else counts as silence."""

from __future__ import annotations

from xml.etree.ElementTree import Element, SubElement, tostring

from bot.gateways.network import NetworkAnswer

HEAD = b'<?xml version="1.0" encoding="UTF-8"?>\n'


def write_answer(answer: NetworkAnswer, *, element: str, payer_field: str) -> bytes:
    """Elements in the order of the manual; those that have nothing to say are left out."""
    root = Element("response")
    SubElement(root, element).text = answer.txn_id
    if answer.number:
        SubElement(root, "prv_txn").text = answer.number
    if answer.amount is not None:
        SubElement(root, "sum").text = answer.amount.decimal()
    SubElement(root, "result").text = str(int(answer.result))
    if answer.payer:
        fields = SubElement(root, "fields")
        SubElement(fields, "field1", name=payer_field).text = answer.payer
    if answer.comment:
        SubElement(root, "comment").text = answer.comment
    text: str = tostring(root, encoding="unicode")
    return HEAD + text.encode()
