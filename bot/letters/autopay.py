"""The letters of those who want to hear of autopays by e-mail, or whom Telegram does not reach."""

from __future__ import annotations

from collections.abc import Callable

from bot.i18n import _, autopay_news, service_news
from bot.i18n.autopay_news import News
from bot.i18n.renewal_words import expiry_sentence, runs_out_lines, served_lines
from bot.letters.chat import chat_button
from bot.letters.parts import Letter, Note, Part, Words
from bot.letters.registry import Payload, letter

_NEWS: dict[str, Callable[[Payload], News]] = {
    "autopay_connected": autopay_news.connected,
    "autopay_announced": autopay_news.announced,
    "autopay_reminded": autopay_news.reminded,
    "autopay_year": autopay_news.yearly,
    "autopay_price_changed": autopay_news.price_changed,
    "autopay_failed": autopay_news.failed,
    "autopay_paused": autopay_news.paused,
    "autopay_ended": autopay_news.ended,
    "autopay_not_connected": autopay_news.not_connected,
    "card_unlinked": autopay_news.card_unlinked,
    "arrears_grace": service_news.grace,
    "arrears_limited": service_news.limited,
    "arrears_stopped": service_news.stopped,
    "suspension_planned": service_news.planned,
    "suspension_started": service_news.started,
    "suspension_not_started": service_news.not_started,
    "suspension_ended": service_news.over,
}


def _register(kind: str, write: Callable[[Payload], News]) -> None:
    @letter(kind)
    def written(facts: Payload) -> Letter:
        news = write(facts)
        return _letter(news.subject, *news.lines)


for _kind, _write in _NEWS.items():
    _register(_kind, _write)


@letter("runs_out")
def runs_out(facts: Payload) -> Letter:
    foot = _("If you have just paid, the date moves as soon as the money arrives.")
    return _letter(_("It is time to pay"), "\n".join(runs_out_lines(facts)), foot)


@letter("card_expires")
def card_expires(facts: Payload) -> Letter:
    return _letter(_("Your card expires soon"), expiry_sentence(facts), *served_lines(facts))


def _letter(subject: str, *words: str) -> Letter:
    """Everything is done in the chat, and done there it needs no password."""
    how = _(
        "To pay, to change or to stop it, open the chat and send /autopay. Notices are chosen in Settings."
    )
    parts: tuple[Part, ...] = (*(Words(each) for each in words), *chat_button(_("Open the chat")), Note(how))
    return Letter(subject, parts)
