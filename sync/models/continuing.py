"""A visit that goes on on the person's own phone."""

from __future__ import annotations

from pydantic import AwareDatetime

from sync.models.base import Wire


class VisitContinue(Wire):
    """``visit.continue``: hand over what was answered, by step, to whichever phone opens the link first."""

    answers: dict[str, dict[str, object]]


class VisitContinued(Wire):
    """The link for one phone; what may be done by it may be done until ``expires_at``, ``seconds`` from now."""

    url: str
    seconds: int
    expires_at: AwareDatetime
