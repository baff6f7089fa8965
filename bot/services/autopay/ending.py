"""Pausing and ending an autopay: one row changes, its consent with it, and everybody is told once."""

from __future__ import annotations

from typing import Any

from bot.domain.autopays import CHARGING, STANDING, Autopay, AutopayReason, AutopayState
from bot.domain.notice_topics import NoticeTopic
from bot.domain.periods import now
from bot.domain.saved_cards import UnlinkedBecause
from bot.services import notice_places
from bot.services.autopay.facts import facts_of
from bot.services.seller_autopay import tell_autopay
from bot.storage.tx import Tx


def pause(tx: Tx, autopay: Autopay, reason: AutopayReason, *, tell: bool = True, **facts: Any) -> bool:
    """Charge nothing until it is started again; the consent stands. False where it was ended meanwhile.

    What is paused already keeps its reason, but for a card that is gone: nothing else can start it again.
    """
    card_is_gone = reason is AutopayReason.CARD_UNLINKED
    paused = tx.autopays.change(
        autopay.id,
        only_from=STANDING if card_is_gone else CHARGING,
        state=AutopayState.PAUSED.value,
        reason=reason.value,
        step="",
        due_at=None,
    )
    if paused:
        tell_autopay(tx, "paused", autopay, reason.value)
        if tell:
            _tell(tx, autopay, "autopay_paused", reason, facts)
    return paused


def end(
    tx: Tx,
    autopay: Autopay,
    reason: AutopayReason,
    *,
    how: str = "",
    update_id: int | None = None,
    tell: bool = True,
) -> bool:
    """Charge nothing any more: the consent ends with the moment and the tap. False where it had ended before.

    `how` says how the customer refused, where he did. A charge that was sent before is not called back.
    """
    ended = tx.autopays.change(
        autopay.id,
        only_from=(*STANDING, AutopayState.WAITING),
        state=AutopayState.REVOKED.value,
        reason=reason.value,
        step="",
        due_at=None,
        ended_at=now(),
    )
    if not ended:
        return False
    tx.autopay_consents.end(autopay.id, how or reason.value, update_id)
    if autopay.state is AutopayState.WAITING:
        return True
    tell_autopay(tx, "ended", autopay, reason.value)
    if tell:
        _tell(tx, autopay, "autopay_ended", reason, {})
    let_go_of_card(tx, autopay)
    return True


def stop_using_card(
    tx: Tx, card_id: int, *, how: str, update_id: int | None = None, tell: bool = True
) -> list[Autopay]:
    """Whatever charges this card, or waits for it, does so no more; those that it stopped.

    Their consents named the card, so they end with it: another card needs another consent.
    """
    stopped = []
    for found in tx.autopays.of_card(card_id):
        autopay = tx.autopays.lock(found.id)
        if autopay is None or autopay.card_id != card_id:
            continue
        if autopay.state is AutopayState.WAITING:
            end(tx, autopay, AutopayReason.CARD_UNLINKED, how=how, update_id=update_id)
            continue
        tx.autopay_consents.end(autopay.id, how, update_id)
        if pause(tx, autopay, AutopayReason.CARD_UNLINKED, tell=tell):
            stopped.append(autopay)
    return stopped


def let_go_of_card(tx: Tx, autopay: Autopay) -> None:
    """A card that was saved for this autopay alone serves nothing any more."""
    if autopay.card_id is None:
        return
    card = tx.saved_cards.get(autopay.card_id)
    if card is None or not card.is_linked or card.remembered:
        return
    if not tx.autopays.of_card(card.id):
        tx.saved_cards.unlink(card.id, UnlinkedBecause.UNUSED)


def _tell(tx: Tx, autopay: Autopay, kind: str, reason: AutopayReason, more: dict[str, Any]) -> None:
    facts = {**facts_of(tx, autopay), "reason": reason.value, **more}
    key = f"{autopay.id}:{reason}:{autopay.cycle}:{autopay.changed_at.isoformat()}"
    notice_places.tell(tx, autopay.customer_id, NoticeTopic.CHARGES, kind, key=key, **facts)
    tx.outbox.to_operators(kind, informs=True, customer_id=autopay.customer_id, **facts)
