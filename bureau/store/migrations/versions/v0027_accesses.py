"""Who looked at a person's data; people have an alias by which it is kept."""

from __future__ import annotations

import secrets

import sqlalchemy as sa
from alembic import op

from bureau.store import types

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("person", sa.Column("alias", types.Words(), nullable=True))
    person = sa.table(
        "person",
        sa.column("kind", types.Words()),
        sa.column("number", types.Words()),
        sa.column("alias", types.Words()),
    )
    connection = op.get_bind()
    for kind, number in connection.execute(sa.select(person.c.kind, person.c.number)).all():
        named = person.update().where(person.c.kind == kind, person.c.number == number)
        connection.execute(named.values(alias=secrets.token_hex(16)))
    op.create_index(op.f("ix_person_alias"), "person", ["alias"], unique=True)
    op.create_table(
        "access",
        sa.Column("access", types.Words(), nullable=False),
        sa.Column("person", types.Words(), nullable=False),
        sa.Column("at", types.Moment(), nullable=False),
        sa.Column("party", types.Words(), nullable=False),
        sa.Column("who", types.Words(), nullable=False),
        sa.Column("kind", types.Words(), nullable=False),
        sa.Column("purpose", types.Words(), nullable=False),
        sa.CheckConstraint(
            "party IN ('self', 'officer', 'enterprise', 'public')", name=op.f("ck_access_party_known")
        ),
        sa.PrimaryKeyConstraint("access", name=op.f("pk_access")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_access_person_at"), "access", ["person", "at"])
    op.create_index(op.f("ix_access_at"), "access", ["at"])
    if connection.dialect.name == "sqlite":
        op.execute(
            "CREATE TRIGGER access_no_update BEFORE UPDATE ON access "
            "BEGIN SELECT RAISE(ABORT, 'access is append only'); END"
        )
    else:  # refuse_change() is there since the first layout
        op.execute(
            "CREATE TRIGGER access_no_update BEFORE UPDATE ON access "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )


def downgrade() -> None:
    op.drop_table("access")
    op.drop_index(op.f("ix_person_alias"), "person")
    op.drop_column("person", "alias")
