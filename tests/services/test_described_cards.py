"""What a provider tells of a card only when it is asked, and what it is told when the card is unlinked."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from bot.domain.errors import ProviderRefused, ProviderUnavailable
from bot.domain.events import Paid
from bot.domain.saved_cards import CardOnFile, SavedCard
from bot.services.beginning import Wishes
from bot.services.house import House
from bot.storage.database import Database
from tests.gateways.card_bank import CardBank
from tests.services.conftest import ANNA, WHATSAPP
from tests.services.money import reference_of

MOMENT = datetime(2026, 12, 2, 9, tzinfo=UTC)
FACE = CardOnFile("card-1", "page-1", "•••• 2987", date(2030, 1, 31))


class ShyBank(CardBank):
    """Tells of a card by its token alone; `face` is what it says when asked."""

    face: CardOnFile | None = FACE

    async def describe_card(self, token: str) -> CardOnFile:
        self.calls.append(f"describe {token}")
        if self.face is None:
            raise ProviderUnavailable("a bad day")
        return self.face


@pytest.fixture
def fake() -> ShyBank:
    return ShyBank()


async def kept(house: House, database: Database, fake: CardBank, masked: str = "") -> SavedCard:
    order = await house.orders.place(ANNA, [WHATSAPP], 1)
    link = await house.payments.start(ANNA, order.id, "fake", "RUB", Wishes(remember=True))
    told = fake.saved(await reference_of(database, link.payment_id), "card-1")
    await house.settlement.take(shy(told, masked))
    (view,) = await house.saved_cards.all(ANNA)
    return view.card


def shy(told: Paid, masked: str) -> Paid:
    return Paid(
        told.provider,
        told.movement,
        told.reference,
        told.amount,
        told.provider_payment,
        card_on_file=CardOnFile("card-1", masked=masked),
    )


async def test_card_without_a_face_gets_one(house: House, database: Database, fake: ShyBank) -> None:
    card = await kept(house, database, fake)
    assert (card.masked, card.page_token) == ("", "")
    assert await house.saved_cards.describe_new() == 1
    (view,) = await house.saved_cards.all(ANNA)
    known = (view.card.token, view.card.page_token, view.card.masked, view.card.expires_on)
    assert known == (FACE.token, FACE.page_token, FACE.masked, FACE.expires_on)
    assert await house.saved_cards.describe_new() == 0


async def test_card_whose_face_is_known_is_not_asked_about(
    house: House, database: Database, fake: ShyBank
) -> None:
    await kept(house, database, fake, masked="•••• 7173")
    assert await house.saved_cards.describe_new() == 0


async def test_card_that_was_unlinked_is_not_asked_about(
    house: House, database: Database, fake: ShyBank
) -> None:
    card = await kept(house, database, fake)
    await house.saved_cards.unlink(ANNA, card.id)
    await house.saved_cards.describe_new()
    assert "describe card-1" not in fake.calls


async def test_silence_is_asked_again_for_some_days(house: House, database: Database, fake: ShyBank) -> None:
    with time_machine.travel(MOMENT, tick=False) as traveller:
        await kept(house, database, fake)
        fake.face = None
        assert await house.saved_cards.describe_new() == 1
        assert await house.saved_cards.describe_new() == 0
        traveller.move_to(MOMENT + timedelta(days=4), tick=False)
        assert await house.saved_cards.describe_new() == 1
        fake.face = FACE
        traveller.move_to(MOMENT + timedelta(days=9), tick=False)
        assert await house.saved_cards.describe_new() == 0
    (view,) = await house.saved_cards.all(ANNA)
    assert view.card.masked == ""


async def test_provider_that_will_not_forget_a_card_is_asked_for_some_days(
    house: House, database: Database, fake: ShyBank, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    async def refuses(token: str) -> None:
        asked.append(token)
        raise ProviderRefused("never")

    monkeypatch.setattr(fake, "unlink", refuses)
    with time_machine.travel(MOMENT, tick=False) as traveller:
        card = await kept(house, database, fake)
        await house.saved_cards.unlink(ANNA, card.id)
        for days in (0, 1, 4, 9):
            traveller.move_to(MOMENT + timedelta(days=days), tick=False)
            await house.saved_cards.tell_providers()
    assert asked == ["card-1"] * 3
    gone = await database.read(lambda tx: tx.saved_cards.get(card.id))
    assert gone is not None
    assert gone.token == ""
