"""The till's report in words: which days, by what it was paid, for what."""

from __future__ import annotations

from bot.domain.catalogue import Catalogue
from bot.domain.takings import Span
from bot.i18n.catalogues import _, language
from bot.i18n.figures import day
from bot.i18n.networks import provider_words
from bot.i18n.sentences import METHODS, method_title
from bot.i18n.strangers import shown


def span_words(span: Span) -> str:
    """«22 ноября 2026», or both ends."""
    if span.first == span.last:
        return day(span.first)
    return f"{day(span.first)} – {day(span.last)}"


def method_words(catalogue: Catalogue, method: str) -> str:
    """The button's name; money that no payment was begun for bears its provider's."""
    if method in METHODS:
        return method_title(catalogue, method)
    return provider_words(method)


def tariff_words(catalogue: Catalogue, tariff: str) -> str:
    """The tariff's title; "" is what has no order, or one of several tariffs."""
    if not tariff:
        return _("balance and other")
    known = catalogue.tariff(tariff)
    return known.title.in_language(language()) if known else shown(tariff)
