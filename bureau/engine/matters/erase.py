"""A person has data of theirs deleted (删除个人信息): 个人信息保护法, arts. 47 and 50."""

from __future__ import annotations

from datetime import date
from typing import cast

from bureau.engine import own_data
from bureau.engine.matters.base import Fields, Untouched
from bureau.engine.matters.kinds import Matter
from bureau.engine.refusals import refuse
from bureau.engine.rules import Rules
from bureau.engine.subjects import Actor
from bureau.ports.core import Core
from bureau.ports.matters import MatterCase
from bureau.ports.privacy import HeldKind


class EraseData(Untouched):
    """The data of one kind are gone once an officer has approved it."""

    def check(self, core: Core, actor: Actor, matter: Matter, fields: Fields, rules: Rules) -> Fields:
        """There are such data, and no law has them kept; refused at once with the article else."""
        kind = str(fields["kind"])
        held = {one.kind for one in core.privacy.held(actor.person.key)}
        known = next((one for one in own_data.RULES if one == kind), None)
        if known is None or known not in held:
            raise refuse("dataNotHeld")
        if not own_data.erasable(known):
            raise refuse("dataKept", what=own_data.title(known), law=own_data.basis(known))
        return fields

    def apply(self, core: Core, case: MatterCase, matter: Matter, day: date) -> date:
        """Delete them; what its person had deleted in another way meanwhile is gone as well."""
        core.privacy.erase(case.person, cast("HeldKind", str(case.fields["kind"])))
        return day
