"""Published cases of grave tax offenders, and what officers did with each."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bureau.store import types

revision = "0059"
down_revision = "0058"
branch_labels = None
depends_on = None
STATES = "'entered', 'refused', 'published', 'removal-asked', 'removed'"


def upgrade() -> None:
    op.create_table(
        "offender_case",
        sa.Column("case_no", types.Words(), nullable=False),
        sa.Column("kind", types.Words(), nullable=False),
        sa.Column("name", types.Words(), nullable=False),
        sa.Column("code", types.Words(), nullable=False),
        sa.Column("address", types.Words(), nullable=False),
        sa.Column("sex", types.Words(), nullable=True),
        sa.Column("responsible", types.Words(), nullable=False),
        sa.Column("responsible_as", types.Words(), nullable=True),
        sa.Column("responsible_sex", types.Words(), nullable=True),
        sa.Column("responsible_number", types.Words(), nullable=False),
        sa.Column("reason", types.Words(), nullable=False),
        sa.Column("facts", types.Json(), nullable=False),
        sa.Column("decision", types.Json(), nullable=False),
        sa.Column("authority", types.Json(), nullable=False),
        sa.Column("document", types.Words(), nullable=False),
        sa.Column("served_on", types.Day(), nullable=False),
        sa.Column("state", types.Words(), nullable=False),
        sa.Column("entered_by", types.Words(), nullable=False),
        sa.Column("entered_at", types.Moment(), nullable=False),
        sa.Column("decided_by", types.Words(), nullable=False),
        sa.Column("published_on", types.Day(), nullable=True),
        sa.Column("until", types.Day(), nullable=True),
        sa.Column("asked_by", types.Words(), nullable=False),
        sa.Column("ground", types.Words(), nullable=False),
        sa.Column("ended_by", types.Words(), nullable=False),
        sa.Column("ended_on", types.Day(), nullable=True),
        sa.Column("said", types.Json(), nullable=True),
        sa.CheckConstraint("kind IN ('organisation', 'person')", name=op.f("ck_offender_case_kind_known")),
        sa.CheckConstraint(f"state IN ({STATES})", name=op.f("ck_offender_case_state_known")),
        sa.CheckConstraint("decided_by <> entered_by", name=op.f("ck_offender_case_published_by_another")),
        sa.CheckConstraint(
            "ended_by = '' OR ended_by <> asked_by", name=op.f("ck_offender_case_removed_by_another")
        ),
        sa.PrimaryKeyConstraint("case_no", name=op.f("pk_offender_case")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_offender_case_published_on"), "offender_case", ["published_on"])
    op.create_table(
        "offender_case_event",
        sa.Column("number", types.Whole(), nullable=False),
        sa.Column("case_no", types.Words(), nullable=False),
        sa.Column("at", types.Moment(), nullable=False),
        sa.Column("officer", types.Words(), nullable=False),
        sa.Column("did", types.Words(), nullable=False),
        sa.Column("said", types.Json(), nullable=False),
        sa.CheckConstraint(f"did IN ({STATES}, 'kept')", name=op.f("ck_offender_case_event_did_known")),
        sa.ForeignKeyConstraint(
            ["case_no"], ["offender_case.case_no"], name=op.f("fk_offender_case_event_case_no")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_offender_case_event")),
        sqlite_strict=True,
    )
    op.create_index(
        op.f("ix_offender_case_event_case_no_number"), "offender_case_event", ["case_no", "number"]
    )


def downgrade() -> None:
    op.drop_table("offender_case_event")
    op.drop_table("offender_case")
