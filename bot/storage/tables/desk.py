"""Orders by a form, and the operators' desk: reviews, refunds, talk, search, days that are closed."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    text,
)

from bot.storage.columns import Document, Moment, RunningId, Sorted
from bot.storage.tables.base import metadata

order_forms = Table(
    "order_forms",
    metadata,
    Column("id", RunningId, primary_key=True),
    Column("customer_id", ForeignKey("customers.id"), nullable=False, index=True),
    Column("payer_id", ForeignKey("payers.id"), comment="who is to pay; null: the customer himself"),
    Column("tariff", Text, nullable=False),
    Column("months", Integer, nullable=False, comment="the period that was chosen"),
    Column("state", Text, nullable=False, comment="filling, review, approved, rejected or withdrawn"),
    Column("order_id", ForeignKey("orders.id"), index=True, comment="what is to be paid, once it is sent in"),
    Column("review_until", Moment, comment="by when an answer is promised; null while nobody waits for us"),
    Column("overdue_told", Boolean, nullable=False, server_default=text("false")),
    Column("question", Text, nullable=False, server_default="", comment="what the reviewer wants to know"),
    Column("reason", Text, nullable=False, server_default="", comment="why it was rejected"),
    Column("decided_by", BigInteger),
    Column("decided_at", Moment),
    Column("sent_in_at", Moment),
    Column("reminded_at", Moment, comment="when he was told that it waits to be finished"),
    Column("created_at", Moment, nullable=False),
    Column("changed_at", Moment, nullable=False),
)
_is_filled_in = order_forms.c.state == "filling"
Index(
    "uq_order_forms_one_filling",
    order_forms.c.customer_id,
    order_forms.c.tariff,
    unique=True,
    sqlite_where=_is_filled_in,
    postgresql_where=_is_filled_in,
)
Index(
    "ix_order_forms_review",
    order_forms.c.review_until,
    sqlite_where=order_forms.c.review_until.is_not(None),
    postgresql_where=order_forms.c.review_until.is_not(None),
)

form_answers = Table(
    "form_answers",
    metadata,
    Column("form_id", ForeignKey("order_forms.id"), primary_key=True),
    Column("name", Text, primary_key=True, comment="the question's, in the catalogue; reply-N for a talk"),
    Column("ordinal", Integer, primary_key=True, autoincrement=False, comment="of several files"),
    Column("value", Text, nullable=False, server_default="", comment="in words, or a file's caption"),
    Column("file_id", Text, nullable=False, server_default=""),
    Column("file_kind", Text, nullable=False, server_default="", comment="photo or document"),
    Column("file_name", Text, nullable=False, server_default=""),
    Column("size", BigInteger, nullable=False, server_default="0"),
    Column("answered_at", Moment, nullable=False),
)

order_work = Table(
    "order_work",
    metadata,
    Column("order_id", ForeignKey("orders.id"), primary_key=True, autoincrement=False),
    Column(
        "stage", Text, nullable=False, comment="where it stands, by the catalogue's name; empty: not begun"
    ),
    Column("due_on", Date, comment="until when the present stage is promised"),
    Column("begun_at", Moment, nullable=False, comment="when the order was paid"),
    Column("done_at", Moment),
    Column("overdue_told", Boolean, nullable=False, server_default=text("false")),
)
_is_in_work = order_work.c.done_at.is_(None)
Index("ix_order_work_due", order_work.c.due_on, sqlite_where=_is_in_work, postgresql_where=_is_in_work)

order_steps = Table(
    "order_steps",
    metadata,
    Column("id", RunningId, primary_key=True),
    Column("order_id", ForeignKey("orders.id"), nullable=False, index=True),
    Column("stage", Text, nullable=False),
    Column("due_on", Date),
    Column("words", Text, nullable=False, server_default="", comment="what the customer reads with it"),
    Column("url", Text, nullable=False, server_default=""),
    Column("file_id", Text, nullable=False, server_default=""),
    Column("file_kind", Text, nullable=False, server_default=""),
    Column("who", BigInteger, nullable=False),
    Column("at", Moment, nullable=False),
)

refund_requests = Table(
    "refund_requests",
    metadata,
    Column("id", RunningId, primary_key=True),
    Column("payment_id", ForeignKey("payments.id"), nullable=False, index=True),
    Column("order_id", ForeignKey("orders.id"), index=True, comment="whose money it is; null: the balance's"),
    Column("customer_id", ForeignKey("customers.id"), nullable=False, index=True),
    Column(
        "state",
        Text,
        nullable=False,
        comment="asked, proposed, sending, by_hand, done, declined, withdrawn or failed",
    ),
    Column("currency", Text, nullable=False),
    Column("minor", BigInteger, nullable=False),
    Column("reason", Text, nullable=False, server_default=""),
    Column("service", Text, nullable=False, server_default="", comment="keep, shorten or stop"),
    Column("destination", Text, nullable=False, server_default="", comment="source, balance or by_hand"),
    Column("account", Text, nullable=False, server_default="", comment="where a bank transfer goes back to"),
    Column("asked_by", BigInteger, nullable=False, comment="the customer, or the operator who began it"),
    Column("proposed_by", BigInteger),
    Column("confirmed_by", BigInteger),
    Column("attempt_id", ForeignKey("attempts.id")),
    Column("outcome", Text, nullable=False, server_default=""),
    Column("created_at", Moment, nullable=False),
    Column("changed_at", Moment, nullable=False),
    Column("ended_at", Moment),
    CheckConstraint("minor > 0", name="amount"),
)
_refund_is_open = refund_requests.c.ended_at.is_(None)
Index(
    "uq_refund_requests_one_open",
    refund_requests.c.payment_id,
    unique=True,
    sqlite_where=_refund_is_open,
    postgresql_where=_refund_is_open,
)
Index("uq_refund_requests_attempt", refund_requests.c.attempt_id, unique=True)

refund_changes = Table(
    "refund_changes",
    metadata,
    Column("request_id", ForeignKey("refund_requests.id"), primary_key=True, autoincrement=False),
    Column("connector_id", ForeignKey("connectors.id"), primary_key=True, index=True),
    Column("days", Integer, nullable=False, comment="by which its date moves back once the money arrived"),
)

talk_messages = Table(
    "talk_messages",
    metadata,
    Column("id", RunningId, primary_key=True),
    Column("card_id", ForeignKey("operator_cards.id"), nullable=False, index=True),
    Column("customer_id", ForeignKey("customers.id"), nullable=False, index=True),
    Column("who", BigInteger, nullable=False, comment="the operator; 0: the customer wrote it"),
    Column("words", Text, nullable=False, server_default=""),
    Column("file_id", Text, nullable=False, server_default=""),
    Column("file_kind", Text, nullable=False, server_default=""),
    Column("outbox_id", BigInteger, comment="the notice that carries it"),
    Column("customer_message", BigInteger, comment="its number in the customer's chat"),
    Column("group_message", BigInteger, comment="its number in the operators' group"),
    Column("at", Moment, nullable=False),
)
Index(
    "uq_talk_messages_customer",
    talk_messages.c.customer_id,
    talk_messages.c.customer_message,
    unique=True,
    sqlite_where=talk_messages.c.customer_message.is_not(None),
    postgresql_where=talk_messages.c.customer_message.is_not(None),
)
Index(
    "uq_talk_messages_group",
    talk_messages.c.group_message,
    talk_messages.c.card_id,
    unique=True,
    sqlite_where=talk_messages.c.group_message.is_not(None),
    postgresql_where=talk_messages.c.group_message.is_not(None),
)
Index("ix_talk_messages_outbox", talk_messages.c.outbox_id)

customer_notes = Table(
    "customer_notes",
    metadata,
    Column("id", RunningId, primary_key=True),
    Column("customer_id", ForeignKey("customers.id"), nullable=False, index=True),
    Column("who", BigInteger, nullable=False),
    Column("words", Text, nullable=False),
    Column("at", Moment, nullable=False),
)

customer_links = Table(
    "customer_links",
    metadata,
    Column("id", RunningId, primary_key=True),
    Column("customer_id", ForeignKey("customers.id"), nullable=False, index=True),
    Column("reference", Text, nullable=False, comment="what its token is made from"),
    Column("fingerprint", Text, nullable=False, unique=True),
    Column("made_by", BigInteger, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("used_at", Moment),
    Column("used_by", BigInteger, comment="the Telegram id that took over what is the customer's"),
)

search_words = Table(
    "search_words",
    metadata,
    Column("word", Sorted, primary_key=True, comment="folded: small letters, no signs"),
    Column("kind", Text, primary_key=True, comment="customer, payer or connector"),
    Column("subject", Text, primary_key=True, comment="its id"),
    sqlite_with_rowid=False,
)
Index("ix_search_words_subject", search_words.c.kind, search_words.c.subject, search_words.c.word)

report_days = Table(
    "report_days",
    metadata,
    Column("day", Date, primary_key=True, comment="by the seller's clock"),
    Column("what", Text, primary_key=True, comment="paid, refunded, taken_back or declined"),
    Column("currency", Text, primary_key=True),
    Column("method", Text, primary_key=True),
    Column("tariff", Text, primary_key=True, comment="empty: no order, or several tariffs"),
    Column("movements", Integer, nullable=False),
    Column("minor", BigInteger, nullable=False),
)

day_closings = Table(
    "day_closings",
    metadata,
    Column("day", Date, primary_key=True, comment="by the seller's clock"),
    Column("provider", Text, primary_key=True),
    Column("state", Text, nullable=False, comment="equal, differs, closed or unknown"),
    Column("why", Text, nullable=False, server_default="", comment="it is unknown, or differs as a whole"),
    Column("ours", Document, nullable=False, comment="[currency, minor units] each, less refunds"),
    Column("theirs", Document, nullable=False),
    Column("movements", Integer, nullable=False),
    Column("checked_at", Moment, nullable=False),
    Column("closed_by", BigInteger),
    Column("closed_at", Moment),
)

day_differences = Table(
    "day_differences",
    metadata,
    Column("id", RunningId, primary_key=True),
    Column("day", Date, nullable=False),
    Column("provider", Text, nullable=False),
    Column("kind", Text, nullable=False, comment="paid or refunded"),
    Column("movement", Text, nullable=False),
    Column("says", Text, nullable=False, comment="missing_here, missing_there or other_sum"),
    Column("currency", Text, nullable=False),
    Column("ours_minor", BigInteger),
    Column("theirs_minor", BigInteger),
    Column("event_id", ForeignKey("events.id")),
    Column("found_at", Moment, nullable=False),
    Column("settled_at", Moment),
    Column("settled_by", BigInteger),
    Column("how", Text, nullable=False, server_default=""),
    Index("uq_day_differences", "day", "provider", "kind", "movement", unique=True),
)
