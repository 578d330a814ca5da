"""Stock is exchanged by the staff alone, and the storage tells what is in it."""

import pytest
from sqlalchemy import insert

from drivers.books.stock import SETTINGS
from drivers.store_tables import jobs, struck
from tests.drivers.cabinet import MONITOR, OPERATOR
from tests.drivers.fakes import Machine
from tests.drivers.running import running
from tests.drivers.services.dispensing import CODE, FIRST, KEY, SECOND, V, code, dispense, job, load, ranges


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
        ("unit2", "0000300001", "0000300010", "invalidData"),  # no dispenser feeds a number of ten digits
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


def test_a_number_that_was_ever_printed_on_is_never_loaded(cab, machine):
    printed = "00200003"
    job = {
        "key": "form-0001",
        "service": "InvoicePrinter",
        "kind": "print",
        "client": "kiosk",
        "fingerprint": "f",
    }
    stage = {"state": "done", "detail": {}, "created_at": "2026-01-01", "updated_at": "2026-01-01"}
    form = {"code": CODE, "number": printed, "job_key": "form-0001", "service": "InvoicePrinter"}

    def enter(connection):
        connection.execute(insert(jobs), [{**job, **stage}])
        connection.execute(insert(struck), [form])

    cab.call(cab.cabinet.store.write(SETTINGS, enter))
    cab.do(machine.load, "unit2", CODE, "00200001", 50)
    with cab.wire("InvoiceDispenser", OPERATOR) as staff:
        staff.do("Storage.StartExchange")

        def loaded(first, last, invoice=CODE):
            body = {"unit": "unit2", "code": invoice, "kind": "vat", "first": first, "last": last}
            return staff.ask("InvoiceDispenser.SetRange", body, version=V)[1]

        refused = loaded("00200001", "00200050")
        assert code(refused) == "rangeOverlaps"
        assert f"{printed} has already been printed on" in refused["header"]["errorDescription"]
        assert ranges(staff, "unit2")["count"] == 0
        assert code(loaded("00200001", "00200002")) == "success"


def test_a_range_of_long_numbers_is_not_mistaken_for_one_of_short(cab, machine):
    with cab.wire("InvoiceDispenser") as wire:
        dispense(wire, KEY, FIRST, FIRST)
        job(wire, "Retract", KEY)
        load(cab, "unit2", "00099900" + "9" * 12, 5)  # as text, the short number lies among them
        assert ranges(wire, "unit2")["count"] == 5


def test_a_range_that_does_not_lie_in_front_is_not_entered(cab, machine):
    machine.load("unit2", CODE, "00200001", 5)
    with cab.wire("InvoiceDispenser", OPERATOR) as staff:
        staff.do("Storage.StartExchange")
        body = {"unit": "unit2", "code": CODE, "kind": "vat", "first": "00300001", "last": "00300005"}
        assert code(staff.ask("InvoiceDispenser.SetRange", body, version=V)[1]) == "numberMismatch"


def test_a_small_first_load_does_not_lower_the_level_that_counts_as_low_for_ever(cab):
    def level(wire):
        card = wire.do("Storage.GetStorage")["storage"]["unit2"]["card"]
        return card["configuration"]["threshold"], card["status"]["replenishmentStatus"]

    with cab.wire("InvoiceDispenser") as wire:
        load(cab, "unit2", "00200001", 5)
        assert level(wire) == (20, "low")
        load(cab, "unit2", "00300001", 100)
        assert level(wire) == (20, "ok")


def test_numbers_are_not_entered_for_a_cassette_that_is_pulled_out(cab, machine, monkeypatch):
    seen = machine.sensors()
    pulled = {"status": "missing", "count": 0, "code": None, "number": None}
    monkeypatch.setattr(machine, "sensors", lambda: {**seen, "units": {**seen["units"], "unit2": pulled}})
    body = {"unit": "unit2", "code": CODE, "kind": "vat", "first": "00200001", "last": "00200050"}
    with cab.wire("InvoiceDispenser", OPERATOR) as staff:
        staff.do("Storage.StartExchange")
        assert code(staff.ask("InvoiceDispenser.SetRange", body, version=V)[1]) == "empty"


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


def test_a_monitor_sees_the_ranges(cab):
    with cab.wire("InvoiceDispenser", MONITOR) as wire:
        assert ranges(wire)["count"] == 10
        assert code(dispense(wire, KEY, FIRST, FIRST)[1]) == "authorisationRequired"
