"""好差评: what people say of a visit."""

from __future__ import annotations

from pydantic import Field

from sync.models.base import Wire


class FeedbackRate(Wire):
    """``feedback.rate``: 好差评, 5 very satisfied … 1 very dissatisfied."""

    item: str
    level: int = Field(ge=1, le=5)
    reasons: list[str] = Field(default_factory=list)
