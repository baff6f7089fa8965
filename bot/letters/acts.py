"""Letters about acts of operators, for those whom Telegram does not reach or who chose them."""

from __future__ import annotations

from bot.i18n import _, act_news, money
from bot.i18n.autopay_news import News
from bot.letters.about import link, titles
from bot.letters.chat import chat_button
from bot.letters.parts import Facts, Large, Letter, Part, Words
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


@letter("balance_given")
def balance_given(facts: Payload) -> Letter:
    return _letter(act_news.balance_given(facts))


@letter("balance_got")
def balance_got(facts: Payload) -> Letter:
    return _letter(act_news.balance_got(facts))


@letter("order_link")
def order_link(facts: Payload) -> Letter:
    """`titles`, `prices` and `url`: where it is paid, without a chat."""
    title = titles(facts)
    parts: tuple[Part, ...] = (
        Words(_("Here is what you ordered. Pay it by the button: no account is needed.")),
        Large(" · ".join(money(price) for price in facts.get("prices") or ())),
        Facts(((_("For"), title),)),
        *link(_("Pay"), facts),
    )
    return Letter(_("Your order: how to pay for it"), parts)


@letter("customer_link")
def customer_link(facts: Payload) -> Letter:
    """`url`: it opens the chat, and all that was made for him becomes his there."""
    parts: tuple[Part, ...] = (
        Words(_("Your connectors, orders and payments can be looked after in Telegram.")),
        Words(_("Open the link once, within 30 days: everything moves into your chat.")),
        *link(_("Open in Telegram"), facts),
    )
    return Letter(_("Your orders in Telegram"), parts)


def _letter(news: News) -> Letter:
    return Letter(
        news.subject, (*(Words(each) for each in news.lines if each), *chat_button(_("Open the chat")))
    )
