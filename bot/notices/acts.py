"""What customers are told of acts of operators."""

from __future__ import annotations

from bot.i18n import _, act_news, autopay_news
from bot.i18n.autopay_news import News
from bot.keyboards.buttons import Place, Row, go, keyboard
from bot.notices.about import text_of
from bot.notices.registry import Payload, Rendered, notice


@notice("date_moved")
def date_moved(facts: Payload) -> Rendered:
    return _told("📅", act_news.date_moved(facts), [go(_("Connectors"), Place.CONNECTORS, anew=True)])


@notice("card_unlinked")
def card_unlinked(facts: Payload) -> Rendered:
    return _told("💳", autopay_news.card_unlinked(facts), [go(_("Autopay"), Place.AUTOPAY, anew=True)])


@notice("blocked")
def blocked(_facts: Payload) -> Rendered:
    return _told("⛔", act_news.blocked(), [go(_("Write to us"), Place.WRITE, anew=True)])


@notice("unblocked")
def unblocked(_facts: Payload) -> Rendered:
    return _told("✅", act_news.unblocked())


def _told(sign: str, news: News, *rows: Row) -> Rendered:
    first, *more = news.lines
    buttons = keyboard(*rows, [go(_("Menu"), Place.MENU, anew=True)], menu=False)
    return Rendered(text_of(f"{sign} {first}", more), buttons)
