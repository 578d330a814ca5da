"""Of a complaint or a tip-off one officer asks for a later day before another one allows it."""

from __future__ import annotations

from alembic import op

from bureau.store.migrations.versions.v0001_first import allow_changes, refuse_changes

revision = "0060"
down_revision = "0059"
branch_labels = None
depends_on = None

BEFORE = "'accept', 'refuse', 'answer', 'extend', 'transfer', 'read', 'again', 'rate'"


def upgrade() -> None:
    _acts(f"act IN ({BEFORE}, 'longer')")


def downgrade() -> None:
    """What was asked for and not allowed is told as a look: the log loses no line."""
    _acts(f"act IN ({BEFORE})", "UPDATE feedback_act SET act = 'read' WHERE act = 'longer'")


def _acts(known: str, mend: str = "") -> None:
    """Let the log hold these acts and no other; nothing of it is changed by anybody afterwards."""
    name = op.f("ck_feedback_act_act_known")
    allow_changes("feedback_act")
    if mend:
        op.execute(mend)
    if op.get_bind().dialect.name == "sqlite":
        with op.batch_alter_table("feedback_act", table_kwargs={"sqlite_strict": True}) as table:
            table.drop_constraint(name, type_="check")
            table.create_check_constraint(name, known)
    else:
        op.drop_constraint(name, "feedback_act", type_="check")
        op.create_check_constraint(name, "feedback_act", known)
    refuse_changes("feedback_act")
