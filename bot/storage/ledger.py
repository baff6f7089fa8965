"""The ledger: transfers between accounts. Rows are added, never changed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, case, func, insert, or_, select, update

from bot.domain.money import Money
from bot.domain.periods import now
from bot.domain.states import TransferReason
from bot.storage.insert import insert_new
from bot.storage.prepared import prepared
from bot.storage.tables import accounts, payers, transfers

REVENUE = "revenue"
SUSPENSE = "suspense"


def source(provider: str) -> str:
    """The account that a provider's money comes from and goes back to."""
    return f"source:{provider}"


def payer(payer_id: int) -> str:
    """A payer's balance in one currency."""
    return f"payer:{payer_id}"


def refunding(provider: str) -> str:
    """Money on its way back: no longer the payer's, not yet confirmed by the provider."""
    return f"refunding:{provider}"


def _account(name: str) -> Any:
    named = accounts.c.name == bindparam(name)
    return select(accounts.c.id).where(named, accounts.c.currency == bindparam("money")).scalar_subquery()


def id_of(name: str, currency: str) -> Any:
    """The account's running id, for the middle of a query."""
    return (
        select(accounts.c.id)
        .where(accounts.c.name == name, accounts.c.currency == currency)
        .scalar_subquery()
    )


_MOVE = prepared(
    insert(transfers).values(
        from_account=_account("giver"),
        to_account=_account("taker"),
        minor=bindparam("amount"),
        reason=bindparam("why"),
        event_id=bindparam("event"),
        payment_id=bindparam("payment"),
        order_id=bindparam("order"),
        attempt_id=bindparam("attempt"),
        created_at=bindparam("at"),
    )
)
_ADD_TO_BALANCE = prepared(
    update(accounts)
    .where(accounts.c.name == bindparam("owner"), accounts.c.currency == bindparam("money"))
    .values(balance=accounts.c.balance + bindparam("amount"))
    .returning(accounts.c.balance)
)
_BALANCE = prepared(
    select(accounts.c.balance).where(
        accounts.c.name == bindparam("owner"), accounts.c.currency == bindparam("money")
    )
)


_ARRIVED = (TransferReason.PAID.value, TransferReason.ASSIGNED.value)
_GIVEN = (*_ARRIVED, TransferReason.REFUND_FAILED.value)
_GONE_BACK = (
    TransferReason.TAKEN_BACK.value,
    TransferReason.RETURNED.value,
    TransferReason.REFUNDING.value,
    TransferReason.WITHDRAWN.value,
)


def _is_one_of(reasons: tuple[str, ...]) -> ColumnElement[bool]:
    return or_(*(transfers.c.reason == reason for reason in reasons))


def _brought(belongs: ColumnElement[bool]) -> Any:
    signed = case((_is_one_of(_GIVEN), transfers.c.minor), else_=-transfers.c.minor)
    return prepared(
        select(func.coalesce(func.sum(signed), 0))
        .join(accounts, accounts.c.id == transfers.c.from_account)
        .where(belongs, accounts.c.currency == bindparam("money"), _is_one_of(_GIVEN + _GONE_BACK))
    )


_BROUGHT_BY = _brought(transfers.c.payment_id == bindparam("what"))
_BROUGHT_FOR = _brought(transfers.c.order_id == bindparam("what"))


@dataclass(frozen=True, slots=True)
class Because:
    """What a transfer belongs to."""

    event_id: int | None = None
    payment_id: int | None = None
    order_id: int | None = None
    attempt_id: int | None = None


class Ledger:
    """Every amount here moved; what a payer has is cached and proved by `python -m bot books`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def open(self, name: str, currency: str, *, payer_id: int | None = None) -> None:
        """Make the account unless it is there; money moves between accounts that exist."""
        row = {"name": name, "currency": currency, "payer_id": payer_id, "balance": 0 if payer_id else None}
        self._connection.execute(insert_new(self._connection, accounts), row)

    def open_payer(self, payer_id: int, currency: str) -> None:
        self.open(payer(payer_id), currency, payer_id=payer_id)

    def credit(
        self, payer_id: int, money: Money, *, giver: str, reason: TransferReason, because: Because
    ) -> Money:
        """Give a payer money from another account; returns his balance after it."""
        self._move(giver, payer(payer_id), money, reason, because)
        return self._add(payer_id, money)

    def debit(
        self, payer_id: int, money: Money, *, taker: str, reason: TransferReason, because: Because
    ) -> Money:
        """Take money from a payer, below zero if it must be; returns his balance after it."""
        self._move(payer(payer_id), taker, money, reason, because)
        return self._add(payer_id, -money)

    def hand_over(
        self, giver: int, taker: int, money: Money, *, reason: TransferReason, because: Because
    ) -> Money:
        """Move money from one payer to another; the taker's balance after it."""
        self._move(payer(giver), payer(taker), money, reason, because)
        self._add(giver, -money)
        return self._add(taker, money)

    def move(self, giver: str, taker: str, money: Money, *, reason: TransferReason, because: Because) -> None:
        """Move money between accounts that are nobody's balance."""
        self._move(giver, taker, money, reason, because)

    def balance(self, payer_id: int, currency: str) -> Money:
        """What a payer has in that currency; nothing where he never had an account."""
        values = {"owner": payer(payer_id), "money": currency}
        found = self._connection.execute(_BALANCE, values).scalar_one_or_none()
        return Money(found or 0, currency)

    def currencies(self, payer_id: int) -> list[str]:
        """The currencies a payer has accounts in."""
        query = select(accounts.c.currency).where(accounts.c.payer_id == payer_id).order_by(accounts.c.id)
        return list(self._connection.execute(query).scalars())

    def spent_since(self, payer_id: int, currency: str, moment: datetime) -> Money:
        """What orders took from a payer's balance since then, less what was returned to it."""
        account = id_of(payer(payer_id), currency)
        taken, given = transfers.c.from_account == account, transfers.c.to_account == account
        signed = case((taken, transfers.c.minor), else_=-transfers.c.minor)
        kinds = (TransferReason.SETTLED.value, TransferReason.UNSETTLED.value)
        query = select(func.coalesce(func.sum(signed), 0)).where(
            or_(taken, given), transfers.c.reason.in_(kinds), transfers.c.created_at >= moment
        )
        return Money(int(self._connection.execute(query).scalar_one()), currency)

    def moved_since(self, payer_id: int, currency: str, moment: datetime) -> Money:
        """What operators moved from or to this balance since then, both ways added up."""
        account = id_of(payer(payer_id), currency)
        is_his = or_(transfers.c.from_account == account, transfers.c.to_account == account)
        moved = transfers.c.reason == TransferReason.MOVED.value
        query = select(func.coalesce(func.sum(transfers.c.minor), 0)).where(
            is_his, moved, transfers.c.created_at >= moment
        )
        return Money(int(self._connection.execute(query).scalar_one()), currency)

    def came_for(self, order_id: int, giver: str, currency: str) -> Money:
        """What came for an order from one account, whatever became of it."""
        is_its = transfers.c.order_id == order_id, transfers.c.from_account == id_of(giver, currency)
        query = select(func.coalesce(func.sum(transfers.c.minor), 0)).where(*is_its)
        return Money(int(self._connection.execute(query).scalar_one()), currency)

    def brought_by(self, payment_id: int, currency: str) -> Money:
        """What a payment brought, less what already went back or is on its way."""
        return self._brought(_BROUGHT_BY, payment_id, currency)

    def brought_for(self, order_id: int, currency: str) -> Money:
        """The same for all payments of an order, in one currency."""
        return self._brought(_BROUGHT_FOR, order_id, currency)

    def arrived(self, payment_id: int) -> Money | None:
        """The sum that came for a payment, which need not be the one that was asked for; None before it."""
        query = (
            select(transfers.c.minor, accounts.c.currency)
            .join(accounts, accounts.c.id == transfers.c.to_account)
            .where(transfers.c.payment_id == payment_id, transfers.c.reason.in_(_ARRIVED))
            .order_by(transfers.c.id)
        )
        row = self._connection.execute(query.limit(1)).first()
        return Money(row.minor, row.currency) if row is not None else None

    def given_to(self, event_id: int) -> int:
        """The payer whom money from suspense was given to, or whom he was joined into since."""
        owner = func.coalesce(payers.c.joined_into, payers.c.id)
        query = (
            select(owner)
            .join(accounts, accounts.c.payer_id == payers.c.id)
            .join(transfers, transfers.c.to_account == accounts.c.id)
        )
        given = (transfers.c.event_id == event_id) & (transfers.c.reason == TransferReason.ASSIGNED.value)
        return int(self._connection.execute(query.where(given)).scalar_one())

    def count(self) -> int:
        """How many transfers there are."""
        return int(self._connection.execute(select(func.count()).select_from(transfers)).scalar_one())

    def settled_for(self, order_id: int, currency: str) -> Money:
        """What an order has taken from the balance, less what was returned to it."""
        back = transfers.c.reason == TransferReason.UNSETTLED.value
        signed = case((back, -transfers.c.minor), else_=transfers.c.minor)
        kinds = (TransferReason.SETTLED.value, TransferReason.UNSETTLED.value)
        query = (
            select(func.coalesce(func.sum(signed), 0))
            .join(accounts, accounts.c.id == transfers.c.from_account)
            .where(
                transfers.c.order_id == order_id,
                accounts.c.currency == currency,
                transfers.c.reason.in_(kinds),
            )
        )
        return Money(int(self._connection.execute(query).scalar_one()), currency)

    def _brought(self, statement: Any, what: int, currency: str) -> Money:
        values = {"what": what, "money": currency}
        return Money(int(self._connection.execute(statement, values).scalar_one()), currency)

    def _move(self, giver: str, taker: str, money: Money, reason: TransferReason, because: Because) -> None:
        row = {
            "giver": giver,
            "taker": taker,
            "money": money.currency,
            "amount": money.minor,
            "why": reason.value,
            "event": because.event_id,
            "payment": because.payment_id,
            "order": because.order_id,
            "attempt": because.attempt_id,
            "at": now(),
        }
        self._connection.execute(_MOVE, row)

    def _add(self, payer_id: int, money: Money) -> Money:
        values = {"owner": payer(payer_id), "money": money.currency, "amount": money.minor}
        balance = self._connection.execute(_ADD_TO_BALANCE, values).scalar_one()
        return Money(balance, money.currency)
