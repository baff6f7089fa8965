"""Money of bank statements: booked line by line, promised before the line comes, undone when mistaken."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.customers import Payer
from bot.domain.errors import CustomerError
from bot.domain.events import Paid
from bot.domain.invoices import Invoice
from bot.domain.invoicing import BANK, BY_TRANSFER
from bot.domain.money import Money
from bot.domain.payments import Payment
from bot.domain.references import new_reference
from bot.domain.statements import KeptLine, LineState
from bot.domain.states import EventFate, TransferReason
from bot.services import undoing
from bot.services.accounts import open_accounts
from bot.services.settlement import SettlementService
from bot.services.untapped import write_untapped
from bot.storage.ledger import SUSPENSE, Because, source
from bot.storage.tx import Tx


class BankService:
    """Every step is a part of the caller's unit, which holds the line; a line is booked once.

    Its event bears the line's key, so a line that is told again, in whatever file, finds it booked.
    """

    def __init__(self, settlement: SettlementService, zone: ZoneInfo) -> None:
        self._settlement = settlement
        self._zone = zone

    def book_to_invoice(self, tx: Tx, line: KeptLine, invoice_id: int) -> None:
        """Credit it to the invoice's payer, and settle the order if that is enough."""
        invoice = locked_invoice(tx, invoice_id)
        payment = _payment_for(tx, invoice, line.amount)
        self._book(tx, line, payment, invoice_id)

    def book_to_balance(self, tx: Tx, line: KeptLine, payer_id: int) -> None:
        """Credit it to a payer, for nothing in particular."""
        payer = tx.payers.get(payer_id)
        assert payer is not None
        tx.customers.lock_payer(payer_id)
        payment = _begun(tx, payer, line.amount, order_id=None)
        self._book(tx, line, payment, None)

    def clear(self, tx: Tx, line: KeptLine, provider: str) -> None:
        """An acquirer's lump sum: the money of payments that were booked when customers made them."""
        _demand_free(line)
        if line.event_id is not None:  # it was booked and undone: its money waits in suspense for a person
            raise CustomerError("already_done")
        for name in (source(BANK), source(provider)):
            tx.ledger.open(name, line.amount.currency)
        event_id = tx.events.first_sight(_event(line, ""), fate=EventFate.CLEARING)
        if event_id is None:
            raise CustomerError("already_done")
        why, because = TransferReason.CLEARED, Because(event_id=event_id)
        tx.ledger.move(source(BANK), source(provider), line.amount, reason=why, because=because)
        _move(tx, line, LineState.CLEARING, event_id=event_id, provider=provider)

    def promise(
        self, tx: Tx, invoice: Invoice, amount: Money, *, who: int, seconded_by: int | None = None
    ) -> int:
        """Book what somebody knows to be on its way; the line that comes confirms it and books nothing."""
        invoice = locked_invoice(tx, invoice.id)
        payment = _payment_for(tx, invoice, amount)
        told = Paid(BANK, f"promise:{new_reference()}", payment.reference, amount, invoice.number)
        event_id = self._settle(tx, told)
        return tx.promises.add(invoice.id, amount, event_id=event_id, who=who, seconded_by=seconded_by)

    def confirm(self, tx: Tx, line: KeptLine, promise_id: int) -> None:
        """The bank tells of what was promised: it is booked already."""
        _demand_free(line)
        promise = tx.promises.get(promise_id)
        if promise is None or promise.amount != line.amount or not tx.promises.confirm(promise_id, line.id):
            raise CustomerError("already_done")
        _move(tx, line, LineState.CONFIRMED, event_id=promise.event_id, invoice_id=promise.invoice_id)

    def undo(self, tx: Tx, line: KeptLine) -> None:
        """Take back everything the line did; its money waits for its true owner, and so does the line."""
        if line.state is LineState.FOREIGN:
            return _move(tx, line, LineState.WAITING)
        if line.event_id is None or line.state not in (LineState.BOOKED, LineState.CONFIRMED):
            raise CustomerError("already_done")
        event = tx.events.get(line.event_id)
        assert event is not None
        undoing.withdraw(tx, event, self._zone)
        tx.promises.undo(event.id)
        return _move(tx, line, LineState.WAITING, invoice_id=None)

    def set_aside(self, tx: Tx, line: KeptLine) -> None:
        """It is none of ours. What was booked by mistake and lies in suspense leaves the books again."""
        _demand_free(line)
        if line.event_id is not None and _fate(tx, line.event_id) is EventFate.SUSPENSE:
            _shift(tx, line.event_id, line.amount, to=EventFate.FOREIGN)
        _move(tx, line, LineState.FOREIGN)

    def _book(self, tx: Tx, line: KeptLine, payment: Payment, invoice_id: int | None) -> None:
        _demand_free(line)
        if line.event_id is None:
            event_id = self._settle(tx, _event(line, payment.reference))
        else:
            event_id = self._assign(tx, line, line.event_id, payment)
        _move(tx, line, LineState.BOOKED, event_id=event_id, invoice_id=invoice_id)

    def _settle(self, tx: Tx, event: Paid) -> int:
        if tx.events.known(event.identity) is not None:
            raise CustomerError("already_done")
        self._settlement.book(tx, event)
        known = tx.events.known(event.identity)
        assert known is not None
        return known.id

    def _assign(self, tx: Tx, line: KeptLine, event_id: int, payment: Payment) -> int:
        """It was booked before, and undone: its money lies in suspense unless somebody took it from there."""
        to, free = EventFate.BOOKED, EventFate.SUSPENSE
        if _fate(tx, event_id) is EventFate.FOREIGN:
            _shift(tx, event_id, line.amount, to=free)
        if not tx.events.move(event_id, to=to, only_from=free, payment_id=payment.id):
            raise CustomerError("already_done")
        self._settlement.assign(tx, event_id, payment)
        return event_id


def _shift(tx: Tx, event_id: int, amount: Money, *, to: EventFate) -> None:
    """Out of suspense to whence it came, or from there back into it."""
    giver, taker, why = SUSPENSE, source(BANK), TransferReason.RELEASED
    if to is EventFate.SUSPENSE:
        giver, taker, why = source(BANK), SUSPENSE, TransferReason.UNASSIGNED
    tx.events.move(event_id, to=to, only_from=_fate(tx, event_id), payment_id=None)
    tx.ledger.move(giver, taker, amount, reason=why, because=Because(event_id=event_id))


def _fate(tx: Tx, event_id: int) -> EventFate:
    event = tx.events.get(event_id)
    assert event is not None
    return event.fate


def _event(line: KeptLine, reference: str) -> Paid:
    return Paid(BANK, line.key, reference, line.amount, provider_payment=line.line.number or line.key[:16])


def locked_invoice(tx: Tx, invoice_id: int) -> Invoice:
    """As it stands now that its payer is locked: before, somebody may have paid, voided or undone it."""
    found = tx.invoices.get(invoice_id)
    if found is None:
        raise CustomerError("no_such_invoice")
    tx.customers.lock_payer(found.payer_id)
    invoice = tx.invoices.get(invoice_id)
    assert invoice is not None
    return invoice


def _payment_for(tx: Tx, invoice: Invoice, amount: Money) -> Payment:
    """The payment that was begun with the invoice; each further transfer is a payment of its own."""
    begun = tx.payments.open_for(invoice.order_id, BY_TRANSFER)
    if begun is not None:
        return begun
    payer = tx.payers.get(invoice.payer_id)
    assert payer is not None
    return _begun(tx, payer, amount, order_id=invoice.order_id)


def _begun(tx: Tx, payer: Payer, amount: Money, *, order_id: int | None) -> Payment:
    open_accounts(tx, payer.id, BANK, amount.currency)
    return write_untapped(
        tx, payer, new_reference(), method=BY_TRANSFER, provider=BANK, amount=amount, order_id=order_id
    )


def _demand_free(line: KeptLine) -> None:
    if line.state not in (LineState.NEW, LineState.WAITING):
        raise CustomerError("already_done")


def _move(tx: Tx, line: KeptLine, to: LineState, **found: Any) -> None:
    if not tx.statement_lines.move(line.id, to=to, only_from=line.state, **found):
        raise CustomerError("already_done")
