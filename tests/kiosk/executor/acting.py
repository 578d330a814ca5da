"""An effect done to its end, and what the tests of the executor do it with."""

from __future__ import annotations

from typing import Any

from kiosk.flow.effects import Dispense, Submit
from kiosk.flow.events import Outcome
from sync.errors import BureauUnreachable
from tests.kiosk.doubles import CODE
from tests.kiosk.program import RETURN, Program, origin

DISPENSE = Dispense("R1", CODE, "00004801", "00004803", "unit1")
FILE = Submit("declaration.submit", RETURN)


async def ended(program: Program, effect: Any, service: str = "declare.vat-small", **changed: Any) -> Outcome:
    """The one outcome of an effect; nothing is told after it."""
    before = len(program.told)
    outcome = await program.do(effect, origin(service, **changed))
    assert outcome is not None
    told = program.told[before:]
    assert [o.partial for o in told] == [True] * (len(told) - 1) + [False]
    return outcome


def silence(*, doubtful: bool = True) -> BureauUnreachable:
    error = BureauUnreachable("nobody there")
    error.doubtful = doubtful
    return error
