"""How bodies from outside are read: a form names each field once, and no XML can grow while it is read."""

from __future__ import annotations

from urllib.parse import parse_qsl
from xml.etree.ElementTree import Element, ParseError

from defusedxml.ElementTree import fromstring

from bot.domain.errors import BadCallback
from bot.gateways.http import NotUnderstood


def read_form(raw: bytes, *, most_fields: int, strict: bool = False) -> dict[str, str]:
    """Fields as text, by name. `strict` also refuses what is not UTF-8: it is replaced otherwise."""
    errors = "strict" if strict else "replace"
    try:
        text = raw.decode(errors=errors)
        pairs = parse_qsl(text, keep_blank_values=True, errors=errors, max_num_fields=most_fields)
    except ValueError as junk:
        raise BadCallback("not a form, or too many fields") from junk
    fields = dict(pairs)
    if len(fields) < len(pairs):
        raise BadCallback("a field came twice")
    return fields


def read_xml(body: bytes) -> Element:
    """The root of a provider's answer; what brings declarations of its own is not the provider's."""
    try:
        root: Element = fromstring(body, forbid_dtd=True)
    except (ParseError, ValueError, LookupError) as junk:
        raise NotUnderstood("not XML, or with declarations of its own") from junk
    return root
