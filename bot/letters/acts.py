"""Letters about acts of operators, for those whom Telegram does not reach or who chose them."""

from __future__ import annotations

from bot.i18n import _, act_news
from bot.i18n.autopay_news import News
from bot.letters.chat import chat_button
from bot.letters.parts import Letter, Words
from bot.letters.registry import Payload, letter


@letter("date_moved")
def date_moved(facts: Payload) -> Letter:
    return _letter(act_news.date_moved(facts))


@letter("blocked")
def blocked(_facts: Payload) -> Letter:
    return _letter(act_news.blocked())


@letter("unblocked")
def unblocked(_facts: Payload) -> Letter:
    return _letter(act_news.unblocked())


def _letter(news: News) -> Letter:
    return Letter(news.subject, (*(Words(each) for each in news.lines), *chat_button(_("Open the chat"))))
