"""A line lost in the middle is in doubt until the counters tell; what contradicts them locks the unit."""

from drivers.errors import LinkLost
from drivers.ports import DeviceState
from tests.drivers.services.dispensing import (
    CODE,
    FIRST,
    KEY,
    SECOND,
    THIRD,
    V,
    code,
    dispense,
    job,
    query,
    ranges,
    until,
)


def test_a_cancel_stops_between_two_sheets_and_tells_what_moved(cab, machine):
    steps = []
    cab.device("InvoiceDispenser").hook = steps.append
    with cab.wire("InvoiceDispenser") as wire:
        body = {"jobKey": KEY, "unit": "unit1", "code": CODE, "first": FIRST, "last": "00099910"}
        number = wire.send("InvoiceDispenser.Dispense", body, version=V)
        assert wire.acknowledged(number) is None
        wire.next_of(number)
        wire.do("Common.Cancel")
        _, completion = wire.finish(number)
        moved = len(completion["payload"]["items"])
        assert code(completion) == ("canceled" if moved < 10 else "success")
        assert steps.count("moved") == moved == len(machine.tray)
        found = query(wire, KEY)
        assert found["state"] == ("partial" if moved < 10 else "dispensing")
        assert [item["number"] for item in found["items"]] == [number for _, number in machine.tray]


def test_a_lost_line_in_the_middle_is_in_doubt_until_the_counters_tell(cab, machine):
    device = cab.device("InvoiceDispenser")

    def cut(step):
        if step == "gate":
            device.plugged = False
            raise LinkLost("the cable was pulled")

    device.hook = cut
    with cab.wire("InvoiceDispenser") as wire:
        _, completion = dispense(wire, KEY, FIRST, SECOND)
        assert code(completion) == "countUncertain"
        found = query(wire, KEY)
        assert (found["state"], found["items"][0]["position"]) == ("reconcile", "transport")
        assert ranges(wire)["status"] == "quarantined"
        device.hook = lambda step: None
        cab.do(device.show, DeviceState.NO_DEVICE)
        cab.do(device.replug)
        until(lambda: query(wire, KEY)["state"] == "partial")
        found = query(wire, KEY)
        assert (found["items"][0]["position"], found["outcome"]) == ("transport", "none")
        assert ranges(wire)["status"] == "quarantined"
        assert "transport" in ranges(wire)["reason"]
    assert machine.totals["fed"] == 1


def test_a_line_lost_after_the_exit_sensor_is_cleared_up_by_itself(cab, machine):
    device = cab.device("InvoiceDispenser")

    def cut(step):
        if step == "moved" and machine.totals["exited"] == 2:
            device.plugged = False
            raise LinkLost("the cable was pulled")

    device.hook = cut
    with cab.wire("InvoiceDispenser") as wire:
        assert code(dispense(wire, KEY, FIRST, THIRD)[1]) == "countUncertain"
        device.hook = lambda step: None
        cab.do(device.replug)
        until(lambda: query(wire, KEY)["state"] == "partial")
        found = query(wire, KEY)
        assert [item["position"] for item in found["items"]] == ["tray", "tray"]
        left = ranges(wire)
        assert (left["status"], left["next"]) == ("ok", THIRD)
        assert code(dispense(wire, KEY, FIRST, THIRD)[1]) == "success"
        assert code(job(wire, "Present", KEY)[1]) == "success"


def test_a_sheet_rejected_behind_a_lost_line_is_counted_in_the_bin_once(cab, machine):
    device = cab.device("InvoiceDispenser")
    machine.faults = ["smudged"]

    def cut(step):
        if step == "moved":
            device.plugged = False
            raise LinkLost("the cable was pulled")

    def bin_of(wire):
        return wire.do("Storage.GetStorage")["storage"]["unitReject"]["printer"]["status"]["in"]

    device.hook = cut
    with cab.wire("InvoiceDispenser") as wire:
        assert code(dispense(wire, KEY, FIRST, FIRST)[1]) == "countUncertain"
        device.hook = lambda step: None
        cab.do(device.replug)
        until(lambda: query(wire, KEY)["state"] == "partial")
        assert query(wire, KEY)["items"][0]["position"] == "reject"
        assert bin_of(wire) == machine.totals["rejected"] == 1
        assert code(wire.ask("InvoiceDispenser.Reset", version="1.0")[1]) == "success"
        assert bin_of(wire) == 1


def test_counters_that_contradict_a_sheet_quarantine_the_unit(cab, machine):
    def cheat(step):
        if step == "moved":
            machine.totals["fed"] += 1

    cab.device("InvoiceDispenser").hook = cheat
    with cab.wire("InvoiceDispenser") as wire:
        _, completion = dispense(wire, KEY, FIRST, SECOND)
        assert code(completion) == "countUncertain"
        assert ranges(wire)["status"] == "quarantined"
        assert query(wire, KEY)["state"] == "reconcile"
        assert code(job(wire, "Present", KEY)[1]) == "countUncertain"
        assert code(dispense(wire, KEY, FIRST, SECOND)[1]) == "countUncertain"


def test_the_number_read_at_the_gate_is_in_the_book_before_the_sheet_goes_on(cab):
    device = cab.device("InvoiceDispenser")
    seen = []

    def look(step):
        if step == "moved":
            seen.append(cab.cabinet.store)

    device.hook = look
    with cab.wire("InvoiceDispenser") as wire:
        dispense(wire, KEY, FIRST, FIRST)
    assert len(device.held_listeners) == 1
    assert seen
