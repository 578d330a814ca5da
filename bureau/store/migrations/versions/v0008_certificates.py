"""What certificates are made of: other entries of the treasury, credit evaluations, vehicles, social insurance."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bureau.store import types

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "treasury_entry",
        sa.Column("due", types.Words(), nullable=False),
        sa.Column("voucher", types.Words(), nullable=False),
        sa.Column("amount_fen", types.Whole(), nullable=False),
        sa.Column("late_fee_fen", types.Whole(), nullable=False),
        sa.Column("entry_date", types.Day(), nullable=False),
        sa.CheckConstraint("amount_fen >= 0", name=op.f("ck_treasury_entry_amount_fen_not_negative")),
        sa.CheckConstraint("late_fee_fen >= 0", name=op.f("ck_treasury_entry_late_fee_fen_not_negative")),
        sa.ForeignKeyConstraint(["due"], ["due.due"], name=op.f("fk_treasury_entry_due")),
        sa.PrimaryKeyConstraint("due", name=op.f("pk_treasury_entry")),
        sqlite_strict=True,
    )
    _credit()
    _vehicles()
    _social()


def _credit() -> None:
    op.create_table(
        "credit_rating",
        sa.Column("taxpayer", types.Words(), nullable=False),
        sa.Column("year", types.Whole(), nullable=False),
        sa.Column("grade", types.Words(), nullable=False),
        sa.Column("points", types.Whole(), nullable=True),
        sa.Column("published_on", types.Day(), nullable=False),
        sa.CheckConstraint("grade IN ('A', 'B', 'M', 'C', 'D')", name=op.f("ck_credit_rating_grade_known")),
        sa.ForeignKeyConstraint(["taxpayer"], ["taxpayer.taxpayer"], name=op.f("fk_credit_rating_taxpayer")),
        sa.PrimaryKeyConstraint("taxpayer", "year", name=op.f("pk_credit_rating")),
        sqlite_strict=True,
    )


def _vehicles() -> None:
    op.create_table(
        "vehicle_tax",
        sa.Column("vin", types.Words(), nullable=False),
        sa.Column("person_kind", types.Words(), nullable=False),
        sa.Column("person_number", types.Words(), nullable=False),
        sa.Column("make", types.Words(), nullable=False),
        sa.Column("engine", types.Words(), nullable=False),
        sa.Column("price_fen", types.Whole(), nullable=False),
        sa.Column("tax_fen", types.Whole(), nullable=False),
        sa.Column("exempt", types.Flag(), nullable=False),
        sa.Column("entry_date", types.Day(), nullable=False),
        sa.Column("authority", types.Words(), nullable=False),
        sa.CheckConstraint("price_fen >= 0", name=op.f("ck_vehicle_tax_price_fen_not_negative")),
        sa.CheckConstraint("tax_fen >= 0", name=op.f("ck_vehicle_tax_tax_fen_not_negative")),
        sa.ForeignKeyConstraint(
            ["person_kind", "person_number"],
            ["person.kind", "person.number"],
            name=op.f("fk_vehicle_tax_person_kind_person_number"),
        ),
        sa.PrimaryKeyConstraint("vin", name=op.f("pk_vehicle_tax")),
        sqlite_strict=True,
    )
    op.create_index(
        op.f("ix_vehicle_tax_person_kind_person_number"), "vehicle_tax", ["person_kind", "person_number"]
    )


def _social() -> None:
    op.create_table(
        "social_payment",
        sa.Column("person_kind", types.Words(), nullable=False),
        sa.Column("person_number", types.Words(), nullable=False),
        sa.Column("month", types.Words(), nullable=False),
        sa.Column("insurance", types.Words(), nullable=False),
        sa.Column("base_fen", types.Whole(), nullable=False),
        sa.Column("own_fen", types.Whole(), nullable=False),
        sa.Column("unit_fen", types.Whole(), nullable=False),
        sa.Column("entry_date", types.Day(), nullable=False),
        sa.Column("unit", types.Words(), nullable=False),
        sa.CheckConstraint("base_fen >= 0", name=op.f("ck_social_payment_base_fen_not_negative")),
        sa.CheckConstraint("own_fen >= 0", name=op.f("ck_social_payment_own_fen_not_negative")),
        sa.CheckConstraint("unit_fen >= 0", name=op.f("ck_social_payment_unit_fen_not_negative")),
        sa.CheckConstraint(
            "insurance IN ('pension', 'medical', 'unemployment', 'injury')",
            name=op.f("ck_social_payment_insurance_known"),
        ),
        sa.ForeignKeyConstraint(
            ["person_kind", "person_number"],
            ["person.kind", "person.number"],
            name=op.f("fk_social_payment_person_kind_person_number"),
        ),
        sa.PrimaryKeyConstraint(
            "person_kind", "person_number", "month", "insurance", name=op.f("pk_social_payment")
        ),
        sqlite_strict=True,
    )


def downgrade() -> None:
    op.drop_table("social_payment")
    op.drop_index(op.f("ix_vehicle_tax_person_kind_person_number"), table_name="vehicle_tax")
    op.drop_table("vehicle_tax")
    op.drop_table("credit_rating")
    op.drop_table("treasury_entry")
