"""Surveys: what is asked, which visits have answered, the answers of nobody, and what officers did."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bureau.store import types

revision = "0058"
down_revision = "0057"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "survey",
        sa.Column("survey", types.Words(), nullable=False),
        sa.Column("title", types.Json(), nullable=False),
        sa.Column("about", types.Json(), nullable=False),
        sa.Column("since", types.Day(), nullable=False),
        sa.Column("until", types.Day(), nullable=False),
        sa.Column("questions", types.Json(), nullable=False),
        sa.Column("state", types.Words(), nullable=False),
        sa.Column("proposed_by", types.Words(), nullable=False),
        sa.Column("proposed_at", types.Moment(), nullable=False),
        sa.Column("decided_by", types.Words(), nullable=False),
        sa.Column("decided_at", types.Moment(), nullable=True),
        sa.Column("closed_at", types.Moment(), nullable=True),
        sa.Column("reason", types.Json(), nullable=True),
        sa.CheckConstraint(
            "state IN ('proposed', 'refused', 'published', 'closed')", name=op.f("ck_survey_state_known")
        ),
        sa.CheckConstraint("since <= until", name=op.f("ck_survey_days_in_order")),
        sa.PrimaryKeyConstraint("survey", name=op.f("pk_survey")),
        sqlite_strict=True,
    )
    op.create_table(
        "survey_visit",
        sa.Column("survey", types.Words(), nullable=False),
        sa.Column("visit", types.Words(), nullable=False),
        sa.ForeignKeyConstraint(["survey"], ["survey.survey"], name=op.f("fk_survey_visit_survey")),
        sa.PrimaryKeyConstraint("survey", "visit", name=op.f("pk_survey_visit")),
        sqlite_strict=True,
    )
    op.create_table(
        "survey_answer",
        sa.Column("token", types.Words(), nullable=False),
        sa.Column("survey", types.Words(), nullable=False),
        sa.Column("hall", types.Words(), nullable=False),
        sa.Column("day", types.Day(), nullable=False),
        sa.Column("replies", types.Json(), nullable=False),
        sa.ForeignKeyConstraint(["survey"], ["survey.survey"], name=op.f("fk_survey_answer_survey")),
        sa.PrimaryKeyConstraint("token", name=op.f("pk_survey_answer")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_survey_answer_survey"), "survey_answer", ["survey"])
    op.create_table(
        "survey_event",
        sa.Column("number", types.Whole(), nullable=False),
        sa.Column("survey", types.Words(), nullable=False),
        sa.Column("at", types.Moment(), nullable=False),
        sa.Column("officer", types.Words(), nullable=False),
        sa.Column("did", types.Words(), nullable=False),
        sa.Column("said", types.Json(), nullable=False),
        sa.CheckConstraint(
            "did IN ('proposed', 'refused', 'published', 'closed', 'read')",
            name=op.f("ck_survey_event_did_known"),
        ),
        sa.ForeignKeyConstraint(["survey"], ["survey.survey"], name=op.f("fk_survey_event_survey")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_survey_event")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_survey_event_survey_number"), "survey_event", ["survey", "number"])


def downgrade() -> None:
    op.drop_table("survey_event")
    op.drop_table("survey_answer")
    op.drop_table("survey_visit")
    op.drop_table("survey")
