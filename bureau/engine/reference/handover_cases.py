"""What does not add up at a hand-over becomes a case, for whoever looks for the paper."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bureau.engine.reference.care import ReferenceCases
from bureau.engine.reference.context import Context
from bureau.engine.reference.transit import People
from kiosk.domain.invoices import InvoiceRange

DIFFERS = "handover-differs"
LOST = "handover-lost"
Trouble = dict[str, object]


def trouble(unit: str, code: str, why: str, numbers: Iterable[InvoiceRange], where: str = "") -> Trouble:
    """One line of a case."""
    listed = [f"{n.first}-{n.last}" for n in numbers]
    return {"unit": unit, "code": code, "why": why, "numbers": listed, **({"where": where} if where else {})}


class HandoverCases:
    """Opens each case once, however often the same is told."""

    def __init__(self, context: Context) -> None:
        self._cases = ReferenceCases(context)

    def counted(self, reference: str, terminal: str, found: Sequence[Trouble], who: People) -> str:
        """The case of what two people counted; empty when it all adds up."""
        counted_by = [who.operator, who.witness]
        # another difference is another case
        first = "/".join(f"{one['unit']}/{one['numbers']}" for one in found[:1])
        return self.differs(
            f"{reference}/{first}", {"terminal": terminal, "counted_by": counted_by, "found": [*found]}, found
        )

    def differs(self, reference: str, details: Trouble, found: Sequence[object]) -> str:
        """A case unless nothing was found."""
        return self._cases.open(DIFFERS, reference, details) if found else ""

    def lost(self, reference: str, details: Trouble) -> str:
        """Nobody took it up."""
        return self._cases.open(LOST, reference, details)
