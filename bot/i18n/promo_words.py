"""What a promo code gives, in words."""

from __future__ import annotations

from bot.domain.promos import Promo
from bot.i18n.catalogues import _
from bot.i18n.figures import day, money_of_all
from bot.i18n.strangers import shown


def promo_kept(promo: Promo) -> str:
    """It is kept for the next order: what it gives there, and until when."""
    lines = [
        _(
            "🎁 Promo code {code} counts in your next order: {what}.",
            code=shown(promo.code),
            what=_what(promo),
        )
    ]
    if promo.until:
        lines.append(_("It is good until {date}.", date=day(promo.until)))
    return " ".join(lines)


def _what(promo: Promo) -> str:
    if promo.percent:
        return _("{percent} % off", percent=promo.percent)
    return _("{amount} off", amount=money_of_all(promo.sums))
