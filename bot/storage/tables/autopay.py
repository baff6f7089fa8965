"""Remembered cards and autopays: what may be charged, what was agreed to, and what waits unpaid."""

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

from bot.storage.columns import Moment, RunningId
from bot.storage.tables.base import metadata

saved_cards = Table(
    "saved_cards",
    metadata,
    Column("id", RunningId, primary_key=True),
    Column("customer_id", ForeignKey("customers.id"), nullable=False, index=True),
    Column("provider", Text, nullable=False),
    Column("method", Text, nullable=False, comment="the button it was saved with"),
    Column("token", Text, nullable=False, comment="what the provider charges it by; emptied when unlinked"),
    Column(
        "page_token",
        Text,
        nullable=False,
        server_default="",
        comment="what opens a page with the card on it",
    ),
    Column("masked", Text, nullable=False, server_default="", comment="•••• 7173"),
    Column("expires_on", Date, comment="its last good day"),
    Column(
        "remembered",
        Boolean,
        nullable=False,
        comment="offered first when he pays; else it serves autopays alone",
    ),
    Column("payment_id", ForeignKey("payments.id"), comment="the payment that it was saved with"),
    Column("created_at", Moment, nullable=False),
    Column("unlinked_at", Moment),
    Column("unlinked_because", Text, nullable=False, server_default=""),
    Column("unlink_at_provider", Moment, comment="when to tell the provider that it is unlinked"),
    Column("describe_at", Moment, comment="when to ask the provider how it looks; null once that is known"),
    Column("expiry_told", Boolean, nullable=False, server_default=text("false")),
)
Index(
    "uq_saved_cards_token",
    saved_cards.c.provider,
    saved_cards.c.token,
    unique=True,
    sqlite_where=text("token <> ''"),
    postgresql_where=text("token <> ''"),
)
Index(
    "ix_saved_cards_to_unlink",
    saved_cards.c.unlink_at_provider,
    sqlite_where=saved_cards.c.unlink_at_provider.is_not(None),
    postgresql_where=saved_cards.c.unlink_at_provider.is_not(None),
)
Index(
    "ix_saved_cards_to_describe",
    saved_cards.c.describe_at,
    sqlite_where=saved_cards.c.describe_at.is_not(None),
    postgresql_where=saved_cards.c.describe_at.is_not(None),
)
_is_linked = saved_cards.c.unlinked_at.is_(None)
Index(
    "ix_saved_cards_expiry",
    saved_cards.c.expires_on,
    sqlite_where=_is_linked,
    postgresql_where=_is_linked,
)

autopays = Table(
    "autopays",
    metadata,
    Column("id", RunningId, primary_key=True),
    Column("reference", Text, nullable=False, unique=True),
    Column("customer_id", ForeignKey("customers.id"), nullable=False, index=True),
    Column("payer_id", ForeignKey("payers.id"), nullable=False, index=True),
    Column("connector_id", ForeignKey("connectors.id"), comment="null: it tops up the payer's balance"),
    Column("currency", Text, nullable=False),
    Column("minor", BigInteger, nullable=False, comment="the most that one charge may take, as agreed to"),
    Column("months", Integer, nullable=False, server_default="0", comment="the interval of a connector"),
    Column("days", Integer, nullable=False, server_default="0", comment="the interval of a top-up"),
    Column("lead_days", Integer, nullable=False, server_default="1", comment="before paid-until"),
    Column("card_id", ForeignKey("saved_cards.id"), index=True, comment="null: the balance alone pays"),
    Column("balance_first", Boolean, nullable=False, server_default=text("false")),
    Column("state", Text, nullable=False),
    Column("reason", Text, nullable=False, server_default="", comment="why it is paused or ended"),
    Column("cycle", Text, nullable=False, server_default="", comment="what the next charge pays for"),
    Column("charge_on", Date, comment="the day of the next charge, in the customer's zone"),
    Column("step", Text, nullable=False, server_default="", comment="what is to do at due_at"),
    Column("due_at", Moment, comment="null while a charge is under way, and where nothing is to do"),
    Column("tries", Integer, nullable=False, server_default="0", comment="charges declined in this cycle"),
    Column(
        "unsent", Integer, nullable=False, server_default="0", comment="calls of this try that never arrived"
    ),
    Column("announced", BigInteger, comment="the outbox row that announced this cycle's charge"),
    Column("announced_minor", BigInteger, comment="the sum that it named"),
    Column("begun_by", ForeignKey("payments.id"), index=True, comment="the payment that is to save its card"),
    Column("created_at", Moment, nullable=False),
    Column("changed_at", Moment, nullable=False),
    Column("ended_at", Moment),
    CheckConstraint("minor > 0", name="amount"),
    CheckConstraint("(months > 0) <> (days > 0)", name="one_interval"),
)
_stands = autopays.c.state.in_(["active", "retrying", "paused"])
Index(
    "uq_autopays_connector",
    autopays.c.connector_id,
    unique=True,
    sqlite_where=_stands & autopays.c.connector_id.is_not(None),
    postgresql_where=_stands & autopays.c.connector_id.is_not(None),
)
Index(
    "uq_autopays_account",
    autopays.c.payer_id,
    autopays.c.currency,
    unique=True,
    sqlite_where=_stands & autopays.c.connector_id.is_(None),
    postgresql_where=_stands & autopays.c.connector_id.is_(None),
)
Index(
    "ix_autopays_due",
    autopays.c.step,
    autopays.c.due_at,
    autopays.c.id,
    sqlite_where=autopays.c.due_at.is_not(None),
    postgresql_where=autopays.c.due_at.is_not(None),
)
Index(
    "ix_autopays_failing",
    autopays.c.connector_id,
    sqlite_where=autopays.c.state.in_(["retrying", "paused"]),
    postgresql_where=autopays.c.state.in_(["retrying", "paused"]),
)
Index(
    "ix_autopays_charge_on",
    autopays.c.state,
    autopays.c.charge_on,
    autopays.c.currency,
    autopays.c.days,
    autopays.c.minor,
    sqlite_where=_stands,
    postgresql_where=_stands,
)

autopay_consents = Table(
    "autopay_consents",
    metadata,
    Column("id", RunningId, primary_key=True),
    Column("autopay_id", ForeignKey("autopays.id"), nullable=False, index=True),
    Column("customer_id", ForeignKey("customers.id"), nullable=False, index=True),
    Column("text", Text, nullable=False, comment="the very words that he agreed to"),
    Column("version", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("currency", Text, nullable=False),
    Column("minor", BigInteger, nullable=False),
    Column("months", Integer, nullable=False),
    Column("days", Integer, nullable=False),
    Column("first_on", Date, nullable=False),
    Column("card", Text, nullable=False, comment="masked"),
    Column("given_at", Moment, nullable=False),
    Column("update_id", BigInteger, comment="Telegram's number of the tap"),
    Column("ended_at", Moment),
    Column("ended_how", Text, nullable=False, server_default="", comment="replaced, or how he refused"),
    Column("end_update_id", BigInteger),
)

arrears = Table(
    "arrears",
    metadata,
    Column("id", RunningId, primary_key=True),
    Column("connector_id", ForeignKey("connectors.id"), nullable=False),
    Column("autopay_id", ForeignKey("autopays.id"), nullable=False, index=True),
    Column("customer_id", ForeignKey("customers.id"), nullable=False, index=True),
    Column("since", Date, nullable=False, comment="the first day that is not paid for"),
    Column("stage", Text, nullable=False, comment="noted, grace, limited or stopped"),
    Column("next_at", Moment, comment="when the next stage begins"),
    Column("created_at", Moment, nullable=False),
    Column("ended_at", Moment),
    Column("ended_how", Text, nullable=False, server_default=""),
)
_is_open = arrears.c.ended_at.is_(None)
Index(
    "uq_arrears_connector",
    arrears.c.connector_id,
    unique=True,
    sqlite_where=_is_open,
    postgresql_where=_is_open,
)
Index(
    "ix_arrears_next",
    arrears.c.next_at,
    sqlite_where=arrears.c.next_at.is_not(None),
    postgresql_where=arrears.c.next_at.is_not(None),
)

suspensions = Table(
    "suspensions",
    metadata,
    Column("id", RunningId, primary_key=True),
    Column("customer_id", ForeignKey("customers.id"), nullable=False, index=True),
    Column("payer_id", ForeignKey("payers.id"), nullable=False, index=True),
    Column("connector_id", ForeignKey("connectors.id"), comment="null: all that the payer pays for"),
    Column("part_of", ForeignKey("suspensions.id"), index=True, comment="the account's that it belongs to"),
    Column("state", Text, nullable=False, comment="planned, running, ended or cancelled"),
    Column("starts_on", Date, nullable=False),
    Column("ends_on", Date, nullable=False, comment="the first day that it works again"),
    Column("next_at", Moment, comment="when it starts, then when it ends"),
    Column("anchor_day", Integer, comment="the connector's before it started"),
    Column("created_at", Moment, nullable=False),
    Column("ended_at", Moment),
    Column("ended_how", Text, nullable=False, server_default=""),
)
_lasts = suspensions.c.state.in_(["planned", "running"])
Index(
    "uq_suspensions_connector",
    suspensions.c.connector_id,
    unique=True,
    sqlite_where=_lasts,
    postgresql_where=_lasts,
)
_is_account = suspensions.c.connector_id.is_(None)
Index(
    "uq_suspensions_account",
    suspensions.c.payer_id,
    unique=True,
    sqlite_where=_lasts & _is_account,
    postgresql_where=_lasts & _is_account,
)
Index(
    "ix_suspensions_next",
    suspensions.c.next_at,
    sqlite_where=suspensions.c.next_at.is_not(None),
    postgresql_where=suspensions.c.next_at.is_not(None),
)

notice_choices = Table(
    "notice_choices",
    metadata,
    Column("customer_id", ForeignKey("customers.id"), primary_key=True),
    Column("topic", Text, primary_key=True),
    Column("place", Text, nullable=False, comment="chat, email, both or off"),
    Column("changed_at", Moment, nullable=False),
)
