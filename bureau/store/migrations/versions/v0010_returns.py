"""Natural persons as taxpayers, what their returns may be about, and what enterprises declare besides VAT."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bureau.store import types

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

FILED = sa.text("state = 'filed'")
PERIOD = ["taxpayer", "tax", "period_first", "period_last"]


def upgrade() -> None:
    op.add_column("taxpayer", sa.Column("kind", types.Words(), nullable=False, server_default="enterprise"))
    op.add_column("declaration", sa.Column("subject", types.Words(), nullable=False, server_default=""))
    _index_filed([*PERIOD, "subject"])
    op.create_table(
        "tax_source",
        sa.Column("source", types.Words(), nullable=False),
        sa.Column("person_kind", types.Words(), nullable=False),
        sa.Column("person_number", types.Words(), nullable=False),
        sa.Column("kind", types.Words(), nullable=False),
        sa.Column("title", types.Words(), nullable=False),
        sa.Column("facts", types.Json(), nullable=False),
        sa.Column("known_on", types.Day(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_kind", "person_number"],
            ["person.kind", "person.number"],
            name=op.f("fk_tax_source_person_kind_person_number"),
        ),
        sa.PrimaryKeyConstraint("source", name=op.f("pk_tax_source")),
        sqlite_strict=True,
    )
    op.create_index(
        op.f("ix_tax_source_person_kind_person_number_kind"),
        "tax_source",
        ["person_kind", "person_number", "kind"],
        unique=False,
    )
    op.create_table(
        "tax_duty",
        sa.Column("taxpayer", types.Words(), nullable=False),
        sa.Column("tax", types.Words(), nullable=False),
        sa.Column("cycle", types.Words(), nullable=False),
        sa.Column("quota_fen", types.Whole(), nullable=True),
        sa.Column("valid_from", types.Day(), nullable=False),
        sa.Column("valid_to", types.Day(), nullable=True),
        sa.CheckConstraint("quota_fen >= 0", name=op.f("ck_tax_duty_quota_fen_not_negative")),
        sa.CheckConstraint("cycle IN ('month', 'quarter', 'year')", name=op.f("ck_tax_duty_cycle_known")),
        sa.ForeignKeyConstraint(["taxpayer"], ["taxpayer.taxpayer"], name=op.f("fk_tax_duty_taxpayer")),
        sa.PrimaryKeyConstraint("taxpayer", "tax", "valid_from", name=op.f("pk_tax_duty")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    op.drop_table("tax_duty")
    op.drop_index(op.f("ix_tax_source_person_kind_person_number_kind"), table_name="tax_source")
    op.drop_table("tax_source")
    _index_filed(PERIOD)
    op.drop_column("declaration", "subject")
    op.drop_column("taxpayer", "kind")


def _index_filed(columns: list[str]) -> None:
    """One return that stands for each of ``columns``; the index that was there goes."""
    op.drop_index(
        "uq_declaration_filed", table_name="declaration", sqlite_where=FILED, postgresql_where=FILED
    )
    op.create_index(
        "uq_declaration_filed",
        "declaration",
        columns,
        unique=True,
        sqlite_where=FILED,
        postgresql_where=FILED,
    )
