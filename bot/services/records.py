"""Finding whatever operators ask for, and what there is to know of it."""

from __future__ import annotations

from bot.domain.customers import Customer
from bot.domain.errors import CustomerError
from bot.domain.records import Findings, Happening, Record, RecordKind
from bot.domain.search_words import wanted
from bot.domain.states import Role
from bot.services.desk import DeskService
from bot.services.paging import Page, page_of
from bot.services.record.facts import record_of
from bot.services.record.finding import MOST_FOUND, hits
from bot.services.record.found_lines import found_line
from bot.services.record.history import history_of
from bot.storage.database import Database, reading, transaction
from bot.storage.tx import Tx

FILLED = "search_words"
DONE = "done"
WORDS_AT_ONCE = 300
_NAMED = (RecordKind.CUSTOMER, RecordKind.PAYER, RecordKind.CONNECTOR)


class RecordService:
    """A viewer may read all of it; what is done about it is the business of other services."""

    def __init__(self, database: Database, desk: DeskService) -> None:
        self.database = database
        self._desk = desk

    @reading
    def find(self, tx: Tx, who: int, words: str, page: int = 0) -> Findings:
        """A page of whatever may be meant by these words."""
        self._desk.demand(who, Role.VIEWER)
        every = hits(tx, wanted(words))
        found = every[:MOST_FOUND]
        shown = page_of(lambda count, after: found[after : after + count], len(found), page)
        lines = (found_line(tx, kind, text_id) for kind, text_id in shown.items)
        return Findings(tuple(filter(None, lines)), shown.page, shown.pages, cut=len(every) > MOST_FOUND)

    @reading
    def get(self, tx: Tx, who: int, kind: RecordKind, text_id: str) -> Record:
        """Everything about one thing; `text_id` is its id, or what a button bears of it."""
        self._desk.demand(who, Role.VIEWER)
        return _record(tx, kind, text_id)

    @reading
    def history(self, tx: Tx, who: int, kind: RecordKind, text_id: str, page: int = 0) -> Page[Happening]:
        """What happened to it, a page at a time."""
        self._desk.demand(who, Role.VIEWER)
        happened = history_of(tx, _record(tx, kind, text_id))
        return page_of(lambda count, after: happened[after : after + count], len(happened), page)

    @transaction
    def contacts(self, tx: Tx, who: int, customer_id: int) -> Customer:
        """Addresses and numbers in full, for whoever asked alone; it is written down who saw them."""
        self._desk.demand(who, Role.OPERATOR)
        customer = tx.customers.get(customer_id)
        if customer is None:
            raise CustomerError("not_found")
        tx.audit.note(who, "contacts_seen", f"customer:{customer_id}")
        return customer

    @transaction
    def keep_words(self, tx: Tx) -> int:
        """Words of what stood in the books before there was anything to find it by: some at each call."""
        kind, last = _where_it_stands(tx.facts.lock(FILLED))
        if kind is None:
            return 0
        reached = tx.search.note_after(kind, last, WORDS_AT_ONCE)
        if reached is None:
            following = _NAMED[_NAMED.index(kind) + 1 :]
            tx.facts.set(FILLED, f"{following[0]}:" if following else DONE)
        else:
            tx.facts.set(FILLED, f"{kind}:{reached}")
        return 1


def _record(tx: Tx, kind: RecordKind, text_id: str) -> Record:
    record = record_of(tx, kind, text_id)
    if record is None:
        raise CustomerError("not_found")
    return record


def _where_it_stands(fact: str | None) -> tuple[RecordKind | None, int | str | None]:
    """Whose words are kept now, and after which id."""
    if fact == DONE:
        return None, None
    word, _colon, last = (fact or f"{_NAMED[0]}:").partition(":")
    kind = RecordKind(word)
    if not last:
        return kind, None
    return kind, last if kind is RecordKind.CONNECTOR else int(last)
