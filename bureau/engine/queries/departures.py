"""``departure.assess``: what of a traveller's purchases is refunded, before anything is handed in."""

from __future__ import annotations

from collections.abc import Mapping

from bureau.engine.departing.assessing import assess, told
from bureau.engine.departing.travellers import traveller
from bureau.engine.queries.registry import Query, Question
from bureau.engine.rules import Rules
from bureau.ports.system import System
from sync.models import DepartureAssessed, DepartureWish


def questions(system: System, rules: Rules) -> Mapping[str, Query]:
    """The queries of the departure refund."""

    def ask(question: Question) -> DepartureAssessed:
        wish = question.params
        assert isinstance(wish, DepartureWish), "validated by the registry"
        with system.read(question.terminal) as work:
            who = traveller(work.core, question.request.subject, question.service)
            return told(work.core, assess(work.core, who, wish, rules.current))

    return {"departure.assess": Query(DepartureWish, DepartureAssessed, ask)}
