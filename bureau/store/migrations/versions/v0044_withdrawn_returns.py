"""Returns that are taken back (申报作废) are told from those that a later one replaced."""

from __future__ import annotations

from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

STATES, STATES_BEFORE = "state IN ('filed', 'replaced', 'withdrawn')", "state IN ('filed', 'replaced')"


def upgrade() -> None:
    _states(STATES)


def downgrade() -> None:
    op.execute("UPDATE declaration SET state = 'replaced' WHERE state = 'withdrawn'")
    _states(STATES_BEFORE)


def _states(known: str) -> None:
    """Let a return be in these states and no other."""
    name = op.f("ck_declaration_state_known")
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint(name, "declaration", type_="check")
        op.create_check_constraint(name, "declaration", known)
        return
    with op.batch_alter_table("declaration", table_kwargs={"sqlite_strict": True}) as table:
        table.drop_constraint(name, type_="check")
        table.create_check_constraint(name, known)
