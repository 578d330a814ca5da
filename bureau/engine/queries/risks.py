"""``risk.hints``: what an enterprise had better look at itself, to those who act for it."""

from __future__ import annotations

from collections.abc import Mapping

from bureau.engine.queries.registry import NoParams, Query, of_actor
from bureau.engine.risks.record import record
from bureau.engine.rules import Rules
from bureau.engine.subjects import Actor
from bureau.ports.core import Core
from bureau.ports.system import System
from sync.models import RiskHints


def questions(system: System, rules: Rules) -> Mapping[str, Query]:
    """The query; what was found is kept nowhere."""

    def asked(core: Core, actor: Actor, _: NoParams) -> RiskHints:
        return record(core, actor.enterprise, rules)

    return {"risk.hints": of_actor(system, NoParams, RiskHints, asked)}
