"""Saved cards: kept when a provider says so, gone for every charge the moment they are unlinked."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, bindparam, insert, literal_column, select, update

from bot.domain.payments import Payment
from bot.domain.periods import now
from bot.domain.saved_cards import CardOnFile, SavedCard, UnlinkedBecause
from bot.storage.prepared import prepared
from bot.storage.tables import saved_cards

_BY_ID = prepared(select(saved_cards).where(saved_cards.c.id == bindparam("card_id")))


class SavedCards:
    """The token of an unlinked card is kept until its provider was told, and for that alone."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(
        self,
        customer_id: int,
        card: CardOnFile,
        *,
        provider: str,
        method: str,
        remembered: bool,
        payment_id: int | None,
    ) -> int:
        """Keep a card; one that this provider saved before under the same token is that card."""
        known = select(saved_cards.c.id).where(_has_token(provider, card.token))
        found = self._connection.execute(known).scalar_one_or_none()
        row = {
            "customer_id": customer_id,
            "provider": provider,
            "method": method,
            "token": card.token,
            "page_token": card.page_token,
            "masked": card.masked,
            "expires_on": card.expires_on,
            "remembered": remembered,
            "payment_id": payment_id,
            "created_at": now(),
            "describe_at": None if card.masked else now(),
        }
        if found is None:
            query = insert(saved_cards).returning(saved_cards.c.id)
            return int(self._connection.execute(query, row).scalar_one())
        again = update(saved_cards).where(saved_cards.c.id == found, saved_cards.c.customer_id == customer_id)
        linked = {"unlinked_at": None, "unlinked_because": "", "unlink_at_provider": None}
        self._connection.execute(again.values(created_at=now(), **linked))
        if remembered:
            self._connection.execute(again.values(remembered=True))
        return int(found)

    def is_anothers(self, provider: str, token: str, customer_id: int) -> bool:
        """Whether this provider saved the same card for somebody else."""
        known = select(saved_cards.c.id).where(
            _has_token(provider, token), saved_cards.c.customer_id != customer_id
        )
        return self._connection.execute(known).first() is not None

    def get(self, card_id: int) -> SavedCard | None:
        row = self._connection.execute(_BY_ID, {"card_id": card_id}).one_or_none()
        return _to_card(row) if row is not None else None

    def get_for_customer(self, card_id: int, customer_id: int) -> SavedCard | None:
        query = select(saved_cards).where(
            saved_cards.c.id == card_id, saved_cards.c.customer_id == customer_id
        )
        row = self._connection.execute(query).one_or_none()
        return _to_card(row) if row is not None else None

    def linked(self, customer_id: int) -> list[SavedCard]:
        """A customer's cards, the newest first."""
        query = select(saved_cards).where(
            saved_cards.c.customer_id == customer_id, saved_cards.c.unlinked_at.is_(None)
        )
        return [_to_card(row) for row in self._connection.execute(query.order_by(saved_cards.c.id.desc()))]

    def was_saved_with(self, payment: Payment) -> bool:
        """Whether this payment saved a card of its customer, whatever became of it."""
        if payment.saves_card and payment.card_id is not None:
            return True
        query = select(saved_cards.c.id).where(
            saved_cards.c.customer_id == payment.customer_id, saved_cards.c.payment_id == payment.id
        )
        return self._connection.execute(query.limit(1)).first() is not None

    def remember(self, card_id: int, *, remembered: bool) -> None:
        query = update(saved_cards).where(saved_cards.c.id == card_id)
        self._connection.execute(query.values(remembered=remembered))

    def take_undescribed(self, limit: int, lease: timedelta) -> list[SavedCard]:
        """Linked cards of which nobody knows how they look; they are left alone for the lease."""
        due = select(saved_cards.c.id).where(saved_cards.c.describe_at <= now())
        taken = due.order_by(saved_cards.c.describe_at).limit(limit).with_for_update(skip_locked=True)
        query = update(saved_cards).where(saved_cards.c.id.in_(taken.scalar_subquery()))
        leased = query.values(describe_at=now() + lease).returning(saved_cards)
        return [_to_card(row) for row in self._connection.execute(leased)]

    def describe(self, card_id: int, card: CardOnFile) -> None:
        """Write down what the provider told of it only later, unless it was unlinked meanwhile."""
        query = update(saved_cards).where(saved_cards.c.id == card_id, saved_cards.c.unlinked_at.is_(None))
        told = query.values(masked=card.masked, page_token=card.page_token, expires_on=card.expires_on)
        self._connection.execute(told)
        self.describe_later(card_id, None)

    def describe_later(self, card_id: int, at: datetime | None) -> None:
        """None: not any more."""
        query = update(saved_cards).where(saved_cards.c.id == card_id)
        self._connection.execute(query.values(describe_at=at))

    def unlink(self, card_id: int, because: UnlinkedBecause) -> bool:
        """No charge from now on, and the provider is told soon; False when it was unlinked already."""
        linked = update(saved_cards).where(saved_cards.c.id == card_id, saved_cards.c.unlinked_at.is_(None))
        moment = now()
        gone = linked.values(unlinked_at=moment, unlinked_because=because.value, unlink_at_provider=moment)
        return self._connection.execute(gone.returning(saved_cards.c.id)).first() is not None

    def take_unlinked(self, limit: int, lease: timedelta) -> list[SavedCard]:
        """Unlinked cards that their provider has not been told of; they are left alone for the lease."""
        due = select(saved_cards.c.id).where(saved_cards.c.unlink_at_provider <= now())
        taken = due.order_by(saved_cards.c.unlink_at_provider).limit(limit).with_for_update(skip_locked=True)
        query = update(saved_cards).where(saved_cards.c.id.in_(taken.scalar_subquery()))
        leased = query.values(unlink_at_provider=now() + lease).returning(saved_cards)
        return [_to_card(row) for row in self._connection.execute(leased)]

    def forget_token(self, card_id: int) -> None:
        """The provider knows; nothing can be done with it any more, unless it was linked anew meanwhile."""
        gone = update(saved_cards).where(saved_cards.c.id == card_id, saved_cards.c.unlinked_at.is_not(None))
        self._connection.execute(gone.values(token="", page_token="", unlink_at_provider=None))

    def unlink_later(self, card_id: int, at: datetime) -> None:
        query = update(saved_cards).where(
            saved_cards.c.id == card_id, saved_cards.c.unlink_at_provider.is_not(None)
        )
        self._connection.execute(query.values(unlink_at_provider=at))

    def expiring(self, until: date, limit: int) -> list[SavedCard]:
        """Linked cards whose last good day comes by then and whose owner was not told yet."""
        query = select(saved_cards).where(
            saved_cards.c.unlinked_at.is_(None),
            saved_cards.c.expires_on <= until,
            saved_cards.c.expiry_told.is_(False),
        )
        return [_to_card(row) for row in self._connection.execute(query.limit(limit))]

    def told_of_expiry(self, card_id: int) -> bool:
        """True for whoever is first."""
        query = update(saved_cards).where(saved_cards.c.id == card_id, saved_cards.c.expiry_told.is_(False))
        told = query.values(expiry_told=True).returning(saved_cards.c.id)
        return self._connection.execute(told).first() is not None


def _has_token(provider: str, token: str) -> ColumnElement[bool]:
    """One card at most; the second condition stands there for the partial index, in its own words."""
    its = saved_cards.c
    return and_(its.provider == provider, its.token == token, its.token != literal_column("''"))


def _to_card(row: Row[Any]) -> SavedCard:
    return SavedCard(
        id=row.id,
        customer_id=row.customer_id,
        provider=row.provider,
        method=row.method,
        masked=row.masked,
        expires_on=row.expires_on,
        remembered=row.remembered,
        created_at=row.created_at,
        unlinked_at=row.unlinked_at,
        token=row.token,
        page_token=row.page_token,
    )
