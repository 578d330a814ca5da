"""What lies in the tray: presented, taken, drawn back; nobody else gets at it."""

import pytest

from drivers.errors import ProtocolError
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
    query,
    ranges,
    until,
)


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
        assert machine.tray and machine.shutter == "open"


def test_who_takes_what_could_not_be_drawn_back_is_not_known(cab, machine):
    """The person's time is over, and the staff who empty the bin have it before them."""
    machine.retract_full = True
    with cab.wire("InvoiceDispenser") as wire, cab.wire("InvoiceDispenser", OPERATOR) as staff:
        dispense(wire, KEY, FIRST, SECOND)
        job(wire, "Present", KEY)
        job(wire, "Retract", KEY)
        cab.do(machine.take)
        found = until(lambda: (told := query(wire, KEY))["state"] != "presented" and told)
        assert (found["state"], found["errorCode"]) == ("reconcile", "notTaken")
        assert {item["position"] for item in found["items"]} == {"unknown"}
        assert job(wire, "WaitTaken", KEY)[1]["payload"] == {"taken": False}
        assert ranges(wire)["status"] == "ok", "what is left in the unit is certain"
        staff.do("Storage.StartExchange")


def test_it_is_not_known_either_when_the_program_was_away_meanwhile(tmp_path):
    machine = Machine()
    machine.retract_full = True
    with running(tmp_path, "InvoiceDispenser", machine=machine) as cab:
        load(cab)
        with cab.wire("InvoiceDispenser") as wire:
            dispense(wire, KEY, FIRST, FIRST)
            job(wire, "Present", KEY)
            job(wire, "Retract", KEY)
    machine.take()
    with running(tmp_path, "InvoiceDispenser", machine=machine) as cab, cab.wire("InvoiceDispenser") as wire:
        found = until(lambda: (told := query(wire, KEY))["state"] != "presented" and told)
        assert (found["state"], found["errorCode"]) == ("reconcile", "notTaken")


def test_the_bin_is_emptied_while_sheets_wait_in_the_tray_and_a_reset_draws_them_back(cab, machine):
    machine.retract_full = True
    emptied = {"storage": {"unitRetract": {"printer": {"status": {"initial": 0}}}}}
    with cab.wire("InvoiceDispenser", OPERATOR) as wire:
        dispense(wire, KEY, FIRST, SECOND)
        job(wire, "Present", KEY)
        assert code(wire.ask("Storage.StartExchange")[1]) == "transactionActive", "the person still has time"
        job(wire, "Retract", KEY)
        assert code(wire.ask("InvoiceDispenser.Reset", version=V)[1]) == "retractBinFull", "still full"
        assert query(wire, KEY)["state"] == "presented"
        wire.do("Storage.StartExchange")
        unit = {"unit": "unit1", "code": CODE, "kind": "vat-ordinary", "first": THIRD, "last": THIRD}
        assert code(wire.ask("InvoiceDispenser.SetRange", unit, version=V)[1]) == "transactionActive"
        out = {"storage": {"unit1": {"card": {"status": {"initialCount": 0}}}}}
        assert code(wire.ask("Storage.SetStorage", out, version="2.1")[1]) == "sequenceError"
        machine.retract_full = False
        wire.do("Storage.SetStorage", emptied, version="2.1")
        wire.do("Storage.EndExchange")
        assert code(wire.ask("InvoiceDispenser.Reset", version=V)[1]) == "success"
        assert query(wire, KEY)["state"] == "retracted"
        bins = wire.do("Storage.GetStorage")["storage"]["unitRetract"]["printer"]["status"]
        assert (bins["in"], bins["replenishmentStatus"]) == (2, "ok"), "counted in the bin that was emptied"
        assert [number for _, number in machine.retract] == [FIRST, SECOND]


@pytest.mark.parametrize("name", ["Present", "WaitTaken", "Retract"])
def test_a_key_nobody_knows_is_told(cab, name):
    with cab.wire("InvoiceDispenser") as wire:
        assert code(job(wire, name, "job-9999-9999")[1]) == "unknownJob"


@pytest.mark.parametrize("command", ["Present", "Retract"])
def test_a_tray_that_opened_behind_a_torn_answer_and_was_emptied_was_taken(cab, machine, command):
    device = cab.device("InvoiceDispenser")

    def torn(step):
        if step == "presented":
            raise ProtocolError("the line is disturbed")

    device.hook = torn
    with cab.wire("InvoiceDispenser") as wire:
        dispense(wire, KEY, FIRST, FIRST)
        assert code(job(wire, "Present", KEY)[1]) != "success"
        cab.do(machine.take)
        device.hook = lambda step: None
        assert code(job(wire, command, KEY)[1]) == "success"
        assert query(wire, KEY)["state"] == "taken"
        assert ranges(wire)["status"] == "ok"


@pytest.mark.parametrize("command", ["Present", "Retract"])
def test_what_was_taken_while_the_watch_was_broken_off_is_taken_before_anything_else_is_found(
    cab, machine, command
):
    """A client may ask as soon as the machine is back, before its counters were compared with the book."""
    device, broken = cab.device("InvoiceDispenser"), []
    watch = device.taken

    async def torn(deadline):
        broken.append(True)
        raise ProtocolError("the line is disturbed")

    device.taken = torn
    with cab.wire("InvoiceDispenser") as wire:
        dispense(wire, KEY, FIRST, FIRST)
        assert code(job(wire, "Present", KEY)[1]) == "success"
        until(lambda: broken)
        device.taken = watch
        cab.do(machine.take)
        assert code(job(wire, command, KEY)[1]) == "success"
        assert job(wire, "WaitTaken", KEY)[1]["payload"] == {"taken": True}
        assert query(wire, KEY)["state"] == "taken"
        assert ranges(wire)["status"] == "ok"


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
