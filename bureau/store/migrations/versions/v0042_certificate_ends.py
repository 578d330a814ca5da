"""How certificates end, where they are let out again, links to their files, and of which there is one at most."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bureau.store import types

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

VALID = sa.text("state = 'valid'")
STATES, STATES_BEFORE = "state IN ('valid', 'replaced', 'void')", "state IN ('valid', 'revoked')"
ADDED = (("taxpayer", types.Words()), ("asked", types.Json()), ("original", types.Words()))


def upgrade() -> None:
    _states(STATES, "UPDATE certificate SET state = 'void' WHERE state = 'revoked'")
    for name, kind in ADDED:
        op.add_column("certificate", sa.Column(name, kind, nullable=True))
    op.create_index(
        op.f("ix_certificate_person_kind_person_number"), "certificate", ["person_kind", "person_number"]
    )
    op.create_index(op.f("ix_certificate_taxpayer"), "certificate", ["taxpayer"])
    op.create_index(
        "uq_certificate_original",
        "certificate",
        ["original"],
        unique=True,
        sqlite_where=VALID,
        postgresql_where=VALID,
    )
    op.create_table(
        "certificate_end",
        sa.Column("number", types.Words(), nullable=False),
        sa.Column("reason", types.Words(), nullable=False),
        sa.Column("at", types.Moment(), nullable=False),
        sa.Column("successor", types.Words(), nullable=True),
        sa.Column("officer", types.Words(), nullable=False),
        sa.Column("second", types.Words(), nullable=False),
        sa.Column("note", types.Words(), nullable=False),
        sa.CheckConstraint(
            "reason IN ('replaced', 'wrong', 'corrected', 'lost', 'improper')",
            name=op.f("ck_certificate_end_reason_known"),
        ),
        sa.ForeignKeyConstraint(["number"], ["certificate.number"], name=op.f("fk_certificate_end_number")),
        sa.ForeignKeyConstraint(
            ["successor"], ["certificate.number"], name=op.f("fk_certificate_end_successor")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_certificate_end")),
        sqlite_strict=True,
    )
    _out_again()


def _out_again() -> None:
    op.create_table(
        "certificate_let_out",
        sa.Column("key", types.Words(), nullable=False),
        sa.Column("number", types.Words(), nullable=False),
        sa.Column("terminal", types.Words(), nullable=False),
        sa.Column("at", types.Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["number"], ["certificate.number"], name=op.f("fk_certificate_let_out_number")
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_certificate_let_out")),
        sqlite_strict=True,
    )
    op.create_index(
        op.f("ix_certificate_let_out_number_terminal"), "certificate_let_out", ["number", "terminal"]
    )
    op.create_table(
        "certificate_link",
        sa.Column("key", types.Words(), nullable=False),
        sa.Column("secret_sha256", types.Words(), nullable=False),
        sa.Column("number", types.Words(), nullable=False),
        sa.Column("expires_at", types.Moment(), nullable=False),
        sa.Column("fetched_at", types.Moment(), nullable=True),
        sa.ForeignKeyConstraint(["number"], ["certificate.number"], name=op.f("fk_certificate_link_number")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_certificate_link")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    for name in ("certificate_link", "certificate_let_out", "certificate_end"):
        op.drop_table(name)
    op.drop_index("uq_certificate_original", "certificate")
    op.drop_index(op.f("ix_certificate_taxpayer"), "certificate")
    op.drop_index(op.f("ix_certificate_person_kind_person_number"), "certificate")
    for name, _ in ADDED:
        op.drop_column("certificate", name)
    _states(STATES_BEFORE, "UPDATE certificate SET state = 'revoked' WHERE state <> 'valid'")


def _states(known: str, mend: str) -> None:
    """Let a certificate be in these states and no other; ``mend`` moves those that are in others."""
    name = op.f("ck_certificate_state_known")
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint(name, "certificate", type_="check")
        op.execute(mend)
        op.create_check_constraint(name, "certificate", known)
        return
    with op.batch_alter_table("certificate", table_kwargs={"sqlite_strict": True}) as table:
        table.drop_constraint(name, type_="check")
    op.execute(mend)
    with op.batch_alter_table("certificate", table_kwargs={"sqlite_strict": True}) as table:
        table.create_check_constraint(name, known)
