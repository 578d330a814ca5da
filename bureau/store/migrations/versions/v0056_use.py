"""How visits went, by terminal and day, and what sources outside counted."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bureau.store import types

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None

ENDED = "ended IN ('done', 'left', 'expired', 'home', 'opened', 'told', 'refused', 'trouble', 'failed')"


def words(name: str) -> sa.Column[str]:
    return sa.Column(name, types.Words(), nullable=False)


def whole(name: str) -> sa.Column[int]:
    return sa.Column(name, types.Whole(), nullable=False)


def by_day(name: str, keys: list[str], *columns: sa.schema.SchemaItem) -> None:
    op.create_table(
        name,
        words("terminal"),
        sa.Column("day", types.Day(), nullable=False),
        *columns,
        sa.PrimaryKeyConstraint("terminal", "day", *keys, name=op.f(f"pk_{name}")),
        sqlite_strict=True,
    )


def upgrade() -> None:
    op.create_table(
        "use_seen",
        words("id"),
        sa.Column("received_at", types.Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_use_seen")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_use_seen_received_at"), "use_seen", ["received_at"])
    by_day(
        "use_visit",
        ["hour", "lang", "mode", "signed_in"],
        whole("hour"), words("lang"), words("mode"), words("signed_in"), whole("visits"), whole("took_ms"),
        sa.CheckConstraint("hour BETWEEN 0 AND 23", name=op.f("ck_use_visit_hour_of_a_day")),
    )  # fmt: skip
    by_day(
        "use_service",
        ["service", "ended", "code", "offline"],
        words("service"), words("ended"), words("code"), sa.Column("offline", types.Flag(), nullable=False),
        whole("times"), whole("took_ms"),
        sa.CheckConstraint(ENDED, name=op.f("ck_use_service_ended_known")),
    )  # fmt: skip
    by_day(
        "use_step",
        ["service", "step", "kind"],
        words("service"), words("step"), words("kind"),
        whole("came"), whole("ended"), whole("took_ms"), whole("waited_ms"),
    )  # fmt: skip
    by_day("use_spread", ["service", "bucket"], words("service"), whole("bucket"), whole("times"))
    for name in ("use_visit", "use_service", "use_spread"):
        op.create_index(op.f(f"ix_{name}_day"), name, ["day"])
    op.create_index(op.f("ix_use_step_service_day"), "use_step", ["service", "day"])
    op.create_table(
        "opinion",
        words("source"), sa.Column("day", types.Day(), nullable=False), words("topic"), whole("number"),
        sa.CheckConstraint("number >= 0", name=op.f("ck_opinion_number_counts")),
        sa.PrimaryKeyConstraint("source", "day", "topic", name=op.f("pk_opinion")),
        sqlite_strict=True,
    )  # fmt: skip


def downgrade() -> None:
    for name in ("opinion", "use_spread", "use_step", "use_service", "use_visit", "use_seen"):
        op.drop_table(name)
