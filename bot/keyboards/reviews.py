"""Buttons under a form that waits for a decision."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardMarkup

from bot.i18n import _
from bot.keyboards.buttons import Place, Row, go, keyboard, tap
from bot.keyboards.order_forms import OpenForm, OpenMade, ReplyToReviewer, pay_button


class ApproveForm(CallbackData, prefix="approve"):
    """The order may be paid from now on, at the price that it was sent in with."""

    card: int
    sure: bool = False


class AskAboutForm(CallbackData, prefix="askform"):
    card: int


class RejectForm(CallbackData, prefix="reject"):
    card: int


class FormPictures(CallbackData, prefix="formpics"):
    """Everything that he sent with it, once more."""

    card: int


def review(facts: Mapping[str, Any]) -> InlineKeyboardMarkup:
    card = int(facts["card"])
    has_files = any(answer["files"] for answer in facts["told"]) or any(
        said["files"] for said in facts["asked"]
    )
    return keyboard(
        [tap(_("✔️ Approve"), ApproveForm(card=card)), tap(_("✖️ Reject"), RejectForm(card=card))],
        [
            tap(_("❓ Ask a question"), AskAboutForm(card=card)),
            *([tap(_("🖼 Pictures and files"), FormPictures(card=card))] if has_files else []),
        ],
        menu=False,
    )


def approved(order_id: int, form_id: int, amount: str) -> InlineKeyboardMarkup:
    """Straight to the methods: the order keeps its price."""
    return _news([pay_button(order_id, amount, anew=True)], form_id)


def question(form_id: int) -> InlineKeyboardMarkup:
    return _news([tap(_("Answer"), ReplyToReviewer(form=form_id, anew=True))], form_id)


def news(form_id: int) -> InlineKeyboardMarkup:
    """Below what is told of an order: to its own page."""
    return _news([], form_id)


def news_of(order_id: int) -> InlineKeyboardMarkup:
    """The same of an order that was made without a form."""
    opens = tap(_("Open the order"), OpenMade(order=order_id, anew=True))
    return keyboard([opens, go(_("Menu"), Place.MENU, anew=True)], menu=False)


def _news(row: Row, form_id: int) -> InlineKeyboardMarkup:
    opens = tap(_("Open the order"), OpenForm(form=form_id, anew=True))
    return keyboard(row, [opens, go(_("Menu"), Place.MENU, anew=True)], menu=False)
