"""How a case stands, in words."""

from __future__ import annotations

from bureau.engine.names import day_name
from bureau.ports.matters import MatterCase
from bureau.texts import say
from sync.models import Texts


def next_step(case: MatterCase) -> Texts:
    """What comes next; of a case that is decided what came of it, of a refusal its reason."""
    if case.state == "open" and case.wanted is not None:
        return say("case.next.wanted", wanted=case.wanted)
    if case.state == "open":
        return say("case.next.open", day=day_name(case.due_on))
    if case.state == "refused":
        return say("case.next.refused", reason=case.reason or "")
    assert case.effective_on is not None
    return say("case.next.approved", day=day_name(case.effective_on))
