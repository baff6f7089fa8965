"""The till: customers, what they pay for, money, and what is told of it."""

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

customers = Table(
    "customers",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False, comment="Telegram id"),
    Column("name", Text, nullable=False, server_default=""),
    Column("language", Text, nullable=False),
    Column("email", Text, nullable=False, server_default=""),
    Column("phone", Text, nullable=False, server_default=""),
    Column("reachable", Boolean, nullable=False, server_default=text("true")),
    Column("consented_at", Moment),
    Column("terms_version", Text, nullable=False, server_default=""),
    Column("created_at", Moment, nullable=False),
    Column("forgotten_at", Moment, comment="when his personal data were destroyed"),
    Column("zone", Text, nullable=False, server_default="", comment="Asia/Bishkek; empty: the seller's"),
    Column("username", Text, nullable=False, server_default="", comment="Telegram's, without the @"),
    Column("blocked_at", Moment, comment="when operators stopped taking orders and payments of his"),
    Column("blocked_because", Text, nullable=False, server_default=""),
)

payers = Table(
    "payers",
    metadata,
    Column("id", RunningId, primary_key=True),
    Column("customer_id", ForeignKey("customers.id"), nullable=False, index=True),
    Column("kind", Text, nullable=False, server_default="person"),
    Column("title", Text, nullable=False, server_default="", comment="an organisation's name"),
    Column("code", Text, comment="the payment code; it never changes"),
    Column(
        "country", Text, nullable=False, server_default="", comment="RU, BY, KG: whose rules its numbers obey"
    ),
    Column("tax_number", Text, nullable=False, server_default=""),
    Column("kpp", Text, nullable=False, server_default="", comment="of Russian organisations alone"),
    Column("address", Text, nullable=False, server_default=""),
    Column("email", Text, nullable=False, server_default="", comment="where its papers go"),
    Column("email_proved_at", Moment, comment="when a code that was sent there came back"),
    Column(
        "delivery",
        Text,
        nullable=False,
        server_default="email",
        comment="of regular invoices: email, chat, hand",
    ),
    Column("created_at", Moment, nullable=False),
    Column("joined_into", BigInteger, comment="the payer that has all of it since; its code leads there"),
)
Index("uq_payers_code", payers.c.code, unique=True)
Index("ix_payers_tax_number", payers.c.tax_number)
_is_person = (payers.c.kind == "person") & payers.c.joined_into.is_(None)
Index(
    "uq_payers_person",
    payers.c.customer_id,
    unique=True,
    sqlite_where=_is_person,
    postgresql_where=_is_person,
)
Index(
    "ix_payers_joined",
    payers.c.joined_into,
    sqlite_where=payers.c.joined_into.is_not(None),
    postgresql_where=payers.c.joined_into.is_not(None),
)

connectors = Table(
    "connectors",
    metadata,
    Column("id", Text, primary_key=True, comment="the seller's own id"),
    Column("kind", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("tariff", Text, nullable=False),
    Column("payer_id", ForeignKey("payers.id"), index=True),
    Column("paid_until", Date),
    Column("anchor_day", Integer),
    Column("bridged_from", Date, comment="its date before an operator bridged the wait for a transfer"),
    Column("bridged_since", Date, comment="the day he did so; null when nothing is bridged"),
    Column("phone", Text, nullable=False, server_default="", index=True),
    Column("email", Text, nullable=False, server_default="", index=True),
    Column(
        "sequence",
        Integer,
        nullable=False,
        server_default="0",
        comment="counts its changes: the seller's ETag, and what orders the webhooks about it",
    ),
    Column("created_at", Moment, nullable=False),
)
_has_payer = connectors.c.payer_id.is_not(None)
Index(
    "ix_connectors_paid_until",
    connectors.c.paid_until,
    connectors.c.id,
    sqlite_where=_has_payer,
    postgresql_where=_has_payer,
)

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

connector_links = Table(
    "connector_links",
    metadata,
    Column("id", RunningId, primary_key=True),
    Column("connector_id", ForeignKey("connectors.id"), nullable=False, index=True),
    Column("use", Text, nullable=False, comment="pay or attach"),
    Column("reference", Text, nullable=False, comment="what its token is made from"),
    Column("fingerprint", Text, nullable=False, unique=True),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment),
    Column("used_at", Moment),
    Column("used_by", BigInteger),
)

charges = Table(
    "charges",
    metadata,
    Column("id", RunningId, primary_key=True),
    Column("reference", Text, nullable=False, unique=True, comment="the seller's own id of the charge"),
    Column("connector_id", ForeignKey("connectors.id"), nullable=False),
    Column("started_at", Moment, nullable=False),
    Column("number", Text, nullable=False, server_default=""),
    Column("duration_s", Integer),
    Column("currency", Text, nullable=False),
    Column("minor", BigInteger, nullable=False),
    Column("description", Text, nullable=False, server_default=""),
    Column("created_at", Moment, nullable=False),
    Column(
        "month", Text, nullable=False, server_default="", comment="2026-11: whose regular invoice bills it"
    ),
)
Index("ix_charges_connector", charges.c.connector_id, charges.c.started_at)
Index("ix_charges_month", charges.c.month, charges.c.connector_id, charges.c.started_at, charges.c.id)

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

import_batches = Table(
    "import_batches",
    metadata,
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False, server_default="connectors", comment="or charges"),
    Column("set_dates", Boolean, nullable=False),
    Column("accepted", Boolean, nullable=False, comment="checked whole; what is left of it will be moved"),
    Column("created_at", Moment, nullable=False),
)

imported_connectors = Table(
    "imported_connectors",
    metadata,
    Column("batch", Text, primary_key=True),
    Column("line", Integer, primary_key=True, autoincrement=False),
    Column("id", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("tariff", Text, nullable=False),
    Column("paid_until", Date),
    Column("anchor_day", Integer),
    Column("telegram_id", BigInteger),
    Column("phone", Text, nullable=False),
    Column("email", Text, nullable=False),
    Index("ix_imported_connectors_id", "batch", "id"),
)

imported_charges = Table(
    "imported_charges",
    metadata,
    Column("batch", Text, primary_key=True),
    Column("line", Integer, primary_key=True, autoincrement=False),
    Column("reference", Text, nullable=False),
    Column("says", Text, nullable=False, comment="what it says, digested; empty where it has a reference"),
    Column("ordinal", Integer, nullable=False, comment="which of the rows that say the same"),
    Column("connector_id", Text, nullable=False),
    Column("started_at", Moment, nullable=False),
    Column("number", Text, nullable=False),
    Column("duration_s", Integer),
    Column("currency", Text, nullable=False),
    Column("minor", BigInteger, nullable=False),
    Column("description", Text, nullable=False),
    Column("month", Text, nullable=False),
    Index("ix_imported_charges_reference", "batch", "reference"),
    Index("ix_imported_charges_says", "batch", "says", "ordinal"),
)
