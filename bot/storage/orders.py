"""Orders with their lines."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, exists, insert, select, update

from bot.domain.customers import Connector
from bot.domain.money import Money
from bot.domain.orders import Order, OrderLine
from bot.domain.periods import now
from bot.domain.states import (
    OPEN_ORDERS,
    OPEN_PAYMENTS,
    PAYABLE_ORDERS,
    UNPAID_ORDERS,
    OrderState,
    PaymentState,
)
from bot.storage.connectors import to_connector
from bot.storage.index_words import among
from bot.storage.prepared import prepared
from bot.storage.tables import connectors, extensions, order_lines, order_work, orders, payers, payments

_BY_ID = prepared(select(orders).where(orders.c.id == bindparam("order_id")))
_LOCKED = prepared(_BY_ID.with_for_update())
_FOR_CUSTOMER = _BY_ID.where(orders.c.customer_id == bindparam("customer_id"))
_LINES = prepared(
    select(order_lines, extensions.c.to_date)
    .outerjoin(
        extensions,
        (extensions.c.order_id == order_lines.c.order_id)
        & (extensions.c.connector_id == order_lines.c.connector_id),
    )
    .where(order_lines.c.order_id == bindparam("order_id"))
    .order_by(order_lines.c.connector_id)
)
_CONNECTORS = prepared(
    select(connectors, order_lines.c.months)
    .join(order_lines, order_lines.c.connector_id == connectors.c.id)
    .where(order_lines.c.order_id == bindparam("order_id"))
    .order_by(connectors.c.id)
    .with_for_update(of=connectors)
)
_LET_GO = prepared(
    update(order_lines)
    .where(order_lines.c.order_id == bindparam("held_by"), order_lines.c.holds)
    .values(holds=False)
)
_LAST_SETTLED = (
    select(orders.c.id)
    .where(orders.c.customer_id == bindparam("customer_id"), orders.c.settled_at.is_not(None))
    .where(exists().where(order_lines.c.order_id == orders.c.id))
    .order_by(orders.c.settled_at.desc(), orders.c.id.desc())
    .limit(1)
    .scalar_subquery()
)
_METHOD = (
    select(payments.c.method)
    .where(payments.c.order_id == orders.c.id, payments.c.state == PaymentState.SUCCEEDED.value)
    .order_by(payments.c.id.desc())
    .limit(1)
    .scalar_subquery()
)
_LAST_BOUGHT = prepared(
    select(
        connectors.c.id,
        connectors.c.title,
        connectors.c.tariff,
        order_lines.c.months,
        orders.c.settled_currency,
        _METHOD.label("method"),
        (payers.c.customer_id == orders.c.customer_id).label("his"),
    )
    .select_from(orders)
    .join(order_lines, order_lines.c.order_id == orders.c.id)
    .join(connectors, connectors.c.id == order_lines.c.connector_id)
    .outerjoin(payers, payers.c.id == connectors.c.payer_id)
    .where(orders.c.id == _LAST_SETTLED)
    .order_by(connectors.c.id)
)
_SETTLED = prepared(
    update(orders)
    .where(orders.c.id == bindparam("order_id"), orders.c.state == bindparam("only_from"))
    .values(
        state=bindparam("to"),
        settled_currency=bindparam("currency"),
        settled_minor=bindparam("minor"),
        settled_at=bindparam("at"),
    )
    .returning(orders.c.id)
)


MOST_AWAITING = 100
"""Orders of one payer that are looked at for money without an address."""

_AWAITING = prepared(
    select(orders.c.id)
    .where(orders.c.payer_id == bindparam("payer"), orders.c.state == OrderState.AWAITING.value)
    .order_by(orders.c.id)
    .limit(MOST_AWAITING)
)


@dataclass(frozen=True, slots=True)
class Bought:
    """A line of the last settled order, with its connector as it is today; `his` if it is still his own."""

    connector_id: str
    title: str
    tariff: str
    months: int
    currency: str
    method: str | None
    his: bool


class Orders:
    """An open order holds its connectors; whatever closes it lets them go."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, order_id: int) -> Order | None:
        return self._one(self._connection.execute(_BY_ID, {"order_id": order_id}).one_or_none())

    def lock(self, order_id: int) -> Order | None:
        """The order, held against every other unit until this one ends; its payer is locked before."""
        return self._one(self._connection.execute(_LOCKED, {"order_id": order_id}).one_or_none())

    def get_for_customer(self, order_id: int, customer_id: int) -> Order | None:
        values = {"order_id": order_id, "customer_id": customer_id}
        return self._one(self._connection.execute(_FOR_CUSTOMER, values).one_or_none())

    def last_bought(self, customer_id: int) -> list[Bought]:
        """What "pay again" repeats, in one statement: it stands in the menu."""
        rows = self._connection.execute(_LAST_BOUGHT, {"customer_id": customer_id})
        return [
            Bought(row.id, row.title, row.tariff, row.months, row.settled_currency, row.method, bool(row.his))
            for row in rows
        ]

    def last_period(self, connector_id: str) -> tuple[int, str] | None:
        """For how many months a connector was paid for last, and in which currency."""
        query = (
            select(order_lines.c.months, orders.c.settled_currency)
            .join(orders, orders.c.id == order_lines.c.order_id)
            .where(order_lines.c.connector_id == connector_id, orders.c.settled_at.is_not(None))
        )
        row = self._connection.execute(query.order_by(orders.c.settled_at.desc()).limit(1)).first()
        return (row.months, row.settled_currency) if row else None

    def open_with(self, connector_ids: Iterable[str]) -> list[int]:
        """The open orders that hold any of these connectors."""
        held = select(order_lines.c.order_id).where(
            order_lines.c.connector_id.in_(list(connector_ids)), order_lines.c.holds
        )
        return sorted(self._connection.execute(held.distinct()).scalars())

    def unpaid_with(self, connector_id: str, customer_id: int) -> list[int]:
        """A customer's orders of this connector that money would still settle."""
        query = (
            select(orders.c.id)
            .join(order_lines, order_lines.c.order_id == orders.c.id)
            .where(
                order_lines.c.connector_id == connector_id,
                orders.c.customer_id == customer_id,
                orders.c.state.in_([state.value for state in UNPAID_ORDERS]),
            )
        )
        return sorted(self._connection.execute(query).scalars())

    def being_paid(self, order_id: int, customer_id: int, *, since: datetime) -> bool:
        """Whether somebody other than this customer has begun to pay for the order since then."""
        query = (
            select(payments.c.id)
            .join(orders, orders.c.id == payments.c.order_id)
            .where(
                orders.c.id == order_id,
                orders.c.customer_id != customer_id,
                payments.c.state.in_([state.value for state in OPEN_PAYMENTS]),
                payments.c.created_at >= since,
            )
        )
        return self._connection.execute(query.limit(1)).first() is not None

    def awaiting(self, payer_id: int) -> list[Order]:
        """A payer's orders that await payment, the oldest first."""
        rows = self._connection.execute(_AWAITING, {"payer": payer_id}).all()
        return [order for row in rows if (order := self.get(row.id)) is not None]

    def covered(self, payer_id: int, amount: Money) -> list[Order]:
        """Those of them that cost no more than this, the oldest first."""
        prices = ((order, order.price(amount.currency)) for order in self.awaiting(payer_id))
        return [order for order, price in prices if price is not None and price <= amount]

    def use_balance(self, order_id: int, use: bool) -> bool:
        """Whether other money on the balance may pay for it; False unless it still awaits payment."""
        payable = [state.value for state in PAYABLE_ORDERS]
        unpaid = update(orders).where(orders.c.id == order_id, orders.c.state.in_(payable))
        changed = self._connection.execute(unpaid.values(use_balance=use).returning(orders.c.id))
        return changed.first() is not None

    def add(
        self,
        *,
        reference: str,
        customer_id: int,
        payer_id: int,
        lines: Sequence[OrderLine],
        prices: Sequence[Money],
        full_prices: Sequence[Money],
        promo_code: str,
        terms_version: str,
        expires_at: datetime,
        invoice: str = "",
        state: OrderState = OrderState.AWAITING,
        use_balance: bool = False,
    ) -> int:
        """Write an order; while it is open it holds its connectors, which older ones must have let go."""
        row = {
            "reference": reference,
            "customer_id": customer_id,
            "payer_id": payer_id,
            "state": state.value,
            "use_balance": use_balance,
            "prices": _to_document(prices),
            "full_prices": _to_document(full_prices) if promo_code else None,
            "promo_code": promo_code,
            "terms_version": terms_version,
            "invoice": invoice,
            "created_at": now(),
            "expires_at": expires_at,
        }
        order_id = self._connection.execute(insert(orders).returning(orders.c.id), row).scalar_one()
        held = [
            {
                "order_id": order_id,
                "connector_id": line.connector_id,
                "title": line.title,
                "tariff": line.tariff,
                "months": line.months,
                "prices": _to_document(line.prices),
                "holds": state in OPEN_ORDERS,
                "masked": line.masked,
            }
            for line in lines
        ]
        if held:
            self._connection.execute(insert(order_lines), held)
        return int(order_id)

    def invoiced(self, order_id: int, number: str, *, until: datetime) -> bool:
        """Note the invoice that asks for it, and wait as long as that is valid; False if it was closed."""
        waiting = update(orders).where(orders.c.id == order_id, orders.c.state == OrderState.AWAITING.value)
        noted = waiting.values(invoice=number, expires_at=until).returning(orders.c.id)
        return self._connection.execute(noted).first() is not None

    def move(self, order_id: int, *, to: OrderState, only_from: OrderState) -> bool:
        """Change the state unless another writer was first; True if this call changed it."""
        unmoved = update(orders).where(orders.c.id == order_id, orders.c.state == only_from.value)
        changed = self._connection.execute(unmoved.values(state=to.value).returning(orders.c.id)).first()
        if changed is not None and to not in OPEN_ORDERS:
            self._let_go(order_id)
        return changed is not None

    def approved(self, order_id: int, *, until: datetime) -> bool:
        """It may be paid from now on, at its price until then; False unless it was still in review."""
        reviewed = update(orders).where(orders.c.id == order_id, orders.c.state == OrderState.REVIEW.value)
        changed = reviewed.values(state=OrderState.AWAITING.value, expires_at=until).returning(orders.c.id)
        return self._connection.execute(changed).first() is not None

    def give_to_payer(self, order_id: int, payer_id: int) -> bool:
        """Let another payer pay it; False once it is closed, or any payment for it was begun."""
        begun = exists().where(payments.c.order_id == order_id)
        open_ = update(orders).where(
            orders.c.id == order_id, orders.c.state == OrderState.AWAITING.value, ~begun
        )
        changed = open_.values(payer_id=payer_id).returning(orders.c.id)
        return self._connection.execute(changed).first() is not None

    def replace_expired(self, customer_id: int, promo_code: str) -> list[int]:
        """Close a customer's expired orders that this promo code made cheaper: another one has it now."""
        dead = update(orders).where(
            orders.c.customer_id == customer_id,
            orders.c.promo_code == promo_code,
            orders.c.state == OrderState.EXPIRED.value,
        )
        closed = dead.values(state=OrderState.REPLACED.value).returning(orders.c.id)
        return list(self._connection.scalars(closed))

    def settled(self, order: Order, price: Money, *, to: OrderState) -> bool:
        """Note what it was settled for; False if another unit changed the order meanwhile."""
        values = {
            "order_id": order.id,
            "only_from": order.state.value,
            "to": to.value,
            "currency": price.currency,
            "minor": price.minor,
            "at": now(),
        }
        changed = self._connection.execute(_SETTLED, values).first() is not None
        if changed and order.state in OPEN_ORDERS:
            self._let_go(order.id)
        return changed

    def settled_price(self, order_id: int) -> Money | None:
        """What it was settled for; None while it is not paid."""
        query = select(orders.c.settled_minor, orders.c.settled_currency).where(orders.c.id == order_id)
        row = self._connection.execute(query).one_or_none()
        if row is None or row.settled_minor is None:
            return None
        return Money(row.settled_minor, row.settled_currency)

    def connectors(self, order_id: int) -> list[tuple[Connector, int]]:
        """Its connectors as they stand now, locked, each with the months bought."""
        rows = self._connection.execute(_CONNECTORS, {"order_id": order_id}).all()
        return [(to_connector(row), row.months) for row in rows]

    def bought(self, reference: str, connector_id: str) -> tuple[int, str] | None:
        """Who ordered this connector by that order, and its title there; nobody where it is made to order."""
        query = select(orders.c.customer_id, order_lines.c.title).where(
            orders.c.reference == reference,
            order_lines.c.order_id == orders.c.id,
            order_lines.c.connector_id == connector_id,
            ~exists().where(order_work.c.order_id == orders.c.id),
        )
        row = self._connection.execute(query).one_or_none()
        return (row.customer_id, row.title) if row else None

    def expired(self, limit: int) -> list[tuple[int, OrderState]]:
        """Open orders whose time is over."""
        query = select(orders.c.id, orders.c.state).where(
            among(orders.c.state, OrderState.DRAFT, OrderState.AWAITING), orders.c.expires_at <= now()
        )
        rows = self._connection.execute(query.order_by(orders.c.expires_at).limit(limit))
        return [(row.id, OrderState(row.state)) for row in rows]

    def _let_go(self, order_id: int) -> None:
        self._connection.execute(_LET_GO, {"held_by": order_id})

    def _one(self, row: Row[Any] | None) -> Order | None:
        if row is None:
            return None
        lines = self._connection.execute(_LINES, {"order_id": row.id}).all()
        return _to_order(row, [_to_line(line) for line in lines])


def _to_document(prices: Sequence[Money]) -> list[tuple[str, int]]:
    """A list, since PostgreSQL sorts the keys of an object, and the first price is the one that counts."""
    return [(price.currency, price.minor) for price in prices]


def _to_prices(document: Sequence[tuple[str, int]]) -> tuple[Money, ...]:
    return tuple(Money(minor, currency) for currency, minor in document)


def _to_line(row: Row[Any]) -> OrderLine:
    return OrderLine(
        connector_id=row.connector_id,
        title=row.title,
        tariff=row.tariff,
        months=row.months,
        prices=_to_prices(row.prices),
        paid_until=None if row.masked else row.to_date,
        masked=row.masked,
    )


def _to_order(row: Row[Any], lines: list[OrderLine]) -> Order:
    return Order(
        id=row.id,
        reference=row.reference,
        customer_id=row.customer_id,
        payer_id=row.payer_id,
        state=OrderState(row.state),
        prices=_to_prices(row.prices),
        lines=tuple(lines),
        use_balance=row.use_balance,
        promo_code=row.promo_code,
        full_prices=_to_prices(row.full_prices or ()),
        invoice=row.invoice,
        created_at=row.created_at,
        expires_at=row.expires_at,
    )
