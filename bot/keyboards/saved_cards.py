"""«Мои карты»: saved cards, and how one is unlinked."""

from __future__ import annotations

from collections.abc import Sequence

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.domain.saved_cards import SavedCard
from bot.i18n import _
from bot.i18n.autopay_words import saved_card_title
from bot.keyboards.buttons import Place, go, keyboard, tap
from bot.services.autopay.views import SavedCardView

MOST_LISTED = 30


class OpenCard(CallbackData, prefix="mycard"):
    card: int
    anew: bool = False


class UnlinkCard(CallbackData, prefix="unlink"):
    """At once and without questions, also for the charge that is due tonight."""

    card: int
    anew: bool = False


class RememberCard(CallbackData, prefix="remember"):
    """Whether it is offered first when he pays."""

    card: int
    remember: bool


def cards(views: Sequence[SavedCardView], *, home: Place) -> InlineKeyboardMarkup:
    """`home` is where they were opened from."""
    rows = ([tap(saved_card_title(view.card), OpenCard(card=view.card.id))] for view in views[:MOST_LISTED])
    return keyboard(*rows, back=home)


def one(card: SavedCard, *, back: Place) -> InlineKeyboardMarkup:
    offered = _("Don't offer it when I pay") if card.remembered else _("Offer it when I pay")
    return keyboard(
        [tap(offered, RememberCard(card=card.id, remember=not card.remembered))],
        [unlink_button(card.id)],
        back=back,
    )


def unlinked() -> InlineKeyboardMarkup:
    return keyboard([go(_("My cards"), Place.MY_CARDS), go(_("Autopay"), Place.AUTOPAY)])


def unlink_button(card_id: int, *, anew: bool = False) -> InlineKeyboardButton:
    return tap(_("Unlink the card"), UnlinkCard(card=card_id, anew=anew))
