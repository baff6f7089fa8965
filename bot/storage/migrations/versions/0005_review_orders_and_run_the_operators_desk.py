"""Review orders and run the operators' desk."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "day_closings",
        sa.Column("day", sa.Date(), nullable=False, comment="by the seller's clock"),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False, comment="equal, differs, closed or unknown"),
        sa.Column(
            "why",
            sa.Text(),
            server_default="",
            nullable=False,
            comment="it is unknown, or differs as a whole",
        ),
        sa.Column(
            "ours",
            sa.JSON().with_variant(JSONB(), "postgresql"),
            nullable=False,
            comment="[currency, minor units] each, less refunds",
        ),
        sa.Column("theirs", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.Column("movements", sa.Integer(), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_by", sa.BigInteger(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("day", "provider", name=op.f("pk_day_closings")),
    )
    op.create_table(
        "report_days",
        sa.Column("day", sa.Date(), nullable=False, comment="by the seller's clock"),
        sa.Column("what", sa.Text(), nullable=False, comment="paid, refunded, taken_back or declined"),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("tariff", sa.Text(), nullable=False, comment="empty: no order, or several tariffs"),
        sa.Column("movements", sa.Integer(), nullable=False),
        sa.Column("minor", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("day", "what", "currency", "method", "tariff", name=op.f("pk_report_days")),
    )
    op.create_table(
        "search_words",
        sa.Column(
            "word",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=False,
            comment="folded: small letters, no signs",
        ),
        sa.Column("kind", sa.Text(), nullable=False, comment="customer, payer or connector"),
        sa.Column("subject", sa.Text(), nullable=False, comment="its id"),
        sa.PrimaryKeyConstraint("word", "kind", "subject", name=op.f("pk_search_words")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("search_words", schema=None) as batch_op:
        batch_op.create_index("ix_search_words_subject", ["kind", "subject", "word"], unique=False)

    op.create_table(
        "customer_links",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("customer_id", sa.BigInteger(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False, comment="what its token is made from"),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("made_by", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "used_by",
            sa.BigInteger(),
            nullable=True,
            comment="the Telegram id that took over what is the customer's",
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_customer_links_customer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_links")),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_customer_links_fingerprint")),
    )
    with op.batch_alter_table("customer_links", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_customer_links_customer_id"), ["customer_id"], unique=False)

    op.create_table(
        "customer_notes",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("customer_id", sa.BigInteger(), nullable=False),
        sa.Column("who", sa.BigInteger(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_customer_notes_customer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_notes")),
    )
    with op.batch_alter_table("customer_notes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_customer_notes_customer_id"), ["customer_id"], unique=False)

    op.create_table(
        "talk_messages",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("card_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("customer_id", sa.BigInteger(), nullable=False),
        sa.Column("who", sa.BigInteger(), nullable=False, comment="the operator; 0: the customer wrote it"),
        sa.Column("words", sa.Text(), server_default="", nullable=False),
        sa.Column("file_id", sa.Text(), server_default="", nullable=False),
        sa.Column("file_kind", sa.Text(), server_default="", nullable=False),
        sa.Column("outbox_id", sa.BigInteger(), nullable=True, comment="the notice that carries it"),
        sa.Column(
            "customer_message", sa.BigInteger(), nullable=True, comment="its number in the customer's chat"
        ),
        sa.Column(
            "group_message", sa.BigInteger(), nullable=True, comment="its number in the operators' group"
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["card_id"], ["operator_cards.id"], name=op.f("fk_talk_messages_card_id")),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_talk_messages_customer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_talk_messages")),
    )
    with op.batch_alter_table("talk_messages", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_talk_messages_card_id"), ["card_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_talk_messages_customer_id"), ["customer_id"], unique=False)
        batch_op.create_index("ix_talk_messages_outbox", ["outbox_id"], unique=False)
        batch_op.create_index(
            "uq_talk_messages_customer",
            ["customer_id", "customer_message"],
            unique=True,
            sqlite_where=sa.text("customer_message IS NOT NULL"),
            postgresql_where=sa.text("customer_message IS NOT NULL"),
        )
        batch_op.create_index(
            "uq_talk_messages_group",
            ["group_message", "card_id"],
            unique=True,
            sqlite_where=sa.text("group_message IS NOT NULL"),
            postgresql_where=sa.text("group_message IS NOT NULL"),
        )

    op.create_table(
        "order_forms",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("customer_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "payer_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="who is to pay; null: the customer himself",
        ),
        sa.Column("tariff", sa.Text(), nullable=False),
        sa.Column("months", sa.Integer(), nullable=False, comment="the period that was chosen"),
        sa.Column(
            "state", sa.Text(), nullable=False, comment="filling, review, approved, rejected or withdrawn"
        ),
        sa.Column(
            "order_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="what is to be paid, once it is sent in",
        ),
        sa.Column(
            "review_until",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="by when an answer is promised; null while nobody waits for us",
        ),
        sa.Column("overdue_told", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.Column(
            "question",
            sa.Text(),
            server_default="",
            nullable=False,
            comment="what the reviewer wants to know",
        ),
        sa.Column("reason", sa.Text(), server_default="", nullable=False, comment="why it was rejected"),
        sa.Column("decided_by", sa.BigInteger(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "reminded_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="when he was told that it waits to be finished",
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_order_forms_customer_id")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_order_forms_order_id")),
        sa.ForeignKeyConstraint(["payer_id"], ["payers.id"], name=op.f("fk_order_forms_payer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_forms")),
    )
    with op.batch_alter_table("order_forms", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_order_forms_customer_id"), ["customer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_order_forms_order_id"), ["order_id"], unique=False)
        batch_op.create_index(
            "ix_order_forms_review",
            ["review_until"],
            unique=False,
            sqlite_where=sa.text("review_until IS NOT NULL"),
            postgresql_where=sa.text("review_until IS NOT NULL"),
        )
        batch_op.create_index(
            "uq_order_forms_one_filling",
            ["customer_id", "tariff"],
            unique=True,
            sqlite_where=sa.text("state = 'filling'"),
            postgresql_where=sa.text("state = 'filling'"),
        )

    op.create_table(
        "order_steps",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("order_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column(
            "words", sa.Text(), server_default="", nullable=False, comment="what the customer reads with it"
        ),
        sa.Column("url", sa.Text(), server_default="", nullable=False),
        sa.Column("file_id", sa.Text(), server_default="", nullable=False),
        sa.Column("file_kind", sa.Text(), server_default="", nullable=False),
        sa.Column("who", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_order_steps_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_steps")),
    )
    with op.batch_alter_table("order_steps", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_order_steps_order_id"), ["order_id"], unique=False)

    op.create_table(
        "order_work",
        sa.Column(
            "order_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column(
            "stage",
            sa.Text(),
            nullable=False,
            comment="where it stands, by the catalogue's name; empty: not begun",
        ),
        sa.Column("due_on", sa.Date(), nullable=True, comment="until when the present stage is promised"),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False, comment="when the order was paid"),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("overdue_told", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_order_work_order_id")),
        sa.PrimaryKeyConstraint("order_id", name=op.f("pk_order_work")),
    )
    with op.batch_alter_table("order_work", schema=None) as batch_op:
        batch_op.create_index(
            "ix_order_work_due",
            ["due_on"],
            unique=False,
            sqlite_where=sa.text("done_at IS NULL"),
            postgresql_where=sa.text("done_at IS NULL"),
        )

    op.create_table(
        "form_answers",
        sa.Column("form_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "name", sa.Text(), nullable=False, comment="the question's, in the catalogue; reply-N for a talk"
        ),
        sa.Column("ordinal", sa.Integer(), autoincrement=False, nullable=False, comment="of several files"),
        sa.Column(
            "value", sa.Text(), server_default="", nullable=False, comment="in words, or a file's caption"
        ),
        sa.Column("file_id", sa.Text(), server_default="", nullable=False),
        sa.Column("file_kind", sa.Text(), server_default="", nullable=False, comment="photo or document"),
        sa.Column("file_name", sa.Text(), server_default="", nullable=False),
        sa.Column("size", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["form_id"], ["order_forms.id"], name=op.f("fk_form_answers_form_id")),
        sa.PrimaryKeyConstraint("form_id", "name", "ordinal", name=op.f("pk_form_answers")),
    )
    op.create_table(
        "day_differences",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False, comment="paid or refunded"),
        sa.Column("movement", sa.Text(), nullable=False),
        sa.Column("says", sa.Text(), nullable=False, comment="missing_here, missing_there or other_sum"),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("ours_minor", sa.BigInteger(), nullable=True),
        sa.Column("theirs_minor", sa.BigInteger(), nullable=True),
        sa.Column("event_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by", sa.BigInteger(), nullable=True),
        sa.Column("how", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_day_differences_event_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_day_differences")),
    )
    with op.batch_alter_table("day_differences", schema=None) as batch_op:
        batch_op.create_index("uq_day_differences", ["day", "provider", "kind", "movement"], unique=True)

    op.create_table(
        "refund_requests",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("payment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "order_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="whose money it is; null: the balance's",
        ),
        sa.Column("customer_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "state",
            sa.Text(),
            nullable=False,
            comment="asked, proposed, sending, by_hand, done, declined, withdrawn or failed",
        ),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("minor", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("service", sa.Text(), server_default="", nullable=False, comment="keep, shorten or stop"),
        sa.Column(
            "destination", sa.Text(), server_default="", nullable=False, comment="source, balance or by_hand"
        ),
        sa.Column(
            "account",
            sa.Text(),
            server_default="",
            nullable=False,
            comment="where a bank transfer goes back to",
        ),
        sa.Column(
            "asked_by", sa.BigInteger(), nullable=False, comment="the customer, or the operator who began it"
        ),
        sa.Column("proposed_by", sa.BigInteger(), nullable=True),
        sa.Column("confirmed_by", sa.BigInteger(), nullable=True),
        sa.Column("attempt_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("outcome", sa.Text(), server_default="", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("minor > 0", name=op.f("ck_refund_requests_amount")),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempts.id"], name=op.f("fk_refund_requests_attempt_id")),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_refund_requests_customer_id")
        ),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_refund_requests_order_id")),
        sa.ForeignKeyConstraint(["payment_id"], ["payments.id"], name=op.f("fk_refund_requests_payment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refund_requests")),
    )
    with op.batch_alter_table("refund_requests", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_refund_requests_customer_id"), ["customer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_refund_requests_order_id"), ["order_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_refund_requests_payment_id"), ["payment_id"], unique=False)
        batch_op.create_index("uq_refund_requests_attempt", ["attempt_id"], unique=True)
        batch_op.create_index(
            "uq_refund_requests_one_open",
            ["payment_id"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "refund_changes",
        sa.Column(
            "request_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("connector_id", sa.Text(), nullable=False),
        sa.Column(
            "days",
            sa.Integer(),
            nullable=False,
            comment="by which its date moves back once the money arrived",
        ),
        sa.ForeignKeyConstraint(
            ["connector_id"], ["connectors.id"], name=op.f("fk_refund_changes_connector_id")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["refund_requests.id"], name=op.f("fk_refund_changes_request_id")
        ),
        sa.PrimaryKeyConstraint("request_id", "connector_id", name=op.f("pk_refund_changes")),
    )
    with op.batch_alter_table("refund_changes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_refund_changes_connector_id"), ["connector_id"], unique=False)
    with op.batch_alter_table("accounts", schema=None) as batch_op:
        batch_op.create_index(
            "ix_accounts_owing",
            ["currency", "balance"],
            unique=False,
            sqlite_where=sa.text("balance < 0"),
            postgresql_where=sa.text("balance < 0"),
        )

    with op.batch_alter_table("customers", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "username", sa.Text(), server_default="", nullable=False, comment="Telegram's, without the @"
            )
        )
        batch_op.add_column(
            sa.Column(
                "blocked_at",
                sa.DateTime(timezone=True),
                nullable=True,
                comment="when operators stopped taking orders and payments of his",
            )
        )
        batch_op.add_column(sa.Column("blocked_because", sa.Text(), server_default="", nullable=False))

    with op.batch_alter_table("operator_cards", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "customer_id",
                sa.BigInteger(),
                nullable=True,
                comment="whom it speaks of: cards of one customer hang in one thread",
            )
        )
        batch_op.add_column(
            sa.Column("taken_by", sa.BigInteger(), nullable=True, comment="the operator who looks after it")
        )
        batch_op.add_column(sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(
            sa.Column(
                "due_at", sa.DateTime(timezone=True), nullable=True, comment="by when an answer was promised"
            )
        )
        batch_op.add_column(
            sa.Column(
                "raised_at",
                sa.DateTime(timezone=True),
                nullable=True,
                comment="when it was hung up again because nobody had answered",
            )
        )
        batch_op.add_column(
            sa.Column(
                "thread_id",
                sa.BigInteger(),
                nullable=True,
                comment="the forum topic that its message hangs in",
            )
        )
        batch_op.create_index(
            "ix_operator_cards_customer",
            ["customer_id", "id"],
            unique=False,
            sqlite_where=sa.text("customer_id IS NOT NULL"),
            postgresql_where=sa.text("customer_id IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_operator_cards_open",
            ["id"],
            unique=False,
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )

    with op.batch_alter_table("orders", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "link_fingerprint",
                sa.Text(),
                nullable=True,
                comment="of its own pay link; null until one was given out",
            )
        )
        batch_op.create_index(
            "uq_orders_link",
            ["link_fingerprint"],
            unique=True,
            sqlite_where=sa.text("link_fingerprint IS NOT NULL"),
            postgresql_where=sa.text("link_fingerprint IS NOT NULL"),
        )

    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index(
            "ix_outbox_dead",
            ["created_at"],
            unique=False,
            sqlite_where=sa.text("state = 'dead'"),
            postgresql_where=sa.text("state = 'dead'"),
        )

    with op.batch_alter_table("payers", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "joined_into",
                sa.BigInteger(),
                nullable=True,
                comment="the payer that has all of it since; its code leads there",
            )
        )
        batch_op.drop_index(batch_op.f("uq_payers_one_person"), sqlite_where=sa.text("kind = 'person'"))
        batch_op.create_index(
            "ix_payers_joined",
            ["joined_into"],
            unique=False,
            sqlite_where=sa.text("joined_into IS NOT NULL"),
            postgresql_where=sa.text("joined_into IS NOT NULL"),
        )
        batch_op.create_index(
            "uq_payers_person",
            ["customer_id"],
            unique=True,
            sqlite_where=sa.text("kind = 'person' AND joined_into IS NULL"),
            postgresql_where=sa.text("kind = 'person' AND joined_into IS NULL"),
        )

    with op.batch_alter_table("payments", schema=None) as batch_op:
        batch_op.create_index(
            "ix_payments_refused",
            ["created_at", "state", "currency", "refusal"],
            unique=False,
            sqlite_where=sa.text("state = 'refused'"),
            postgresql_where=sa.text("state = 'refused'"),
        )

    with op.batch_alter_table("transfers", schema=None) as batch_op:
        batch_op.create_index("ix_transfers_created_at", ["created_at"], unique=False)
