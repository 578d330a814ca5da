"""``feedback.rate``: 好差评, one a visit; a low level is followed up."""

from __future__ import annotations

from typing import ClassVar

from bureau.engine.effects import Outcome, Request, Simple, accepted
from bureau.engine.refusals import refuse
from bureau.ports.core import Core
from bureau.ports.ratings import Rating
from sync.models import EffectKind, FeedbackRate

LOW = 2
"""不满意 and 非常不满意 open a case (domain note, section 8)."""


class RateVisit(Simple[FeedbackRate]):
    """Keeps the rating. Who rated is not asked."""

    kind: ClassVar[EffectKind] = EffectKind.FEEDBACK_RATE
    model = FeedbackRate

    def apply(self, core: Core, request: Request, data: FeedbackRate, prepared: None) -> Outcome:
        """One rating an item."""
        if core.ratings.rated(data.item):
            raise refuse("ratedAlready")
        case = None
        if data.level <= LOW:
            details: dict[str, object] = {
                "level": data.level,
                "reasons": list(data.reasons),
                "service": request.body.service,
                "terminal": request.terminal,
            }
            case = core.cases.open("low-rating", data.item, details)
        key, service = request.body.key, request.body.service
        core.ratings.rate(Rating(key, service, data.item, data.level, tuple(data.reasons), case))
        return accepted(reference=data.item)
