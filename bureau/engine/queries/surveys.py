"""``survey.list``: the surveys that anybody may answer now."""

from __future__ import annotations

from collections.abc import Mapping

from bureau.engine.queries.registry import NoParams, Query, Question
from bureau.engine.surveys import taking
from bureau.ports.system import System
from sync.models import SurveyList


def questions(system: System) -> Mapping[str, Query]:
    """One list for everybody."""

    def ask(question: Question) -> SurveyList:
        with system.read(question.terminal) as work:
            return taking.running(work.core)

    return {"survey.list": Query(NoParams, SurveyList, ask)}
