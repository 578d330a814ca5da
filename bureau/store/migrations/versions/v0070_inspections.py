"""Inspections on site: the visits, their pictures, and what officers did with each."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bureau.store import types

revision = "0070"
down_revision = "0068"
branch_labels = None
depends_on = None

DID = (
    "'ordered', 'cancelled', 'signed', 'confirmed', 'issued', 'demanded', 'asked', 'abnormal', 'declined', "
    "'return-asked', 'returned', 'kept'"
)


def upgrade() -> None:
    op.create_table(
        "inspection",
        sa.Column("number", types.Words(), nullable=False),
        sa.Column("taxpayer", types.Words(), nullable=False),
        sa.Column("kind", types.Words(), nullable=False),
        sa.Column("basis", types.Words(), nullable=False),
        sa.Column("reason", types.Words(), nullable=False),
        sa.Column("day", types.Day(), nullable=False),
        sa.Column("first", types.Words(), nullable=False),
        sa.Column("first_name", types.Words(), nullable=False),
        sa.Column("second", types.Words(), nullable=False),
        sa.Column("second_name", types.Words(), nullable=False),
        sa.Column("ordered_at", types.Moment(), nullable=False),
        sa.Column("state", types.Words(), nullable=False),
        sa.Column("revision", types.Whole(), nullable=False),
        sa.Column("content_sha256", types.Words(), nullable=False),
        sa.Column("confirmed_first", types.Moment(), nullable=True),
        sa.Column("confirmed_second", types.Moment(), nullable=True),
        sa.Column("outcome", types.Words(), nullable=False),
        sa.Column("issued_at", types.Moment(), nullable=True),
        sa.Column("document", types.Words(), nullable=False),
        sa.Column("measure", types.Words(), nullable=False),
        sa.Column("asked_by", types.Words(), nullable=False),
        sa.Column("decided_by", types.Words(), nullable=False),
        sa.Column("ground", types.Words(), nullable=False),
        sa.Column("sealed", types.Bytes(), nullable=True),
        sa.CheckConstraint(
            "state IN ('ordered', 'confirmed', 'issued', 'cancelled')", name=op.f("ck_inspection_state_known")
        ),
        sa.CheckConstraint(
            "measure IN ('', 'asked', 'abnormal', 'return-asked', 'returned')",
            name=op.f("ck_inspection_measure_known"),
        ),
        sa.CheckConstraint("second <> first", name=op.f("ck_inspection_two_officers")),
        sa.CheckConstraint(
            "decided_by = '' OR decided_by <> asked_by", name=op.f("ck_inspection_decided_by_another")
        ),
        sa.CheckConstraint(
            "state IN ('ordered', 'cancelled') OR (confirmed_first IS NOT NULL AND confirmed_second IS NOT NULL)",
            name=op.f("ck_inspection_confirmed_by_both"),
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_inspection")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_inspection_taxpayer"), "inspection", ["taxpayer"])
    op.create_index(op.f("ix_inspection_state_day"), "inspection", ["state", "day"])
    op.create_table(
        "inspection_picture",
        sa.Column("key", types.Words(), nullable=False),
        sa.Column("inspection", types.Words(), nullable=False),
        sa.Column("place", types.Whole(), nullable=False),
        sa.Column("sha256", types.Words(), nullable=False),
        sa.Column("size", types.Whole(), nullable=False),
        sa.Column("received_at", types.Moment(), nullable=False),
        sa.Column("officer", types.Words(), nullable=False),
        sa.Column("sealed", types.Bytes(), nullable=False),
        sa.ForeignKeyConstraint(
            ["inspection"], ["inspection.number"], name=op.f("fk_inspection_picture_inspection")
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_inspection_picture")),
        sqlite_strict=True,
    )
    op.create_index(
        op.f("ix_inspection_picture_inspection_place"),
        "inspection_picture",
        ["inspection", "place"],
        unique=True,
    )
    op.create_table(
        "inspection_event",
        sa.Column("inspection", types.Words(), nullable=False),
        sa.Column("number", types.Whole(), nullable=False),
        sa.Column("at", types.Moment(), nullable=False),
        sa.Column("officer", types.Words(), nullable=False),
        sa.Column("did", types.Words(), nullable=False),
        sa.Column("said", types.Json(), nullable=False),
        sa.CheckConstraint(f"did IN ({DID})", name=op.f("ck_inspection_event_did_known")),
        sa.ForeignKeyConstraint(
            ["inspection"], ["inspection.number"], name=op.f("fk_inspection_event_inspection")
        ),
        sa.PrimaryKeyConstraint("inspection", "number", name=op.f("pk_inspection_event")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    op.drop_table("inspection_event")
    op.drop_table("inspection_picture")
    op.drop_table("inspection")
