"""What operators decide about lines of statements that were not sure, and how they take it back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.customers import Payer
from bot.domain.desk import Card
from bot.domain.errors import CustomerError
from bot.domain.invoices import Invoice
from bot.domain.payment_codes import BadCode, read_code
from bot.domain.periods import today
from bot.domain.purposes import invoice_numbers
from bot.domain.statements import Doubt, KeptLine, LineState
from bot.domain.states import Role
from bot.services.bank import BankService, locked_invoice
from bot.services.desk import DeskService
from bot.services.statement import cards as statement_cards
from bot.storage.database import Database, reading, transaction
from bot.storage.tx import Tx

MOST_FOUND = 6
UNDOABLE = (LineState.BOOKED, LineState.CONFIRMED, LineState.FOREIGN)


@dataclass(frozen=True, slots=True)
class Press:
    """Who pressed a button about which line, on which card."""

    who: int
    card_id: int
    line_id: int


@dataclass(frozen=True, slots=True)
class Decision:
    """The line as it is now, and the card after it. Not `first`: somebody had decided it before."""

    first: bool
    line: dict[str, Any]
    decided_by: int | None
    card: Card


@dataclass(frozen=True, slots=True)
class BookedPage:
    """One of the lines of a file that can be undone."""

    statement_id: int
    place: int
    total: int
    line: dict[str, Any]


class StatementDesk:
    """Roles are asked at each press, and so is the line's state: whoever comes second changes nothing."""

    def __init__(self, database: Database, bank: BankService, desk: DeskService, zone: ZoneInfo) -> None:
        self.database = database
        self._bank = bank
        self._desk = desk
        self._zone = zone

    @reading
    def page(self, tx: Tx, who: int, card_id: int, line_id: int) -> Card:
        """The card at that line, or at the nearest that still waits."""
        self._desk.demand(who, Role.VIEWER)
        return _card_at(tx, card_id, line_id)

    @reading
    def waiting(self, tx: Tx, who: int, line_id: int) -> dict[str, Any]:
        """A line that this person may decide about; refused when somebody was first."""
        self._desk.demand(who, Role.CASHIER)
        line = tx.statement_lines.get(line_id)
        if line is None or line.state is not LineState.WAITING:
            raise CustomerError("already_done")
        return statement_cards.line_facts(tx, line)

    @reading
    def invoice(self, tx: Tx, who: int, invoice_id: int) -> dict[str, Any]:
        self._desk.demand(who, Role.CASHIER)
        return statement_cards.invoice_facts(_invoice(tx, invoice_id))

    @reading
    def invoice_named(self, tx: Tx, who: int, words: str) -> dict[str, Any]:
        """By its number as people write it, also by the last digits of one of this year."""
        self._desk.demand(who, Role.CASHIER)
        found = tx.invoices.by_numbers(_numbers(words, today(self._zone).year))
        if len(found) != 1:
            raise CustomerError("no_such_invoice")
        return statement_cards.invoice_facts(next(iter(found.values())))

    @reading
    def payers(self, tx: Tx, who: int, line_id: int, words: str = "") -> list[Payer]:
        """By the payment code or tax number that was typed; without words, by the line's own tax number."""
        self._desk.demand(who, Role.CASHIER)
        line = tx.statement_lines.get(line_id)
        if line is None:
            raise CustomerError("already_done")
        typed = "".join(words.split())
        by_code = tx.payers.by_code(_code(typed)) if typed else None
        if by_code is not None:
            return [by_code]
        return tx.payers.with_tax_number(typed or line.line.payer_tax_number, MOST_FOUND)

    @reading
    def payer_name(self, tx: Tx, who: int, payer_id: int) -> str:
        self._desk.demand(who, Role.CASHIER)
        payer = tx.payers.get(payer_id)
        if payer is None:
            raise CustomerError("not_found")
        return payer.shown_name

    @transaction
    def to_invoice(self, tx: Tx, who: int, card_id: int, line_id: int, invoice_id: int) -> Decision:
        """Book it to this invoice, whatever the sum: what is over rests on the balance."""

        def book(line: KeptLine) -> None:
            # Locked, or a promise that is noted just now would be overlooked.
            invoice = locked_invoice(tx, invoice_id)
            self._desk.refuse_own_gain(who, Role.CASHIER, gains=invoice.customer_id)
            if invoice.total.currency != line.amount.currency:
                raise CustomerError("invoice_other_currency")
            promise_id = tx.promises.waiting({invoice_id}).get((invoice_id, line.amount))
            if promise_id is not None:
                self._bank.confirm(tx, line, promise_id)
            else:
                self._bank.book_to_invoice(tx, line, invoice_id)

        return self._decide(tx, Press(who, card_id, line_id), book, "to_invoice", invoice=invoice_id)

    @transaction
    def to_payer(self, tx: Tx, who: int, card_id: int, line_id: int, payer_id: int) -> Decision:
        """Put it onto a payer's balance, for no invoice in particular."""

        def book(line: KeptLine) -> None:
            payer = tx.payers.get(payer_id)
            if payer is None:
                raise CustomerError("not_found")
            self._desk.refuse_own_gain(who, Role.CASHIER, gains=payer.customer_id)
            self._bank.book_to_balance(tx, line, payer_id)

        return self._decide(tx, Press(who, card_id, line_id), book, "to_balance", payer=payer_id)

    @transaction
    def not_ours(self, tx: Tx, who: int, card_id: int, line_id: int) -> Decision:
        """It is none of our money's business: nothing is booked."""
        press = Press(who, card_id, line_id)
        return self._decide(tx, press, lambda line: self._bank.set_aside(tx, line), "not_ours")

    @reading
    def booked(self, tx: Tx, who: int, statement_id: int, place: int = 1) -> BookedPage | None:
        """A line of that file that was booked, by its place among them; None where there is none."""
        self._desk.demand(who, Role.VIEWER)
        ids = tx.statement_lines.booked(statement_id)
        if not ids:
            return None
        place = min(max(place, 1), len(ids))
        line = tx.statement_lines.get(ids[place - 1])
        assert line is not None
        return BookedPage(statement_id, place, len(ids), statement_cards.line_facts(tx, line))

    @reading
    def undoable(self, tx: Tx, who: int, line_id: int) -> dict[str, Any]:
        """A line whose booking this person may take back; refused when somebody has done so."""
        self._desk.demand(who, Role.CASHIER)
        line = tx.statement_lines.get(line_id)
        if line is None or line.state not in UNDOABLE:
            raise CustomerError("already_done")
        return statement_cards.line_facts(tx, line)

    @transaction
    def undo(self, tx: Tx, who: int, line_id: int) -> dict[str, Any]:
        """Take the booking back with all that followed from it; the line waits for a person again."""
        self._desk.demand(who, Role.CASHIER)
        line = tx.statement_lines.lock(line_id)
        if line is None or line.state not in UNDOABLE:
            raise CustomerError("already_done")
        if line.state is LineState.FOREIGN:
            tx.statement_lines.move(line_id, to=LineState.WAITING, only_from=LineState.FOREIGN)
        else:
            self._bank.undo(tx, line)
        tx.statement_lines.doubt(line_id, Doubt.UNDONE)
        tx.audit.note(who, "statement_line_undone", f"statement_line:{line_id}", was=line.state.value)
        statement_cards.hang(tx, news=True)
        now = tx.statement_lines.get(line_id)
        assert now is not None
        return statement_cards.line_facts(tx, now)

    def _decide(
        self, tx: Tx, press: Press, act: Callable[[KeptLine], None], what: str, **details: Any
    ) -> Decision:
        who, line_id = press.who, press.line_id
        self._desk.demand(who, Role.CASHIER)
        line = tx.statement_lines.lock(line_id)
        if line is None:
            raise CustomerError("already_done")
        first = line.state is LineState.WAITING
        if first:
            act(line)
            tx.statement_lines.sign(line_id, who)
            tx.audit.note(who, f"statement_line_{what}", f"statement_line:{line_id}", **details)
            if tx.statement_lines.waiting_beside(0) is None:
                tx.cards.close_all(statement_cards.SUBJECT, by=who, answer=statement_cards.DONE)
        now = tx.statement_lines.get(line_id)
        assert now is not None
        facts = statement_cards.line_facts(tx, now)
        return Decision(first, facts, now.decided_by, _card_at(tx, press.card_id, line_id))


def _card_at(tx: Tx, card_id: int, line_id: int) -> Card:
    card = tx.cards.get(card_id)
    if card is None or card.kind != statement_cards.KIND:
        raise CustomerError("card_gone")
    if card.closed_by is not None and (newer := tx.cards.open_about(statement_cards.SUBJECT)):
        card = replace(newer, message_id=None)
    return replace(card, payload=statement_cards.as_it_is_now(tx, card, line_id))


def _invoice(tx: Tx, invoice_id: int) -> Invoice:
    invoice = tx.invoices.get(invoice_id)
    if invoice is None:
        raise CustomerError("no_such_invoice")
    return invoice


def _numbers(words: str, year: int) -> tuple[str, ...]:
    typed = words.strip()
    if typed.isascii() and typed.isdigit() and len(typed) <= 6:
        typed = f"INV-{year}-{typed}"
    return invoice_numbers(typed)


def _code(words: str) -> str:
    try:
        return read_code(words)
    except BadCode:
        return ""
