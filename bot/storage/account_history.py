"""The history of an account: what came, what it paid and what went back, from the transfers themselves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, func, or_, select

from bot.domain.money import Money
from bot.domain.states import TransferReason
from bot.storage.ledger import id_of, payer
from bot.storage.tables import extensions, order_lines, orders, payments, transfers


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One movement: `amount` is above zero for what came; `titles` are the connectors that it paid.

    `untils` are the dates it paid them to, None of those that are somebody else's.
    """

    at: datetime
    amount: Money
    kind: TransferReason
    titles: tuple[str, ...]
    untils: tuple[date | None, ...]
    method: str
    number: str
    card: str
    promo: str
    payment_id: int | None


class AccountHistory:
    """Pages of one account, the newest line first."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def count(self, payer_id: int, currency: str) -> int:
        moved = _moved(payer_id, currency).with_only_columns(func.count())
        return int(self._connection.execute(moved).scalar_one())

    def page(self, payer_id: int, currency: str, *, limit: int, offset: int) -> list[HistoryLine]:
        query = _moved(payer_id, currency).order_by(transfers.c.id.desc()).limit(limit).offset(offset)
        rows = self._connection.execute(query).all()
        bought = self._bought({row.order_id for row in rows if row.order_id})
        return [_to_line(row, currency, bought.get(row.order_id, [])) for row in rows]

    def _bought(self, order_ids: set[int]) -> dict[int, list[tuple[str, date | None]]]:
        """What each order bought, and until when."""
        extended = (extensions.c.order_id == order_lines.c.order_id) & (
            extensions.c.connector_id == order_lines.c.connector_id
        )
        query = (
            select(order_lines.c.order_id, order_lines.c.title, order_lines.c.masked, extensions.c.to_date)
            .select_from(order_lines)
            .outerjoin(extensions, extended)
            .where(order_lines.c.order_id.in_(order_ids))
        )
        found: dict[int, list[tuple[str, date | None]]] = {}
        for row in self._connection.execute(query.order_by(order_lines.c.connector_id)):
            told = (row.title, None if row.masked else row.to_date)
            found.setdefault(row.order_id, []).append(told)
        return found


def _moved(payer_id: int, currency: str) -> Select[Any]:
    account = id_of(payer(payer_id), currency)
    return (
        select(
            transfers,
            (transfers.c.to_account == account).label("came"),
            payments.c.method,
            payments.c.provider_payment,
            payments.c.receipt,
            orders.c.promo_code,
        )
        .select_from(transfers)
        .outerjoin(payments, payments.c.id == transfers.c.payment_id)
        .outerjoin(orders, orders.c.id == transfers.c.order_id)
        .where(or_(transfers.c.from_account == account, transfers.c.to_account == account))
    )


def _to_line(row: Row[Any], currency: str, bought: Sequence[tuple[str, date | None]]) -> HistoryLine:
    return HistoryLine(
        at=row.created_at,
        amount=Money(row.minor if row.came else -row.minor, currency),
        kind=TransferReason(row.reason),
        titles=tuple(title for title, _until in bought),
        untils=tuple(until for _title, until in bought),
        method=row.method or "",
        number=row.provider_payment or "",
        card=(row.receipt or {}).get("card", ""),
        promo=row.promo_code or "",
        payment_id=row.payment_id,
    )
