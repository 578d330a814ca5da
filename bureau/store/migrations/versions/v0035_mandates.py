"""Mandates of one person to act for another; attorney and principal are parties that look at a person's data."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bureau.store import types

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

PARTIES = "party IN ('self', 'attorney', 'principal', 'officer', 'enterprise', 'public')"
PARTIES_BEFORE = "party IN ('self', 'officer', 'enterprise', 'public')"


def upgrade() -> None:
    op.create_table(
        "mandate",
        sa.Column("case_no", types.Words(), nullable=False),
        sa.Column("principal_kind", types.Words(), nullable=False),
        sa.Column("principal_number", types.Words(), nullable=False),
        sa.Column("attorney_kind", types.Words(), nullable=False),
        sa.Column("attorney_number", types.Words(), nullable=False),
        sa.Column("relation", types.Words(), nullable=False),
        sa.Column("scope", types.Words(), nullable=False),
        sa.Column("since", types.Day(), nullable=False),
        sa.Column("until", types.Day(), nullable=False),
        sa.Column("sealed", types.Bytes(), nullable=False),
        sa.Column("ended_on", types.Day(), nullable=True),
        sa.Column("ended_by", types.Words(), nullable=True),
        sa.CheckConstraint("scope IN ('papers', 'taxes', 'all')", name=op.f("ck_mandate_scope_known")),
        *(
            sa.ForeignKeyConstraint(
                [f"{party}_kind", f"{party}_number"],
                ["person.kind", "person.number"],
                name=op.f(f"fk_mandate_{party}_kind_{party}_number"),
            )
            for party in ("principal", "attorney")
        ),
        sa.PrimaryKeyConstraint("case_no", name=op.f("pk_mandate")),
        sqlite_strict=True,
    )
    for party in ("principal", "attorney"):
        columns = [f"{party}_kind", f"{party}_number"]
        op.create_index(op.f(f"ix_mandate_{party}_kind_{party}_number"), "mandate", columns)
    _parties(PARTIES)


def downgrade() -> None:
    op.execute("DELETE FROM access WHERE party IN ('attorney', 'principal')")
    _parties(PARTIES_BEFORE)
    op.drop_table("mandate")


def _parties(known: str) -> None:
    """Let these parties, and no other, look at a person's data."""
    name = op.f("ck_access_party_known")
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint(name, "access", type_="check")
        op.create_check_constraint(name, "access", known)
        return
    op.execute("DROP TRIGGER access_no_update")  # it would go with the table that it stands on
    with op.batch_alter_table("access", table_kwargs={"sqlite_strict": True}) as table:
        table.drop_constraint(name, type_="check")
        table.create_check_constraint(name, known)
    op.execute(
        "CREATE TRIGGER access_no_update BEFORE UPDATE ON access "
        "BEGIN SELECT RAISE(ABORT, 'access is append only'); END"
    )
