"""What is told and heard: notices, updates, cards, webhooks, answers to the seller, and who did what."""

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, LargeBinary, Table, Text, text

from bot.storage.columns import Document, Moment, RunningId
from bot.storage.tables.base import metadata

outbox = Table(
    "outbox",
    metadata,
    Column("id", RunningId, primary_key=True),
    Column("address", BigInteger, nullable=False, comment="a customer's id, or 0 for the operators' group"),
    Column("email", Text, nullable=False, server_default="", comment="a letter goes there instead"),
    Column("kind", Text, nullable=False),
    Column("lane", Integer, nullable=False, comment="0 is the best"),
    Column("payload", Document, nullable=False),
    Column("informs", Boolean, nullable=False, comment="needs nobody, so it may be folded into a digest"),
    Column("state", Text, nullable=False),
    Column("due_at", Moment, nullable=False, comment="taking a row moves this into the future: its lease"),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column(
        "fence", Integer, nullable=False, server_default="0", comment="counts takers; only the last is heard"
    ),
    Column("created_at", Moment, nullable=False),
    Column("sent_at", Moment),
    Column("message_id", BigInteger),
    Column("folded_into", BigInteger, comment="the digest that tells it"),
    Column("last_error", Text, nullable=False, server_default=""),
)
_notice_is_due = outbox.c.state == "due"
Index(
    "ix_outbox_due",
    outbox.c.lane,
    outbox.c.due_at,
    outbox.c.id,
    sqlite_where=_notice_is_due,
    postgresql_where=_notice_is_due,
)
Index(
    "ix_outbox_queue",
    outbox.c.address,
    outbox.c.lane,
    outbox.c.id,
    sqlite_where=_notice_is_due,
    postgresql_where=_notice_is_due,
)
Index(
    "ix_outbox_done",
    outbox.c.created_at,
    sqlite_where=outbox.c.state != "due",
    postgresql_where=outbox.c.state != "due",
)

_notice_died = outbox.c.state == "dead"
Index("ix_outbox_dead", outbox.c.created_at, sqlite_where=_notice_died, postgresql_where=_notice_died)

outbox_keys = Table(
    "outbox_keys",
    metadata,
    Column("key", Text, primary_key=True, comment="what was told once and is not told again"),
    Column("created_at", Moment, nullable=False, index=True),
)

inbox = Table(
    "inbox",
    metadata,
    Column("update_id", BigInteger, primary_key=True, autoincrement=False),
    Column("body", Document, nullable=False),
    Column("handled", Boolean, nullable=False, server_default=text("false")),
    Column("created_at", Moment, nullable=False),
)

operator_cards = Table(
    "operator_cards",
    metadata,
    Column("id", RunningId, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("subject", Text, nullable=False, comment="which thing needs a person: payment:17, event:5"),
    Column("payload", Document, nullable=False),
    Column("chat_id", BigInteger),
    Column("message_id", BigInteger),
    Column("state", Text, nullable=False, comment="open or closed"),
    Column("closed_by", BigInteger),
    Column("answer", Text, nullable=False, server_default=""),
    Column("created_at", Moment, nullable=False),
    Column("closed_at", Moment),
    Column("customer_id", BigInteger, comment="whom it speaks of: cards of one customer hang in one thread"),
    Column("taken_by", BigInteger, comment="the operator who looks after it"),
    Column("taken_at", Moment),
    Column("due_at", Moment, comment="by when an answer was promised"),
    Column("raised_at", Moment, comment="when it was hung up again because nobody had answered"),
    Column("thread_id", BigInteger, comment="the forum topic that its message hangs in"),
    Index("ix_operator_cards_subject", "subject"),
)
_card_is_open = operator_cards.c.state == "open"
Index(
    "ix_operator_cards_open",
    operator_cards.c.id,
    sqlite_where=_card_is_open,
    postgresql_where=_card_is_open,
)
Index(
    "ix_operator_cards_customer",
    operator_cards.c.customer_id,
    operator_cards.c.id,
    sqlite_where=operator_cards.c.customer_id.is_not(None),
    postgresql_where=operator_cards.c.customer_id.is_not(None),
)

audit = Table(
    "audit",
    metadata,
    Column("id", RunningId, primary_key=True),
    Column("who", BigInteger, nullable=False, comment="Telegram id of the operator or customer"),
    Column("action", Text, nullable=False),
    Column("subject", Text, nullable=False, index=True),
    Column("details", Document, nullable=False),
    Column("at", Moment, nullable=False, index=True),
)

webhooks = Table(
    "webhooks",
    metadata,
    Column("id", RunningId, primary_key=True),
    Column("reference", Text, nullable=False, unique=True, comment="the webhook-id, the same at every try"),
    Column("kind", Text, nullable=False),
    Column(
        "address", Text, nullable=False, comment="seller, or the provider whose foreign event it forwards"
    ),
    Column("connector_id", Text, nullable=False, server_default=""),
    Column("sequence", Integer),
    Column("payload", Document, nullable=False),
    Column("body", LargeBinary, comment="a foreign callback as it came, encrypted"),
    Column("state", Text, nullable=False),
    Column("due_at", Moment, nullable=False, comment="taking a row moves this into the future: its lease"),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("fence", Integer, nullable=False, server_default="0"),
    Column("created_at", Moment, nullable=False, index=True),
    Column("sent_at", Moment),
    Column("last_error", Text, nullable=False, server_default=""),
)
Index(
    "ix_webhooks_due",
    webhooks.c.address,
    webhooks.c.due_at,
    sqlite_where=webhooks.c.state == "due",
    postgresql_where=webhooks.c.state == "due",
)
Index(
    "ix_webhooks_dead",
    webhooks.c.address,
    sqlite_where=webhooks.c.state == "dead",
    postgresql_where=webhooks.c.state == "dead",
)
Index(
    "ix_webhooks_waiting",
    webhooks.c.connector_id,
    webhooks.c.id,
    sqlite_where=webhooks.c.state == "due",
    postgresql_where=webhooks.c.state == "due",
)

api_answers = Table(
    "api_answers",
    metadata,
    Column("key", Text, primary_key=True, comment="the Idempotency-Key of a seller's request"),
    Column(
        "fingerprint", Text, nullable=False, comment="of the request, so that a key is not used for another"
    ),
    Column("status", Integer, nullable=False),
    Column("body", Document, nullable=False),
    Column("created_at", Moment, nullable=False, index=True),
)

facts = Table(
    "facts",
    metadata,
    Column("key", Text, primary_key=True),
    Column("value", Text, nullable=False),
    Column("changed_at", Moment, nullable=False),
)
