"""What every effect of a matter is made of."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Protocol

from bureau.engine.matters.kinds import Matter
from bureau.engine.rules import Rules
from bureau.engine.subjects import Actor
from bureau.ports.core import Core
from bureau.ports.matters import FactValue, MatterCase

Fields = Mapping[str, FactValue]


class MatterEffect(Protocol):
    """One way in which a matter changes what the bureau holds. Stateless."""

    def check(self, core: Core, actor: Actor, matter: Matter, fields: Fields, rules: Rules) -> Fields:
        """What the case holds; raises ``Refused`` when it cannot be, and changes nothing."""
        ...

    def apply(self, core: Core, case: MatterCase, matter: Matter, day: date) -> date:
        """Let it take effect on ``day``, the enterprise locked; the day from which it counts.

        ``case.decided_by`` is who decides now.
        """
        ...

    def wait(self, core: Core, case: MatterCase, matter: Matter, rules: Rules) -> None:
        """What has to be kept while an officer has not decided."""
        ...

    def drop(self, core: Core, case: MatterCase, matter: Matter) -> None:
        """An officer refused: what was kept is let go."""
        ...


class Untouched:
    """Of an effect that touches nothing before it is decided."""

    def wait(self, core: Core, case: MatterCase, matter: Matter, rules: Rules) -> None:
        """Nothing."""

    def drop(self, core: Core, case: MatterCase, matter: Matter) -> None:
        """Nothing."""


def enterprise(case: MatterCase) -> str:
    """The enterprise of a case that only enterprises have."""
    assert case.taxpayer is not None, "only enterprises apply for these"
    return case.taxpayer
