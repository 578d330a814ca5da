"""``survey.take`` (填写问卷): one visitor's answers, once a visit, of nobody."""

from __future__ import annotations

from typing import ClassVar

from bureau.engine.effects import Outcome, Request, Simple, accepted
from bureau.engine.surveys import taking
from bureau.ports.core import Core
from sync.models import EffectAnswer, EffectKind, SurveyTake, SurveyTaken


class TakeSurvey(Simple[SurveyTake]):
    """What was answered without the network counts by the moment at which it was answered."""

    kind: ClassVar[EffectKind] = EffectKind.SURVEY_TAKE
    model = SurveyTake

    def apply(self, core: Core, request: Request, data: SurveyTake, prepared: None) -> Outcome:
        """Raises ``Refused``."""
        at = min(request.body.accepted_at, core.now) if request.waited(core.now) else core.now
        survey = taking.take(core, data, request.visit, at, request.body.lang)
        return accepted(SurveyTaken(survey=survey.survey, title=survey.title))

    def tell(self, core: Core, request: Request, data: SurveyTake, answer: EffectAnswer) -> None:
        """Nobody: who answered is not known."""
