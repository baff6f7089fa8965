"""Keep papers and bank statements."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "billing_runs",
        sa.Column(
            "month",
            sa.Text(),
            nullable=False,
            comment="2026-11; a charge that comes later is billed with the next",
        ),
        sa.Column("state", sa.Text(), nullable=False, comment="counting, carrying, issuing or formed"),
        sa.Column(
            "last_connector", sa.Text(), server_default="", nullable=False, comment="how far it has counted"
        ),
        sa.Column("counted", sa.Integer(), server_default="0", nullable=False, comment="connectors"),
        sa.Column(
            "carried", sa.Integer(), server_default="0", nullable=False, comment="charges, to the next month"
        ),
        sa.Column(
            "last_payer", sa.BigInteger(), server_default="0", nullable=False, comment="how far it has issued"
        ),
        sa.Column("formed", sa.Integer(), server_default="0", nullable=False),
        sa.Column("total", sa.Integer(), server_default="0", nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("month", name=op.f("pk_billing_runs")),
    )
    op.create_table(
        "imported_charges",
        sa.Column("batch", sa.Text(), nullable=False),
        sa.Column("line", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column(
            "says",
            sa.Text(),
            nullable=False,
            comment="what it says, digested; empty where it has a reference",
        ),
        sa.Column("ordinal", sa.Integer(), nullable=False, comment="which of the rows that say the same"),
        sa.Column("connector_id", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("duration_s", sa.Integer(), nullable=True),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("minor", sa.BigInteger(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("month", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("batch", "line", name=op.f("pk_imported_charges")),
    )
    with op.batch_alter_table("imported_charges", schema=None) as batch_op:
        batch_op.create_index("ix_imported_charges_reference", ["batch", "reference"], unique=False)
        batch_op.create_index("ix_imported_charges_says", ["batch", "says", "ordinal"], unique=False)

    op.create_table(
        "invoice_numbers",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            "last",
            sa.Integer(),
            nullable=False,
            comment="drawn in the unit that issues, so there are no gaps",
        ),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_invoice_numbers")),
    )
    op.create_table(
        "statements",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("format", sa.Text(), nullable=False),
        sa.Column(
            "state", sa.Text(), nullable=False, comment="loading, or loaded: only then its lines are used"
        ),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("incoming", sa.Integer(), nullable=False, comment="how many lines brought money"),
        sa.Column(
            "sums",
            sa.JSON().with_variant(JSONB(), "postgresql"),
            nullable=False,
            comment="[currency, minor units] the bank says came in",
        ),
        sa.Column(
            "brought_by",
            sa.BigInteger(),
            nullable=False,
            comment="Telegram id of the operator; 0 from the command line",
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statements")),
        sa.UniqueConstraint("digest", name=op.f("uq_statements_digest")),
    )
    op.create_table(
        "documents",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False, comment="of the token of its link"),
        sa.Column("reference", sa.Text(), nullable=False, comment="what its token is made from"),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column(
            "subject",
            sa.JSON().with_variant(JSONB(), "postgresql"),
            nullable=False,
            comment="what it is about",
        ),
        sa.Column("customer_id", sa.BigInteger(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False, comment="ready, or forming while somebody works at it"),
        sa.Column(
            "body",
            sa.LargeBinary(),
            nullable=True,
            comment="the file, where it is not made when it is asked for",
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_documents_customer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_documents")),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_documents_fingerprint")),
    )
    with op.batch_alter_table("documents", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_documents_customer_id"), ["customer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_documents_expires_at"), ["expires_at"], unique=False)

    op.create_table(
        "erasures",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("customer_id", sa.BigInteger(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "deleted",
            sa.JSON().with_variant(JSONB(), "postgresql"),
            nullable=True,
            comment="what was destroyed, by kind and count",
        ),
        sa.Column(
            "kept",
            sa.JSON().with_variant(JSONB(), "postgresql"),
            nullable=True,
            comment="what the law keeps, and until when",
        ),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_erasures_customer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasures")),
    )
    with op.batch_alter_table("erasures", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_erasures_customer_id"), ["customer_id"], unique=False)

    op.create_table(
        "email_codes",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("customer_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "purpose",
            sa.Text(),
            nullable=False,
            comment="address: of a payer's papers; connectors: to take them over",
        ),
        sa.Column("payer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("code_hash", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_email_codes_customer_id")),
        sa.ForeignKeyConstraint(["payer_id"], ["payers.id"], name=op.f("fk_email_codes_payer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_email_codes")),
    )
    with op.batch_alter_table("email_codes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_email_codes_created_at"), ["created_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_email_codes_customer_id"), ["customer_id"], unique=False)

    op.create_table(
        "billed",
        sa.Column("month", sa.Text(), nullable=False),
        sa.Column("connector_id", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False, comment="so a month of a connector is billed once"),
        sa.Column(
            "payer_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="whose it was when it was counted",
        ),
        sa.Column("records", sa.Integer(), nullable=False, comment="how many charges it is the sum of"),
        sa.Column("seconds", sa.BigInteger(), nullable=False),
        sa.Column("minor", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["connector_id"], ["connectors.id"], name=op.f("fk_billed_connector_id")),
        sa.ForeignKeyConstraint(["payer_id"], ["payers.id"], name=op.f("fk_billed_payer_id")),
        sa.PrimaryKeyConstraint("month", "connector_id", "currency", name=op.f("pk_billed")),
    )
    with op.batch_alter_table("billed", schema=None) as batch_op:
        batch_op.create_index("ix_billed_month", ["month", "payer_id", "currency"], unique=False)
        batch_op.create_index("ix_billed_payer", ["payer_id", "month"], unique=False)

    op.create_table(
        "instalments",
        sa.Column("id", sa.Text(), nullable=False, comment="the seller's own id"),
        sa.Column("connector_id", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("total_minor", sa.BigInteger(), nullable=False),
        sa.Column("paid_minor", sa.BigInteger(), nullable=False),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.Column("next_minor", sa.BigInteger(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["connector_id"], ["connectors.id"], name=op.f("fk_instalments_connector_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instalments")),
    )
    with op.batch_alter_table("instalments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_instalments_connector_id"), ["connector_id"], unique=False)

    op.create_table(
        "invoices",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False, comment="offer, or regular: the bill of a month"),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.BigInteger(), nullable=False),
        sa.Column("payer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "order_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="what its money settles",
        ),
        sa.Column(
            "month", sa.Text(), server_default="", nullable=False, comment="of a regular invoice: 2026-11"
        ),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("minor", sa.BigInteger(), nullable=False),
        sa.Column("vat", sa.Text(), nullable=False, comment="the rate, or none"),
        sa.Column("vat_minor", sa.BigInteger(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column(
            "seller",
            sa.JSON().with_variant(JSONB(), "postgresql"),
            nullable=False,
            comment="requisites as they were, frozen",
        ),
        sa.Column(
            "buyer",
            sa.JSON().with_variant(JSONB(), "postgresql"),
            nullable=False,
            comment="requisites as they were, frozen",
        ),
        sa.Column("buyer_tax_number", sa.Text(), server_default="", nullable=False),
        sa.Column("lines", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False, comment="the purpose of payment to copy"),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column(
            "email",
            sa.Text(),
            server_default="",
            nullable=False,
            comment="the address that stood when it was formed",
        ),
        sa.Column("delivery", sa.Text(), server_default="email", nullable=False),
        sa.Column("reference", sa.Text(), nullable=False, comment="random: never its running id leaves"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("paid_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("minor > 0", name=op.f("ck_invoices_amount")),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_invoices_customer_id")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_invoices_order_id")),
        sa.ForeignKeyConstraint(["payer_id"], ["payers.id"], name=op.f("fk_invoices_payer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoices")),
        sa.UniqueConstraint("number", name=op.f("uq_invoices_number")),
        sa.UniqueConstraint("order_id", name=op.f("uq_invoices_order_id")),
    )
    with op.batch_alter_table("invoices", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_invoices_customer_id"), ["customer_id"], unique=False)
        batch_op.create_index(
            "ix_invoices_open",
            ["minor", "buyer_tax_number"],
            unique=False,
            sqlite_where=sa.text("state IN ('issued', 'part_paid', 'lapsed')"),
            postgresql_where=sa.text("state IN ('issued', 'part_paid', 'lapsed')"),
        )
        batch_op.create_index(batch_op.f("ix_invoices_payer_id"), ["payer_id"], unique=False)
        batch_op.create_index(
            "uq_invoices_one_a_month",
            ["payer_id", "month", "currency"],
            unique=True,
            sqlite_where=sa.text("kind = 'regular'"),
            postgresql_where=sa.text("kind = 'regular'"),
        )

    op.create_table(
        "fiscal_receipts",
        sa.Column("payment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False, comment="payment, or refund"),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), server_default="", nullable=False),
        sa.Column("url", sa.Text(), server_default="", nullable=False),
        sa.Column("asked", sa.Integer(), server_default="0", nullable=False),
        sa.Column("next_ask_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["payment_id"], ["payments.id"], name=op.f("fk_fiscal_receipts_payment_id")),
        sa.PrimaryKeyConstraint("payment_id", "kind", name=op.f("pk_fiscal_receipts")),
    )
    with op.batch_alter_table("fiscal_receipts", schema=None) as batch_op:
        batch_op.create_index(
            "ix_fiscal_receipts_to_ask",
            ["next_ask_at"],
            unique=False,
            sqlite_where=sa.text("next_ask_at IS NOT NULL"),
            postgresql_where=sa.text("next_ask_at IS NOT NULL"),
        )

    op.create_table(
        "statement_lines",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.Text(), nullable=False, comment="its identity, in whatever file it stands"),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("booked_on", sa.Date(), nullable=False),
        sa.Column("number", sa.Text(), server_default="", nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("minor", sa.BigInteger(), nullable=False),
        sa.Column("payer_name", sa.Text(), server_default="", nullable=False),
        sa.Column("payer_tax_number", sa.Text(), server_default="", nullable=False),
        sa.Column("payer_account", sa.Text(), server_default="", nullable=False),
        sa.Column("purpose", sa.Text(), server_default="", nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column(
            "invoice_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="which it pays, or is proposed for",
        ),
        sa.Column("event_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "provider",
            sa.Text(),
            server_default="",
            nullable=False,
            comment="the acquirer whose lump sum it is",
        ),
        sa.Column("why", sa.Text(), server_default="", nullable=False, comment="why it was not sure"),
        sa.Column(
            "decided_by", sa.BigInteger(), nullable=True, comment="an operator; null where it was sure"
        ),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("minor > 0", name=op.f("ck_statement_lines_amount")),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_statement_lines_event_id")),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoices.id"], name=op.f("fk_statement_lines_invoice_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement_lines")),
        sa.UniqueConstraint("key", name=op.f("uq_statement_lines_key")),
    )
    with op.batch_alter_table("statement_lines", schema=None) as batch_op:
        batch_op.create_index("ix_statement_lines_alike", ["account", "booked_on", "minor"], unique=False)
        batch_op.create_index(batch_op.f("ix_statement_lines_event_id"), ["event_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_statement_lines_invoice_id"), ["invoice_id"], unique=False)
        batch_op.create_index(
            "ix_statement_lines_undecided",
            ["state", "id"],
            unique=False,
            sqlite_where=sa.text("state IN ('new', 'waiting')"),
            postgresql_where=sa.text("state IN ('new', 'waiting')"),
        )

    op.create_table(
        "promises",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("invoice_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("minor", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("who", sa.BigInteger(), nullable=False),
        sa.Column("seconded_by", sa.BigInteger(), nullable=True),
        sa.Column("event_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "line_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="the line that confirmed it",
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("minor > 0", name=op.f("ck_promises_amount")),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_promises_event_id")),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoices.id"], name=op.f("fk_promises_invoice_id")),
        sa.ForeignKeyConstraint(["line_id"], ["statement_lines.id"], name=op.f("fk_promises_line_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promises")),
        sa.UniqueConstraint("line_id", name=op.f("uq_promises_line_id")),
    )
    with op.batch_alter_table("promises", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_promises_event_id"), ["event_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_promises_invoice_id"), ["invoice_id"], unique=False)

    op.create_table(
        "statement_rows",
        sa.Column("statement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("line_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["line_id"], ["statement_lines.id"], name=op.f("fk_statement_rows_line_id")),
        sa.ForeignKeyConstraint(
            ["statement_id"], ["statements.id"], name=op.f("fk_statement_rows_statement_id")
        ),
        sa.PrimaryKeyConstraint("statement_id", "line_id", name=op.f("pk_statement_rows")),
    )
    with op.batch_alter_table("statement_rows", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_statement_rows_line_id"), ["line_id"], unique=False)

    with op.batch_alter_table("charges", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "month",
                sa.Text(),
                server_default="",
                nullable=False,
                comment="2026-11: whose regular invoice bills it",
            )
        )
        batch_op.create_index("ix_charges_month", ["month", "connector_id", "started_at", "id"], unique=False)

    with op.batch_alter_table("connectors", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "bridged_from",
                sa.Date(),
                nullable=True,
                comment="its date before an operator bridged the wait for a transfer",
            )
        )
        batch_op.add_column(
            sa.Column(
                "bridged_since",
                sa.Date(),
                nullable=True,
                comment="the day he did so; null when nothing is bridged",
            )
        )

    with op.batch_alter_table("customers", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "forgotten_at",
                sa.DateTime(timezone=True),
                nullable=True,
                comment="when his personal data were destroyed",
            )
        )

    with op.batch_alter_table("import_batches", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("kind", sa.Text(), server_default="connectors", nullable=False, comment="or charges")
        )

    with op.batch_alter_table("orders", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "invoice",
                sa.Text(),
                server_default="",
                nullable=False,
                comment="the number of the invoice that asks for it",
            )
        )

    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "email", sa.Text(), server_default="", nullable=False, comment="a letter goes there instead"
            )
        )

    with op.batch_alter_table("payers", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "country",
                sa.Text(),
                server_default="",
                nullable=False,
                comment="RU, BY, KG: whose rules its numbers obey",
            )
        )
        batch_op.add_column(sa.Column("tax_number", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(
            sa.Column(
                "kpp", sa.Text(), server_default="", nullable=False, comment="of Russian organisations alone"
            )
        )
        batch_op.add_column(sa.Column("address", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(
            sa.Column("email", sa.Text(), server_default="", nullable=False, comment="where its papers go")
        )
        batch_op.add_column(
            sa.Column(
                "email_proved_at",
                sa.DateTime(timezone=True),
                nullable=True,
                comment="when a code that was sent there came back",
            )
        )
        batch_op.add_column(
            sa.Column(
                "delivery",
                sa.Text(),
                server_default="email",
                nullable=False,
                comment="of regular invoices: email, chat, hand",
            )
        )
        batch_op.create_index(batch_op.f("ix_payers_tax_number"), ["tax_number"], unique=False)

    # Charges of before are billed by the month they began in, as UTC counts it: no setting is read here.
    if op.get_bind().dialect.name == "sqlite":
        op.execute("update charges set month = strftime('%Y-%m', started_at)")
    else:
        op.execute("update charges set month = to_char(started_at at time zone 'UTC', 'YYYY-MM')")
