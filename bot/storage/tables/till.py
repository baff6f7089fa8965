"""Money: orders, payments, what providers told of them, and the ledger."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from bot.storage.columns import Document, Moment, RunningId
from bot.storage.tables.base import metadata

orders = Table(
    "orders",
    metadata,
    Column("id", RunningId, primary_key=True),
    Column("reference", Text, nullable=False, unique=True),
    Column("customer_id", ForeignKey("customers.id"), nullable=False, index=True),
    Column("payer_id", ForeignKey("payers.id"), nullable=False, index=True),
    Column("state", Text, nullable=False),
    Column(
        "prices",
        Document,
        nullable=False,
        comment="[currency, minor units], frozen",
    ),
    Column("full_prices", Document, comment="before the promo code's discount"),
    Column("promo_code", Text, nullable=False, server_default=""),
    Column(
        "invoice",
        Text,
        nullable=False,
        server_default="",
        comment="the number of the invoice that asks for it",
    ),
    Column("use_balance", Boolean, nullable=False, server_default=text("false")),
    Column("terms_version", Text, nullable=False, server_default=""),
    Column("settled_currency", Text),
    Column("settled_minor", BigInteger),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("settled_at", Moment),
    Column("link_fingerprint", Text, comment="of its own pay link; null until one was given out"),
)
Index(
    "uq_orders_link",
    orders.c.link_fingerprint,
    unique=True,
    sqlite_where=orders.c.link_fingerprint.is_not(None),
    postgresql_where=orders.c.link_fingerprint.is_not(None),
)
Index(
    "ix_orders_to_expire",
    orders.c.expires_at,
    sqlite_where=orders.c.state.in_(["draft", "awaiting"]),
    postgresql_where=orders.c.state.in_(["draft", "awaiting"]),
)

order_lines = Table(
    "order_lines",
    metadata,
    Column("order_id", ForeignKey("orders.id"), primary_key=True),
    Column("connector_id", ForeignKey("connectors.id"), primary_key=True, index=True),
    Column("title", Text, nullable=False),
    Column("tariff", Text, nullable=False),
    Column("months", Integer, nullable=False),
    Column(
        "prices",
        Document,
        nullable=False,
        comment="[currency, minor units], frozen",
    ),
    Column("holds", Boolean, nullable=False, comment="the order is open and this connector's only one"),
    Column(
        "masked",
        Boolean,
        nullable=False,
        server_default=text("false"),
        comment="bought by a link: the payer sees no more of the connector than the masked title",
    ),
    CheckConstraint("months > 0", name="months"),
)
Index(
    "uq_order_lines_one_open_order",
    order_lines.c.connector_id,
    unique=True,
    sqlite_where=text("holds"),
    postgresql_where=text("holds"),
)

extensions = Table(
    "extensions",
    metadata,
    Column("id", RunningId, primary_key=True),
    Column("connector_id", ForeignKey("connectors.id"), nullable=False, index=True),
    Column("from_date", Date),
    Column("to_date", Date),
    Column("cause", Text, nullable=False),
    Column("order_id", ForeignKey("orders.id")),
    Column("note", Text, nullable=False, server_default=""),
    Column("created_at", Moment, nullable=False),
    UniqueConstraint("order_id", "connector_id"),
)

payments = Table(
    "payments",
    metadata,
    Column("id", RunningId, primary_key=True),
    Column("reference", Text, nullable=False, unique=True),
    Column("customer_id", ForeignKey("customers.id"), nullable=False, index=True),
    Column("payer_id", ForeignKey("payers.id"), nullable=False, index=True),
    Column("order_id", ForeignKey("orders.id"), index=True),
    Column("purpose", Text, nullable=False),
    Column("method", Text, nullable=False),
    Column("provider", Text, nullable=False),
    Column("currency", Text, nullable=False),
    Column("minor", BigInteger, nullable=False),
    Column("state", Text, nullable=False),
    Column("url", Text, nullable=False, server_default=""),
    Column("form", Document, comment="what a page of ours posts there, or what Telegram's invoice says"),
    Column("provider_payment", Text, nullable=False, server_default=""),
    Column("refusal", Text, nullable=False, server_default=""),
    Column("receipt", Document, nullable=False),
    Column("link_reference", Text, nullable=False, comment="what the token of its link is made from"),
    Column("link_fingerprint", Text, nullable=False, index=True),
    Column("message_id", BigInteger, comment="the message in the chat that carries its link"),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment),
    Column("settled_at", Moment),
    Column("next_ask_at", Moment),
    Column("asked", Integer, nullable=False, server_default="0"),
    Column("saves_card", Boolean, nullable=False, server_default=text("false")),
    Column("remembers", Boolean, nullable=False, server_default=text("false"), comment="the card, for later"),
    Column("card_id", BigInteger, comment="the saved card that it is to be paid with"),
    Column("autopay_id", BigInteger, comment="the autopay that charges it"),
    CheckConstraint("minor > 0", name="amount"),
    Index("ix_payments_provider_payment", "provider", "provider_payment"),
)
_payment_arrived = payments.c.state == "succeeded"
Index(
    "ix_payments_arrived",
    payments.c.settled_at,
    payments.c.reference,
    sqlite_where=_payment_arrived,
    postgresql_where=_payment_arrived,
)
_was_refused = payments.c.state == "refused"
Index(
    "ix_payments_refused",
    payments.c.created_at,
    payments.c.state,
    payments.c.currency,
    payments.c.refusal,
    sqlite_where=_was_refused,
    postgresql_where=_was_refused,
)
_is_autopay = payments.c.autopay_id.is_not(None)
Index(
    "ix_payments_autopay",  # all that the operators' report asks, so that it reads no row
    payments.c.created_at,
    payments.c.currency,
    payments.c.state,
    payments.c.refusal,
    payments.c.minor,
    payments.c.autopay_id,
    sqlite_where=_is_autopay,
    postgresql_where=_is_autopay,
)
Index(
    "ix_payments_charged_card",
    payments.c.card_id,
    payments.c.id,
    sqlite_where=_is_autopay,
    postgresql_where=_is_autopay,
)
_payment_is_open = payments.c.state.in_(["created", "pending", "unknown"])
Index(
    "uq_payments_one_open",
    payments.c.order_id,
    payments.c.method,
    unique=True,
    sqlite_where=_payment_is_open,
    postgresql_where=_payment_is_open,
)
Index(
    "ix_payments_to_ask",
    payments.c.next_ask_at,
    sqlite_where=payments.c.next_ask_at.is_not(None),
    postgresql_where=payments.c.next_ask_at.is_not(None),
)

attempts = Table(
    "attempts",
    metadata,
    Column("id", RunningId, primary_key=True),
    Column("reference", Text, nullable=False, unique=True),
    Column("kind", Text, nullable=False),
    Column("payment_id", ForeignKey("payments.id"), nullable=False, index=True),
    Column("order_id", RunningId, comment="what a receipt speaks of"),
    Column("autopay_id", BigInteger, comment="whose charge it is"),
    Column("cycle", Text, nullable=False, server_default="", comment="what the charge pays for"),
    Column("number", Integer, nullable=False, server_default="0", comment="which of this cycle's calls"),
    Column("currency", Text, nullable=False),
    Column("minor", BigInteger, nullable=False),
    Column("state", Text, nullable=False),
    Column("outcome", Text, nullable=False, server_default=""),
    Column("movement", Text, nullable=False, server_default=""),
    Column("reason", Text, nullable=False, server_default=""),
    Column("created_at", Moment, nullable=False),
    Column("sent_at", Moment),
    Column("known_at", Moment),
    Column("next_ask_at", Moment),
    Column("asked", Integer, nullable=False, server_default="0"),
    CheckConstraint("minor > 0", name="amount"),
)
Index(
    "ix_attempts_to_ask",
    attempts.c.next_ask_at,
    sqlite_where=attempts.c.next_ask_at.is_not(None),
    postgresql_where=attempts.c.next_ask_at.is_not(None),
)

_is_charge = attempts.c.autopay_id.is_not(None)
Index(
    "uq_attempts_charge",
    attempts.c.autopay_id,
    attempts.c.cycle,
    attempts.c.number,
    unique=True,
    sqlite_where=_is_charge,
    postgresql_where=_is_charge,
)

_is_charge_sent = (attempts.c.kind == "charge") & (attempts.c.state == "sent")
Index(
    "ix_attempts_charges_sent",
    attempts.c.sent_at,
    sqlite_where=_is_charge_sent,
    postgresql_where=_is_charge_sent,
)

events = Table(
    "events",
    metadata,
    Column("id", RunningId, primary_key=True),
    Column("provider", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("movement", Text, nullable=False),
    Column("reference", Text, nullable=False),
    Column("account", Text, nullable=False, server_default="", comment="the payment code it came by"),
    Column("provider_payment", Text, nullable=False),
    Column("currency", Text, nullable=False),
    Column("minor", BigInteger, nullable=False),
    Column("fate", Text, nullable=False),
    Column("payment_id", ForeignKey("payments.id"), index=True),
    Column("receipt", Document, nullable=False),
    Column("raw", LargeBinary, comment="the callback as it came, encrypted, purged after its time"),
    Column("happened_at", Moment),
    Column("seen_at", Moment, nullable=False, index=True),
    UniqueConstraint("provider", "kind", "movement"),
)
# Not of the reference alone: what came by a payment code, or was for others, bears none.
Index("ix_events_reference_provider_payment", events.c.reference, events.c.provider_payment)

accounts = Table(
    "accounts",
    metadata,
    Column("id", RunningId, primary_key=True),
    Column("name", Text, nullable=False),
    Column("currency", Text, nullable=False),
    Column("payer_id", ForeignKey("payers.id"), index=True),
    Column("balance", BigInteger, comment="cached for payers' accounts alone"),
    UniqueConstraint("name", "currency"),
    CheckConstraint("(payer_id is null) = (balance is null)", name="only_payers_cache"),
)
_owes = accounts.c.balance < 0
Index(
    "ix_accounts_owing",
    accounts.c.currency,
    accounts.c.balance,
    sqlite_where=_owes,
    postgresql_where=_owes,
)

transfers = Table(
    "transfers",
    metadata,
    Column("id", RunningId, primary_key=True),
    Column("from_account", ForeignKey("accounts.id"), nullable=False, index=True),
    Column("to_account", ForeignKey("accounts.id"), nullable=False, index=True),
    Column("minor", BigInteger, nullable=False),
    Column("reason", Text, nullable=False),
    Column("event_id", ForeignKey("events.id"), index=True),
    Column("payment_id", ForeignKey("payments.id"), index=True),
    Column("order_id", ForeignKey("orders.id"), index=True),
    Column("attempt_id", ForeignKey("attempts.id"), index=True),
    Column("created_at", Moment, nullable=False),
    CheckConstraint("minor > 0", name="amount"),
    CheckConstraint("from_account <> to_account", name="two_accounts"),
)
Index("ix_transfers_created_at", transfers.c.created_at)
Index(
    "uq_transfers_order_settled_once",
    transfers.c.order_id,
    unique=True,
    sqlite_where=transfers.c.reason == "settled",
    postgresql_where=transfers.c.reason == "settled",
)

promo_uses = Table(
    "promo_uses",
    metadata,
    Column("id", RunningId, primary_key=True),
    Column("code", Text, nullable=False),
    Column("customer_id", ForeignKey("customers.id"), nullable=False),
    Column("order_id", ForeignKey("orders.id"), index=True, comment="which holds or used it"),
    Column("state", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("changed_at", Moment, nullable=False),
    UniqueConstraint("code", "customer_id"),
)
Index(
    "ix_promo_uses_customer",
    promo_uses.c.customer_id,
    promo_uses.c.state,
)

promo_counts = Table(
    "promo_counts",
    metadata,
    Column("code", Text, primary_key=True),
    Column("taken", Integer, nullable=False, comment="held or used"),
)
