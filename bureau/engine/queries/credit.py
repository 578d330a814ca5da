"""``credit.record``: an enterprise's tax credit, to those who act for it."""

from __future__ import annotations

from collections.abc import Mapping

from bureau.engine import credit
from bureau.engine.queries.registry import NoParams, Query, of_actor
from bureau.engine.subjects import Actor
from bureau.ports.core import Core
from bureau.ports.system import System
from sync.models import CreditRecord


def questions(system: System) -> Mapping[str, Query]:
    """The query of tax credit."""

    def asked(core: Core, actor: Actor, _: NoParams) -> CreditRecord:
        return credit.record(core, actor.enterprise)

    return {"credit.record": of_actor(system, NoParams, CreditRecord, asked)}
