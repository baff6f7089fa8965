"""Papers: invoices and documents, letters' addresses, monthly bills, bank statements."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
)

from bot.storage.columns import Document, Moment, RunningId
from bot.storage.tables.base import metadata

invoice_numbers = Table(
    "invoice_numbers",
    metadata,
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("last", Integer, nullable=False, comment="drawn in the unit that issues, so there are no gaps"),
)

invoices = Table(
    "invoices",
    metadata,
    Column("id", RunningId, primary_key=True),
    Column("number", Text, nullable=False, unique=True),
    Column("kind", Text, nullable=False, comment="offer, or regular: the bill of a month"),
    Column("state", Text, nullable=False),
    Column("customer_id", ForeignKey("customers.id"), nullable=False, index=True),
    Column("payer_id", ForeignKey("payers.id"), nullable=False, index=True),
    Column(
        "order_id", ForeignKey("orders.id"), nullable=False, unique=True, comment="what its money settles"
    ),
    Column("month", Text, nullable=False, server_default="", comment="of a regular invoice: 2026-11"),
    Column("currency", Text, nullable=False),
    Column("minor", BigInteger, nullable=False),
    Column("vat", Text, nullable=False, comment="the rate, or none"),
    Column("vat_minor", BigInteger, nullable=False),
    Column("issued_on", Date, nullable=False),
    Column("valid_until", Date),
    Column("seller", Document, nullable=False, comment="requisites as they were, frozen"),
    Column("buyer", Document, nullable=False, comment="requisites as they were, frozen"),
    Column("buyer_tax_number", Text, nullable=False, server_default=""),
    Column("lines", Document, nullable=False),
    Column("purpose", Text, nullable=False, comment="the purpose of payment to copy"),
    Column("language", Text, nullable=False),
    Column(
        "email", Text, nullable=False, server_default="", comment="the address that stood when it was formed"
    ),
    Column("delivery", Text, nullable=False, server_default="email"),
    Column("reference", Text, nullable=False, comment="random: never its running id leaves"),
    Column("created_at", Moment, nullable=False),
    Column("paid_at", Moment),
    CheckConstraint("minor > 0", name="amount"),
)
Index(
    "uq_invoices_one_a_month",
    invoices.c.payer_id,
    invoices.c.month,
    invoices.c.currency,
    unique=True,
    sqlite_where=invoices.c.kind == "regular",
    postgresql_where=invoices.c.kind == "regular",
)
_invoice_is_open = invoices.c.state.in_(["issued", "part_paid", "lapsed"])
Index(
    "ix_invoices_open",
    invoices.c.minor,
    invoices.c.buyer_tax_number,
    sqlite_where=_invoice_is_open,
    postgresql_where=_invoice_is_open,
)

documents = Table(
    "documents",
    metadata,
    Column("id", RunningId, primary_key=True),
    Column("fingerprint", Text, nullable=False, unique=True, comment="of the token of its link"),
    Column("reference", Text, nullable=False, comment="what its token is made from"),
    Column("kind", Text, nullable=False),
    Column("subject", Document, nullable=False, comment="what it is about"),
    Column("customer_id", ForeignKey("customers.id"), nullable=False, index=True),
    Column("language", Text, nullable=False),
    Column("state", Text, nullable=False, comment="ready, or forming while somebody works at it"),
    Column("body", LargeBinary, comment="the file, where it is not made when it is asked for"),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False, index=True),
)

email_codes = Table(
    "email_codes",
    metadata,
    Column("id", RunningId, primary_key=True),
    Column("customer_id", ForeignKey("customers.id"), nullable=False, index=True),
    Column(
        "purpose", Text, nullable=False, comment="address: of a payer's papers; connectors: to take them over"
    ),
    Column("payer_id", ForeignKey("payers.id")),
    Column("email", Text, nullable=False),
    Column("code_hash", Text, nullable=False),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("created_at", Moment, nullable=False, index=True),
    Column("expires_at", Moment, nullable=False),
    Column("used_at", Moment),
)

billing_runs = Table(
    "billing_runs",
    metadata,
    Column(
        "month", Text, primary_key=True, comment="2026-11; a charge that comes later is billed with the next"
    ),
    Column("state", Text, nullable=False, comment="counting, carrying, issuing or formed"),
    Column("last_connector", Text, nullable=False, server_default="", comment="how far it has counted"),
    Column("counted", Integer, nullable=False, server_default="0", comment="connectors"),
    Column("carried", Integer, nullable=False, server_default="0", comment="charges, to the next month"),
    Column("last_payer", BigInteger, nullable=False, server_default="0", comment="how far it has issued"),
    Column("formed", Integer, nullable=False, server_default="0"),
    Column("total", Integer, nullable=False, server_default="0"),
    Column("started_at", Moment, nullable=False),
    Column("ended_at", Moment),
)

billed = Table(
    "billed",
    metadata,
    Column("month", Text, primary_key=True),
    Column("connector_id", ForeignKey("connectors.id"), primary_key=True),
    Column("currency", Text, primary_key=True, comment="so a month of a connector is billed once"),
    Column("payer_id", ForeignKey("payers.id"), nullable=False, comment="whose it was when it was counted"),
    Column("records", Integer, nullable=False, comment="how many charges it is the sum of"),
    Column("seconds", BigInteger, nullable=False),
    Column("minor", BigInteger, nullable=False),
    Index("ix_billed_month", "month", "payer_id", "currency"),
    Index("ix_billed_payer", "payer_id", "month"),
)

instalments = Table(
    "instalments",
    metadata,
    Column("id", Text, primary_key=True, comment="the seller's own id"),
    Column("connector_id", ForeignKey("connectors.id"), nullable=False, index=True),
    Column("title", Text, nullable=False),
    Column("currency", Text, nullable=False),
    Column("total_minor", BigInteger, nullable=False),
    Column("paid_minor", BigInteger, nullable=False),
    Column("next_on", Date),
    Column("next_minor", BigInteger),
    Column("changed_at", Moment, nullable=False),
)

statements = Table(
    "statements",
    metadata,
    Column("id", RunningId, primary_key=True),
    Column("digest", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("format", Text, nullable=False),
    Column("state", Text, nullable=False, comment="loading, or loaded: only then its lines are used"),
    Column("since", Date),
    Column("until", Date),
    Column("incoming", Integer, nullable=False, comment="how many lines brought money"),
    Column("sums", Document, nullable=False, comment="[currency, minor units] the bank says came in"),
    Column(
        "brought_by",
        BigInteger,
        nullable=False,
        comment="Telegram id of the operator; 0 from the command line",
    ),
    Column("created_at", Moment, nullable=False),
)

statement_lines = Table(
    "statement_lines",
    metadata,
    Column("id", RunningId, primary_key=True),
    Column("key", Text, nullable=False, unique=True, comment="its identity, in whatever file it stands"),
    Column("account", Text, nullable=False),
    Column("booked_on", Date, nullable=False),
    Column("number", Text, nullable=False, server_default=""),
    Column("currency", Text, nullable=False),
    Column("minor", BigInteger, nullable=False),
    Column("payer_name", Text, nullable=False, server_default=""),
    Column("payer_tax_number", Text, nullable=False, server_default=""),
    Column("payer_account", Text, nullable=False, server_default=""),
    Column("purpose", Text, nullable=False, server_default=""),
    Column("state", Text, nullable=False),
    Column("invoice_id", ForeignKey("invoices.id"), index=True, comment="which it pays, or is proposed for"),
    Column("event_id", ForeignKey("events.id"), index=True),
    Column("provider", Text, nullable=False, server_default="", comment="the acquirer whose lump sum it is"),
    Column("why", Text, nullable=False, server_default="", comment="why it was not sure"),
    Column("decided_by", BigInteger, comment="an operator; null where it was sure"),
    Column("decided_at", Moment),
    Column("created_at", Moment, nullable=False),
    CheckConstraint("minor > 0", name="amount"),
)
Index(
    "ix_statement_lines_undecided",
    statement_lines.c.state,
    statement_lines.c.id,
    sqlite_where=statement_lines.c.state.in_(["new", "waiting"]),
    postgresql_where=statement_lines.c.state.in_(["new", "waiting"]),
)

Index(
    "ix_statement_lines_alike",
    statement_lines.c.account,
    statement_lines.c.booked_on,
    statement_lines.c.minor,
)

statement_rows = Table(
    "statement_rows",
    metadata,
    Column("statement_id", ForeignKey("statements.id"), primary_key=True),
    Column("line_id", ForeignKey("statement_lines.id"), primary_key=True, index=True),
)

promises = Table(
    "promises",
    metadata,
    Column("id", RunningId, primary_key=True),
    Column("invoice_id", ForeignKey("invoices.id"), nullable=False, index=True),
    Column("currency", Text, nullable=False),
    Column("minor", BigInteger, nullable=False),
    Column("state", Text, nullable=False),
    Column("who", BigInteger, nullable=False),
    Column("seconded_by", BigInteger),
    Column("event_id", ForeignKey("events.id"), index=True),
    Column("line_id", ForeignKey("statement_lines.id"), unique=True, comment="the line that confirmed it"),
    Column("created_at", Moment, nullable=False),
    CheckConstraint("minor > 0", name="amount"),
)

fiscal_receipts = Table(
    "fiscal_receipts",
    metadata,
    Column("payment_id", ForeignKey("payments.id"), primary_key=True),
    Column("kind", Text, primary_key=True, comment="payment, or refund"),
    Column("state", Text, nullable=False),
    Column("number", Text, nullable=False, server_default=""),
    Column("url", Text, nullable=False, server_default=""),
    Column("asked", Integer, nullable=False, server_default="0"),
    Column("next_ask_at", Moment),
    Column("changed_at", Moment, nullable=False),
)
Index(
    "ix_fiscal_receipts_to_ask",
    fiscal_receipts.c.next_ask_at,
    sqlite_where=fiscal_receipts.c.next_ask_at.is_not(None),
    postgresql_where=fiscal_receipts.c.next_ask_at.is_not(None),
)

erasures = Table(
    "erasures",
    metadata,
    Column("id", RunningId, primary_key=True),
    Column("customer_id", ForeignKey("customers.id"), nullable=False, index=True),
    Column("asked_at", Moment, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("done_at", Moment),
    Column("deleted", Document, comment="what was destroyed, by kind and count"),
    Column("kept", Document, comment="what the law keeps, and until when"),
)
