"""Kept cards: each behaves as it was told, charge by charge."""

from datetime import date

import pytest

from sandbox.card_panel import BEHAVIOURS, choice_html, panel_html
from sandbox.cards import Behaviour, Fate, KeptCard, KeptCards, Telling, behaviour_named

TODAY = date(2026, 11, 22)


def fates(behaviour: Behaviour, charges: int = 3) -> list[Fate]:
    card = KeptCard("t", "•••• 4477", behaviour)
    return [card.charged(TODAY).fate for _ in range(charges)]


@pytest.mark.parametrize(
    ("behaviour", "expected"),
    [
        (Behaviour.PAYS, [Fate.PAID] * 3),
        (Behaviour.NO_FUNDS_TWICE, [Fate.NO_FUNDS, Fate.NO_FUNDS, Fate.PAID]),
        (Behaviour.EXPIRED, [Fate.EXPIRED] * 3),
        (Behaviour.REVOKED, [Fate.REVOKED] * 3),
        (Behaviour.SILENT_PAID, [Fate.PAID] * 3),
        (Behaviour.SILENT_NOTHING, [Fate.NOTHING] * 3),
        (Behaviour.CALLBACK_FIRST, [Fate.PAID] * 3),
    ],
)
def test_card_behaves_as_it_was_told(behaviour: Behaviour, expected: list[Fate]) -> None:
    assert fates(behaviour) == expected


def test_who_hears_what_and_when() -> None:
    told = {each: KeptCard("t", "", each).charged(TODAY).telling for each in Behaviour}
    silent = {each for each, telling in told.items() if telling is Telling.SILENCE}
    assert silent == {Behaviour.SILENT_PAID, Behaviour.SILENT_NOTHING}
    assert told[Behaviour.CALLBACK_FIRST] is Telling.CALLBACK_FIRST


def test_behaviour_chosen_anew_begins_anew() -> None:
    card = KeptCard("t", "", Behaviour.NO_FUNDS_TWICE)
    card.charged(TODAY)
    card.behave(Behaviour.NO_FUNDS_TWICE)
    assert [card.charged(TODAY).fate for _ in range(3)] == [Fate.NO_FUNDS, Fate.NO_FUNDS, Fate.PAID]


def test_card_past_its_last_day_has_expired() -> None:
    card = KeptCard("t", "", Behaviour.SILENT_PAID, last_day=date(2026, 11, 30))
    assert card.charged(date(2026, 11, 30)).fate is Fate.PAID
    assert card.charged(date(2026, 12, 1)).fate is Fate.EXPIRED
    assert (card.refusal_at_page(TODAY), card.refusal_at_page(date(2026, 12, 1))) == (None, Fate.EXPIRED)


def test_card_is_kept_once_and_forgotten() -> None:
    cards = KeptCards()
    card = cards.keep("t", "•••• 4477")
    assert cards.keep("t", "•••• 1111", Behaviour.REVOKED) is card
    cards.forget("t")
    assert cards.find("t") is None


def test_panel_names_every_behaviour_and_escapes() -> None:
    assert set(BEHAVIOURS) == set(Behaviour)
    cards = KeptCards()
    assert panel_html(cards, "ru") == ""
    cards.keep("t", "<b>", Behaviour.REVOKED)
    assert "&lt;b&gt;" in panel_html(cards, "en")
    assert 'value="revoked" selected' in panel_html(cards, "en")
    assert choice_html("ru").count("<option") == len(Behaviour)


@pytest.mark.parametrize(
    ("name", "expected"), [("revoked", Behaviour.REVOKED), ("", Behaviour.PAYS), (5, Behaviour.PAYS)]
)
def test_unknown_behaviour_pays(name: object, expected: Behaviour) -> None:
    assert behaviour_named(name) is expected
