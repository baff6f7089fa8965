"""The questions every provider that keeps cards answers. Subclass `ChargingContract`; give it a `street`."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Protocol

import pytest

from bot.domain.autopays import DeclineGroup, decline_group
from bot.domain.errors import OutcomeUnknown
from bot.domain.events import Callback, Paid, Refused, Unfinished
from bot.domain.money import Money
from bot.domain.periods import now
from bot.domain.references import new_reference
from bot.domain.refusals import NEVER_CREATED, Refusal
from bot.domain.saved_cards import CardOnFile
from bot.gateways.base import ChargeRequest, Charging, Gateway
from sandbox.cards import Behaviour
from tests.gateways.contract import PRICE, proven

LONG_AGO = timedelta(days=1)


class ChargingStreet(Protocol):
    """The provider's side of the street, where it keeps cards."""

    @property
    def gateway(self) -> Gateway: ...

    async def saved_card(self, behaviour: Behaviour = Behaviour.PAYS) -> CardOnFile:
        """Somebody pays at a page and lets his card be kept."""
        ...

    async def unsaved(self) -> Paid:
        """Somebody pays at a page, and nobody asked him to let his card be kept."""
        ...

    async def behaves(self, card: CardOnFile, behaviour: Behaviour) -> None: ...

    async def taken(self, reference: str) -> list[Money]:
        """Every sum that the provider took under this reference of ours."""
        ...

    async def told_of(self, reference: str) -> Callback:
        """The callback that tells of this charge, once it has come."""
        ...


def charge_of(card: CardOnFile, method: str, amount: Money = PRICE, reference: str = "") -> ChargeRequest:
    return ChargeRequest(
        reference=reference or new_reference(),
        method=method,
        token=card.token,
        amount=amount,
        title="WhatsApp +7 900, 1 month",
        language="ru",
    )


class ChargingContract:
    method: str
    price = PRICE
    tells_reasons = True
    """Whether a declined charge says why."""

    def charging(self, street: ChargingStreet) -> Charging:
        assert isinstance(street.gateway, Charging)
        return street.gateway

    def wanted(self, card: CardOnFile, reference: str = "") -> ChargeRequest:
        return charge_of(card, self.method, self.price, reference)

    async def charged(
        self, street: ChargingStreet, request: ChargeRequest, since: datetime | None = None
    ) -> Paid | Refused | Unfinished:
        """What becomes of it in the end, where the answer itself does not say so."""
        since, gateway = since or now(), self.charging(street)
        told = await gateway.charge(request)
        if isinstance(told, Unfinished):
            return await gateway.ask_charge(told.provider_payment, request.reference, since)
        return told

    def reference(self) -> str:
        """A new one, of the shape that this provider takes."""
        return new_reference()

    async def test_its_method_says_that_cards_are_kept(self, street: ChargingStreet) -> None:
        assert [each for each in street.gateway.methods if each.name == self.method and each.saves_cards]
        assert self.charging(street).charges_per_second > 0

    async def test_card_is_told_of_only_where_it_was_kept(self, street: ChargingStreet) -> None:
        assert (await street.unsaved()).card_on_file is None
        assert (await street.saved_card()).token

    async def test_saved_card_pays_without_its_owner(self, street: ChargingStreet) -> None:
        request = self.wanted(await street.saved_card(), self.reference())
        paid = await self.charged(street, request)
        assert isinstance(paid, Paid)
        assert (paid.amount, paid.reference, paid.test) == (self.price, request.reference, False)
        assert await street.taken(request.reference) == [self.price]

    async def test_every_door_tells_of_the_same_charge(self, street: ChargingStreet) -> None:
        since, request = now(), self.wanted(await street.saved_card(), self.reference())
        paid = await self.charged(street, request, since)
        assert isinstance(paid, Paid)
        told = await proven(street.gateway, await street.told_of(request.reference))
        asked = [
            await self.charging(street).ask_charge(known_as, request.reference, since)
            for known_as in (paid.provider_payment, "")
        ]
        for event in (told, *asked):
            assert isinstance(event, Paid)
            assert (event.identity, event.reference) == (paid.identity, request.reference)
            assert (event.amount, event.provider_payment) == (paid.amount, paid.provider_payment)

    async def test_one_reference_takes_money_once(self, street: ChargingStreet) -> None:
        request = self.wanted(await street.saved_card(), self.reference())
        first = await self.charged(street, request)
        assert isinstance(first, Paid)
        try:
            again = await self.charged(street, request)
        except OutcomeUnknown:
            again = await self.charging(street).ask_charge("", request.reference, now() - LONG_AGO)
        assert isinstance(again, Paid)
        assert again.identity == first.identity
        assert await street.taken(request.reference) == [self.price]

    async def test_no_money_twice_then_it_pays(self, street: ChargingStreet) -> None:
        card = await street.saved_card(Behaviour.NO_FUNDS_TWICE)
        told = [await self.charged(street, self.wanted(card, self.reference())) for _ in range(3)]
        assert [type(each) for each in told] == [Refused, Refused, Paid]
        refusals = [each for each in told if isinstance(each, Refused)]
        assert {decline_group(each.reason) for each in refusals} == {DeclineGroup.SOFT}
        if self.tells_reasons:
            assert {each.reason for each in refusals} == {Refusal.NO_FUNDS}

    @pytest.mark.parametrize(
        ("behaviour", "reason", "group"),
        [
            (Behaviour.EXPIRED, Refusal.CARD_EXPIRED, DeclineGroup.HARD),
            (Behaviour.REVOKED, Refusal.CARD_REMOVED, DeclineGroup.REVOKED),
        ],
    )
    async def test_dead_card_is_told_for_good(
        self, street: ChargingStreet, behaviour: Behaviour, reason: Refusal, group: DeclineGroup
    ) -> None:
        request = self.wanted(await street.saved_card(behaviour), self.reference())
        refused = await self.charged(street, request)
        assert isinstance(refused, Refused)
        assert refused.reference == request.reference
        if self.tells_reasons:
            assert (refused.reason, decline_group(refused.reason)) == (reason, group)
        assert await street.taken(request.reference) == []

    async def test_silence_that_took_money_is_found_out(self, street: ChargingStreet) -> None:
        since, request = now(), self.wanted(await street.saved_card(Behaviour.SILENT_PAID), self.reference())
        with pytest.raises(OutcomeUnknown):
            await self.charging(street).charge(request)
        told = await proven(street.gateway, await street.told_of(request.reference))
        asked = await self.charging(street).ask_charge("", request.reference, since)
        assert isinstance(told, Paid)
        assert isinstance(asked, Paid)
        assert told.identity == asked.identity
        assert await street.taken(request.reference) == [self.price]

    async def test_silence_over_nothing_is_told_once_it_is_sure(self, street: ChargingStreet) -> None:
        card = await street.saved_card(Behaviour.SILENT_NOTHING)
        request, gateway = self.wanted(card, self.reference()), self.charging(street)
        with pytest.raises(OutcomeUnknown):
            await gateway.charge(request)
        assert isinstance(await gateway.ask_charge("", request.reference, now()), Unfinished)
        refused = await gateway.ask_charge("", request.reference, now() - LONG_AGO)
        assert isinstance(refused, Refused)
        assert (refused.reference, refused.code) == (request.reference, NEVER_CREATED)
        assert await street.taken(request.reference) == []

    async def test_callback_before_the_answer_is_the_same_movement(self, street: ChargingStreet) -> None:
        request = self.wanted(await street.saved_card(Behaviour.CALLBACK_FIRST), self.reference())
        paid = await self.charged(street, request)
        told = await proven(street.gateway, await street.told_of(request.reference))
        assert isinstance(paid, Paid)
        assert isinstance(told, Paid)
        assert told.identity == paid.identity

    async def test_behaviour_may_change(self, street: ChargingStreet) -> None:
        card = await street.saved_card(Behaviour.EXPIRED)
        assert isinstance(await self.charged(street, self.wanted(card, self.reference())), Refused)
        await street.behaves(card, Behaviour.PAYS)
        assert isinstance(await self.charged(street, self.wanted(card, self.reference())), Paid)

    async def test_unlinking_twice_does_no_harm(self, street: ChargingStreet) -> None:
        card = await street.saved_card()
        for _ in range(2):
            await self.charging(street).unlink(card.token)
