"""A unit that is pulled out, or that this machine does not have, is told at once and gives nothing."""

import pytest

from tests.drivers.cabinet import OPERATOR
from tests.drivers.running import running
from tests.drivers.services.dispensing import FIRST, KEY, code, dispense, load, ranges, until


@pytest.fixture
def pull(cab, machine, monkeypatch):
    """Pull unit1 out or push it in; the machine tells of it by itself."""
    device, sensed = cab.device("InvoiceDispenser"), machine.sensors

    def sensors():
        found = sensed()
        gone = {"status": "missing", "count": 0, "code": None, "number": None}
        return found if state == "ok" else {**found, "units": {**found["units"], "unit1": gone}}

    def pull(now):
        nonlocal state
        state = now
        parts = {**device.details["invoiceDispenser"], "units": {"unit1": now, "unit2": "ok"}}
        cab.do(lambda: device.show(invoiceDispenser=parts))

    state = "ok"
    monkeypatch.setattr(machine, "sensors", sensors)
    return pull


def states(wire):
    return {unit: told["status"] for unit, told in wire.do("Storage.GetStorage")["storage"].items()}


def test_a_unit_that_is_pulled_out_is_told_without_being_asked_and_when_it_is_back(cab, pull):
    with cab.wire("InvoiceDispenser") as wire:
        for device, storage, numbers in (("missing", "missing", "missing"), ("ok", "ok", "ok")):
            pull(device)
            until(lambda told=storage: states(wire)["unit1"] == told)
            assert ranges(wire)["status"] == numbers
            assert ranges(wire)["next"] == FIRST
        told = [
            m["payload"]["unit1"]["status"]
            for m in wire.unsolicited
            if m["header"]["name"] == "Storage.StorageChangedEvent" and "unit1" in m["payload"]
        ]
        assert told == ["missing", "ok"]


def test_nothing_is_fed_from_a_unit_that_is_pulled_out_and_it_gives_again_when_it_is_back(cab, pull, machine):
    with cab.wire("InvoiceDispenser") as wire:
        pull("missing")
        kept, machine.stacks["unit1"] = machine.stacks["unit1"], []
        assert code(dispense(wire, KEY, FIRST, FIRST)[1]) == "unitLocked"
        machine.stacks["unit1"] = kept
        pull("ok")
        until(lambda: ranges(wire)["status"] == "ok")
        assert code(dispense(wire, KEY, FIRST, FIRST)[1]) == "success"


def test_a_unit_that_the_machine_does_not_have_is_missing(tmp_path):
    with running(tmp_path, "InvoiceDispenser") as cab:
        machine = cab.device("InvoiceDispenser").machine
        load(cab, "unit2", "00200001", 5)
        del machine.stacks["unit2"]  # a machine with one unit was put in its place
        with cab.wire("InvoiceDispenser") as wire:
            assert code(dispense(wire, KEY, "00200001", "00200001", unit="unit2")[1]) == "invalidUnit"
            assert states(wire)["unit2"] == "missing"
            assert ranges(wire, "unit2")["status"] == "missing"


def test_a_threshold_set_before_the_first_load_is_kept_and_a_kind_is_not_swallowed(cab):
    with cab.wire("InvoiceDispenser", OPERATOR) as staff:
        staff.do("Storage.StartExchange")
        low = {"unit2": {"card": {"configuration": {"threshold": 2}}}}
        staff.do("Storage.SetStorage", {"storage": low}, version="2.1")
        staff.do("Storage.EndExchange")
        assert states(staff)["unit2"] == "notConfigured"
        load(cab, "unit2", "00200001", 5)
        card = staff.do("Storage.GetStorage")["storage"]["unit2"]["card"]
        assert (card["configuration"]["threshold"], card["status"]["replenishmentStatus"]) == (2, "ok")
        staff.do("Storage.StartExchange")
        other = {"storage": {"unit2": {"card": {"configuration": {"cardID": "another"}}}}}
        assert code(staff.ask("Storage.SetStorage", other, version="2.1")[1]) == "storageUnitError"
        same = {"storage": {"unit2": {"card": {"configuration": {"cardID": "vat-ordinary"}}}}}
        staff.do("Storage.SetStorage", same, version="2.1")
