"""What the topics of notices and the places for them are called."""

from __future__ import annotations

from bot.domain.notice_topics import NoticePlace, NoticeTopic
from bot.i18n.catalogues import N_, _

_TOPICS = {
    NoticeTopic.RENEWAL: N_("Time to pay"),
    NoticeTopic.AUTOPAY: N_("Coming autopays"),
    NoticeTopic.CHARGES: N_("How autopays ended"),
    NoticeTopic.CARDS: N_("Saved cards"),
    NoticeTopic.SERVICE: N_("Limits and suspensions"),
}
_ABOUT = {
    NoticeTopic.RENEWAL: N_("7 days, 3 days and a day before something runs out that no autopay pays for."),
    NoticeTopic.AUTOPAY: N_("3 days and a day before each charge, with its sum and how to stop it."),
    NoticeTopic.CHARGES: N_("A charge that succeeded or not, a new price, an autopay that was stopped."),
    NoticeTopic.CARDS: N_("A saved card that expires soon."),
    NoticeTopic.SERVICE: N_("What is limited, stopped, suspended, or works again."),
}
_PLACES = {
    NoticePlace.CHAT: N_("this chat"),
    NoticePlace.EMAIL: N_("e-mail"),
    NoticePlace.BOTH: N_("chat and e-mail"),
    NoticePlace.OFF: N_("off"),
}


def topic_title(topic: NoticeTopic) -> str:
    return _(_TOPICS[topic])


def topic_about(topic: NoticeTopic) -> str:
    """When such a notice comes."""
    return _(_ABOUT[topic])


def place_title(place: NoticePlace) -> str:
    return _(_PLACES[place])
