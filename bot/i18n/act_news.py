"""What a customer is told of an operator's act: the same words in the chat and in letters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

from bot.i18n.autopay_news import News
from bot.i18n.catalogues import _
from bot.i18n.figures import day, money
from bot.i18n.strangers import shown

Payload: TypeAlias = Mapping[str, Any]


def date_moved(facts: Payload) -> News:
    title, until = shown(str(facts.get("title") or "")), day(facts["until"])
    told = _("We have changed the date of {title}: it is paid for until {date}.", title=title, date=until)
    return News(_("{title}: paid until {date}", title=title, date=until), (told,))


def blocked() -> News:
    told = _("New orders and payments are not taken from you for now.")
    works = _("What is paid for works on. Autopays are paused. To clear it up, write to us: /support.")
    return News(told.removesuffix("."), (told, works))


def unblocked() -> News:
    told = _("You can order and pay as before.")
    return News(told.removesuffix("."), (told, _("Autopays that were paused by us go on.")))


def balance_given(facts: Payload) -> News:
    told = _("We have moved {amount} from your balance, as agreed.", amount=money(facts["amount"]))
    return News(told.removesuffix("."), (told, _balance(facts)))


def balance_got(facts: Payload) -> News:
    told = _("We have put {amount} onto your balance.", amount=money(facts["amount"]))
    return News(told.removesuffix("."), (told, _balance(facts)))


def _balance(facts: Payload) -> str:
    return _("Your balance: {balance}.", balance=money(facts["balance"])) if facts.get("balance") else ""
