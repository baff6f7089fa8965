"""Papers of metered connectors that customers ask for: copies of invoices, links to them, detail, charges."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain import periods
from bot.domain.billing import Run, Usage, is_closed, month_of, usage_of
from bot.domain.customers import Payer
from bot.domain.errors import CustomerError
from bot.domain.invoices import Invoice
from bot.domain.money import Money
from bot.services.delivery import delivery_of
from bot.services.document_links import DocumentLinks
from bot.services.invoice.facts import facts_of
from bot.services.payers import own_payer
from bot.storage.database import Database, reading, transaction
from bot.storage.tx import Tx
from bot.storage.usage import Scope

MOST_COPIES = 12
TITLES_IN_A_LETTER = 5


@dataclass(frozen=True, slots=True)
class PaperLink:
    """The way to one invoice's file."""

    number: str
    total: Money
    url: str


@dataclass(frozen=True, slots=True)
class Links:
    """Those of a month; where there are none yet, `run` tells how far it has come."""

    month: str
    links: tuple[PaperLink, ...]
    run: Run | None


@dataclass(frozen=True, slots=True)
class _Used:
    """What a letter is about, summed up."""

    scope: Scope
    usage: Usage


class PaperRequestService:
    """Letters go to the address that stands now; nothing can be asked for while invoices are formed."""

    def __init__(self, database: Database, documents: DocumentLinks, zone: ZoneInfo) -> None:
        self.database = database
        self._documents = documents
        self._zone = zone

    @reading
    def months(self, tx: Tx, customer_id: int, payer_id: int) -> list[str]:
        """Those that a regular invoice was formed for, the newest first."""
        payer = own_payer(tx, customer_id, payer_id)
        return tx.invoices.regular_months(payer.id, most=MOST_COPIES)

    @transaction
    def copies(self, tx: Tx, customer_id: int, payer_id: int, months: Collection[str]) -> None:
        """Send the regular invoices of these months once more."""
        payer, address = self._addressed(tx, Scope(customer_id, payer_id=payer_id))
        found = tx.invoices.regulars(payer.id, months)
        if not found:
            raise CustomerError("no_bills")
        chosen = sorted({invoice.month for invoice in found})
        tx.outbox.to_email(
            customer_id,
            address,
            "invoice_copy",
            key=self._once(payer, *chosen),
            since=chosen[0],
            until=chosen[-1],
            payer=payer.shown_name,
            invoices=[facts_of(invoice) for invoice in found],
        )

    async def detail(self, customer_id: int, payer_id: int, subscriber: str | None, month: str) -> None:
        """Send every use of a month, as a paper and as a table."""
        await self._send_usage("usage", await self._used(Scope(customer_id, subscriber, payer_id), month))

    async def charges(self, customer_id: int, payer_id: int, subscriber: str | None) -> None:
        """Send what each subscriber was charged this month so far."""
        scope = Scope(customer_id, subscriber, payer_id)
        used = await self._used(scope, month_of(periods.now(), self._zone))
        await self._send_usage("charges", used)

    @transaction
    def links(self, tx: Tx, customer_id: int, payer_id: int, month: str) -> Links:
        """New links to the regular invoices of a month."""
        self._demand_open()
        payer = own_payer(tx, customer_id, payer_id)
        found = tx.invoices.regulars(payer.id, [month])
        return Links(month, tuple(self._link(tx, each) for each in found), tx.billing.get(month))

    def _link(self, tx: Tx, invoice: Invoice) -> PaperLink:
        return PaperLink(invoice.number, invoice.total, self._documents.give_invoice(tx, invoice))

    @reading
    def _used(self, tx: Tx, scope: Scope, month: str) -> _Used:
        """Summed up in a snapshot of its own: a month may have a million uses."""
        self._addressed(tx, scope)
        usage = usage_of(month, tx.usage.totals(scope, month))
        if not usage.connectors:
            raise CustomerError("nothing_used")
        return _Used(scope, usage)

    @transaction
    def _send_usage(self, tx: Tx, kind: str, used: _Used) -> None:
        """What a letter about usage says; its files are made when it is sent."""
        scope, usage = used.scope, used.usage
        payer, address = self._addressed(tx, scope)
        titles = list(dict.fromkeys(each.title for each in usage.connectors))
        facts: dict[str, Any] = {
            "month": usage.month,
            "as_of": periods.now(),
            "titles": titles[:TITLES_IN_A_LETTER] + ["…"] * (len(titles) > TITLES_IN_A_LETTER),
            "payer": payer.shown_name,
            "total": usage.sums[0] if len(usage.sums) == 1 else None,
            "subject": {
                "customer_id": scope.customer_id,
                "payer_id": payer.id,
                "subscriber": scope.connector_id,
                "month": usage.month,
            },
        }
        once = self._once(payer, scope.connector_id or "", usage.month)
        tx.outbox.to_email(scope.customer_id, address, kind, key=once, **facts)

    def _addressed(self, tx: Tx, scope: Scope) -> tuple[Payer, str]:
        self._demand_open()
        assert scope.payer_id is not None, "papers are a payer's"
        payer = own_payer(tx, scope.customer_id, scope.payer_id)
        now = delivery_of(tx, payer)
        if not now.address:
            raise CustomerError("address_first" if now.mail_is_on else "mail_is_off")
        return payer, now.address

    def _demand_open(self) -> None:
        if opens := is_closed(periods.now(), self._zone):
            raise CustomerError("section_closed", opens=opens)

    def _once(self, payer: Payer, *what: str) -> str:
        """A second tap within the minute sends no second letter."""
        return ":".join([str(payer.id), *what, f"{periods.now():%Y-%m-%dT%H:%M}"])
