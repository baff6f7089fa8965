"""Takes a camt.053 apart while it is parsed; no tree of it is ever built."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree.ElementTree import ParseError
from xml.parsers.expat import XMLParserType

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from bot.domain.errors import BadStatement
from bot.gateways.bank.camt_fields import (
    BALANCE,
    DETAIL,
    ENTRY,
    NOWHERE,
    STATEMENT,
    Place,
    Wanted,
    places,
)

MOST_DETAILS = 20_000
"""Transfers that one entry may hold: all of them are read before the first is told."""
DEEPEST = 40
LONGEST_TEXT = 3_000

_ROOT = re.compile(r"(urn:iso:std:iso:20022:tech:xsd:(camt\.053\.001\.\d\d)\})Document")
_CHUNK = 1 << 16
_MOST_SILENT = 16
"""Chunks in which no element begins: a comment or a name of a megabyte is in nobody's statement."""
_MOST_AROUND = 1000
"""Elements of an envelope, signatures and all; where there are more, it is no statement's."""
_MOST_PIECES = 64
"""A parser hands long texts over in pieces, a line or a chunk each."""

Facts = dict[str, str]


@dataclass(slots=True)
class Entry:
    """One movement on the account; `details` are the transfers it is made of, where the bank tells them."""

    line: int
    account: str
    facts: Facts
    details: list[Facts] = field(default_factory=list)


@dataclass(slots=True)
class Account:
    """Comes after its entries, with what the statement says of itself."""

    line: int
    version: str
    facts: Facts
    balances: list[Facts] = field(default_factory=list)


def parts(path: Path, encoding: str) -> Iterator[Entry | Account]:
    """In the order of the file; what came before it raises is not to be used."""
    taker = _Taker()
    parser = DefusedXMLParser(target=taker, encoding=encoding or None, forbid_dtd=True)
    taker.listen(parser.parser)
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            _feed(parser, chunk, taker)
            yield from taker.taken()
    try:
        parser.close()
    except ParseError as unfinished:
        raise taker.trouble("cut") from unfinished
    if taker.saw_no_statement:
        raise BadStatement("not_a_statement")
    yield from taker.taken()


def _feed(parser: DefusedXMLParser, chunk: bytes, taker: _Taker) -> None:
    taker.silent += 1
    try:
        parser.feed(chunk)
    except DefusedXmlException as trap:
        raise BadStatement("declarations", taker.line) from trap
    except (ParseError, ValueError, LookupError) as junk:
        raise taker.trouble("bad_xml") from junk
    if taker.silent > _MOST_SILENT:
        raise BadStatement("bad_xml", taker.line)


_AROUND = Place()
"""An envelope, or what stands in it beside the statement: a header, a signature."""


class _Taker:
    """What the parser calls; facts go to the part that they belong to, texts of others are not kept."""

    _expat: XMLParserType

    def __init__(self) -> None:
        self.silent = 0
        self._version = ""
        self._around = 0
        self._places = [_AROUND]
        self._text: list[str] | None = None
        self._facts: dict[str, Facts] = {}
        self._balances: list[Facts] = []
        self._details: list[Facts] = []
        self._done: list[Entry | Account] = []

    def listen(self, expat: XMLParserType) -> None:
        """Without the tree builder's layer between: the guards stay, two calls an element are saved."""
        expat.StartElementHandler = self._begin
        expat.EndElementHandler = self._end
        expat.CharacterDataHandler = self._data
        self._expat = expat

    def close(self) -> None:
        """What the library asks of a target; there is no tree to hand over."""

    @property
    def line(self) -> int:
        return self._expat.CurrentLineNumber

    def taken(self) -> list[Entry | Account]:
        done, self._done = self._done, []
        return done

    @property
    def saw_no_statement(self) -> bool:
        """Elements, but none of a statement: another XML file, or nothing in its envelope."""
        return self._around > 0 and not self._version

    def trouble(self, problem: str) -> BadStatement:
        """What is broken before a statement began is none."""
        return BadStatement("not_a_statement") if self.saw_no_statement else BadStatement(problem, self.line)

    def _begin(self, tag: str, attributes: Sequence[str]) -> None:
        """Attributes come in pairs, name and value."""
        self.silent = 0
        outer = self._places[-1]
        place = self._recognise(tag) if outer is _AROUND else outer.inside.get(tag, NOWHERE)
        self._places.append(place)
        if len(self._places) > DEEPEST:
            raise BadStatement("bad_xml", self.line)
        wanted, self._text = place.wanted, None
        if wanted:
            self._text = []
            if "Ccy" in attributes:
                currency = attributes[attributes.index("Ccy") + 1][:8]
                self._facts[wanted.part].setdefault(f"{wanted.name}_currency", currency)
        elif place.part:
            self._facts[place.part] = {}

    def _data(self, text: str) -> None:
        self.silent = 0
        if self._text is not None and len(self._text) < _MOST_PIECES:
            self._text.append(text)

    def _end(self, _tag: str) -> None:
        place = self._places.pop()
        if self._text is not None and place.wanted:
            self._put(place.wanted, "".join(self._text)[:LONGEST_TEXT])
        elif place.part:
            self._close(place.part)
        self._text = None

    def _recognise(self, tag: str) -> Place:
        """A statement begins here, or its envelope goes on: `BizMsgEnvlp`, `AppHdr`, a bank's own words."""
        root = _ROOT.fullmatch(tag)
        if root is not None:
            self._version = root[2]
            return places(root[1]).inside[tag]
        self._around += 1
        if self._around > _MOST_AROUND or tag.endswith("}Document"):
            raise BadStatement("not_a_statement")
        return _AROUND

    def _put(self, wanted: Wanted, text: str) -> None:
        """The first of each counts; only the purpose may come in several, a line each."""
        facts, name = self._facts[wanted.part], wanted.name
        if name == "purpose" and facts.get(name):
            text = f"{facts[name]}\n{text}"[:LONGEST_TEXT]
        elif facts.get(name, "").strip():
            return
        facts[name] = text

    def _close(self, part: str) -> None:
        facts = self._facts[part]
        if part == DETAIL:
            if len(self._details) >= MOST_DETAILS:
                raise BadStatement("too_many_details", self.line, most=MOST_DETAILS)
            self._details.append(facts)
        elif part == BALANCE:
            self._balances.append(facts)
        elif part == ENTRY:
            account = self._facts[STATEMENT].get("account", "")
            self._done.append(Entry(self.line, account, facts, self._details))
            self._details = []
        else:
            self._done.append(Account(self.line, self._version, facts, self._balances))
            self._balances = []
