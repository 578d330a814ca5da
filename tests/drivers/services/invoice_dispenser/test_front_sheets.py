"""What lies in front of a unit is compared before every sheet, and before a unit is unlocked."""

from tests.drivers.cabinet import OPERATOR
from tests.drivers.services.dispensing import (
    CODE,
    FIRST,
    KEY,
    SECOND,
    THIRD,
    V,
    code,
    dispense,
    places,
    ranges,
)

OTHER = "044001900111"


def unlock(staff):
    return code(staff.ask("InvoiceDispenser.Unlock", {"unit": "unit1"}, version=V)[1])


def test_a_sheet_of_another_invoice_code_in_the_middle_of_a_stack_is_not_fed(cab, machine):
    machine.stacks["unit1"][1] = (OTHER, SECOND)
    with cab.wire("InvoiceDispenser") as wire:
        _, completion = dispense(wire, KEY, FIRST, THIRD)
        assert code(completion) == "numberMismatch"
        assert completion["payload"]["outcome"] == "partial"
        assert places(completion) == [(FIRST, "tray")]
        assert ranges(wire)["status"] == "locked"
    assert machine.tray == [(CODE, FIRST)]
    assert machine.stacks["unit1"][0] == (OTHER, SECOND)
    assert machine.totals["fed"] == 1


def test_a_unit_is_unlocked_only_with_its_next_sheet_in_front(cab, machine):
    machine.stacks["unit1"][0] = (CODE, "00099999")
    with cab.wire("InvoiceDispenser") as wire, cab.wire("InvoiceDispenser", OPERATOR) as staff:
        assert code(dispense(wire, KEY, FIRST, FIRST)[1]) == "numberMismatch"
        assert unlock(staff) == "numberMismatch"
        cab.do(machine.stacks["unit1"].__setitem__, 0, (OTHER, FIRST))
        assert unlock(staff) == "numberMismatch"
        assert ranges(wire)["status"] == "locked"
        cab.do(machine.stacks["unit1"].__setitem__, 0, (CODE, FIRST))
        assert unlock(staff) == "success"
        assert code(dispense(wire, "job-0000-0002", FIRST, FIRST)[1]) == "success"
