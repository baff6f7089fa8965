"""Which way to pay: the saved cards first, then every method."""

from __future__ import annotations

from collections.abc import Sequence

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.domain.catalogue import Catalogue
from bot.i18n import method_title, money
from bot.i18n.autopay_words import saved_card_title
from bot.keyboards.buttons import BACK, keyboard, tap
from bot.services.methods import CardOffer, MethodOffer


class PickMethod(CallbackData, prefix="method"):
    name: str
    currency: str


class PickCard(CallbackData, prefix="paycard"):
    """Pay with this saved card, by this method."""

    card: int
    name: str
    currency: str


def which_method(
    catalogue: Catalogue, offers: Sequence[MethodOffer], cards: Sequence[CardOffer] = ()
) -> InlineKeyboardMarkup:
    """Saved cards first; each with its price where that differs, and a top-up has none yet."""
    several = len({offer.price for offer in offers}) > 1

    def priced(title: str, offer: MethodOffer) -> str:
        return f"{title} · {money(offer.price)}" if several else title

    saved = [[_pick_card(priced(saved_card_title(each.card), each.offer), each)] for each in cards]
    rows = [[_pick_method(priced(method_title(catalogue, each.name), each), each)] for each in offers]
    return keyboard(*saved, *rows, back=BACK)


def _pick_method(text: str, offer: MethodOffer) -> InlineKeyboardButton:
    return tap(text, PickMethod(name=offer.name, currency=offer.price.currency))


def _pick_card(text: str, saved: CardOffer) -> InlineKeyboardButton:
    picked = PickCard(card=saved.card.id, name=saved.offer.name, currency=saved.offer.price.currency)
    return tap(text, picked)
