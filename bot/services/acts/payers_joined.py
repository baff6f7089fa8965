"""Two payers turn out to be one: an owner joins them, and both payment codes lead to the one that stays."""

from __future__ import annotations

from bot.domain.customers import Payer
from bot.domain.errors import CustomerError
from bot.domain.money import Money
from bot.domain.states import Role, TransferReason
from bot.services import seller
from bot.services.acts.reasons import demand_reason, refuse_second
from bot.services.desk import DeskService
from bot.storage.database import Database, reading, transaction
from bot.storage.ledger import Because
from bot.storage.tx import Tx

MOST_OFFERED = 8


class PayerActs:
    """Nothing of it can be taken apart again, so whoever does it is an owner and is asked once more."""

    def __init__(self, database: Database, desk: DeskService) -> None:
        self.database = database
        self._desk = desk

    @reading
    def others(self, tx: Tx, who: int, payer_id: int, words: str = "") -> list[Payer]:
        """Whom it may be joined with: those of the same tax number first, then the customer's others.

        With `words` whoever is found by them: an id, a payment code, an e-mail, a phone, a connector.
        """
        self._desk.demand(who, Role.OWNER)
        payer = _found(tx, payer_id)
        if words.strip():
            found = _searched(tx, words.strip())
        else:
            same = tx.payers.with_tax_number(payer.tax_number, MOST_OFFERED)
            found = [*same, *tx.payers.of_customer(payer.customer_id)]
        return [each for each in {each.id: each for each in found}.values() if each.id != payer_id][
            :MOST_OFFERED
        ]

    @reading
    def pair(self, tx: Tx, who: int, dropped_id: int, kept_id: int) -> tuple[Payer, Payer]:
        """Both of them, provided that nothing stands against joining them."""
        self._desk.demand(who, Role.OWNER)
        dropped, kept = _found(tx, dropped_id), _found(tx, kept_id)
        _refuse_clashes(tx, dropped, kept)
        return dropped, kept

    @transaction
    def join(self, tx: Tx, who: int, dropped_id: int, kept_id: int, reason: str) -> Payer:
        """Give all that the one has to the other; the one that is left."""
        self._desk.demand(who, Role.OWNER)
        words = demand_reason(reason)
        for payer_id in sorted({dropped_id, kept_id}):
            tx.customers.lock_payer(payer_id)
        for payer_id in (dropped_id, kept_id):
            if tx.payers.is_joined(payer_id):
                refuse_second(tx, f"payer:{payer_id}", "payers_joined")
        dropped, kept = _found(tx, dropped_id), _found(tx, kept_id)
        _refuse_clashes(tx, dropped, kept)
        self._desk.refuse_own_gain(who, Role.OWNER, gains=kept.customer_id)
        sums = join_payers(tx, dropped.id, kept.id)
        for subject, other in ((f"payer:{dropped.id}", kept.id), (f"payer:{kept.id}", dropped.id)):
            tx.audit.note(who, "payers_joined", subject, other=other, reason=words, sums=sums)
        return kept


def join_payers(tx: Tx, dropped_id: int, kept_id: int) -> list[Money]:
    """Join two that are locked and do not clash, in the caller's unit; what moved from balance to balance."""
    sums = []
    for currency in tx.ledger.currencies(dropped_id):
        tx.ledger.open_payer(kept_id, currency)  # also for money that is on its way
        balance = tx.ledger.balance(dropped_id, currency)
        if not balance:
            continue
        giver, taker = (dropped_id, kept_id) if balance.minor > 0 else (kept_id, dropped_id)
        amount = balance if balance.minor > 0 else -balance
        joined = TransferReason.JOINED
        tx.ledger.hand_over(giver, taker, amount, reason=joined, because=Because())
        sums.append(balance)
    lines = tx.connectors.ids_of_payer(dropped_id)
    tx.payer_joins.join(dropped_id, kept_id, tx.customers.owner(kept_id))
    for connector_id in lines:
        seller.tell_connector(tx, "changed", connector_id)
    return sums


def refuse_unjoinable(tx: Tx, dropped_id: int, kept_id: int) -> None:
    """What neither may have twice has to be ended first, by a person who knows which."""
    if tx.payer_joins.is_forming():
        raise CustomerError("join_while_forming")
    if clash := tx.payer_joins.clash(dropped_id, kept_id):
        raise CustomerError(f"join_{clash}")


def _refuse_clashes(tx: Tx, dropped: Payer, kept: Payer) -> None:
    if dropped.id == kept.id:
        raise CustomerError("join_itself")
    refuse_unjoinable(tx, dropped.id, kept.id)
    is_anothers = dropped.customer_id != kept.customer_id
    if is_anothers and tx.payer_joins.has_autopays(dropped.id):
        raise CustomerError("join_anothers_autopay")  # nobody's card pays for another person's things


def _found(tx: Tx, payer_id: int) -> Payer:
    payer = tx.payers.get(payer_id)
    if payer is None or tx.payers.is_joined(payer_id):
        raise CustomerError("record_gone")
    return payer


def _searched(tx: Tx, words: str) -> list[Payer]:
    found = [tx.payers.by_code(words), tx.payers.get(int(words)) if words.isdecimal() else None]
    by_number = tx.payers.with_tax_number(words, MOST_OFFERED)
    by_words = tx.payers.search(words, email=words if "@" in words else None, phone=None, limit=MOST_OFFERED)
    return [
        each
        for each in (*found, *by_number, *by_words)
        if each is not None and not tx.payers.is_joined(each.id)
    ]
