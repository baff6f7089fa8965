"""Who did what: for owners to read, to search and to take away."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.audit import LONGEST_WORD, MOST_EXPORTED, MOST_WORDS, AuditSearch, Deed, Sought
from bot.domain.states import Role
from bot.services.desk import DeskService
from bot.services.paging import Page, page_of
from bot.storage.database import Database, reading, transaction
from bot.storage.tx import Tx


class AuditService:
    """Taking the log away is a deed of its own."""

    def __init__(self, database: Database, desk: DeskService, zone: ZoneInfo) -> None:
        self.database = database
        self._desk = desk
        self._zone = zone

    def demand(self, who: int) -> None:
        """Refuse whoever is no owner."""
        self._desk.demand(who, Role.OWNER)

    @property
    def operators(self) -> Mapping[int, Role]:
        """Whose names a word may be."""
        return self._desk.operators

    @reading
    def page(self, tx: Tx, who: int, search: AuditSearch, page: int = 0) -> Page[Deed]:
        """The newest first."""
        self.demand(who)
        return page_of(
            lambda most, after: tx.audit_log.newest(search, most, after), tx.audit_log.count(search), page
        )

    @transaction
    def export(self, tx: Tx, who: int, search: AuditSearch) -> list[Deed]:
        """All that was found, the newest first, as far as one file bears it."""
        self.demand(who)
        found = tx.audit_log.newest(search, MOST_EXPORTED)
        tx.audit.note(who, "audit_exported", "house", lines=len(found))
        return found

    def search(
        self,
        words: str,
        first: date | None = None,
        last: date | None = None,
        *,
        names: Mapping[int, str] | None = None,
        deeds: Mapping[str, str] | None = None,
    ) -> AuditSearch:
        """What is typed in the group, whose days are the seller's."""
        return search_for(words, first, last, zone=self._zone, names=names, deeds=deeds)


def search_for(
    words: str,
    first: date | None,
    last: date | None,
    *,
    zone: ZoneInfo,
    names: Mapping[int, str] | None = None,
    deeds: Mapping[str, str] | None = None,
) -> AuditSearch:
    """Each word is an id, a part of a name or of a deed's words (`names`, `deeds`), or of a thing's name."""
    sought = [
        sought_word(word[:LONGEST_WORD], names or {}, deeds or {}) for word in words.split()[:MOST_WORDS]
    ]
    since = datetime.combine(first, time(), zone) if first else None
    until = datetime.combine(last + timedelta(days=1), time(), zone) if last else None
    return AuditSearch(tuple(sought), since, until)


def sought_word(word: str, names: Mapping[int, str], deeds: Mapping[str, str]) -> Sought:
    folded = word.casefold()
    people = {person for person, name in names.items() if folded in name.casefold() or word == str(person)}
    if word.isascii() and word.isdigit() and len(word) < 19:
        people.add(int(word))
    meant = {deed for deed, told in deeds.items() if folded in told.casefold()}
    return Sought(word, frozenset(people), frozenset(meant))
