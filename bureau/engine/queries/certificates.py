"""``iit.*``: what a certificate will say, before it is issued."""

from __future__ import annotations

from collections.abc import Mapping

from bureau.engine import records
from bureau.engine.queries.registry import NoParams, Query, of_actor
from bureau.engine.subjects import Actor
from bureau.ports.core import Core
from bureau.ports.system import System
from sync.models import IitMonths, IitRecord, MonthRange


def questions(system: System) -> Mapping[str, Query]:
    """The queries of the certificates."""
    return {
        "iit.months": of_actor(system, NoParams, IitMonths, _months),
        "iit.record": of_actor(system, MonthRange, IitRecord, _record),
    }


def _months(core: Core, actor: Actor, _: NoParams) -> IitMonths:
    return records.months(core, actor.person)


def _record(core: Core, actor: Actor, wanted: MonthRange) -> IitRecord:
    return records.record(core, actor.person, wanted.first, wanted.last)
