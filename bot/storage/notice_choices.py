"""Where customers want to hear of each topic; what nobody chose comes into the chat."""

from __future__ import annotations

from sqlalchemy import Connection, bindparam, select

from bot.domain.notice_topics import NoticePlace, NoticeTopic
from bot.domain.periods import now
from bot.storage.insert import insert_any
from bot.storage.prepared import prepared
from bot.storage.tables import notice_choices

_ONE = prepared(
    select(notice_choices.c.place).where(
        notice_choices.c.customer_id == bindparam("customer"), notice_choices.c.topic == bindparam("what")
    )
)
_ALL = select(notice_choices.c.topic, notice_choices.c.place)


class NoticeChoices:
    """One row for each topic that a customer chose a place for."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, customer_id: int, topic: NoticeTopic) -> NoticePlace:
        wanted = {"customer": customer_id, "what": topic.value}
        found = self._connection.execute(_ONE, wanted).scalar_one_or_none()
        return NoticePlace(found) if found is not None else NoticePlace.CHAT

    def all(self, customer_id: int) -> dict[NoticeTopic, NoticePlace]:
        """Every topic with its place, in the order of the settings."""
        rows = self._connection.execute(_ALL.where(notice_choices.c.customer_id == customer_id))
        chosen = {row.topic: NoticePlace(row.place) for row in rows}
        return {topic: chosen.get(topic, NoticePlace.CHAT) for topic in NoticeTopic}

    def choose(self, customer_id: int, topic: NoticeTopic, place: NoticePlace) -> None:
        row = {
            "customer_id": customer_id,
            "topic": topic.value,
            "place": place.value,
            "changed_at": now(),
        }
        query = insert_any(self._connection, notice_choices)
        again = query.on_conflict_do_update(
            index_elements=["customer_id", "topic"],
            set_={"place": query.excluded.place, "changed_at": query.excluded.changed_at},
        )
        self._connection.execute(again, row)
