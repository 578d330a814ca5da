"""``feedback.case``: one complaint or tip-off by its slip or code; ``feedback.mine``: the complaints of a phone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bureau.engine.feedback import following
from bureau.engine.feedback.words import told_case
from bureau.engine.phones import phone_of
from bureau.engine.queries.registry import NoParams, Query, Question
from bureau.engine.refusals import refuse
from bureau.engine.subjects import today
from bureau.limits import Limiter, Rate
from bureau.ports.materials import Vault
from bureau.ports.system import System
from sync.models import FeedbackAsked, FeedbackOwn, FeedbackShown

LOOKS: Final = Rate(30, 60)
"""How often one terminal may look one up in a minute: whoever guesses codes is held up."""


def questions(system: System, vault: Vault) -> Mapping[str, Query]:
    """The queries of who made one."""
    looks = Limiter(LOOKS)

    def case(question: Question) -> FeedbackShown:
        given = question.params
        assert isinstance(given, FeedbackAsked), "validated by the registry"
        if wait := looks.take(question.terminal):
            raise refuse("askedTooOften", seconds=str(int(wait) + 1))
        with system.read(question.terminal) as work:
            return told_case(following.found(work.core, given), vault, today(work.core))

    def mine(question: Question) -> FeedbackOwn:
        with system.write(question.terminal) as work:  # whoever looks a proven phone up holds its row
            return following.of_phone(work.core, phone_of(work.core, question.request.subject))

    return {
        "feedback.case": Query(FeedbackAsked, FeedbackShown, case),
        "feedback.mine": Query(NoParams, FeedbackOwn, mine),
    }
