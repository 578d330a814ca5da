"""What a return is told of the relief that was granted to its taxpayer, and on which law that stands."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from bureau.engine.matters.kinds import ReliefKind, matters
from bureau.ports.core import Core
from bureau.ports.reliefs import Relief
from bureau.ports.returns import Kept
from bureau.texts import say
from kiosk.domain.tax.returns import Computed, Kind
from kiosk.domain.tax.returns import relief as told
from sync.models import FactValues, Texts

Facts = Mapping[str, Any]


def kinds_of_relief() -> Mapping[str, ReliefKind]:
    """What can be applied for, by name."""
    return {name: one for matter in matters().values() for name, one in matter.reliefs.items()}


def of_period(
    core: Core, taxpayer: str, kind: Kind, first: date, last: date, *, instead_of: str = ""
) -> FactValues:
    """The facts of the relief that a return of these days takes; empty: there is none, or nothing is left of it.

    ``instead_of``: the return that it corrects, which takes nothing any more.
    """
    for relief in _of_kind(core, taxpayer, kind):
        if relief.first <= last and relief.last >= first and (found := facts_of(core, relief, instead_of)):
            return found
    return {}


def offered(core: Core, taxpayer: str | None, kind: Kind) -> FactValues:
    """The same where the person will name the period: the latest relief; the return itself looks at the months."""
    for relief in reversed(_of_kind(core, taxpayer, kind) if taxpayer is not None else []):
        if found := facts_of(core, relief):
            return found
    return {}


def facts_of(core: Core, relief: Relief, instead_of: str = "") -> FactValues:
    """A relief as a return is told of it; empty where nothing is left."""
    found: FactValues = {
        told.CASE: relief.case,
        told.TAX: relief.tax,
        told.FIRST: f"{relief.first:%Y-%m}",
        told.LAST: f"{relief.last:%Y-%m}",
    }
    if relief.percent is not None:
        return {**found, told.PERCENT: relief.percent}
    left = (relief.amount_fen or 0) - _used(core, relief, instead_of)
    return {**found, told.AMOUNT: left} if left > 0 else {}


def with_relief(facts: Facts, granted: Facts) -> FactValues:
    """The facts of a return with this relief in place of whatever they name."""
    return {**{name: value for name, value in facts.items() if name not in told.FACTS}, **granted}


def basis(core: Core, facts: Facts) -> Texts:
    """The law on which the relief stands that the facts name, with its number; empty where they name none."""
    relief = core.reliefs.relief(str(facts[told.CASE])) if facts.get(told.CASE) else None
    if relief is None:
        return {}
    return say("relief.basis", law=kinds_of_relief()[relief.relief].basis, case=relief.case)


def taken(computed: Computed) -> Facts:
    """The facts of the relief that a return takes; empty where it takes nothing, whatever it was told."""
    if not computed.relieved_fen:
        return {}
    found = {name: computed.told[name] for name in told.FACTS if computed.told[name] is not None}
    return {name: f"{value:%Y-%m}" if isinstance(value, date) else value for name, value in found.items()}


def takes(kept: Kept) -> str:
    """The case of the relief that a kept return takes; empty: none."""
    return str((kept.figures.get("facts") or {}).get(told.CASE) or "") if forgiven(kept) else ""


def forgiven(kept: Kept) -> int:
    """What a kept return takes of a relief, in fen."""
    return int(kept.figures.get("relieved_fen", 0))


def _of_kind(core: Core, taxpayer: str, kind: Kind) -> list[Relief]:
    if not kind.relievable:
        return []
    return [one for one in core.reliefs.granted(taxpayer) if one.tax == kind.relievable]


def _used(core: Core, relief: Relief, without: str) -> int:
    """What the returns that stand have taken of it, in fen, but for one."""
    stand = [one for one in core.returns.filings(relief.taxpayer, relief.first) if one.stands]
    mine = (one for one in stand if takes(one) == relief.case and one.filed.declaration != without)
    return sum(forgiven(kept) for kept in mine)
