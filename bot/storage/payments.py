"""Payments: money asked for through one provider."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, insert, or_, select, update

from bot.domain.events import Proof
from bot.domain.money import Money
from bot.domain.payments import Payment
from bot.domain.periods import now
from bot.domain.refusals import Refusal
from bot.domain.states import OPEN_PAYMENTS, OrderState, PaymentState, Purpose
from bot.storage.prepared import prepared
from bot.storage.tables import orders, payers, payments

_OPEN = [state.value for state in OPEN_PAYMENTS]

_BY_ID = prepared(select(payments).where(payments.c.id == bindparam("payment_id")))
_BY_REFERENCE = prepared(select(payments).where(payments.c.reference == bindparam("reference")))
_PAYER_OF_REFERENCE = select(payments.c.payer_id).where(payments.c.reference == bindparam("reference"))
_BY_PROVIDER = prepared(
    select(payments).where(
        payments.c.provider == bindparam("provider"),
        payments.c.provider_payment == bindparam("provider_payment"),
    )
)
_SUCCEEDED = prepared(
    update(payments)
    .where(payments.c.id == bindparam("payment_id"), payments.c.state != PaymentState.SUCCEEDED.value)
    .values(
        state=PaymentState.SUCCEEDED.value,
        settled_at=bindparam("at"),
        provider=bindparam("brought_by"),
        provider_payment=bindparam("known_as"),
        receipt=bindparam("proof"),
        refusal="",
        next_ask_at=None,
    )
    .returning(payments.c.id)
)
_is_open = or_(*(payments.c.state == state for state in _OPEN))
_order_waits = or_(
    orders.c.state == OrderState.AWAITING.value,
    and_(_is_open, orders.c.state == OrderState.EXPIRED.value),
)
_top_up_waits = and_(
    payments.c.order_id.is_(None), _is_open, payments.c.created_at >= bindparam("begun_since")
)
_BEGUN_BY_CODE = prepared(
    select(payments)
    .outerjoin(orders, orders.c.id == payments.c.order_id)
    .where(
        payments.c.payer_id == bindparam("payer"),
        payments.c.method == bindparam("by"),
        payments.c.currency == bindparam("money"),
        or_(_order_waits, _top_up_waits),
    )
    .order_by(payments.c.id.desc())
    .limit(1)
)
_ADD = prepared(insert(payments).returning(payments.c.id))


class Payments:
    """Open payments are asked after; `next_ask_at` is empty once the provider's answer is final."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, payment_id: int) -> Payment | None:
        return _one(self._connection.execute(_BY_ID, {"payment_id": payment_id}).one_or_none())

    def get_for_customer(self, payment_id: int, customer_id: int) -> Payment | None:
        query = _BY_ID.where(payments.c.customer_id == customer_id)
        return _one(self._connection.execute(query, {"payment_id": payment_id}).one_or_none())

    def by_reference(self, reference: str) -> Payment | None:
        return _one(self._connection.execute(_BY_REFERENCE, {"reference": reference}).one_or_none())

    def by_provider(self, provider: str, provider_payment: str) -> Payment | None:
        """The payment that the provider knows by that id."""
        values = {"provider": provider, "provider_payment": provider_payment}
        return _one(self._connection.execute(_BY_PROVIDER, values).first())

    def by_link(self, fingerprint: str) -> Payment | None:
        """The payment behind a pay link, which outlives some: the one that was paid, else the newest."""
        query = select(payments).where(payments.c.link_fingerprint == fingerprint)
        unpaid = payments.c.state != PaymentState.SUCCEEDED.value
        return _one(self._connection.execute(query.order_by(unpaid, payments.c.id.desc()).limit(1)).first())

    def lock_numbered(self, payment_id: int) -> Payment | None:
        """The same by our number of it: everything about its money waits here."""
        found = self.get(payment_id)
        return self.lock(found.reference) if found is not None else None

    def lock(self, reference: str) -> Payment | None:
        """The payment with that reference; on PostgreSQL its payer and then itself are locked."""
        values = {"reference": reference}
        if self._connection.dialect.name == "sqlite":
            return self.by_reference(reference)
        payer = self._connection.execute(_PAYER_OF_REFERENCE, values).scalar_one_or_none()
        if payer is None:
            return None
        self._connection.execute(select(payers.c.id).where(payers.c.id == payer).with_for_update())
        found = _one(self._connection.execute(_BY_REFERENCE.with_for_update(), values).one())
        if found is not None and found.payer_id != payer:  # joined into another while we waited
            self._connection.execute(
                select(payers.c.id).where(payers.c.id == found.payer_id).with_for_update()
            )
        return found

    def open_for(self, order_id: int, method: str) -> Payment | None:
        """The one open payment of this order by this method."""
        query = select(payments).where(
            payments.c.order_id == order_id, payments.c.method == method, payments.c.state.in_(_OPEN)
        )
        return _one(self._connection.execute(query).one_or_none())

    def at_a_page(self, order_id: int, *, since: datetime) -> bool:
        """Whether somebody was led to a page of this order since then, and may be there still."""
        query = select(payments.c.id).where(
            payments.c.order_id == order_id,
            payments.c.state == PaymentState.PENDING.value,
            payments.c.autopay_id.is_(None),
            payments.c.created_at >= since,
        )
        return self._connection.execute(query.limit(1)).first() is not None

    def tops_up_at_a_page(self, payer_id: int, currency: str, *, since: datetime) -> bool:
        """The same of a payer's balance."""
        query = select(payments.c.id).where(
            payments.c.payer_id == payer_id,
            payments.c.currency == currency,
            payments.c.order_id.is_(None),
            payments.c.state == PaymentState.PENDING.value,
            payments.c.autopay_id.is_(None),
            payments.c.created_at >= since,
        )
        return self._connection.execute(query.limit(1)).first() is not None

    def open_top_up(self, payer_id: int, method: str, amount: Money) -> Payment | None:
        """The newest open payment onto a balance by this method, of that very sum; no autopay's charge."""
        query = select(payments).where(
            payments.c.payer_id == payer_id,
            payments.c.order_id.is_(None),
            payments.c.autopay_id.is_(None),
            payments.c.method == method,
            payments.c.currency == amount.currency,
            payments.c.minor == amount.minor,
            payments.c.state.in_(_OPEN),
        )
        return _one(self._connection.execute(query.order_by(payments.c.id.desc()).limit(1)).first())

    def charges_of_card(self, card_id: int, *, since: datetime, limit: int) -> list[Payment]:
        """What became of autopays' charges of a card, the newest first; not of those that never arrived."""
        never_arrived = [Refusal.LINK_EXPIRED.value, Refusal.CANCELLED.value]
        query = select(payments).where(
            payments.c.card_id == card_id,
            payments.c.autopay_id.is_not(None),
            payments.c.settled_at >= since,
            payments.c.refusal.not_in(never_arrived),
        )
        rows = self._connection.execute(query.order_by(payments.c.id.desc()).limit(limit))
        return [to_payment(row) for row in rows]

    def begun_by_code(self, payer_id: int, method: str, currency: str, *, since: datetime) -> Payment | None:
        """The newest payment a payer began with his code that still says what money is for.

        An order does so while it awaits payment, also when part of its money came; a top-up while it is
        open and younger than `since`.
        """
        values = {"payer": payer_id, "by": method, "money": currency, "begun_since": since}
        return _one(self._connection.execute(_BEGUN_BY_CODE, values).first())

    def that_brought_for(self, order_id: int, currency: str) -> Payment | None:
        """The payment that last brought this order money in that currency."""
        query = select(payments).where(
            payments.c.order_id == order_id,
            payments.c.currency == currency,
            payments.c.state == PaymentState.SUCCEEDED.value,
        )
        return _one(self._connection.execute(query.order_by(payments.c.id.desc()).limit(1)).first())

    def last_that_brought(self, payer_id: int, currency: str) -> Payment | None:
        """The payment that last brought this payer money in that currency."""
        query = select(payments).where(
            payments.c.payer_id == payer_id,
            payments.c.currency == currency,
            payments.c.state == PaymentState.SUCCEEDED.value,
        )
        return _one(self._connection.execute(query.order_by(payments.c.id.desc()).limit(1)).first())

    def last_top_up(self, payer_id: int, currency: str) -> Payment | None:
        """The last payment that was to rest on this balance, and came."""
        query = select(payments).where(
            payments.c.payer_id == payer_id,
            payments.c.currency == currency,
            payments.c.order_id.is_(None),
            payments.c.state == PaymentState.SUCCEEDED.value,
        )
        return _one(self._connection.execute(query.order_by(payments.c.id.desc()).limit(1)).first())

    def add(
        self,
        *,
        reference: str,
        customer_id: int,
        payer_id: int,
        order_id: int | None,
        purpose: Purpose,
        method: str,
        provider: str,
        amount: Money,
        link_reference: str,
        link_fingerprint: str,
        next_ask_at: datetime | None,
        saves_card: bool = False,
        remembers: bool = False,
        card_id: int | None = None,
        autopay_id: int | None = None,
    ) -> int:
        """Write a payment before anybody is asked for it; one may be open per order and method."""
        row = {
            "reference": reference,
            "customer_id": customer_id,
            "payer_id": payer_id,
            "order_id": order_id,
            "purpose": purpose.value,
            "method": method,
            "provider": provider,
            "currency": amount.currency,
            "minor": amount.minor,
            "state": PaymentState.CREATED.value,
            "receipt": {},
            "link_reference": link_reference,
            "link_fingerprint": link_fingerprint,
            "created_at": now(),
            "next_ask_at": next_ask_at,
            "saves_card": saves_card,
            "remembers": remembers,
            "card_id": card_id,
            "autopay_id": autopay_id,
        }
        return int(self._connection.execute(_ADD, row).scalar_one())

    def linked(
        self,
        payment_id: int,
        *,
        url: str,
        form: Mapping[str, str],
        provider_payment: str,
        expires_at: datetime | None,
    ) -> bool:
        """Keep the provider's link; False when the payment became final meanwhile."""
        return self._change_open(
            payment_id,
            state=PaymentState.PENDING.value,
            url=url,
            form=dict(form) or None,
            provider_payment=provider_payment,
            expires_at=expires_at,
        )

    def relink(self, payment_id: int, *, link_reference: str, link_fingerprint: str) -> None:
        """Give it a new link; the keys that made the old one are gone."""
        self._change_open(payment_id, link_reference=link_reference, link_fingerprint=link_fingerprint)

    def shown(self, payment_id: int, message_id: int) -> None:
        """Remember which message of the chat carries the link, so that it can lose it later."""
        self._change_open(payment_id, message_id=message_id)

    def found(self, payment_id: int, provider_payment: str) -> None:
        """Keep what the provider calls it; its page is not known yet."""
        self._change_open(payment_id, provider_payment=provider_payment)

    def unsure(self, payment_id: int) -> bool:
        """The provider may or may not have begun it."""
        return self._change_open(payment_id, state=PaymentState.UNKNOWN.value)

    def refuse(self, payment_id: int, reason: Refusal, provider_payment: str = "") -> bool:
        """Close it without money; False when it was final already."""
        known = {"provider_payment": provider_payment} if provider_payment else {}
        return self._change_open(
            payment_id,
            state=PaymentState.REFUSED.value,
            refusal=reason.value,
            settled_at=now(),
            next_ask_at=None,
            **known,
        )

    def kept_card(self, payment_id: int, card_id: int) -> None:
        """Note which card it was paid with and saved: told of again, it saves none."""
        saving = update(payments).where(payments.c.id == payment_id, payments.c.saves_card.is_(True))
        self._connection.execute(saving.values(card_id=card_id))

    def undo(self, payment_id: int, reason: Refusal) -> None:
        """Its money was another's and is taken from it; whatever comes for its order is another payment."""
        known = update(payments).where(payments.c.id == payment_id)
        refused = {"state": PaymentState.REFUSED.value, "refusal": reason.value, "settled_at": None}
        self._connection.execute(known.values(**refused, provider_payment=""))

    def give_way(self, payment_id: int, *, forgets_card: bool = False) -> bool:
        """Make room for a new payment of its order; until the provider's final answer it is asked after.

        `forgets_card`: the customer wants no card remembered any more, not even where this one is paid.
        """
        unwished = {"remembers": False} if forgets_card else {}
        return self._change_open(
            payment_id, state=PaymentState.REFUSED.value, refusal=Refusal.LINK_EXPIRED.value, **unwished
        )

    def succeed(self, payment: Payment, *, provider: str, provider_payment: str, proof: Proof) -> bool:
        """Note that its money arrived, even after it was refused or expired; False the second time.

        `provider` is who brought it: with a payment code that is known only now.
        """
        values = {
            "payment_id": payment.id,
            "at": now(),
            "brought_by": provider,
            "known_as": provider_payment or payment.provider_payment,
            "proof": asdict(proof),
        }
        return self._connection.execute(_SUCCEEDED, values).first() is not None

    def take_due(self, limit: int, lease: timedelta) -> list[Payment]:
        """Payments whose time to be asked after has come; they are left alone for the lease."""
        due = select(payments.c.id).where(payments.c.next_ask_at <= now()).order_by(payments.c.next_ask_at)
        taken = due.limit(limit).with_for_update(skip_locked=True)
        query = update(payments).where(payments.c.id.in_(taken.scalar_subquery()))
        query = query.values(next_ask_at=now() + lease, asked=payments.c.asked + 1)
        return [to_payment(row) for row in self._connection.execute(query.returning(payments))]

    def ask_at(self, payment_id: int, moment: datetime | None) -> None:
        """When to ask next; None: the provider's answer is final, or a person decides."""
        unpaid = update(payments).where(
            payments.c.id == payment_id, payments.c.state != PaymentState.SUCCEEDED.value
        )
        self._connection.execute(unpaid.values(next_ask_at=moment))

    def _change_open(self, payment_id: int, **values: Any) -> bool:
        unfinished = update(payments).where(payments.c.id == payment_id, payments.c.state.in_(_OPEN))
        changed = self._connection.execute(unfinished.values(**values).returning(payments.c.id))
        return changed.first() is not None


def _one(row: Row[Any] | None) -> Payment | None:
    return to_payment(row) if row is not None else None


def to_payment(row: Row[Any]) -> Payment:
    return Payment(
        id=row.id,
        reference=row.reference,
        customer_id=row.customer_id,
        payer_id=row.payer_id,
        order_id=row.order_id,
        purpose=Purpose(row.purpose),
        method=row.method,
        provider=row.provider,
        amount=Money(row.minor, row.currency),
        state=PaymentState(row.state),
        url=row.url,
        provider_payment=row.provider_payment,
        refusal=row.refusal,
        proof=Proof(**row.receipt),
        created_at=row.created_at,
        expires_at=row.expires_at,
        settled_at=row.settled_at,
        asked=row.asked,
        link_reference=row.link_reference,
        link_fingerprint=row.link_fingerprint,
        message_id=row.message_id,
        next_ask_at=row.next_ask_at,
        form=row.form or {},
        saves_card=row.saves_card,
        remembers=row.remembers,
        card_id=row.card_id,
        autopay_id=row.autopay_id,
    )
