"""``materials.cases``: for which of my cases pages can be handed in, and what is asked for."""

from __future__ import annotations

from collections.abc import Mapping

from bureau.engine.matters.pages import open_cases
from bureau.engine.names import matter_name
from bureau.engine.queries.registry import NoParams, Query, of_actor
from bureau.engine.subjects import Actor
from bureau.ports.core import Core
from bureau.ports.matters import MatterCase
from bureau.ports.system import System
from config.clock import CHINA
from sync.models.materials import MaterialCase, MaterialCases


def questions(system: System) -> Mapping[str, Query]:
    """The queries of materials."""
    return {"materials.cases": of_actor(system, NoParams, MaterialCases, _cases)}


def _cases(core: Core, actor: Actor, _: NoParams) -> MaterialCases:
    """Those that wait for something first, then the one that is due first."""
    cases = sorted(open_cases(core, actor), key=lambda c: (c.wanted is None, c.due_on, c.case))
    return MaterialCases(rows=[_row(core, actor, case) for case in cases], as_of=core.now)


def _row(core: Core, actor: Actor, case: MatterCase) -> MaterialCase:
    taxpayer = core.registration.taxpayer(case.taxpayer) if case.taxpayer is not None else None
    return MaterialCase(
        case=case.case,
        title=matter_name(case.matter),
        owner=taxpayer.name if taxpayer is not None else actor.person.name,
        wanted=case.wanted,
        pages=len(core.materials.of(case.case)),
        accepted_on=case.accepted_at.astimezone(CHINA).date(),
        due_on=case.due_on,
    )
