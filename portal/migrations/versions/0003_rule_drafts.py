"""Changes of the rules that are worked on in the studio."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Makes the table of drafts."""
    op.create_table(
        "rule_draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("release_id", sa.Integer(), nullable=False),
        sa.Column("files", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("saved_at", MOMENT, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=True),
        sa.Column("moves", sa.Boolean(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=True),
        sa.Column("approved_by", sa.Integer(), nullable=True),
        sa.Column("taken_at", MOMENT, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("published", sa.Integer(), nullable=True),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_rule_draft_account_id"),
        sa.ForeignKeyConstraint(["approved_by"], ["account.id"], name="fk_rule_draft_approved_by"),
        sa.ForeignKeyConstraint(["published"], ["release.id"], name="fk_rule_draft_published"),
        sa.ForeignKeyConstraint(["release_id"], ["release.id"], name="fk_rule_draft_release_id"),
        sa.PrimaryKeyConstraint("id", name="pk_rule_draft"),
    )
    op.create_index("ix_rule_draft_account_id_status", "rule_draft", ["account_id", "status"], unique=False)
    op.create_index("ix_rule_draft_status", "rule_draft", ["status"], unique=False)


def downgrade() -> None:
    """Drops it, and with it every draft that is not in force yet."""
    op.drop_table("rule_draft")
