"""Why a payment was refused can be said in words, whatever the reason."""

from bot.domain.refusals import Refusal
from bot.i18n.sentences import REFUSALS


def test_every_refusal_has_its_words() -> None:
    assert set(REFUSALS) == set(Refusal)
    assert len(set(REFUSALS.values())) == len(Refusal)
