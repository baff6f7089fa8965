"""What customers are told of what is made to order; the same goes by letter where they want it so."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from aiogram.types import InlineKeyboardMarkup

from bot.domain.talk import Attached
from bot.i18n import money_of_all, order_news
from bot.i18n.autopay_news import News
from bot.keyboards import reviews as buttons
from bot.notices.about import text_of
from bot.notices.registry import Payload, Rendered, notice


@notice("form_approved")
def form_approved(facts: Payload) -> Rendered:
    """With the button that pays: the terms stand above it."""
    amount = money_of_all(facts["prices"])
    keyboard = buttons.approved(int(facts["order_id"]), int(facts["form_id"]), amount)
    return _told(order_news.approved(facts), keyboard)


@notice("form_rejected")
def form_rejected(facts: Payload) -> Rendered:
    return _told(order_news.rejected(facts), buttons.news(int(facts["form_id"])))


@notice("form_question")
def form_question(facts: Payload) -> Rendered:
    return _told(order_news.question(facts), buttons.question(int(facts["form_id"])))


@notice("order_stage", lives=timedelta(days=14))
def order_stage(facts: Payload) -> Rendered:
    """With the file that the operator put to it."""
    file, form_id = facts.get("file"), facts.get("form_id")
    attached = Attached(file["kind"], file["file_id"]) if file else None
    keyboard = buttons.news(form_id) if form_id else buttons.news_of(int(facts["order_id"]))
    return replace(_told(order_news.stage(facts), keyboard), attached=attached)


def _told(news: News, keyboard: InlineKeyboardMarkup) -> Rendered:
    return Rendered(text_of("\n\n".join(news.lines)), keyboard)
