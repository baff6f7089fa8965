"""Saved cards that expire soon: their owners are told once, while there is time to save another."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from bot.domain import periods
from bot.domain.autopay_times import is_day
from bot.domain.autopays import AutopayState
from bot.domain.notice_topics import NoticeTopic
from bot.domain.saved_cards import SavedCard
from bot.domain.states import Lane
from bot.services.autopay.facts import thing_of
from bot.services.notice_places import tell
from bot.services.zones import by_day, zone_of
from bot.storage.database import Database, transaction
from bot.storage.tx import Tx

TOLD_DAYS_BEFORE = 30
AT_ONCE = 20


class CardExpiryService:
    """By day, and once for each card; one that is neither offered nor charged is nobody's worry."""

    def __init__(self, database: Database, zone: ZoneInfo) -> None:
        self.database = database
        self._zone = zone

    async def tell_due(self) -> int:
        """Tell of the next of them; call it until it answers 0."""
        return await self._tell() if is_day(periods.now(), self._zone) else 0

    @transaction
    def _tell(self, tx: Tx) -> int:
        until = periods.today(self._zone) + timedelta(days=TOLD_DAYS_BEFORE)
        found = tx.saved_cards.expiring(until, AT_ONCE)
        for card in found:
            if tx.saved_cards.told_of_expiry(card.id):
                self._write(tx, card)
        return len(found)

    def _write(self, tx: Tx, card: SavedCard) -> None:
        customer = tx.customers.get(card.customer_id)
        served = [each for each in tx.autopays.of_card(card.id) if each.state is not AutopayState.WAITING]
        if customer is None or not (served or card.remembered):
            return
        tell(
            tx,
            customer.id,
            NoticeTopic.CARDS,
            "card_expires",
            key=f"{card.id}",
            lane=Lane.REMINDERS,
            not_before=by_day(zone_of(customer, self._zone), f"card:{card.id}"),
            card_id=card.id,
            card=card.masked,
            expires_on=card.expires_on,
            autopays=[thing_of(tx, each) for each in served],
        )
