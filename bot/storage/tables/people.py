"""Customers, those who pay, and what they pay for."""

from sqlalchemy import BigInteger, Boolean, Column, Date, ForeignKey, Index, Integer, Table, Text, text

from bot.storage.columns import Moment, RunningId
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
