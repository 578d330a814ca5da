"""Phones by which invoices are issued for a taxpayer."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bureau.store import types

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

BOUND = sa.text("ended_on IS NULL")


def upgrade() -> None:
    op.create_table(
        "issuing_phone",
        sa.Column("case_no", types.Words(), nullable=False),
        sa.Column("taxpayer", types.Words(), nullable=False),
        sa.Column("mobile", types.Words(), nullable=False),
        sa.Column("person_kind", types.Words(), nullable=False),
        sa.Column("person_number", types.Words(), nullable=False),
        sa.Column("since", types.Day(), nullable=False),
        sa.Column("ended_on", types.Day(), nullable=True),
        sa.Column("ended_by", types.Words(), nullable=True),
        sa.ForeignKeyConstraint(["taxpayer"], ["taxpayer.taxpayer"], name=op.f("fk_issuing_phone_taxpayer")),
        sa.ForeignKeyConstraint(
            ["person_kind", "person_number"],
            ["person.kind", "person.number"],
            name=op.f("fk_issuing_phone_person_kind_person_number"),
        ),
        sa.PrimaryKeyConstraint("case_no", name=op.f("pk_issuing_phone")),
        sqlite_strict=True,
    )
    op.create_index(
        "uq_issuing_phone_bound",
        "issuing_phone",
        ["taxpayer", "mobile"],
        unique=True,
        sqlite_where=BOUND,
        postgresql_where=BOUND,
    )
    op.create_index(op.f("ix_issuing_phone_mobile"), "issuing_phone", ["mobile"])
    op.create_index(
        op.f("ix_issuing_phone_person_kind_person_number"), "issuing_phone", ["person_kind", "person_number"]
    )


def downgrade() -> None:
    op.drop_table("issuing_phone")
