"""Remember cards and charge autopays."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "notice_choices",
        sa.Column("customer_id", sa.BigInteger(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False, comment="chat, email, both or off"),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_notice_choices_customer_id")
        ),
        sa.PrimaryKeyConstraint("customer_id", "topic", name=op.f("pk_notice_choices")),
    )
    op.create_table(
        "suspensions",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("customer_id", sa.BigInteger(), nullable=False),
        sa.Column("payer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("connector_id", sa.Text(), nullable=True, comment="null: all that the payer pays for"),
        sa.Column(
            "part_of",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="the account's that it belongs to",
        ),
        sa.Column("state", sa.Text(), nullable=False, comment="planned, running, ended or cancelled"),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False, comment="the first day that it works again"),
        sa.Column(
            "next_at", sa.DateTime(timezone=True), nullable=True, comment="when it starts, then when it ends"
        ),
        sa.Column("anchor_day", sa.Integer(), nullable=True, comment="the connector's before it started"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_how", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["connector_id"], ["connectors.id"], name=op.f("fk_suspensions_connector_id")
        ),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_suspensions_customer_id")),
        sa.ForeignKeyConstraint(["part_of"], ["suspensions.id"], name=op.f("fk_suspensions_part_of")),
        sa.ForeignKeyConstraint(["payer_id"], ["payers.id"], name=op.f("fk_suspensions_payer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suspensions")),
    )
    with op.batch_alter_table("suspensions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_suspensions_customer_id"), ["customer_id"], unique=False)
        batch_op.create_index(
            "ix_suspensions_next",
            ["next_at"],
            unique=False,
            sqlite_where=sa.text("next_at IS NOT NULL"),
            postgresql_where=sa.text("next_at IS NOT NULL"),
        )
        batch_op.create_index(batch_op.f("ix_suspensions_part_of"), ["part_of"], unique=False)
        batch_op.create_index(batch_op.f("ix_suspensions_payer_id"), ["payer_id"], unique=False)
        batch_op.create_index(
            "uq_suspensions_account",
            ["payer_id"],
            unique=True,
            sqlite_where=sa.text("state IN ('planned', 'running') AND connector_id IS NULL"),
            postgresql_where=sa.text("state IN ('planned', 'running') AND connector_id IS NULL"),
        )
        batch_op.create_index(
            "uq_suspensions_connector",
            ["connector_id"],
            unique=True,
            sqlite_where=sa.text("state IN ('planned', 'running')"),
            postgresql_where=sa.text("state IN ('planned', 'running')"),
        )

    op.create_table(
        "saved_cards",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("customer_id", sa.BigInteger(), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False, comment="the button it was saved with"),
        sa.Column(
            "token",
            sa.Text(),
            nullable=False,
            comment="what the provider charges it by; emptied when unlinked",
        ),
        sa.Column(
            "page_token",
            sa.Text(),
            server_default="",
            nullable=False,
            comment="what opens a page with the card on it",
        ),
        sa.Column("masked", sa.Text(), server_default="", nullable=False, comment="•••• 7173"),
        sa.Column("expires_on", sa.Date(), nullable=True, comment="its last good day"),
        sa.Column(
            "remembered",
            sa.Boolean(),
            nullable=False,
            comment="offered first when he pays; else it serves autopays alone",
        ),
        sa.Column(
            "payment_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="the payment that it was saved with",
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("unlinked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("unlinked_because", sa.Text(), server_default="", nullable=False),
        sa.Column(
            "unlink_at_provider",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="when to tell the provider that it is unlinked",
        ),
        sa.Column(
            "describe_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="when to ask the provider how it looks; null once that is known",
        ),
        sa.Column("expiry_told", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_saved_cards_customer_id")),
        sa.ForeignKeyConstraint(["payment_id"], ["payments.id"], name=op.f("fk_saved_cards_payment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_cards")),
    )
    with op.batch_alter_table("saved_cards", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_saved_cards_customer_id"), ["customer_id"], unique=False)
        batch_op.create_index(
            "ix_saved_cards_expiry",
            ["expires_on"],
            unique=False,
            sqlite_where=sa.text("unlinked_at IS NULL"),
            postgresql_where=sa.text("unlinked_at IS NULL"),
        )
        batch_op.create_index(
            "ix_saved_cards_to_describe",
            ["describe_at"],
            unique=False,
            sqlite_where=sa.text("describe_at IS NOT NULL"),
            postgresql_where=sa.text("describe_at IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_saved_cards_to_unlink",
            ["unlink_at_provider"],
            unique=False,
            sqlite_where=sa.text("unlink_at_provider IS NOT NULL"),
            postgresql_where=sa.text("unlink_at_provider IS NOT NULL"),
        )
        batch_op.create_index(
            "uq_saved_cards_token",
            ["provider", "token"],
            unique=True,
            sqlite_where=sa.text("token <> ''"),
            postgresql_where=sa.text("token <> ''"),
        )

    op.create_table(
        "autopays",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.BigInteger(), nullable=False),
        sa.Column("payer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("connector_id", sa.Text(), nullable=True, comment="null: it tops up the payer's balance"),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column(
            "minor",
            sa.BigInteger(),
            nullable=False,
            comment="the most that one charge may take, as agreed to",
        ),
        sa.Column(
            "months", sa.Integer(), server_default="0", nullable=False, comment="the interval of a connector"
        ),
        sa.Column(
            "days", sa.Integer(), server_default="0", nullable=False, comment="the interval of a top-up"
        ),
        sa.Column("lead_days", sa.Integer(), server_default="1", nullable=False, comment="before paid-until"),
        sa.Column(
            "card_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="null: the balance alone pays",
        ),
        sa.Column("balance_first", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column(
            "reason", sa.Text(), server_default="", nullable=False, comment="why it is paused or ended"
        ),
        sa.Column(
            "cycle", sa.Text(), server_default="", nullable=False, comment="what the next charge pays for"
        ),
        sa.Column(
            "charge_on",
            sa.Date(),
            nullable=True,
            comment="the day of the next charge, in the customer's zone",
        ),
        sa.Column("step", sa.Text(), server_default="", nullable=False, comment="what is to do at due_at"),
        sa.Column(
            "due_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="null while a charge is under way, and where nothing is to do",
        ),
        sa.Column(
            "tries",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="charges declined in this cycle",
        ),
        sa.Column(
            "unsent",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="calls of this try that never arrived",
        ),
        sa.Column(
            "announced",
            sa.BigInteger(),
            nullable=True,
            comment="the outbox row that announced this cycle's charge",
        ),
        sa.Column("announced_minor", sa.BigInteger(), nullable=True, comment="the sum that it named"),
        sa.Column(
            "begun_by",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="the payment that is to save its card",
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(months > 0) <> (days > 0)", name=op.f("ck_autopays_one_interval")),
        sa.CheckConstraint("minor > 0", name=op.f("ck_autopays_amount")),
        sa.ForeignKeyConstraint(["begun_by"], ["payments.id"], name=op.f("fk_autopays_begun_by")),
        sa.ForeignKeyConstraint(["card_id"], ["saved_cards.id"], name=op.f("fk_autopays_card_id")),
        sa.ForeignKeyConstraint(["connector_id"], ["connectors.id"], name=op.f("fk_autopays_connector_id")),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_autopays_customer_id")),
        sa.ForeignKeyConstraint(["payer_id"], ["payers.id"], name=op.f("fk_autopays_payer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_autopays")),
        sa.UniqueConstraint("reference", name=op.f("uq_autopays_reference")),
    )
    with op.batch_alter_table("autopays", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_autopays_begun_by"), ["begun_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_autopays_card_id"), ["card_id"], unique=False)
        batch_op.create_index(
            "ix_autopays_charge_on",
            ["state", "charge_on", "currency", "days", "minor"],
            unique=False,
            sqlite_where=sa.text("state IN ('active', 'retrying', 'paused')"),
            postgresql_where=sa.text("state IN ('active', 'retrying', 'paused')"),
        )
        batch_op.create_index(batch_op.f("ix_autopays_customer_id"), ["customer_id"], unique=False)
        batch_op.create_index(
            "ix_autopays_due",
            ["step", "due_at", "id"],
            unique=False,
            sqlite_where=sa.text("due_at IS NOT NULL"),
            postgresql_where=sa.text("due_at IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_autopays_failing",
            ["connector_id"],
            unique=False,
            sqlite_where=sa.text("state IN ('retrying', 'paused')"),
            postgresql_where=sa.text("state IN ('retrying', 'paused')"),
        )
        batch_op.create_index(batch_op.f("ix_autopays_payer_id"), ["payer_id"], unique=False)
        batch_op.create_index(
            "uq_autopays_account",
            ["payer_id", "currency"],
            unique=True,
            sqlite_where=sa.text("state IN ('active', 'retrying', 'paused') AND connector_id IS NULL"),
            postgresql_where=sa.text("state IN ('active', 'retrying', 'paused') AND connector_id IS NULL"),
        )
        batch_op.create_index(
            "uq_autopays_connector",
            ["connector_id"],
            unique=True,
            sqlite_where=sa.text("state IN ('active', 'retrying', 'paused') AND connector_id IS NOT NULL"),
            postgresql_where=sa.text(
                "state IN ('active', 'retrying', 'paused') AND connector_id IS NOT NULL"
            ),
        )

    op.create_table(
        "arrears",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("connector_id", sa.Text(), nullable=False),
        sa.Column("autopay_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("customer_id", sa.BigInteger(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False, comment="the first day that is not paid for"),
        sa.Column("stage", sa.Text(), nullable=False, comment="noted, grace, limited or stopped"),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True, comment="when the next stage begins"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_how", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["autopay_id"], ["autopays.id"], name=op.f("fk_arrears_autopay_id")),
        sa.ForeignKeyConstraint(["connector_id"], ["connectors.id"], name=op.f("fk_arrears_connector_id")),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_arrears_customer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_arrears")),
    )
    with op.batch_alter_table("arrears", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_arrears_autopay_id"), ["autopay_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_arrears_customer_id"), ["customer_id"], unique=False)
        batch_op.create_index(
            "ix_arrears_next",
            ["next_at"],
            unique=False,
            sqlite_where=sa.text("next_at IS NOT NULL"),
            postgresql_where=sa.text("next_at IS NOT NULL"),
        )
        batch_op.create_index(
            "uq_arrears_connector",
            ["connector_id"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "autopay_consents",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("autopay_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("customer_id", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False, comment="the very words that he agreed to"),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("minor", sa.BigInteger(), nullable=False),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("card", sa.Text(), nullable=False, comment="masked"),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("update_id", sa.BigInteger(), nullable=True, comment="Telegram's number of the tap"),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "ended_how", sa.Text(), server_default="", nullable=False, comment="replaced, or how he refused"
        ),
        sa.Column("end_update_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["autopay_id"], ["autopays.id"], name=op.f("fk_autopay_consents_autopay_id")),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_autopay_consents_customer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_autopay_consents")),
    )
    with op.batch_alter_table("autopay_consents", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_autopay_consents_autopay_id"), ["autopay_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_autopay_consents_customer_id"), ["customer_id"], unique=False)

    with op.batch_alter_table("attempts", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("autopay_id", sa.BigInteger(), nullable=True, comment="whose charge it is")
        )
        batch_op.add_column(
            sa.Column(
                "cycle", sa.Text(), server_default="", nullable=False, comment="what the charge pays for"
            )
        )
        batch_op.add_column(
            sa.Column(
                "number",
                sa.Integer(),
                server_default="0",
                nullable=False,
                comment="which of this cycle's calls",
            )
        )
        batch_op.create_index(
            "ix_attempts_charges_sent",
            ["sent_at"],
            unique=False,
            sqlite_where=sa.text("kind = 'charge' AND state = 'sent'"),
            postgresql_where=sa.text("kind = 'charge' AND state = 'sent'"),
        )
        batch_op.create_index(
            "uq_attempts_charge",
            ["autopay_id", "cycle", "number"],
            unique=True,
            sqlite_where=sa.text("autopay_id IS NOT NULL"),
            postgresql_where=sa.text("autopay_id IS NOT NULL"),
        )

    with op.batch_alter_table("connectors", schema=None) as batch_op:
        batch_op.create_index(
            "ix_connectors_paid_until",
            ["paid_until", "id"],
            unique=False,
            sqlite_where=sa.text("payer_id IS NOT NULL"),
            postgresql_where=sa.text("payer_id IS NOT NULL"),
        )

    with op.batch_alter_table("customers", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "zone",
                sa.Text(),
                server_default="",
                nullable=False,
                comment="Asia/Bishkek; empty: the seller's",
            )
        )

    with op.batch_alter_table("payments", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("saves_card", sa.Boolean(), server_default=sa.text("(false)"), nullable=False)
        )
        batch_op.add_column(
            sa.Column(
                "remembers",
                sa.Boolean(),
                server_default=sa.text("(false)"),
                nullable=False,
                comment="the card, for later",
            )
        )
        batch_op.add_column(
            sa.Column(
                "card_id", sa.BigInteger(), nullable=True, comment="the saved card that it is to be paid with"
            )
        )
        batch_op.add_column(
            sa.Column("autopay_id", sa.BigInteger(), nullable=True, comment="the autopay that charges it")
        )
        batch_op.create_index(
            "ix_payments_autopay",
            ["created_at", "currency", "state", "refusal", "minor", "autopay_id"],
            unique=False,
            sqlite_where=sa.text("autopay_id IS NOT NULL"),
            postgresql_where=sa.text("autopay_id IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_payments_charged_card",
            ["card_id", "id"],
            unique=False,
            sqlite_where=sa.text("autopay_id IS NOT NULL"),
            postgresql_where=sa.text("autopay_id IS NOT NULL"),
        )
