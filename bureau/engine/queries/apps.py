"""``apps.list``: the official software that anybody may see."""

from __future__ import annotations

from collections.abc import Mapping

from bureau.engine import apps
from bureau.engine.queries.registry import NoParams, Query, Question
from bureau.ports.system import System
from sync.models import AppList


def questions(system: System) -> Mapping[str, Query]:
    """One list for everybody."""

    def ask(question: Question) -> AppList:
        with system.read(question.terminal) as work:
            return apps.shown(work.core)

    return {"apps.list": Query(NoParams, AppList, ask)}
