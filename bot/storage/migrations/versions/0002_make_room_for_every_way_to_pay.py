"""Make room for every way to pay."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "api_answers",
        sa.Column("key", sa.Text(), nullable=False, comment="the Idempotency-Key of a seller's request"),
        sa.Column(
            "fingerprint",
            sa.Text(),
            nullable=False,
            comment="of the request, so that a key is not used for another",
        ),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("body", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_api_answers")),
    )
    with op.batch_alter_table("api_answers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_api_answers_created_at"), ["created_at"], unique=False)

    op.create_table(
        "promo_counts",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False, comment="held or used"),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_promo_counts")),
    )
    op.create_table(
        "webhooks",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False, comment="the webhook-id, the same at every try"),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column(
            "address",
            sa.Text(),
            nullable=False,
            comment="seller, or the provider whose foreign event it forwards",
        ),
        sa.Column("connector_id", sa.Text(), server_default="", nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=True),
        sa.Column("payload", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.Column(
            "body", sa.LargeBinary(), nullable=True, comment="a foreign callback as it came, encrypted"
        ),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column(
            "due_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="taking a row moves this into the future: its lease",
        ),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("fence", sa.Integer(), server_default="0", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhooks")),
        sa.UniqueConstraint("reference", name=op.f("uq_webhooks_reference")),
    )
    with op.batch_alter_table("webhooks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_webhooks_created_at"), ["created_at"], unique=False)
        batch_op.create_index(
            "ix_webhooks_dead",
            ["address"],
            unique=False,
            sqlite_where=sa.text("state = 'dead'"),
            postgresql_where=sa.text("state = 'dead'"),
        )
        batch_op.create_index(
            "ix_webhooks_due",
            ["address", "due_at"],
            unique=False,
            sqlite_where=sa.text("state = 'due'"),
            postgresql_where=sa.text("state = 'due'"),
        )
        batch_op.create_index(
            "ix_webhooks_waiting",
            ["connector_id", "id"],
            unique=False,
            sqlite_where=sa.text("state = 'due'"),
            postgresql_where=sa.text("state = 'due'"),
        )

    op.create_table(
        "charges",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False, comment="the seller's own id of the charge"),
        sa.Column("connector_id", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("number", sa.Text(), server_default="", nullable=False),
        sa.Column("duration_s", sa.Integer(), nullable=True),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("minor", sa.BigInteger(), nullable=False),
        sa.Column("description", sa.Text(), server_default="", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["connector_id"], ["connectors.id"], name=op.f("fk_charges_connector_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_charges")),
        sa.UniqueConstraint("reference", name=op.f("uq_charges_reference")),
    )
    with op.batch_alter_table("charges", schema=None) as batch_op:
        batch_op.create_index("ix_charges_connector", ["connector_id", "started_at"], unique=False)

    op.create_table(
        "connector_links",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("connector_id", sa.Text(), nullable=False),
        sa.Column("use", sa.Text(), nullable=False, comment="pay or attach"),
        sa.Column("reference", sa.Text(), nullable=False, comment="what its token is made from"),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("used_by", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["connector_id"], ["connectors.id"], name=op.f("fk_connector_links_connector_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_connector_links")),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_connector_links_fingerprint")),
    )
    with op.batch_alter_table("connector_links", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_connector_links_connector_id"), ["connector_id"], unique=False)

    op.create_table(
        "promo_uses",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "order_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="which holds or used it",
        ),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_promo_uses_customer_id")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_promo_uses_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promo_uses")),
        sa.UniqueConstraint("code", "customer_id", name=op.f("uq_promo_uses_code_customer_id")),
    )
    with op.batch_alter_table("promo_uses", schema=None) as batch_op:
        batch_op.create_index("ix_promo_uses_customer", ["customer_id", "state"], unique=False)
        batch_op.create_index(batch_op.f("ix_promo_uses_order_id"), ["order_id"], unique=False)

    with op.batch_alter_table("attempts", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "order_id",
                sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
                nullable=True,
                comment="what a receipt speaks of",
            )
        )

    with op.batch_alter_table("connectors", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "sequence",
                sa.Integer(),
                server_default="0",
                nullable=False,
                comment="counts its changes: the seller's ETag, and what orders the webhooks about it",
            )
        )

    with op.batch_alter_table("events", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "account", sa.Text(), server_default="", nullable=False, comment="the payment code it came by"
            )
        )
        batch_op.drop_index(batch_op.f("ix_events_reference"))
        batch_op.create_index(
            "ix_events_reference_provider_payment", ["reference", "provider_payment"], unique=False
        )

    with op.batch_alter_table("order_lines", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "masked",
                sa.Boolean(),
                server_default=sa.text("(false)"),
                nullable=False,
                comment="bought by a link: the payer sees no more of the connector than the masked title",
            )
        )

    with op.batch_alter_table("orders", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "full_prices",
                sa.JSON().with_variant(JSONB(), "postgresql"),
                nullable=True,
                comment="before the promo code's discount",
            )
        )
        batch_op.add_column(sa.Column("promo_code", sa.Text(), server_default="", nullable=False))

    with op.batch_alter_table("payers", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("title", sa.Text(), server_default="", nullable=False, comment="an organisation's name")
        )
        batch_op.add_column(
            sa.Column("code", sa.Text(), nullable=True, comment="the payment code; it never changes")
        )
        batch_op.create_index("uq_payers_code", ["code"], unique=True)

    with op.batch_alter_table("payments", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "form",
                sa.JSON().with_variant(JSONB(), "postgresql"),
                nullable=True,
                comment="what a page of ours posts there, or what Telegram's invoice says",
            )
        )
        batch_op.create_index(
            "ix_payments_arrived",
            ["settled_at", "reference"],
            unique=False,
            sqlite_where=sa.text("state = 'succeeded'"),
            postgresql_where=sa.text("state = 'succeeded'"),
        )
        batch_op.create_index(batch_op.f("ix_payments_payer_id"), ["payer_id"], unique=False)
