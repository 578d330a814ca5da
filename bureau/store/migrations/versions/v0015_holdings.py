"""What becomes of invoices in an enterprise's hands: more states, and movements between them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bureau.store import types

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

STATES = ("onHand", "reserved", "quarantined", "issued", "used", "spoiled", "unloaded")
MORE_STATES = (
    "onHand", "reserved", "quarantined", "issued", "used", "lost", "returning", "voided", "spoiled", "unloaded",
)  # fmt: skip
TYPES = (
    "LOAD", "ISSUE", "RETRACT", "RELEASE", "SPOIL", "UNLOAD", "RETURN", "TRANSFER_OUT", "TRANSFER_IN",
)  # fmt: skip
MORE_TYPES = (
    "LOAD", "ISSUE", "RETRACT", "RELEASE", "SPOIL", "UNLOAD", "RETURN", "USE", "LOSE", "HAND_IN", "VOID", "KEEP",
    "VOID_IN", "TRANSFER_OUT", "TRANSFER_IN",
)  # fmt: skip
OPENING = "opening-used"


def upgrade() -> None:
    _allow("stock_range", "state", STATES, MORE_STATES)
    _allow("stock_movement", "type", TYPES, MORE_TYPES)
    _write_used()


def downgrade() -> None:
    _allow("stock_movement", "type", MORE_TYPES, TYPES)
    _allow("stock_range", "state", MORE_STATES, STATES)


def _write_used() -> None:
    """Numbers found used by a release that wrote no movement for it: one opening movement holds them all."""
    moves = sa.table(
        "stock_movement",
        *(sa.column(name) for name in ("movement", "type", "place", "unit", "code", "taxpayer", "kind")),
        *(sa.column(name, types.Whole()) for name in ("line", "first", "last")),
        sa.column("at", types.Moment()),
        sa.column("day", types.Day()),
    )
    held, codes = (
        sa.table("stock_range", *(sa.column(n) for n in ("code", "first", "last", "state", "holder")),
                 sa.column("since", types.Moment())),
        sa.table("invoice_code", sa.column("code"), sa.column("kind")),
    )  # fmt: skip
    query = sa.select(held, codes.c.kind).join(codes, codes.c.code == held.c.code)
    rows = op.get_bind().execute(query.where(held.c.state == "used").order_by(held.c.code, held.c.first))
    lines = [
        {
            "movement": OPENING, "line": line, "type": "USE", "place": "", "unit": "", "code": row.code,
            "first": row.first, "last": row.last, "at": row.since, "day": row.since.date(),
            "taxpayer": row.holder, "kind": row.kind,
        }
        for line, row in enumerate(rows, start=1)
    ]  # fmt: skip
    written = sa.select(moves.c.movement).where(moves.c.type == "USE").limit(1)
    if lines and op.get_bind().execute(written).scalar() is None:
        op.get_bind().execute(sa.insert(moves), lines)


def _allow(table: str, column: str, before: tuple[str, ...], after: tuple[str, ...]) -> None:
    """Let ``column`` hold the words of ``after``; SQLite knows no other way than a new table."""
    name = f"ck_{table}_{column}_known"
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint(op.f(name), table, type_="check")
        op.create_check_constraint(op.f(name), table, _condition(column, after))
        return
    connection = op.get_bind()
    parts = connection.execute(
        sa.text("SELECT type, sql FROM sqlite_master WHERE tbl_name = :name AND sql IS NOT NULL"),
        {"name": table},
    ).all()
    (made,) = (sql for kind, sql in parts if kind == "table")
    made = made.replace(_condition(column, before), _condition(column, after))
    head, _, body = made.partition("(")
    op.execute(sa.text(_literal(f"{head.replace(table, f'{table}_new')}({body}")))
    op.execute(f"INSERT INTO {table}_new SELECT * FROM {table}")
    op.execute(f"DROP TABLE {table}")
    op.execute(f"ALTER TABLE {table}_new RENAME TO {table}")
    for kind, sql in parts:
        if kind != "table":
            op.execute(sa.text(_literal(sql)))


def _literal(sql: str) -> str:
    """The statement as it is: a colon begins no parameter."""
    return sql.replace(":", "\\:")


def _condition(column: str, words: tuple[str, ...]) -> str:
    listed = ", ".join(f"'{word}'" for word in words)
    return f"{column} IN ({listed})"
