"""``library.edited``: what officers wrote for the library that lies on each terminal."""

from __future__ import annotations

from collections.abc import Mapping

from bureau.engine.knowledge import showing
from bureau.engine.queries.registry import NoParams, Query, Question
from bureau.ports.system import System
from sync.models import LibraryEdited


def questions(system: System) -> Mapping[str, Query]:
    """One list for everybody; what is looked for stays at the terminal."""

    def ask(question: Question) -> LibraryEdited:
        with system.read(question.terminal) as work:
            return showing.edited(work.core)

    return {"library.edited": Query(NoParams, LibraryEdited, ask)}
