"""Balances: what a payer has, what it will pay for next, and how it came to be."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from zoneinfo import ZoneInfo

from bot.domain.catalogue import Catalogue
from bot.domain.customers import Connector, Payer
from bot.domain.errors import CustomerError
from bot.domain.money import STARS, Money, zero
from bot.domain.orders import Order
from bot.domain.periods import add_months, first_of_month, today
from bot.services.paging import Page, page_of
from bot.services.payers import own_payer, refuse_too_many
from bot.storage.account_history import HistoryLine
from bot.storage.database import Database, reading, transaction
from bot.storage.tx import Tx

TITLE_LENGTH = 64
MOST_STEPS = 500
"""Renewals that are looked ahead for; a balance that outlasts them is told to last that long."""


@dataclass(frozen=True, slots=True)
class Account:
    """What a payer has in one currency; below zero it is a debt."""

    payer: Payer
    balance: Money


@dataclass(frozen=True, slots=True)
class Due:
    """A connector that runs out, when (None: it never ran), and what its shortest period costs."""

    title: str
    on: date | None
    price: Money


@dataclass(frozen=True, slots=True)
class AccountCard:
    """An account with what it paid this month, how long it lasts, and the sum that would do for a month."""

    payer: Payer
    balance: Money
    charged: Money
    enough_until: date | None
    due: Due | None
    recommended: Money | None
    usable: list[Order]


class BalanceService:
    """Everybody sees his own payers' balances alone; currencies never mix."""

    def __init__(self, database: Database, catalogue: Catalogue, zone: ZoneInfo) -> None:
        self.database = database
        self._catalogue = catalogue
        self._zone = zone

    @transaction
    def payers(self, tx: Tx, customer_id: int) -> list[Payer]:
        """Everybody he pays for, himself first; a private person is a payer without being asked."""
        tx.customers.person(customer_id)
        return tx.payers.of_customer(customer_id)

    @transaction
    def add_payer(self, tx: Tx, customer_id: int, title: str) -> Payer:
        """Make another payer of the customer's, such as his firm; it gets a code and balances of its own."""
        name = " ".join(title.split())[:TITLE_LENGTH]
        if not name:
            raise CustomerError("title_missing")
        refuse_too_many(tx, customer_id)
        payer = tx.payers.get(tx.payers.add(customer_id, name))
        assert payer is not None
        return payer

    @transaction
    def accounts(self, tx: Tx, customer_id: int) -> list[Account]:
        """One for each payer and each currency that he has, or that his connectors are sold in.

        A payer with neither has those of the customer's others, or all that anything is sold in.
        """
        tx.customers.person(customer_id)
        payers = tx.payers.of_customer(customer_id)
        own = {payer.id: self._currencies(tx, payer) for payer in payers}
        shared = list(dict.fromkeys(chain.from_iterable(own.values()))) or _but_stars(
            self._catalogue.currencies
        )
        new = shared if len(payers) > 1 else []
        return [
            Account(payer, tx.ledger.balance(payer.id, currency))
            for payer in payers
            for currency in own[payer.id] or new
        ]

    @reading
    def payer(self, tx: Tx, customer_id: int, payer_id: int) -> Payer:
        return own_payer(tx, customer_id, payer_id)

    @reading
    def card(self, tx: Tx, customer_id: int, payer_id: int, currency: str) -> AccountCard:
        payer = own_payer(tx, customer_id, payer_id)
        balance = tx.ledger.balance(payer_id, currency)
        day = today(self._zone)
        dues = self._dues(tx, payer_id, currency)
        soon = [due.price.minor for due in dues if due.on is None or due.on <= add_months(day, 1)]
        lacking = Money(sum(soon), currency) - balance
        return AccountCard(
            payer=payer,
            balance=balance,
            charged=tx.ledger.spent_since(payer_id, currency, first_of_month(day, self._zone)),
            enough_until=enough_until(balance, dues, day),
            due=dues[0] if dues else None,
            recommended=self._at_least(lacking) if lacking > zero(currency) else None,
            usable=tx.orders.covered(payer_id, balance),
        )

    @reading
    def history(
        self, tx: Tx, customer_id: int, payer_id: int, currency: str, page: int = 0
    ) -> Page[HistoryLine]:
        """One page of what moved on an account, the newest first."""
        own_payer(tx, customer_id, payer_id)
        total = tx.account_history.count(payer_id, currency)

        def look(limit: int, offset: int) -> list[HistoryLine]:
            return tx.account_history.page(payer_id, currency, limit=limit, offset=offset)

        return page_of(look, total, page)

    def _currencies(self, tx: Tx, payer: Payer) -> list[str]:
        tariffs = (self._catalogue.tariff(each.tariff) for each in tx.connectors.of_payer(payer.id))
        sold = [currency for tariff in tariffs if tariff for currency in tariff.currencies]
        return _but_stars([*tx.ledger.currencies(payer.id), *sold])

    def _dues(self, tx: Tx, payer_id: int, currency: str) -> list[Due]:
        """What runs out, the first first; what never ran comes before it."""
        dues = [
            Due(connector.title, connector.paid_until, price)
            for connector in tx.connectors.of_payer(payer_id)
            if (price := self._monthly(connector, currency)) is not None
        ]
        return sorted(dues, key=lambda due: due.on or date.min)

    def _monthly(self, connector: Connector, currency: str) -> Money | None:
        tariff = self._catalogue.tariff(connector.tariff)
        return tariff.periods[0].price(currency) if tariff and tariff.periods else None

    def _at_least(self, amount: Money) -> Money:
        return max(amount, self._catalogue.limits_for(amount.currency).least)


def _but_stars(currencies: Iterable[str]) -> list[str]:
    """Each once. Stars rest on no balance: Telegram has them back."""
    return [currency for currency in dict.fromkeys(currencies) if currency != STARS]


def enough_until(balance: Money, dues: Sequence[Due], day: date) -> date | None:
    """Until when the balance renews everything month by month; None where nothing is renewed."""
    left = balance
    queue = [(max(due.on or day, day), place) for place, due in enumerate(dues)]
    heapq.heapify(queue)
    for _step in range(MOST_STEPS):
        if not queue:
            return None
        on, place = queue[0]
        left -= dues[place].price
        if left.minor < 0:
            break
        heapq.heapreplace(queue, (add_months(on, 1), place))
    return queue[0][0]
