"""The reject and the retract bin: a full one is told as that, by its status and in Storage, until it has room again."""

import pytest

from kiosk.availability import device_faults, device_usable
from tests.drivers.cabinet import OPERATOR
from tests.drivers.fakes import Machine
from tests.drivers.running import running
from tests.drivers.services.dispensing import (
    FIRST,
    KEY,
    SECOND,
    V,
    code,
    dispense,
    job,
    load,
    query,
    ranges,
    until,
)


def status(wire):
    return wire.do("Common.Status")


def faults(wire):
    """What the terminal makes of the status; any of these closes the role."""
    told = status(wire)
    found = device_faults(told["common"]["device"], told)
    assert device_usable(told["common"]["device"], told, "invoiceDispenser") is not bool(found)
    return found


def level(wire, unit):
    return wire.do("Storage.GetStorage")["storage"][unit]["printer"]["status"]["replenishmentStatus"]


def reset(wire):
    return code(wire.ask("InvoiceDispenser.Reset", version=V)[1])


def test_a_full_reject_bin_is_no_jam_and_stops_everything_until_it_is_emptied(cab, machine):
    machine.reject_full, machine.faults = True, ["wrong"]
    load(cab, "unit2", "00200001", 5)
    with cab.wire("InvoiceDispenser") as wire:
        _, told = dispense(wire, KEY, FIRST, SECOND)
        assert code(told) == "rejectBinFull"
        (item,) = told["payload"]["items"]
        assert (item["position"], item["fault"]) == ("transport", "numberMismatch")
        assert faults(wire) == ["rejectBinFull"]
        assert level(wire, "unitReject") == "full"
        left = ranges(wire)
        assert left["status"] == "locked"
        assert "the reject bin is full" in left["reason"]
        assert (
            code(dispense(wire, "job-0000-0002", "00200001", "00200001", unit="unit2")[1]) == "rejectBinFull"
        )
        assert machine.totals["fed"] == 1, "nothing is fed behind the sheet that waits"
        assert reset(wire) == "rejectBinFull"
        machine.reject_full = False
        assert reset(wire) == "success"
        assert len(machine.reject) == 1
        assert faults(wire) == []
        assert level(wire, "unitReject") == "ok"
        assert code(dispense(wire, "job-0000-0003", "00200001", "00200001", unit="unit2")[1]) == "success"
        assert query(wire, KEY)["items"][0]["fault"] == "numberMismatch", (
            "why it was not handed out is still told"
        )


def test_sheets_taken_after_a_reset_in_vain_are_still_noticed(cab, machine):
    with cab.wire("InvoiceDispenser", OPERATOR) as wire:
        dispense(wire, KEY, FIRST, FIRST)
        job(wire, "Present", KEY)
        machine.reject_full, machine.gate = True, [machine.stacks["unit1"].pop()]
        assert reset(wire) == "rejectBinFull"
        cab.do(machine.take)
        until(lambda: query(wire, KEY)["state"] == "taken")


def test_a_bin_is_still_full_after_a_restart(tmp_path):
    machine = Machine()
    machine.reject_full, machine.faults = True, ["smudged"]
    with running(tmp_path, "InvoiceDispenser", machine=machine) as cab:
        load(cab)
        with cab.wire("InvoiceDispenser") as wire:
            assert code(dispense(wire, KEY, FIRST, FIRST)[1]) == "rejectBinFull"
    with running(tmp_path, "InvoiceDispenser", machine=machine) as cab, cab.wire("InvoiceDispenser") as wire:
        assert status(wire)["invoiceDispenser"]["rejectBin"] == "full"


@pytest.mark.parametrize("how", ["reset", "emptied", "used"])
def test_a_full_retract_bin_is_told_until_it_has_room(cab, machine, how):
    machine.retract_full = True
    with cab.wire("InvoiceDispenser") as wire, cab.wire("InvoiceDispenser", OPERATOR) as staff:
        dispense(wire, KEY, FIRST, FIRST)
        job(wire, "Present", KEY)
        assert code(job(wire, "Retract", KEY)[1]) == "retractBinFull"
        assert status(wire)["invoiceDispenser"]["retractBin"] == "full"
        assert level(wire, "unitRetract") == "full"
        machine.retract_full = False
        if how == "used":
            assert code(job(wire, "Retract", KEY)[1]) == "success"
        else:
            cab.do(machine.take)
            assert code(job(wire, "WaitTaken", KEY)[1]) == "success"
        if how == "reset":
            assert reset(wire) == "success"
        if how == "emptied":
            staff.do("Storage.StartExchange")
            change = {"unitRetract": {"printer": {"status": {"initial": 0}}}}
            staff.do("Storage.SetStorage", {"storage": change}, version="2.1")
        assert status(wire)["invoiceDispenser"]["retractBin"] == "ok"


def told_of(wire, event, unit):
    wire.do("Common.Status")
    found = [m["payload"] for m in wire.unsolicited if m["header"]["name"] == f"Storage.{event}"]
    return [payload[unit]["printer"]["status"] for payload in found if unit in payload]


def test_everybody_hears_what_comes_into_a_bin_and_when_it_fills_up(cab, machine):
    with cab.wire("InvoiceDispenser") as wire, cab.wire("InvoiceDispenser", OPERATOR) as staff:
        dispense(wire, KEY, FIRST, SECOND)
        job(wire, "Retract", KEY)
        assert told_of(wire, "CountsChangedEvent", "unitRetract") == [{"in": 2}]
        assert told_of(wire, "StorageThresholdEvent", "unitRetract") == []
        staff.do("Storage.StartExchange")
        for sheets in (40, 50, 0):
            change = {"unitRetract": {"printer": {"status": {"initial": sheets}}}}
            staff.do("Storage.SetStorage", {"storage": change}, version="2.1")
        levels = [{"replenishmentStatus": word} for word in ("high", "full", "ok")]
        assert told_of(wire, "StorageThresholdEvent", "unitRetract") == levels
        staff.do("Storage.EndExchange")
        machine.reject_full, machine.faults = True, ["smudged"]
        dispense(wire, "job-0000-0002", "00099903", "00099903")
        assert told_of(wire, "StorageThresholdEvent", "unitReject") == [{"replenishmentStatus": "full"}]


def test_a_double_feed_books_both_its_sheets(cab, machine):
    machine.faults = [None, "double"]
    with cab.wire("InvoiceDispenser") as wire, cab.wire("InvoiceDispenser", OPERATOR) as staff:
        _, told = dispense(wire, KEY, FIRST, "00099905")
        assert code(told) == "doubleFeed"
        assert [(item["number"], item["position"]) for item in told["payload"]["items"]] == [
            (FIRST, "tray"),
            (SECOND, "reject"),
            ("00099903", "reject"),
        ]
        assert [sheet[1] for sheet in machine.reject] == [SECOND, "00099903"]
        assert told_of(wire, "CountsChangedEvent", "unitReject") == [{"in": 2}]
        assert (ranges(wire)["status"], ranges(wire)["next"]) == ("locked", "00099904")
        job(wire, "Retract", KEY)
        staff.do("InvoiceDispenser.Unlock", {"unit": "unit1"}, version=V)
        assert code(dispense(wire, "job-0000-0002", "00099904", "00099904")[1]) == "success"


@pytest.mark.parametrize("good", [[], [None]], ids=["nothing handed out", "one in the tray"])
def test_a_double_feed_that_waited_for_room_is_two_sheets_in_the_bin(cab, machine, good):
    """The machine rejects it as one."""
    machine.reject_full, machine.faults = True, [*good, "double"]
    with cab.wire("InvoiceDispenser", OPERATOR) as wire:
        assert code(dispense(wire, KEY, FIRST, "00099905")[1]) == "rejectBinFull"
        machine.reject_full = False
        assert reset(wire) == "success"
        assert machine.totals["rejected"] == 1
        assert len(machine.reject) == 2
        held = wire.do("Storage.GetStorage")["storage"]["unitReject"]["printer"]["status"]
        assert held["in"] == 2
        waited = [item for item in query(wire, KEY)["items"] if item["position"] != "tray"]
        assert {(item["position"], item["fault"]) for item in waited} == {("reject", "doubleFeed")}
        machine.gate = [machine.stacks["unit1"].pop()]
        assert reset(wire) == "success"
        held = wire.do("Storage.GetStorage")["storage"]["unitReject"]["printer"]["status"]
        assert held["in"] == 3, "the next thing in the way is one sheet again"


def test_a_double_feed_of_the_last_two_leaves_the_unit_empty(cab, machine):
    load(cab, "unit2", "00200001", 2)
    machine.faults = ["double"]
    with cab.wire("InvoiceDispenser") as wire:
        assert code(dispense(wire, KEY, "00200001", "00200001", unit="unit2")[1]) == "doubleFeed"
        assert ranges(wire, "unit2")["count"] == 0


def test_where_the_number_in_front_cannot_be_read_only_what_was_read_is_booked(cab, machine, monkeypatch):
    seen = machine.sensors

    def blind():
        told = seen()
        return {**told, "units": {name: {**unit, "number": None} for name, unit in told["units"].items()}}

    monkeypatch.setattr(machine, "sensors", blind)
    machine.faults = ["double"]
    with cab.wire("InvoiceDispenser") as wire:
        _, told = dispense(wire, KEY, FIRST, SECOND)
        assert [item["number"] for item in told["payload"]["items"]] == [FIRST]
        assert ranges(wire)["next"] == SECOND
