"""What a summary says of the saved card and of the autopay: what it would be, before anybody ticks it."""

from __future__ import annotations

from collections.abc import Iterable

from bot.domain.autopays import Agreement
from bot.domain.saved_cards import SavedCard
from bot.i18n.autopay_words import (
    autopay_line,
    autopay_summary,
    interval_words,
    offer_refusal,
    saved_card_title,
)
from bot.i18n.catalogues import _
from bot.i18n.figures import coming_day, money
from bot.services.autopay.views import AutopayOffer, AutopayView
from bot.services.methods import CardOffer

TOLD = ("above_ceiling", "below_least")
"""Refusals with a reason that says something to him; of the others a summary is silent."""


def paid_with(card: SavedCard) -> list[str]:
    """«Номер карты вводить не нужно», where its provider can show it on the page."""
    if not card.page_token:
        return []
    return [
        _(
            "You need not type the number of {card}: only the CVC, or your bank's confirmation.",
            card=saved_card_title(card),
        )
    ]


def saved_card_lines(cards: Iterable[CardOffer]) -> list[str]:
    """«• Мир •••• 7173 — сохранённая карта», once for each."""
    titles = {each.card.id: saved_card_title(each.card) for each in cards}
    return ["• " + _("{card} — your saved card", card=title) for title in titles.values()]


def autopay_lines(offer: AutopayOffer | None, agreed: Agreement | None) -> list[str]:
    """The one that stands, why there can be none, the consent once it is ticked, or what it would be."""
    if offer is None:
        return []
    if offer.standing is not None:
        return ["", autopay_line(offer.standing)]
    if offer.refusal:
        return ["", offer_refusal(offer)] if offer.refusal in TOLD else []
    return ["", agreed.text if agreed is not None else _what_it_would_be(offer)]


def kept_card_line(*, keeps: bool) -> list[str]:
    """The link can be passed on, and the card is kept whoever it belongs to."""
    if not keeps:
        return []
    return ["", _("The card that pays by this link is kept for you. Don't pass the link on to others.")]


def standing_lines(views: Iterable[AutopayView]) -> list[str]:
    """Each with what it is for, where a summary speaks of several connectors or of none to connect."""
    return [line for view in views for line in ("", autopay_summary(view))]


def _what_it_would_be(offer: AutopayOffer) -> str:
    blanks = {
        "amount": money(offer.amount),
        "interval": interval_words(offer.interval),
        "date": coming_day(offer.first_on),
    }
    if offer.paid_now is None or offer.paid_now == offer.amount:
        return _("Autopay, if you tick it: {amount} {interval}, from {date} on.", **blanks)
    return _(
        "Autopay, if you tick it: {amount} {interval}, from {date} on. "
        "That is the price without the discount, which makes it {now} this time.",
        now=money(offer.paid_now),
        **blanks,
    )
