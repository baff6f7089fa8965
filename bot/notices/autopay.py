"""What customers are told of their autopays, each with the way to stop it or to pay otherwise."""

from __future__ import annotations

from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.i18n import _, autopay_news, money
from bot.i18n.autopay_news import News
from bot.keyboards.autopay_taps import agree_price_button, change_button, give_back_row, stop_button
from bot.keyboards.buttons import Place, Row, go, keyboard, tap
from bot.keyboards.pay import PayRest
from bot.keyboards.renewals import renew_button
from bot.notices.about import text_of, titles
from bot.notices.registry import Payload, Rendered, notice


@notice("autopay_connected")
def connected(facts: Payload) -> Rendered:
    return _told("🔁", autopay_news.connected(facts), _settings(facts))


@notice("autopay_announced")
def announced(facts: Payload) -> Rendered:
    """Change, unlink, delete: all three are one tap away."""
    return _told("📅", autopay_news.announced(facts), _settings(facts), [_cards()])


@notice("autopay_reminded")
def reminded(facts: Payload) -> Rendered:
    return _told("⏰", autopay_news.reminded(facts), _settings(facts), [pay_otherwise(facts)])


@notice("autopay_year")
def yearly(facts: Payload) -> Rendered:
    return _told("📅", autopay_news.yearly(facts), _settings(facts), [_cards()])


@notice("autopay_price_changed")
def price_changed(facts: Payload) -> Rendered:
    id_ = int(facts["autopay_id"])
    agree = [agree_price_button(id_, anew=True)] if facts.get("new") else []
    return _told("💱", autopay_news.price_changed(facts), agree, [stop_button(id_, anew=True)])


@notice("autopay_failed")
def failed(facts: Payload) -> Rendered:
    return _told("✖️", autopay_news.failed(facts), [pay_otherwise(facts)], _settings(facts))


@notice("autopay_paused")
def paused(facts: Payload) -> Rendered:
    return _told("⏸", autopay_news.paused(facts), [pay_otherwise(facts)], _settings(facts))


@notice("autopay_ended")
def ended(facts: Payload) -> Rendered:
    return _told("⏹", autopay_news.ended(facts), [pay_otherwise(facts)], [_autopays()])


@notice("autopay_not_connected")
def not_connected(facts: Payload) -> Rendered:
    return _told("🔁", autopay_news.not_connected(facts), [_autopays()])


@notice("autopay_unneeded")
def unneeded(facts: Payload) -> Rendered:
    """Money of a cycle that was paid meanwhile: it rests, and goes back if he wishes."""
    text = _(
        "An autopay brought {amount} for {what}, but that was paid meanwhile. The money is on your balance: "
        "{balance}. It can stay there or go back.",
        amount=money(facts["amount"]),
        what=titles(facts),
        balance=money(facts["balance"]),
    )
    rows = [give_back_row(int(facts["payment_id"]))] if facts.get("payment_id") else []
    return Rendered(text, _keyboard(*rows))


def pay_otherwise(facts: Payload) -> InlineKeyboardButton:
    """Straight to the order that the charge was for, or to what else pays for the same."""
    words = _("Pay another way")
    if facts.get("order_id"):
        return tap(words, PayRest(order=int(facts["order_id"]), anew=True))
    if facts.get("connector_id"):
        return renew_button(str(facts["connector_id"]))
    return go(words, Place.TOP_UP, anew=True)


def _settings(facts: Payload) -> Row:
    id_ = int(facts["autopay_id"])
    return [change_button(id_, anew=True), stop_button(id_, anew=True)]


def _cards() -> InlineKeyboardButton:
    return go(_("My cards"), Place.MY_CARDS, anew=True)


def _autopays() -> InlineKeyboardButton:
    return go(_("Autopay"), Place.AUTOPAY, anew=True)


def _told(sign: str, news: News, *rows: Row) -> Rendered:
    first, *more = news.lines
    return Rendered(text_of(f"{sign} {first}", more), _keyboard(*rows))


def _keyboard(*rows: Row) -> InlineKeyboardMarkup:
    return keyboard(*rows, [go(_("Menu"), Place.MENU, anew=True)], menu=False)
