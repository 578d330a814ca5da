"""A role that is given again is a row of its own: who acted for whom in an earlier year stays on record."""

from __future__ import annotations

from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

HOLDING = ["person_kind", "person_number", "taxpayer", "role"]
NAME = "pk_role"


def upgrade() -> None:
    _key([*HOLDING, "valid_from"])


def downgrade() -> None:
    earlier = "(SELECT max(other.valid_from) FROM role AS other WHERE " + " AND ".join(
        f"other.{column} = role.{column}" for column in HOLDING
    )
    op.execute(f"DELETE FROM role WHERE valid_from < {earlier})")
    _key(HOLDING)


def _key(columns: list[str]) -> None:
    with op.batch_alter_table("role", table_kwargs={"sqlite_strict": True}) as table:
        table.drop_constraint(op.f(NAME), type_="primary")
        table.create_primary_key(op.f(NAME), columns)
