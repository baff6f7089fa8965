"""What the seller brings in files: connectors, and charges of metered ones."""

from sqlalchemy import BigInteger, Boolean, Column, Date, ForeignKey, Index, Integer, Table, Text

from bot.storage.columns import Moment, RunningId
from bot.storage.tables.base import metadata

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
