"""What is said of autopays, in four languages."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot.domain.autopays import Autopay, AutopayReason, AutopayState, AutopayStep, Interval
from bot.domain.catalogue import Catalogue
from bot.domain.catalogue_file import read_catalogue
from bot.domain.customers import Connector, Payer
from bot.domain.money import Limits, Money
from bot.domain.saved_cards import SavedCard
from bot.i18n import LANGUAGES, day, speaking, today
from bot.i18n.autopay_words import (
    AGREEMENT_VERSION,
    agreement,
    agreement_words,
    autopay_line,
    autopay_summary,
    interval_words,
    offer_refusal,
    reason_words,
    risen_price,
)
from bot.services.autopay.views import AutopayOffer, AutopayView

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
SOON = today() + timedelta(days=30)
CARD = SavedCard(7, 1001, "yookassa", "yookassa_card", "•••• 7173", date(2028, 12, 31), True, NOW)
OFFER = AutopayOffer(
    payer_id=1,
    connector_id="wa-1",
    title="WhatsApp +7 999",
    amount=Money(99000, "RUB"),
    interval=Interval(months=1),
    first_on=date(2026, 12, 2),
    limits=Limits(Money(1000, "RUB"), Money(1000000, "RUB")),
    cards=(CARD,),
)
AUTOPAY = Autopay(
    id=1,
    reference="a",
    customer_id=1001,
    payer_id=1,
    connector_id="wa-1",
    amount=Money(1000, "RUB"),
    interval=Interval(months=1),
    lead_days=1,
    card_id=7,
    balance_first=False,
    state=AutopayState.ACTIVE,
    reason="",
    cycle="",
    charge_on=SOON,
    step=AutopayStep.ANNOUNCE,
    due_at=NOW,
    tries=0,
    unsent=0,
    announced=None,
    announced_amount=None,
    begun_by=None,
    created_at=NOW,
    changed_at=NOW,
)
VIEW = AutopayView(
    autopay=AUTOPAY,
    payer=Payer(1, 1001, "person", "", "", "Anna"),
    connector=Connector("wa-1", "messenger", "WhatsApp +7 999", "whatsapp", 1, None, None),
    card=CARD,
    next_amount=Money(1000, "RUB"),
    zone="Europe/Moscow",
)


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return read_catalogue(Path("catalog.example.toml"))


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


def test_the_consent_says_what_how_much_how_often_when_from_what_and_how_to_stop(
    catalogue: Catalogue,
) -> None:
    with speaking("ru"):
        text = plain(agreement_words(catalogue, OFFER, CARD))
    for words in (
        *("WhatsApp +7 999", "990 ₽ каждый месяц", "2 декабря 2026", "•••• 7173", "ООО «Канал Плюс»"),
        *("пока вы не отключите", "/autopay → «Удалить автоплатёж»", "за три дня", "/terms", "Москва"),
    ):
        assert words in text


@pytest.mark.parametrize("code", LANGUAGES)
def test_what_a_tap_agrees_to_is_the_text_that_was_shown(catalogue: Catalogue, code: str) -> None:
    with speaking(code):
        shown = agreement_words(catalogue, OFFER, CARD, zone="Asia/Bishkek")
        agreed = agreement(catalogue, OFFER, CARD, zone="Asia/Bishkek", update_id=5)
    assert (agreed.text, agreed.language, agreed.version) == (shown, code, AGREEMENT_VERSION)
    assert (agreed.amount, agreed.first_on, agreed.card_id) == (OFFER.amount, OFFER.first_on, 7)
    assert "{" not in shown


def test_a_known_zone_is_not_named(catalogue: Catalogue) -> None:
    with speaking("ru"):
        assert "времени" not in agreement_words(catalogue, OFFER, CARD, zone="Europe/Moscow")


def test_a_discounted_payment_tells_the_full_price(catalogue: Catalogue) -> None:
    with speaking("ru"):
        text = plain(agreement_words(catalogue, replace(OFFER, paid_now=Money(89100, "RUB")), CARD))
    assert "Этот платёж — 891 ₽, списания — по 990 ₽" in text


@pytest.mark.parametrize(
    ("card", "balance_first", "told"),
    [
        (None, False, "карта, которой вы сейчас платите"),
        (None, True, "только ваш баланс"),
        (CARD, True, "ваш баланс, а чего не хватит — •••• 7173"),
    ],
)
def test_the_consent_names_where_the_money_comes_from(
    catalogue: Catalogue, card: SavedCard | None, *, balance_first: bool, told: str
) -> None:
    with speaking("ru"):
        assert told in agreement_words(catalogue, OFFER, card, balance_first=balance_first)


def test_the_line_says_how_much_and_when() -> None:
    with speaking("ru"):
        told = plain(autopay_line(VIEW))
        when = plain(day(SOON)).rpartition(" ")[0]
    assert told == f"У вас подключён автоплатёж на 10 ₽. Следующий — {when}."


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"state": AutopayState.PAUSED, "reason": "card_expired"}, "приостановлен: срок его карты истёк"),
        ({"due_at": None}, "Списание идёт прямо сейчас"),
        ({"state": AutopayState.RETRYING}, "следующая попытка — 22"),
        ({"state": AutopayState.WAITING}, "начнёт действовать, когда придёт оплата"),
    ],
)
def test_what_keeps_the_next_charge_is_told(change: dict[str, object], told: str) -> None:
    with speaking("ru"):
        view = replace(VIEW, autopay=replace(AUTOPAY, **change))  # type: ignore[arg-type]  # one field each
        assert told in plain(autopay_summary(view))


def test_a_balance_is_named_by_its_payer() -> None:
    with speaking("ru"):
        view = replace(VIEW, connector=None, autopay=replace(AUTOPAY, interval=Interval(days=30)))
        assert plain(autopay_summary(view)).startswith(
            "Пополнение баланса, Anna: 10 ₽ каждые 30 дней, •••• 7173"
        )


@pytest.mark.parametrize(
    ("interval", "told"),
    [
        (Interval(months=1), "каждый месяц"),
        (Interval(months=3), "каждые 3 месяца"),
        (Interval(months=12), "каждые 12 месяцев"),
        (Interval(days=7), "каждые 7 дней"),
        (Interval(days=21), "каждый 21 день"),
    ],
)
def test_intervals_are_said_as_people_say_them(interval: Interval, told: str) -> None:
    with speaking("ru"):
        assert interval_words(interval) == told


def test_only_a_price_above_the_consent_has_risen() -> None:
    assert risen_price(VIEW) is None
    assert risen_price(replace(VIEW, next_amount=Money(900, "RUB"))) is None
    assert risen_price(replace(VIEW, next_amount=Money(1100, "RUB"))) == Money(1100, "RUB")


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_reason_has_words_of_its_own(code: str) -> None:
    with speaking(code):
        assert len({reason_words(reason) for reason in AutopayReason}) == len(AutopayReason)


def test_above_the_ceiling_the_bounds_are_told() -> None:
    with speaking("ru"):
        told = plain(offer_refusal(replace(OFFER, amount=Money(1200000, "RUB"), refusal="above_ceiling")))
        assert "от 10 ₽ до 10 000 ₽" in told
        assert "12 000 ₽" in told
        assert offer_refusal(OFFER) == ""
        assert offer_refusal(replace(OFFER, refusal="another")) == "Автоплатёж для этого подключить нельзя."
