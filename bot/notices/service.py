"""What customers are told of connectors that are limited, stopped, suspended, or work again."""

from __future__ import annotations

from bot.i18n import _, service_news
from bot.i18n.autopay_news import News
from bot.keyboards.buttons import Place, Row, go, keyboard, tap
from bot.keyboards.suspension import EndSuspension
from bot.notices.about import text_of
from bot.notices.autopay import pay_otherwise
from bot.notices.registry import Payload, Rendered, notice


@notice("arrears_grace")
def grace(facts: Payload) -> Rendered:
    return _told("⚠️", service_news.grace(facts), [pay_otherwise(facts)])


@notice("arrears_limited")
def limited(facts: Payload) -> Rendered:
    return _told("⚠️", service_news.limited(facts), [pay_otherwise(facts)])


@notice("arrears_stopped")
def stopped(facts: Payload) -> Rendered:
    return _told("⛔", service_news.stopped(facts), [pay_otherwise(facts)])


@notice("suspension_planned")
def planned(facts: Payload) -> Rendered:
    return _told("⏸", service_news.planned(facts), _end_it(facts, resume=False))


@notice("suspension_started")
def started(facts: Payload) -> Rendered:
    return _told("⏸", service_news.started(facts), _end_it(facts, resume=True))


@notice("suspension_not_started")
def not_started(facts: Payload) -> Rendered:
    return _told("⏸", service_news.not_started(facts), _connectors())


@notice("suspension_ended")
def ended(facts: Payload) -> Rendered:
    return _told("▶️", service_news.over(facts), _connectors())


def _end_it(facts: Payload, *, resume: bool) -> Row:
    """Early, at any moment: what is told can be undone from where it is told."""
    words = _("Resume now") if resume else _("Do not suspend")
    end = EndSuspension(suspension=int(facts["suspension_id"]), resume=resume, anew=True)
    return [tap(words, end), *_connectors()]


def _connectors() -> Row:
    return [go(_("Connectors"), Place.CONNECTORS, anew=True)]


def _told(sign: str, news: News, *rows: Row) -> Rendered:
    first, *more = news.lines
    buttons = keyboard(*rows, [go(_("Menu"), Place.MENU, anew=True)], menu=False)
    return Rendered(text_of(f"{sign} {first}", more), buttons)
