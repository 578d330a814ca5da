"""Pages that are named by what they belong to: whether they are there, whose they are, and whose case that is."""

from __future__ import annotations

from collections.abc import Sequence

from bureau.engine.refusals import refuse
from bureau.engine.subjects import Actor, today
from bureau.ports.core import Core
from bureau.ports.matters import MatterCase
from sync.models.materials import PageRef

MOST_OF_A_CASE = 100
"""Pages that one case holds at most."""


def checked_pages(core: Core, actor: Actor, named: Sequence[PageRef]) -> Sequence[str]:
    """The keys of pages that arrived from this very person and belong to nothing yet; raises ``Refused``."""
    if len({one.key for one in named}) != len(named):
        raise refuse("pageMissing")
    for one in named:
        page = core.materials.page(one.key)
        if page is None or page.person != actor.person.key or page.sha256 != one.sha256 or page.case:
            raise refuse("pageMissing")
    return [one.key for one in named]


def open_cases(core: Core, actor: Actor) -> Sequence[MatterCase]:
    """Those of the person, and of the enterprises in which they hold a role today, that wait for a decision."""
    held = core.registration.roles(actor.person.key, today(core))
    cases = core.matters.of(actor.person.key, {h.taxpayer.taxpayer for h in held})
    return [case for case in cases if case.state == "open"]


def attach(core: Core, case: str, keys: Sequence[str]) -> int:
    """Make checked pages part of the case; how many it has now. Raises ``Refused`` when those are too many."""
    if len(core.materials.of(case)) + len(keys) > MOST_OF_A_CASE:
        raise refuse("pagesTooMany", most=str(MOST_OF_A_CASE))
    return core.materials.attach(case, keys)
