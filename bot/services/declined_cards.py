"""Cards that are not charged any more, by any autopay: schemes forbid to try them again."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.autopays import AutopayReason, DeclineGroup, decline_group
from bot.domain.periods import now
from bot.domain.refusals import Refusal
from bot.domain.saved_cards import SavedCard
from bot.storage.tx import Tx

WITHIN = timedelta(days=30)
MOST_DECLINED = 14
"""Of one card in that time, all its autopays together: the strictest scheme allows 15."""


def why_not(tx: Tx, card: SavedCard) -> AutopayReason | None:
    """Why this card is not charged, whichever autopay asks; a card that is saved anew begins anew."""
    ends = tx.payments.charges_of_card(card.id, since=card.created_at, limit=2 * MOST_DECLINED)
    refusal = ends[0].refusal if ends else ""
    if refusal and decline_group(Refusal(refusal)) is not DeclineGroup.SOFT:
        return AutopayReason.HARD_DECLINED
    since = now() - WITHIN
    declined = [each for each in ends if each.refusal and each.settled_at and each.settled_at > since]
    return AutopayReason.RETRIES_EXHAUSTED if len(declined) >= MOST_DECLINED else None
