"""Saved cards: shown masked, paid with by their owner, and unlinked by one tap."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from datetime import timedelta
from typing import Any

import structlog

from bot.domain import periods
from bot.domain.errors import NotYours, ProviderError
from bot.domain.saved_cards import CardOnFile, SavedCard, UnlinkedBecause
from bot.gateways.base import Charging, Describing
from bot.services import notice_places
from bot.services.autopay.ending import stop_using_card
from bot.services.autopay.facts import thing_of
from bot.services.autopay.plan import AutopayPlan
from bot.services.autopay.reading import view_of
from bot.services.autopay.views import AutopayView, SavedCardView
from bot.services.methods import Methods
from bot.storage.database import Database, reading, transaction
from bot.storage.tx import Tx

LEASE = timedelta(minutes=5)
AGAIN = timedelta(hours=1)
TRIED_FOR = timedelta(days=3)

log = structlog.get_logger()


class SavedCardService:
    """Everybody sees and unlinks his own cards alone."""

    def __init__(self, database: Database, *, methods: Methods, plan: AutopayPlan) -> None:
        self.database = database
        self._methods = methods
        self._plan = plan

    @reading
    def all(self, tx: Tx, customer_id: int) -> list[SavedCardView]:
        """His linked cards, the newest first, each with the autopays that it pays for."""
        return [self._view(tx, card) for card in tx.saved_cards.linked(customer_id)]

    @reading
    def get(self, tx: Tx, customer_id: int, card_id: int) -> SavedCardView:
        return self._view(tx, _own(tx, customer_id, card_id))

    @reading
    def to_pay_with(self, tx: Tx, customer_id: int, currencies: Collection[str]) -> list[SavedCard]:
        """The remembered cards that can pay in one of these currencies, the newest first."""
        today = self._plan.today(tx, customer_id)
        return [
            card
            for card in tx.saved_cards.linked(customer_id)
            if card.remembered
            and not card.has_expired(today)
            and self._methods.takes(card.method, currencies)
        ]

    @transaction
    def remember(self, tx: Tx, customer_id: int, card_id: int, *, remembered: bool) -> None:
        """Offer it when he pays, or let it serve his autopays alone; one that serves nothing is unlinked."""
        card = _own(tx, customer_id, card_id)
        tx.saved_cards.remember(card.id, remembered=remembered)
        if not remembered and not tx.autopays.of_card(card.id):
            tx.saved_cards.unlink(card.id, UnlinkedBecause.CUSTOMER)

    @transaction
    def unlink(
        self, tx: Tx, customer_id: int, card_id: int, update_id: int | None = None
    ) -> list[AutopayView]:
        """Charge it no more, from this moment on: also what is due tonight. The autopays that stop by it.

        Their consents end with the tap; another card needs another consent. A second tap finds it done.
        """
        card = tx.saved_cards.get_for_customer(card_id, customer_id)
        if card is None:
            raise NotYours
        for payer_id in sorted({each.payer_id for each in tx.autopays.of_card(card_id)}):
            tx.customers.lock_payer(payer_id)
        ended = stop_using_card(tx, card_id, how="unlinked", update_id=update_id, tell=False)
        stopped = [view_of(tx, self._plan, autopay) for autopay in ended]
        if tx.saved_cards.unlink(card_id, UnlinkedBecause.CUSTOMER):
            things = [thing_of(tx, each.autopay) for each in stopped]
            facts: dict[str, Any] = {"card": card.masked, "method": card.method, "autopays": things}
            notice_places.confirm(tx, customer_id, "card_unlinked", key=f"{card_id}:{update_id}", **facts)
            tx.audit.note(customer_id, "card_unlinked", f"card:{card_id}", update_id=update_id)
        return stopped

    async def tell_providers(self, limit: int = 20) -> int:
        """Let providers forget what was unlinked, where they have a call for it; how many there were."""
        cards = await self._take_unlinked(limit)
        await asyncio.gather(*(self._tell_provider(card) for card in cards))
        return len(cards)

    async def describe_new(self, limit: int = 20) -> int:
        """Ask how the cards look that providers told nothing of; how many there were."""
        cards = await self._take_undescribed(limit)
        await asyncio.gather(*(self._describe(card) for card in cards))
        return len(cards)

    async def _describe(self, card: SavedCard) -> None:
        gateway = self._methods.gateways.get(card.provider)
        if not isinstance(gateway, Describing) or not card.is_linked:
            await self._described(card.id, None)
            return
        try:
            await self._described(card.id, await gateway.describe_card(card.token))
        except ProviderError as trouble:
            log.warning("card.not_described", card_id=card.id, provider=card.provider, why=str(trouble))
            await self._describe_later(card)

    async def _tell_provider(self, card: SavedCard) -> None:
        gateway = self._methods.gateways.get(card.provider)
        try:
            if isinstance(gateway, Charging) and card.token:
                await gateway.unlink(card.token)
        except ProviderError as trouble:
            log.warning("card.not_unlinked", card_id=card.id, provider=card.provider, why=str(trouble))
            await self._later(card)
        else:
            await self._forget_token(card.id)

    @transaction
    def _take_unlinked(self, tx: Tx, limit: int) -> list[SavedCard]:
        return tx.saved_cards.take_unlinked(limit, LEASE)

    @transaction
    def _take_undescribed(self, tx: Tx, limit: int) -> list[SavedCard]:
        return tx.saved_cards.take_undescribed(limit, LEASE)

    @transaction
    def _described(self, tx: Tx, card_id: int, card: CardOnFile | None) -> None:
        if card is not None:
            tx.saved_cards.describe(card_id, card)
        else:
            tx.saved_cards.describe_later(card_id, None)

    @transaction
    def _describe_later(self, tx: Tx, card: SavedCard) -> None:
        """For some days it may still be told; then the card stays without a face."""
        moment = periods.now()
        is_over = moment - card.created_at > TRIED_FOR
        tx.saved_cards.describe_later(card.id, None if is_over else moment + AGAIN)

    @transaction
    def _forget_token(self, tx: Tx, card_id: int) -> None:
        tx.saved_cards.forget_token(card_id)

    @transaction
    def _later(self, tx: Tx, card: SavedCard) -> None:
        """After some days the provider's word is worth no more than ours: nobody can charge it by us."""
        moment = periods.now()
        if card.unlinked_at is not None and moment - card.unlinked_at > TRIED_FOR:
            tx.saved_cards.forget_token(card.id)
        else:
            tx.saved_cards.unlink_later(card.id, moment + AGAIN)

    def _view(self, tx: Tx, card: SavedCard) -> SavedCardView:
        autopays = [each for each in tx.autopays.of_card(card.id) if each.stands]
        return SavedCardView(card, tuple(view_of(tx, self._plan, each) for each in autopays))


def _own(tx: Tx, customer_id: int, card_id: int) -> SavedCard:
    card = tx.saved_cards.get_for_customer(card_id, customer_id)
    if card is None or not card.is_linked:
        raise NotYours
    return card
