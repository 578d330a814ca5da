"""Paper invoices leave their unit in order, by number, once; whatever happens each sheet is accounted for."""

import pytest

from drivers.errors import LinkLost
from drivers.ports import DeviceState
from tests.drivers.cabinet import MONITOR, OPERATOR
from tests.drivers.fakes import Machine
from tests.drivers.running import running
from tests.drivers.services.dispensing import CODE, V, code, dispense, job, load, places, query, ranges, until

FIRST, SECOND, THIRD = "00099901", "00099902", "00099903"
KEY = "job-0000-0001"


@pytest.fixture
def cab(tmp_path):
    with running(tmp_path, "InvoiceDispenser", take_s=0.4, alone_s=0.4) as cab:
        load(cab)
        yield cab


@pytest.fixture
def machine(cab):
    return cab.device("InvoiceDispenser").machine


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


@pytest.mark.parametrize(("fault", "error"), [("double", "doubleFeed"), ("smudged", "numberMismatch")])
def test_two_sheets_at_once_or_an_unreadable_number_lock_the_unit(cab, machine, fault, error):
    machine.faults = [fault]
    with cab.wire("InvoiceDispenser") as wire:
        _, completion = dispense(wire, KEY, FIRST, SECOND)
        assert code(completion) == error
        assert completion["payload"]["outcome"] == "none"
        assert places(completion) == [(FIRST, "reject")]
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


def test_a_full_tray_refuses_the_next_job(cab):
    with cab.wire("InvoiceDispenser") as wire:
        dispense(wire, KEY, FIRST, FIRST)
        assert code(dispense(wire, "job-0000-0002", SECOND, SECOND)[1]) == "mediaRetained"
        job(wire, "Present", KEY)
        assert code(dispense(wire, "job-0000-0002", SECOND, SECOND)[1]) == "mediaRetained"


def test_what_nobody_takes_is_retracted_and_stays_out_of_the_stock(cab, machine):
    with cab.wire("InvoiceDispenser") as wire:
        dispense(wire, KEY, FIRST, SECOND)
        job(wire, "Present", KEY)
        assert job(wire, "WaitTaken", KEY)[1]["payload"] == {"taken": False}
        _, completion = job(wire, "Retract", KEY)
        assert completion["payload"] == {"count": 2, "numbers": [FIRST, SECOND]}
        assert job(wire, "Retract", KEY)[1]["payload"]["count"] == 2
        found = query(wire, KEY)
        assert found["state"] == "retracted"
        assert {item["position"] for item in found["items"]} == {"retract"}
        assert ranges(wire)["next"] == THIRD
    assert machine.totals["retracted"] == 2


def test_a_client_that_died_leaves_no_paper_in_an_open_tray(cab, machine):
    with cab.wire("InvoiceDispenser") as wire:
        dispense(wire, KEY, FIRST, SECOND)
        job(wire, "Present", KEY)
    until(lambda: machine.totals["retracted"] == 2)
    with cab.wire("InvoiceDispenser") as wire:
        until(lambda: query(wire, KEY)["state"] == "retracted")


def test_the_wait_ends_before_the_clients_own_limit(cab):
    with cab.wire("InvoiceDispenser") as wire:
        dispense(wire, KEY, FIRST, FIRST)
        assert code(job(wire, "WaitTaken", KEY)[1]) == "nothingToPresent"
        job(wire, "Present", KEY)
        assert job(wire, "WaitTaken", KEY, timeout_ms=300)[1]["payload"] == {"taken": False}


def test_retracting_what_was_taken_in_the_last_moment_finds_it_taken(cab, machine):
    with cab.wire("InvoiceDispenser") as wire:
        dispense(wire, KEY, FIRST, FIRST)
        job(wire, "Present", KEY)
        cab.do(machine.take)
        assert job(wire, "Retract", KEY)[1].get("payload") == {"count": 0, "numbers": []}
        assert query(wire, KEY)["state"] == "taken"


def test_a_full_retract_bin_leaves_the_sheets_presented(cab, machine):
    machine.retract_full = True
    with cab.wire("InvoiceDispenser") as wire:
        dispense(wire, KEY, FIRST, FIRST)
        job(wire, "Present", KEY)
        assert code(job(wire, "Retract", KEY)[1]) == "retractBinFull"
        assert query(wire, KEY)["state"] == "presented"
        cab.do(machine.take)
        until(lambda: query(wire, KEY)["state"] == "taken")


@pytest.mark.parametrize("name", ["Present", "WaitTaken", "Retract"])
def test_a_key_nobody_knows_is_told(cab, name):
    with cab.wire("InvoiceDispenser") as wire:
        assert code(job(wire, name, "job-9999-9999")[1]) == "unknownJob"


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


def test_only_the_staff_exchange_stock_and_nothing_moves_meanwhile(cab, machine):
    body = {"unit": "unit2", "code": CODE, "kind": "vat", "first": "00200001", "last": "00200050"}
    with cab.wire("InvoiceDispenser") as wire, cab.wire("InvoiceDispenser", OPERATOR) as staff:
        for name, payload in (("Storage.StartExchange", {}), ("Storage.EndExchange", {})):
            assert code(wire.ask(name, payload)[1]) == "authorisationRequired"
        assert code(staff.ask("InvoiceDispenser.SetRange", body, version=V)[1]) == "noExchangeActive"
        assert code(staff.ask("Storage.EndExchange")[1]) == "noExchangeActive"
        staff.do("Storage.StartExchange")
        assert code(staff.ask("Storage.StartExchange")[1]) == "exchangeActive"
        assert wire.do("Common.Status")["common"]["exchange"] == "active"
        changed = wire.wait_unsolicited("Common.StatusChangedEvent")
        assert changed["payload"]["common"] == {"exchange": "active"}
        assert code(dispense(wire, KEY, FIRST, FIRST)[1]) == "exchangeActive"
        assert code(wire.ask("InvoiceDispenser.SetRange", body, version=V)[1]) == "authorisationRequired"
        cab.do(machine.load, "unit2", CODE, "00200001", 50)
        staff.do("InvoiceDispenser.SetRange", body, version=V)
        staff.do("Storage.EndExchange")
        counts = wire.wait_unsolicited("Storage.CountsChangedEvent")
        assert counts["payload"]["unit2"]["card"]["status"]["count"] == 50
        assert code(dispense(wire, KEY, "00200001", "00200001", unit="unit2")[1]) == "success"


def test_an_exchange_waits_for_the_tray_and_outlives_a_restart(tmp_path):
    machine = Machine()
    with running(tmp_path, "InvoiceDispenser", machine=machine) as cab:
        load(cab)
        with cab.wire("InvoiceDispenser") as wire, cab.wire("InvoiceDispenser", OPERATOR) as staff:
            dispense(wire, KEY, FIRST, FIRST)
            assert code(staff.ask("Storage.StartExchange")[1]) == "transactionActive"
            job(wire, "Retract", KEY)
            staff.do("Storage.StartExchange")
    with running(tmp_path, "InvoiceDispenser", machine=machine) as cab, cab.wire("InvoiceDispenser") as wire:
        assert wire.do("Common.Status")["common"]["exchange"] == "active"


@pytest.mark.parametrize(
    ("unit", "first", "last", "error"),
    [
        ("unit2", "00099905", "00099920", "rangeOverlaps"),
        ("unit1", FIRST, "00099910", "rangeOverlaps"),
        ("unit9", "00300001", "00300010", "invalidUnit"),
        ("unit2", "00300010", "00300001", "invalidData"),
        ("unit2", "0030000x", "00300010", "invalidData"),
    ],
)
def test_numbers_that_moved_or_lie_elsewhere_cannot_be_loaded(cab, machine, unit, first, last, error):
    with cab.wire("InvoiceDispenser") as wire, cab.wire("InvoiceDispenser", OPERATOR) as staff:
        dispense(wire, KEY, FIRST, FIRST)
        job(wire, "Retract", KEY)
        if error == "rangeOverlaps":  # what is typed lies in front as well: only the book can refuse it
            cab.do(machine.stacks[unit].clear)
            cab.do(machine.load, unit, CODE, first, 2)
        staff.do("Storage.StartExchange")
        body = {"unit": unit, "code": CODE, "kind": "vat", "first": first, "last": last}
        assert code(staff.ask("InvoiceDispenser.SetRange", body, version=V)[1]) == error


def test_a_range_that_does_not_lie_in_front_is_not_entered(cab, machine):
    machine.load("unit2", CODE, "00200001", 5)
    with cab.wire("InvoiceDispenser", OPERATOR) as staff:
        staff.do("Storage.StartExchange")
        body = {"unit": "unit2", "code": CODE, "kind": "vat", "first": "00300001", "last": "00300005"}
        assert code(staff.ask("InvoiceDispenser.SetRange", body, version=V)[1]) == "numberMismatch"


def test_storage_tells_units_and_bins_and_takes_thresholds(cab):
    with cab.wire("InvoiceDispenser") as wire, cab.wire("InvoiceDispenser", OPERATOR) as staff:
        dispense(wire, KEY, FIRST, SECOND)
        job(wire, "Retract", KEY)
        storage = wire.do("Storage.GetStorage")["storage"]
        assert set(storage) == {"unit1", "unit2", "unitReject", "unitRetract"}
        assert storage["unit1"]["status"] == "ok"
        assert storage["unit1"]["card"]["status"]["count"] == 8
        assert storage["unit2"]["status"] == "notConfigured"
        assert storage["unitRetract"]["printer"]["status"]["in"] == 2
        staff.do("Storage.StartExchange")
        change = {
            "unit1": {"card": {"configuration": {"threshold": 3}}},
            "unitRetract": {"printer": {"status": {"initial": 0}}},
        }
        staff.do("Storage.SetStorage", {"storage": change}, version="2.1")
        wrong = {"storage": {"unit1": {"card": {"status": {"initialCount": 5}}}}}
        assert code(staff.ask("Storage.SetStorage", wrong, version="2.1")[1]) == "storageUnitError"
        gone = {"storage": {"unit7": {"card": {"status": {"initialCount": 0}}}}}
        assert code(staff.ask("Storage.SetStorage", gone, version="2.1")[1]) == "invalidUnit"
        storage = wire.do("Storage.GetStorage")["storage"]
        assert storage["unit1"]["card"]["configuration"]["threshold"] == 3
        assert storage["unit1"]["card"]["status"]["replenishmentStatus"] == "ok"
        assert storage["unitRetract"]["printer"]["status"]["in"] == 0
        staff.do(
            "Storage.SetStorage",
            {"storage": {"unit1": {"card": {"status": {"initialCount": 0}}}}},
            version="2.1",
        )
        assert ranges(wire)["count"] == 0


def test_the_last_sheet_empties_the_unit_and_everybody_hears_of_it(cab):
    with cab.wire("InvoiceDispenser") as wire:
        _, completion = dispense(wire, KEY, FIRST, "00099910")
        assert completion["payload"].get("nextNumber") is None
        left = ranges(wire)
        assert left["count"] == 0
        assert "next" not in left
        wire.do("Common.Status")
        levels = [
            m["payload"]["unit1"]["card"]["status"]["replenishmentStatus"]
            for m in wire.unsolicited
            if m["header"]["name"] == "Storage.StorageThresholdEvent"
        ]
        assert levels == ["empty"]


def test_reset_with_sheets_in_the_tray_is_for_the_staff(cab):
    with cab.wire("InvoiceDispenser") as wire:
        dispense(wire, KEY, FIRST, FIRST)
        assert code(wire.ask("InvoiceDispenser.Reset", version=V)[1]) == "mediaRetained"


def test_nobody_takes_a_machine_over_while_sheets_lie_in_its_tray(cab):
    with cab.wire("InvoiceDispenser") as wire, cab.wire("InvoiceDispenser", OPERATOR) as staff:
        dispense(wire, KEY, FIRST, FIRST)
        assert code(job(staff, "Retract", KEY)[1]) == "authorisationRequired"
        job(wire, "Retract", KEY)
        assert code(staff.ask("InvoiceDispenser.Reset", version=V)[1]) == "success"


def test_a_monitor_sees_the_ranges(cab):
    with cab.wire("InvoiceDispenser", MONITOR) as wire:
        assert ranges(wire)["count"] == 10
        assert code(dispense(wire, KEY, FIRST, FIRST)[1]) == "authorisationRequired"


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
