"""«Мои карты»: shown masked, remembered or not, and unlinked in one tap."""

from __future__ import annotations

import pytest

from bot.domain.autopays import AutopayReason
from bot.keyboards.saved_cards import OpenCard, RememberCard, UnlinkCard
from bot.services.house import House
from tests.gateways.card_bank import CardBank
from tests.handlers.autopay_rig import autopays_of, connect_whatsapp, consents, keep_card
from tests.handlers.conftest import ANNA
from tests.handlers.rig import Person


@pytest.fixture
def card() -> CardBank:
    return CardBank("yookassa_card")


@pytest.fixture
async def saved(house: House) -> int:
    return await keep_card(house)


async def cards_of(house: House) -> list[int]:
    return [view.card.id for view in await house.saved_cards.all(ANNA)]


async def test_without_cards_settings_say_how_one_is_saved(anna: Person) -> None:
    await anna.says("/settings")
    await anna.taps("Мои карты")
    assert "Сохранённых карт нет" in anna.screen.text
    await anna.taps("‹ Назад")
    assert anna.screen.text.startswith("Настройки")
    await anna.says("/autopay")
    assert "Мои карты" not in anna.screen.buttons, "there are none to look at"


@pytest.mark.usefixtures("saved")
async def test_the_only_card_is_shown_at_once_with_what_uses_it(anna: Person) -> None:
    await connect_whatsapp(anna)
    await anna.says("/settings")
    await anna.taps("Мои карты")
    assert "•••• 7173, до 12/2028" in anna.screen.text
    assert "Автоплатёж: WhatsApp +7 999" in anna.screen.text
    assert "CVC" in anna.screen.text


async def test_several_cards_are_chosen_from_and_back_leads_to_them(
    anna: Person, house: House, saved: int
) -> None:
    await keep_card(house, "4444")
    await anna.says("/settings")
    await anna.taps("Мои карты")
    assert "•••• 4444" in anna.screen.buttons
    await anna.taps("•••• 7173")
    assert "Автоплатежей с этой карты нет" in anna.screen.text
    await anna.taps("‹ Назад")
    assert "•••• 4444" in anna.screen.buttons
    assert saved in await cards_of(house)


async def test_unlinking_works_at_once_and_says_what_stopped(
    anna: Person, house: House, card: CardBank, saved: int
) -> None:
    await connect_whatsapp(anna)
    await anna.says("/settings")
    await anna.taps("Мои карты")
    await anna.taps("Отвязать карту")
    assert "сегодня ночью" in anna.screen.text
    assert "Автоплатёж остановлен: WhatsApp +7 999" in anna.screen.text
    [view] = await autopays_of(house)
    assert view.autopay.reason == AutopayReason.CARD_UNLINKED
    assert (await consents(house))[0][2] == "unlinked"
    assert await cards_of(house) == []
    await house.saved_cards.tell_providers()
    assert card.unlinked == ["token-7173"]
    await anna.taps_data(UnlinkCard(card=saved).pack())
    assert "Карта отвязана" in anna.screen.text, "a second tap finds it unlinked"


async def test_a_card_of_an_autopay_may_be_kept_without_being_offered(
    anna: Person, house: House, saved: int
) -> None:
    await connect_whatsapp(anna)
    await anna.says("/settings")
    await anna.taps("Мои карты")
    await anna.taps("Не предлагать при оплате")
    assert "Предлагать при оплате" in anna.screen.buttons
    assert await house.saved_cards.to_pay_with(ANNA, ["RUB"]) == []
    await anna.taps("Предлагать при оплате")
    assert [each.id for each in await house.saved_cards.to_pay_with(ANNA, ["RUB"])] == [saved]


@pytest.mark.usefixtures("saved")
async def test_a_card_that_serves_nothing_is_unlinked_with_its_last_use(anna: Person, house: House) -> None:
    await anna.says("/settings")
    await anna.taps("Мои карты")
    await anna.taps("Не предлагать при оплате")
    assert "Карта отвязана" in anna.toast
    assert await cards_of(house) == []


async def test_somebody_elses_card_is_not_found(anna: Person, bob: Person, house: House, saved: int) -> None:
    await anna.says("/start")
    await bob.says("/start")
    for data in (
        OpenCard(card=saved).pack(),
        UnlinkCard(card=saved).pack(),
        RememberCard(card=saved, remember=False).pack(),
    ):
        await bob.taps_data(data)
        assert "Nothing of yours was found" in bob.screen.text
    assert await cards_of(house) == [saved]


async def test_a_stale_button_of_an_unlinked_card_says_so(anna: Person, house: House, saved: int) -> None:
    await anna.says("/settings")
    await anna.taps("Мои карты")
    page = anna.screen
    await house.saved_cards.unlink(ANNA, saved)
    await anna.taps_data(OpenCard(card=saved).pack(), on=page)
    assert "не нашлось" in anna.screen.text
