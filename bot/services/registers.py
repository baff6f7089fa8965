"""Daily registers of networks against the books: what one of them has and the other lacks."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.domain.desk import Card
from bot.domain.errors import CustomerError
from bot.domain.events import EventKind, Identity, Paid
from bot.domain.payment_codes import BadCode, read_code
from bot.domain.payments import BookedEvent
from bot.domain.periods import now
from bot.domain.registers import (
    MOST_BYTES,
    Difference,
    Ours,
    Register,
    RegisterLine,
    RegisterReport,
    read_register,
)
from bot.domain.states import Role
from bot.gateways.network import Network
from bot.services.day_papers import register_days
from bot.services.desk import DeskService
from bot.services.settlement import SettlementService
from bot.storage.database import Database, reading, transaction
from bot.storage.tx import Tx

KIND = "register_differs"
MOST_SHOWN = 20
"""Differences of each kind that a card names; the counts are always whole."""


class RegisterService:
    """Compares; what to do about a difference, people decide."""

    def __init__(
        self,
        database: Database,
        networks: Mapping[str, Network],
        settlement: SettlementService,
        desk: DeskService,
    ) -> None:
        self.database = database
        self._networks = networks
        self._settlement = settlement
        self._desk = desk

    @property
    def networks(self) -> tuple[str, ...]:
        return tuple(self._networks)

    async def look(self, network: str, content: bytes) -> RegisterReport:
        """Compare without leaving a trace."""
        if len(content) > MOST_BYTES:
            raise CustomerError("register_too_large")
        known = self._network(network)
        register = await asyncio.to_thread(read_register, content, known.currency, known.zone)
        return await self._compare(known, register)

    async def compare(self, network: str, content: bytes) -> RegisterReport:
        """Compare, and put what needs a person on a card; the same file makes no second one beside it."""
        report = await self.look(network, content)
        return await self._report(report, digest_of(content))

    async def receive(self, who: int, network: str, content: bytes) -> RegisterReport:
        """Compare what a cashier brought; who did so is noted."""
        self._desk.demand(who, Role.CASHIER)
        report = await self.compare(network, content)
        await self._note(who, report)
        return report

    @reading
    def missing_line(self, tx: Tx, who: int, card_id: int, txn_id: str) -> RegisterLine:
        """A payment that the card names and nobody has booked from it yet."""
        self._desk.demand(who, Role.CASHIER)
        return _line_of(_open_card(tx, card_id), txn_id)

    @transaction
    def book_from_card(self, tx: Tx, who: int, card_id: int, txn_id: str) -> Card:
        """Credit by hand a payment of the card, once, like any payment; the card as it is after it.

        Money with a code that nobody has goes to suspense, where its owner can be looked for.
        """
        self._desk.demand(who, Role.CASHIER)
        card = _open_card(tx, card_id)
        line, network = _line_of(card, txn_id), str(card.payload["network"])
        paid = _paid(network, line)
        payer = tx.payers.by_code(paid.account)
        if payer is not None:
            self._desk.refuse_own_gain(who, Role.CASHIER, gains=payer.customer_id)
        tx.audit.note(who, "booked_from_register", f"terminal:{network}:{txn_id}", card=card_id)
        self._settlement.book(tx, paid)
        left = [each for each in card.payload["only_register"] if each["txn_id"] != txn_id]
        payload = {**card.payload, "only_register": left, "booked": card.payload["booked"] + 1}
        tx.cards.remember(card_id, payload)
        return replace(card, payload={**payload, "card": card_id})

    @reading
    def _compare(self, tx: Tx, network: Network, register: Register) -> RegisterReport:
        missing, differ, matched = [], [], 0
        told = {line.txn_id: line for line in register.lines}
        for line in told.values():
            known = tx.events.known(Identity(network.name, EventKind.PAID, line.txn_id))
            if known is None:
                missing.append(line)
                continue
            difference = _difference(tx, line, known)
            matched += difference is None
            differ += [difference] if difference else []
        ours = [
            Ours(event.movement, event.account, event.amount)
            for event in _of_its_days(tx, network, register)
            if event.movement not in told
        ]
        return RegisterReport(network.name, register, matched, tuple(missing), tuple(ours), tuple(differ))

    @transaction
    def _report(self, tx: Tx, report: RegisterReport, digest: str) -> RegisterReport:
        for day in register_days(report):
            tx.day_closings.keep(*day)
        subject = f"register:{report.network}:{digest}"
        if report.clean or tx.cards.has_open(subject):
            return report
        facts = _facts(report)
        card_id = tx.cards.add(KIND, subject, facts)
        tx.outbox.to_operators("register_differs", card=card_id, **facts)
        return replace(report, card=card_id)

    @transaction
    def _note(self, tx: Tx, who: int, report: RegisterReport) -> None:
        tx.audit.note(who, "register_compared", f"terminal:{report.network}", matched=report.matched)

    def _network(self, name: str) -> Network:
        network = self._networks.get(name)
        if network is None:
            raise CustomerError("no_such_network", names=", ".join(self._networks) or "—")
        return network


def _open_card(tx: Tx, card_id: int) -> Card:
    card = tx.cards.get(card_id)
    if card is None or card.kind != KIND:
        raise CustomerError("card_gone")
    if card.closed_by is not None:
        raise CustomerError("card_answered", card=card_id)
    return card


def _line_of(card: Card, txn_id: str) -> RegisterLine:
    found = next((line for line in card.payload["only_register"] if line["txn_id"] == txn_id), None)
    if found is None:
        raise CustomerError("already_done")
    return RegisterLine(**found)


def _paid(network: str, line: RegisterLine) -> Paid:
    try:
        account = read_code(line.account)
    except BadCode:
        account = line.account or "?"
    return Paid(
        provider=network,
        movement=line.txn_id,
        reference="",
        amount=line.amount,
        provider_payment=line.txn_id,
        happened_at=line.at,
        account=account,
    )


def _difference(tx: Tx, line: RegisterLine, known: BookedEvent) -> Difference | None:
    """Zeros that Excel swallowed make no difference; a payment that was cancelled should not be told of."""
    if tx.events.known(Identity(known.provider, EventKind.REFUNDED, known.movement)) is not None:
        return Difference(line, None, known.account)
    try:
        same_account = read_code(line.account) == known.account
    except BadCode:
        same_account = line.account == known.account
    if same_account and line.amount == known.amount:
        return None
    return Difference(line, known.amount, known.account)


def _of_its_days(tx: Tx, network: Network, register: Register) -> list[BookedEvent]:
    """Everything that came by this network on the days, by its clock, that the register is about.

    An empty register is about yesterday.
    """
    moments = [line.at for line in register.lines] or [now().astimezone(network.zone) - timedelta(days=1)]
    first, last = _midnight(min(moments)), _midnight(max(moments)) + timedelta(days=1)
    return tx.events.came_by(network.name, first, last)


def _midnight(moment: datetime) -> datetime:
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)


def _facts(report: RegisterReport) -> dict[str, Any]:
    """What the card says; the lines as they are, so that it can act on them."""
    days = sorted(line.at.date() for line in report.register.lines)
    return {
        "network": report.network,
        "since": days[0] if days else None,
        "until": days[-1] if days else None,
        "matched": report.matched,
        "booked": 0,
        "missing": len(report.only_register),
        "only_register": [_fields(line) for line in report.only_register[:MOST_SHOWN]],
        "extra": len(report.only_ours),
        "only_ours": [_fields(each) for each in report.only_ours[:MOST_SHOWN]],
        "different": len(report.differ),
        "differ": [
            {**_fields(each.line), "booked": each.booked, "booked_account": each.booked_account}
            for each in report.differ[:MOST_SHOWN]
        ],
        "adds_up": report.register.adds_up,
        "unread": list(report.register.unread[:MOST_SHOWN]),
        "twice": list(report.register.twice[:MOST_SHOWN]),
    }


def _fields(line: RegisterLine | Ours) -> dict[str, Any]:
    """Its fields, with money still money."""
    return {name: getattr(line, name) for name in line.__slots__}


def digest_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:24]
