"""Guardians act for wards: by what a mandate holds, why an officer ended it, the statement kept with its case."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bureau.store import types

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

PARTIES = "party IN ('self', 'attorney', 'guardian', 'principal', 'officer', 'enterprise', 'public')"
PARTIES_BEFORE = "party IN ('self', 'attorney', 'principal', 'officer', 'enterprise', 'public')"
GROUND = "ck_mandate_ground_known"


def upgrade() -> None:
    op.add_column("matter_case", sa.Column("sealed", types.Bytes(), nullable=True))
    op.add_column("mandate", sa.Column("ended_for", types.Words(), nullable=True))
    # All there are so far were signed.
    op.add_column(
        "mandate", sa.Column("ground", types.Words(), nullable=False, server_default=sa.text("'signed'"))
    )
    with op.batch_alter_table("mandate", table_kwargs={"sqlite_strict": True}) as table:
        table.alter_column("ground", existing_type=types.Words(), server_default=None)
        table.create_check_constraint(op.f(GROUND), "ground IN ('signed', 'guardian')")
    _parties(PARTIES)


def downgrade() -> None:
    op.execute("DELETE FROM access WHERE party = 'guardian'")
    _parties(PARTIES_BEFORE)
    op.execute("DELETE FROM mandate WHERE ground = 'guardian'")
    with op.batch_alter_table("mandate", table_kwargs={"sqlite_strict": True}) as table:
        table.drop_constraint(op.f(GROUND), type_="check")
        table.drop_column("ground")
        table.drop_column("ended_for")
    op.drop_column("matter_case", "sealed")


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
