"""The remote officer: conversations, what was said, who answers, call-backs and what was done about them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bureau.store import types

revision = "0063"
down_revision = "0062"
branch_labels = None
depends_on = None


def _words(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, types.Words(), nullable=False) for name in names]


def upgrade() -> None:
    op.create_table(
        "remote_talk",
        *_words("number", "visit", "terminal", "hall", "lang", "topic"),
        sa.Column("asked_at", types.Moment(), nullable=False),
        sa.Column("heard_at", types.Moment(), nullable=False),
        sa.Column("sealed", types.Bytes(), nullable=False),
        *_words("state", "officer"),
        sa.Column("taken_at", types.Moment(), nullable=True),
        sa.Column("ended_at", types.Moment(), nullable=True),
        *_words("ended_by", "screen"),
        sa.Column("picture", types.Bytes(), nullable=True),
        sa.Column("said", types.Whole(), nullable=False),
        sa.Column("spoken", types.Whole(), nullable=False),
        sa.CheckConstraint("state IN ('waiting', 'taken', 'ended')", name=op.f("ck_remote_talk_state_known")),
        sa.CheckConstraint(
            "ended_by IN ('', 'person', 'officer', 'lost')", name=op.f("ck_remote_talk_ended_by_known")
        ),
        sa.CheckConstraint(
            "screen IN ('no', 'asked', 'shared', 'refused')", name=op.f("ck_remote_talk_screen_known")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_remote_talk")),
        sa.UniqueConstraint("terminal", "visit", name=op.f("uq_remote_talk_terminal_visit")),
        sqlite_strict=True,
    )
    op.create_index(
        "ux_remote_talk_one_an_officer",
        "remote_talk",
        ["officer"],
        unique=True,
        sqlite_where=sa.text("state = 'taken'"),
        postgresql_where=sa.text("state = 'taken'"),
    )
    op.create_index(op.f("ix_remote_talk_state_asked_at"), "remote_talk", ["state", "asked_at"])
    op.create_table(
        "remote_line",
        *_words("number"),
        sa.Column("seq", types.Whole(), nullable=False),
        sa.Column("at", types.Moment(), nullable=False),
        *_words("officer", "kind"),
        sa.Column("sealed", types.Bytes(), nullable=False),
        sa.CheckConstraint("kind IN ('text', 'source', 'service')", name=op.f("ck_remote_line_kind_known")),
        sa.ForeignKeyConstraint(["number"], ["remote_talk.number"], name=op.f("fk_remote_line_number")),
        sa.PrimaryKeyConstraint("number", "seq", name=op.f("pk_remote_line")),
        sqlite_strict=True,
    )
    op.create_table(
        "remote_duty",
        *_words("officer"),
        sa.Column("until", types.Moment(), nullable=True),
        sa.PrimaryKeyConstraint("officer", name=op.f("pk_remote_duty")),
        sqlite_strict=True,
    )
    op.create_table(
        "call_back",
        *_words("number", "key", "talk", "terminal", "hall", "lang", "topic", "slot"),
        sa.Column("asked_at", types.Moment(), nullable=False),
        sa.Column("call_by", types.Day(), nullable=False),
        sa.Column("sealed", types.Bytes(), nullable=False),
        *_words("state"),
        sa.Column("tries", types.Whole(), nullable=False),
        sa.Column("settled_at", types.Moment(), nullable=True),
        sa.CheckConstraint("slot IN ('morning', 'afternoon', 'any')", name=op.f("ck_call_back_slot_known")),
        sa.CheckConstraint("state IN ('open', 'reached', 'closed')", name=op.f("ck_call_back_state_known")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_call_back")),
        sa.UniqueConstraint("key", name=op.f("uq_call_back_key")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_call_back_state_call_by"), "call_back", ["state", "call_by"])
    op.create_table(
        "call_back_try",
        *_words("number"),
        sa.Column("seq", types.Whole(), nullable=False),
        sa.Column("at", types.Moment(), nullable=False),
        *_words("officer", "did"),
        sa.Column("sealed", types.Bytes(), nullable=True),
        sa.CheckConstraint("did IN ('reached', 'missed', 'closed')", name=op.f("ck_call_back_try_did_known")),
        sa.ForeignKeyConstraint(["number"], ["call_back.number"], name=op.f("fk_call_back_try_number")),
        sa.PrimaryKeyConstraint("number", "seq", name=op.f("pk_call_back_try")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    op.drop_table("call_back_try")
    op.drop_table("call_back")
    op.drop_table("remote_duty")
    op.drop_table("remote_line")
    op.drop_table("remote_talk")
