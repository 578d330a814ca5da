"""``help.published``, ``help.open``, ``ideas.list``: what is read of mutual help and ideas."""

from __future__ import annotations

from collections.abc import Mapping

from bureau.engine.mutual import showing
from bureau.engine.queries.registry import NoParams, Query, Question
from bureau.engine.queue.visitors import visitor_of
from bureau.ports.system import System
from sync.models import HelpPublished, IdeasShown, OpenQuestions


def questions(system: System) -> Mapping[str, Query]:
    """The queries; what is published anybody may read, how somebody voted they alone."""

    def published(question: Question) -> HelpPublished:
        with system.read(question.terminal) as work:
            return showing.published(work.core)

    def unanswered(question: Question) -> OpenQuestions:
        with system.read(question.terminal) as work:
            return OpenQuestions(rows=showing.open_questions(work.core))

    def ideas(question: Question) -> IdeasShown:
        with system.read(question.terminal) as work:
            visitor = visitor_of(work.core, question.request.subject)
            return IdeasShown(rows=showing.ideas(work.core, sorted(visitor.names)))

    return {
        "help.published": Query(NoParams, HelpPublished, published),
        "help.open": Query(NoParams, OpenQuestions, unanswered),
        "ideas.list": Query(NoParams, IdeasShown, ideas),
    }
