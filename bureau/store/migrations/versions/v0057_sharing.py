"""Consents of enterprises to give their data to others, and what was given."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bureau.store import types

revision = "0057"
down_revision = "0056"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "share_consent",
        sa.Column("case_no", types.Words(), nullable=False),
        sa.Column("taxpayer", types.Words(), nullable=False),
        sa.Column("recipient", types.Words(), nullable=False),
        sa.Column("data", types.Json(), nullable=False),
        sa.Column("person_kind", types.Words(), nullable=False),
        sa.Column("person_number", types.Words(), nullable=False),
        sa.Column("since", types.Day(), nullable=False),
        sa.Column("until", types.Day(), nullable=False),
        sa.Column("sealed", types.Bytes(), nullable=False),
        sa.Column("ended_on", types.Day(), nullable=True),
        sa.Column("ended_by", types.Words(), nullable=True),
        sa.ForeignKeyConstraint(["taxpayer"], ["taxpayer.taxpayer"], name=op.f("fk_share_consent_taxpayer")),
        sa.ForeignKeyConstraint(
            ["person_kind", "person_number"],
            ["person.kind", "person.number"],
            name=op.f("fk_share_consent_person_kind_person_number"),
        ),
        sa.PrimaryKeyConstraint("case_no", name=op.f("pk_share_consent")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_share_consent_taxpayer"), "share_consent", ["taxpayer"])
    op.create_index(
        op.f("ix_share_consent_person_kind_person_number"), "share_consent", ["person_kind", "person_number"]
    )
    op.create_table(
        "share_hand_over",
        sa.Column("number", types.Whole(), nullable=False),
        sa.Column("case_no", types.Words(), nullable=False),
        sa.Column("taxpayer", types.Words(), nullable=False),
        sa.Column("recipient", types.Words(), nullable=False),
        sa.Column("data", types.Json(), nullable=False),
        sa.Column("sha256", types.Words(), nullable=False),
        sa.Column("by_whom", types.Words(), nullable=False),
        sa.Column("at", types.Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_no"], ["share_consent.case_no"], name=op.f("fk_share_hand_over_case_no")
        ),
        sa.ForeignKeyConstraint(
            ["taxpayer"], ["taxpayer.taxpayer"], name=op.f("fk_share_hand_over_taxpayer")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_share_hand_over")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_share_hand_over_taxpayer_number"), "share_hand_over", ["taxpayer", "number"])
    op.create_index(op.f("ix_share_hand_over_case_no"), "share_hand_over", ["case_no"])


def downgrade() -> None:
    op.drop_table("share_hand_over")
    op.drop_table("share_consent")
