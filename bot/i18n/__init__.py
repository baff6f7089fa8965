"""Every word for people, in the language of whoever reads it. Knows nothing of chat or web."""

from bot.i18n.catalogues import (
    LANGUAGES,
    N_,
    _,
    choose_default,
    default_language,
    language,
    language_of,
    ngettext,
    speaking,
)
from bot.i18n.figures import day, moment, money, money_of_all, months, set_zone, short_day, time_of_day, today
from bot.i18n.sentences import (
    card_title,
    method_hint,
    method_terms,
    method_title,
    refusal_sentence,
    role_title,
    said,
    scheme_titles,
    sentence_for,
)
from bot.i18n.strangers import fit, shown

__all__ = [
    "LANGUAGES",
    "N_",
    "_",
    "card_title",
    "choose_default",
    "day",
    "default_language",
    "fit",
    "language",
    "language_of",
    "method_hint",
    "method_terms",
    "method_title",
    "moment",
    "money",
    "money_of_all",
    "months",
    "ngettext",
    "refusal_sentence",
    "role_title",
    "said",
    "scheme_titles",
    "sentence_for",
    "set_zone",
    "short_day",
    "shown",
    "speaking",
    "time_of_day",
    "today",
]
