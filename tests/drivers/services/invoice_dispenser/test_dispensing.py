"""Paper invoices leave their unit in order, by number, once; whatever happens each sheet is accounted for."""

import pytest

from drivers.ports import DispensedItem
from tests.drivers.cabinet import OPERATOR
from tests.drivers.fakes import Machine
from tests.drivers.running import running
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
    load,
    places,
    query,
    ranges,
)


def test_sheets_are_fed_read_presented_and_taken(cab, machine):
    with cab.wire("InvoiceDispenser") as wire:
        events, completion = dispense(wire, KEY, FIRST, THIRD)
        assert code(completion) == "success"
        assert completion["payload"]["outcome"] == "complete"
        assert completion["payload"]["nextNumber"] == "00099904"
        assert places(completion) == [(FIRST, "tray"), (SECOND, "tray"), (THIRD, "tray")]
        told = [event["payload"] for event in events]
        assert [(item["index"], item["expected"], item["read"]) for item in told] == [
            (0, FIRST, FIRST),
            (1, SECOND, SECOND),
            (2, THIRD, THIRD),
        ]
        assert query(wire, KEY)["state"] == "dispensing"
        assert code(job(wire, "Present", KEY)[1]) == "success"
        assert query(wire, KEY)["state"] == "presented"
        waiting = wire.send("InvoiceDispenser.WaitTaken", {"jobKey": KEY}, version=V)
        assert wire.acknowledged(waiting) is None
        cab.do(machine.take)
        assert wire.finish(waiting)[1]["payload"] == {"taken": True}
        taken = wire.wait_unsolicited("InvoiceDispenser.MediaTakenEvent")
        assert taken["payload"] == {"jobKey": KEY}
        assert query(wire, KEY)["state"] == "taken"
        assert code(job(wire, "WaitTaken", KEY)[1]) == "success"
    assert machine.taken == [(CODE, FIRST), (CODE, SECOND), (CODE, THIRD)]


def test_a_repeated_key_gets_its_first_answer_and_moves_nothing(cab, machine):
    with cab.wire("InvoiceDispenser") as wire:
        _, first = dispense(wire, KEY, FIRST, SECOND)
        before = machine.everywhere(), dict(machine.totals)
        for _ in range(3):
            events, again = dispense(wire, KEY, FIRST, SECOND)
            assert (events, code(again), places(again)) == ([], "success", places(first))
        assert (machine.everywhere(), machine.totals) == before
        assert code(dispense(wire, KEY, FIRST, FIRST)[1]) == "keyReused"


def test_a_failed_job_answers_its_failure_again_and_moves_nothing(cab, machine):
    machine.faults = [None, "jam"]
    with cab.wire("InvoiceDispenser") as wire:
        _, first = dispense(wire, KEY, FIRST, THIRD)
        _, again = dispense(wire, KEY, FIRST, THIRD)
        assert code(again) == code(first) == "jammed"
        assert places(again) == places(first)


def test_the_same_key_never_dispenses_after_a_restart(tmp_path):
    machine = Machine()
    with running(tmp_path, "InvoiceDispenser", machine=machine) as cab:
        load(cab)
        with cab.wire("InvoiceDispenser") as wire:
            dispense(wire, KEY, FIRST, SECOND)
    with running(tmp_path, "InvoiceDispenser", machine=machine) as cab, cab.wire("InvoiceDispenser") as wire:
        events, again = dispense(wire, KEY, FIRST, SECOND)
        assert (events, places(again)) == ([], [(FIRST, "tray"), (SECOND, "tray")])
        assert query(wire, KEY)["state"] == "dispensing"
    assert machine.totals["fed"] == 2


def test_a_tray_that_a_restart_found_closed_is_opened_when_it_is_asked_for_once_more(tmp_path):
    """The program died when it had entered that it presents, before the shutter moved."""
    machine = Machine()
    with running(tmp_path, "InvoiceDispenser", machine=machine) as cab:
        load(cab)
        with cab.wire("InvoiceDispenser") as wire:
            dispense(wire, KEY, FIRST, SECOND)
            job(wire, "Present", KEY)
    machine.shutter = "closed"
    with running(tmp_path, "InvoiceDispenser", machine=machine) as cab, cab.wire("InvoiceDispenser") as wire:
        for _ in range(2):  # and a second time it is open already
            assert code(job(wire, "Present", KEY)[1]) == "success"
            assert machine.shutter == "open"
        cab.do(machine.take)
        assert job(wire, "WaitTaken", KEY)[1]["payload"]["taken"] is True


def test_a_number_other_than_expected_is_rejected_locks_the_unit_and_stops(cab, machine):
    machine.faults = [None, "wrong"]
    with cab.wire("InvoiceDispenser") as wire:
        events, completion = dispense(wire, KEY, FIRST, THIRD)
        assert code(completion) == "numberMismatch"
        assert completion["payload"]["outcome"] == "partial"
        assert places(completion) == [(FIRST, "tray"), (SECOND, "reject")]
        wrong = events[1]["payload"]
        assert (wrong["read"], wrong["fault"]) == ("99999999", "numberMismatch")
        left = ranges(wire)
        assert (left["status"], left["next"], left["count"]) == ("locked", THIRD, 8)
        assert code(job(wire, "Retract", KEY)[1]) == "success"
        assert code(dispense(wire, "job-0000-0002", THIRD, THIRD)[1]) == "unitLocked"
    assert machine.totals == {"fed": 2, "exited": 1, "rejected": 1, "retracted": 1}


@pytest.mark.parametrize(
    ("fault", "error", "moved"),
    [("double", "doubleFeed", (FIRST, SECOND)), ("smudged", "numberMismatch", (FIRST,))],
)
def test_two_sheets_at_once_or_an_unreadable_number_lock_the_unit(cab, machine, fault, error, moved):
    machine.faults = [fault]
    with cab.wire("InvoiceDispenser") as wire:
        _, completion = dispense(wire, KEY, FIRST, SECOND)
        assert code(completion) == error
        assert completion["payload"]["outcome"] == "none"
        assert places(completion) == [(number, "reject") for number in moved]
        assert ranges(wire)["status"] == "locked"
        assert query(wire, KEY)["state"] == "partial"


def test_a_locked_unit_dispenses_again_after_somebody_has_looked(cab, machine):
    machine.faults = ["wrong"]
    with cab.wire("InvoiceDispenser") as wire, cab.wire("InvoiceDispenser", OPERATOR) as staff:
        dispense(wire, KEY, FIRST, FIRST)
        refused = wire.ask("InvoiceDispenser.Unlock", {"unit": "unit1"}, version=V)[1]
        assert code(refused) == "authorisationRequired"
        staff.do("InvoiceDispenser.Unlock", {"unit": "unit1"}, version=V)
        assert code(dispense(wire, "job-0000-0002", SECOND, SECOND)[1]) == "success"


def test_a_jam_after_k_sheets_leaves_k_delivered_and_the_rest_untouched(cab, machine):
    machine.faults = [None, None, "jam"]
    with cab.wire("InvoiceDispenser") as wire:
        _, completion = dispense(wire, KEY, FIRST, "00099905")
        assert code(completion) == "jammed"
        assert places(completion) == [(FIRST, "tray"), (SECOND, "tray"), (THIRD, "transport")]
        assert completion["payload"]["nextNumber"] == "00099904"
        assert ranges(wire)["status"] == "ok"
        assert code(job(wire, "Present", KEY)[1]) == "success"
        cab.do(machine.take)
        assert job(wire, "WaitTaken", KEY)[1]["payload"] == {"taken": True}
        found = query(wire, KEY)
        assert (found["state"], found["outcome"], found["errorCode"]) == ("taken", "partial", "jammed")
        assert code(dispense(wire, "job-0000-0002", "00099904", "00099904")[1]) == "jammed"
        assert code(wire.ask("InvoiceDispenser.Reset", version=V)[1]) == "success"
        assert code(dispense(wire, "job-0000-0003", "00099904", "00099904")[1]) == "success"
    assert machine.totals["rejected"] == 1


def test_a_way_that_another_sheet_blocks_leaves_the_next_number_in_its_unit(cab, monkeypatch):
    """A program that died left a sheet at the gate: the unit says jam and feeds nothing."""

    async def blocked(unit, expected, deadline):
        return DispensedItem(expected, None, "transport", "mediaJammed")

    device = cab.device("InvoiceDispenser")
    with cab.wire("InvoiceDispenser") as wire:
        with monkeypatch.context() as patch:
            patch.setattr(device, "dispense_one", blocked)
            _, completion = dispense(wire, KEY, FIRST, SECOND)
        assert (code(completion), completion["payload"]["items"]) == ("jammed", [])
        left = ranges(wire)
        assert (left["next"], left["count"], left["status"]) == (FIRST, 10, "ok")
        assert code(dispense(wire, "job-0000-0002", FIRST, SECOND)[1]) == "success"


def test_an_empty_unit_in_the_middle_locks_it_and_nothing_is_lost(cab, machine):
    del machine.stacks["unit1"][2:]
    with cab.wire("InvoiceDispenser") as wire:
        _, completion = dispense(wire, KEY, FIRST, THIRD)
        assert code(completion) == "empty"
        assert places(completion) == [(FIRST, "tray"), (SECOND, "tray")]
        left = ranges(wire)
        assert (left["next"], left["status"]) == (THIRD, "locked")


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"unit": "unit2"}, "invalidUnit"),
        ({"unit": "unit9"}, "invalidUnit"),
        ({"code": "011002100612"}, "invalidUnit"),
        ({"first": SECOND}, "numberMismatch"),
        ({"last": "00099911"}, "empty"),
        ({"first": THIRD, "last": FIRST}, "invalidData"),
        ({"first": "99901"}, "invalidData"),
        ({"jobKey": "short"}, "invalidData"),
        ({"jobKey": ...}, "invalidData"),
        ({"code": "abc"}, "invalidData"),
    ],
)
def test_what_cannot_be_dispensed_is_refused_before_anything_moves(cab, machine, change, error):
    body = {"jobKey": KEY, "unit": "unit1", "code": CODE, "first": FIRST, "last": THIRD} | change
    body = {name: value for name, value in body.items() if value is not ...}
    with cab.wire("InvoiceDispenser") as wire:
        _, completion = wire.ask("InvoiceDispenser.Dispense", body, version=V)
        assert code(completion) == error
        assert machine.totals["fed"] == 0
        if error != "invalidData":
            assert completion["payload"]["outcome"] == "none"
            assert query(wire, KEY)["known"] is False
            assert code(dispense(wire, KEY, FIRST, FIRST)[1]) == "success"


def test_another_sheet_in_front_is_seen_before_it_moves(cab, machine):
    machine.stacks["unit1"].pop(0)
    with cab.wire("InvoiceDispenser") as wire:
        _, completion = dispense(wire, KEY, FIRST, FIRST)
        assert code(completion) == "numberMismatch"
        assert machine.totals["fed"] == 0
        assert ranges(wire)["status"] == "locked"


def test_a_door_opened_between_two_sheets_stops_and_an_open_one_lets_nothing_begin(cab, machine):
    interlock = cab.service("InvoiceDispenser").cabinet.interlock
    device = cab.device("InvoiceDispenser")
    device.hook = lambda step: interlock.see({"cabinetDoor": "open"}) if step == "moved" else None
    with cab.wire("InvoiceDispenser") as wire:
        _, completion = dispense(wire, KEY, FIRST, THIRD)
        assert code(completion) == "cabinetOpen"
        assert completion["payload"]["outcome"] == "partial"
        assert places(completion) == [(FIRST, "tray")], "the sheet on its way is brought to its place"
        device.hook = lambda step: None
        assert code(job(wire, "Retract", KEY)[1]) == "success"
        assert code(dispense(wire, "job-0000-0002", SECOND, SECOND)[1]) == "cabinetOpen"
        cab.do(interlock.see, {"cabinetDoor": "locked"})
        assert code(dispense(wire, "job-0000-0002", SECOND, SECOND)[1]) == "success"
    assert machine.totals["fed"] == 2
