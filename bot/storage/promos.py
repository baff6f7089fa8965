"""Who entered which promo code, which order holds it, and how often each was taken."""

from typing import Any

from sqlalchemy import Connection, select, update

from bot.domain.periods import now
from bot.domain.states import PromoState
from bot.storage.insert import insert_new
from bot.storage.tables import promo_counts, promo_uses

_FREE = (PromoState.SAVED.value, PromoState.RELEASED.value)


class Promos:
    """One row for each code and customer, so nobody uses a code twice; a count for all customers together."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def state(self, code: str, customer_id: int) -> PromoState | None:
        query = select(promo_uses.c.state).where(
            promo_uses.c.code == code, promo_uses.c.customer_id == customer_id
        )
        found = self._connection.execute(query).scalar_one_or_none()
        return PromoState(found) if found is not None else None

    def saved(self, customer_id: int) -> str:
        """The code a customer entered last for his next order; "" when there is none."""
        query = (
            select(promo_uses.c.code)
            .where(promo_uses.c.customer_id == customer_id, promo_uses.c.state == PromoState.SAVED.value)
            .order_by(promo_uses.c.changed_at.desc(), promo_uses.c.id.desc())
        )
        return self._connection.execute(query.limit(1)).scalar_one_or_none() or ""

    def taken(self, code: str) -> int:
        """How many customers hold or used it."""
        query = select(promo_counts.c.taken).where(promo_counts.c.code == code)
        return self._connection.execute(query).scalar_one_or_none() or 0

    def save(self, code: str, customer_id: int) -> bool:
        """Keep a code for the customer's next order; False when an order of his has it."""
        if self._insert(code, customer_id, PromoState.SAVED, None):
            return True
        return self._change(
            promo_uses.c.code == code,
            promo_uses.c.customer_id == customer_id,
            promo_uses.c.state.in_(_FREE),
            state=PromoState.SAVED,
        )

    def forget(self, customer_id: int) -> None:
        """The customer does not want his saved codes used."""
        self._change(
            promo_uses.c.customer_id == customer_id,
            promo_uses.c.state == PromoState.SAVED.value,
            state=PromoState.RELEASED,
        )

    def hold(self, code: str, customer_id: int, order_id: int, *, most: int | None) -> bool:
        """Give the code to an order; False when another of his has it, or when all of it was taken."""
        free = self._insert(code, customer_id, PromoState.HELD, order_id) or self._change(
            promo_uses.c.code == code,
            promo_uses.c.customer_id == customer_id,
            promo_uses.c.state.in_(_FREE),
            state=PromoState.HELD,
            order_id=order_id,
        )
        return free and self._count_one(code, most)

    def use(self, code: str, customer_id: int, order_id: int) -> None:
        """The order is settled. If it had died, it takes the code again, unless another order has it."""
        mine = (promo_uses.c.code == code, promo_uses.c.order_id == order_id)
        if self._change(*mine, promo_uses.c.state == PromoState.HELD.value, state=PromoState.USED):
            return
        whose = (promo_uses.c.code == code, promo_uses.c.customer_id == customer_id)
        free = promo_uses.c.state.in_(_FREE)
        if self._change(*whose, free, state=PromoState.USED, order_id=order_id):
            self._count_one(code, None)

    def release(self, order_id: int) -> None:
        """The order died: its code waits for the customer's next one."""
        held = update(promo_uses).where(
            promo_uses.c.order_id == order_id, promo_uses.c.state == PromoState.HELD.value
        )
        freed = held.values(state=PromoState.SAVED.value, changed_at=now()).returning(promo_uses.c.code)
        for code in self._connection.execute(freed).scalars().all():
            less = update(promo_counts).where(promo_counts.c.code == code)
            self._connection.execute(less.values(taken=promo_counts.c.taken - 1))

    def give_back(self, order_id: int) -> str:
        """The settled order was refunded whole: its code is the customer's again. The code, or ""."""
        used = update(promo_uses).where(
            promo_uses.c.order_id == order_id, promo_uses.c.state == PromoState.USED.value
        )
        freed = used.values(state=PromoState.SAVED.value, changed_at=now()).returning(promo_uses.c.code)
        code = self._connection.execute(freed).scalar_one_or_none()
        if code is None:
            return ""
        less = update(promo_counts).where(promo_counts.c.code == code)
        self._connection.execute(less.values(taken=promo_counts.c.taken - 1))
        return str(code)

    def _insert(self, code: str, customer_id: int, state: PromoState, order_id: int | None) -> bool:
        row = {
            "code": code,
            "customer_id": customer_id,
            "order_id": order_id,
            "state": state.value,
            "created_at": now(),
            "changed_at": now(),
        }
        return self._connection.execute(insert_new(self._connection, promo_uses), row).first() is not None

    def _change(self, *where: Any, state: PromoState, **values: Any) -> bool:
        matching = update(promo_uses).where(*where)
        changed = matching.values(state=state.value, changed_at=now(), **values)
        return bool(self._connection.execute(changed.returning(promo_uses.c.id)).all())

    def _count_one(self, code: str, most: int | None) -> bool:
        row = {"code": code, "taken": 0}
        self._connection.execute(insert_new(self._connection, promo_counts), row)
        more = update(promo_counts).where(promo_counts.c.code == code)
        if most is not None:
            more = more.where(promo_counts.c.taken < most)
        counted = more.values(taken=promo_counts.c.taken + 1).returning(promo_counts.c.taken)
        return self._connection.execute(counted).first() is not None
