"""Cases of a kind are listed: low ratings, as they come."""

from __future__ import annotations

from alembic import op

revision = "0067"
down_revision = "0066"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_case_file_kind_state_opened_at"), "case_file", ["kind", "state", "opened_at"])
    op.create_index(op.f("ix_case_file_kind_state_closed_at"), "case_file", ["kind", "state", "closed_at"])
    op.create_index(op.f("ix_rating_item"), "rating", ["item"])


def downgrade() -> None:
    op.drop_index(op.f("ix_rating_item"), "rating")
    op.drop_index(op.f("ix_case_file_kind_state_closed_at"), "case_file")
    op.drop_index(op.f("ix_case_file_kind_state_opened_at"), "case_file")
