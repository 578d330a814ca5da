"""``subscriptions.list``: what may be followed, and what whoever stands there follows."""

from __future__ import annotations

from collections.abc import Mapping

from bureau.engine.queries.registry import NoParams, Query, Question
from bureau.engine.queue.visitors import visitor_of
from bureau.engine.subscribing import changing
from bureau.ports.system import System
from sync.models import SubscriptionList


def questions(system: System) -> Mapping[str, Query]:
    """The query; what somebody follows they alone are told."""

    def listed(question: Question) -> SubscriptionList:
        subject = question.request.subject
        # Whoever has proven a phone is looked up with its row locked (``Phones.challenge``).
        with system.write(question.terminal) as work:
            return changing.shown(work.core, visitor_of(work.core, subject), subject)

    return {"subscriptions.list": Query(NoParams, SubscriptionList, listed)}
