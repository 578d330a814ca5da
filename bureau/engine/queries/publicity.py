"""``notices.cases``: the published cases of grave tax offenders."""

from __future__ import annotations

from collections.abc import Mapping

from bureau.engine.publicity import showing
from bureau.engine.queries.registry import NoParams, Query, Question
from bureau.ports.system import System
from sync.models import CasesPublished


def questions(system: System) -> Mapping[str, Query]:
    """One list for everybody; what is looked for in it stays at the terminal."""

    def ask(question: Question) -> CasesPublished:
        with system.read(question.terminal) as work:
            return showing.published(work.core)

    return {"notices.cases": Query(NoParams, CasesPublished, ask)}
