"""A spare is known by its serial number: counters that happen to fit prove nothing about another machine's paper."""

import copy

import pytest

from tests.drivers.cabinet import OPERATOR
from tests.drivers.fakes import Machine
from tests.drivers.running import running
from tests.drivers.services.dispensing import FIRST, KEY, SECOND, V, code, dispense, job, load, query, ranges


@pytest.fixture
def machine():
    return Machine()


@pytest.fixture
def spare(machine):
    """Stands, as it happens, at the very counters of the old one, with the same paper in it."""

    def made():
        spare = copy.deepcopy(machine)
        spare.serial = "D-0002"
        return spare

    return made


def test_a_spare_gives_nothing_until_somebody_has_compared_its_stock(tmp_path, machine, spare):
    with running(tmp_path, "InvoiceDispenser", machine=machine) as cab:
        load(cab)
    with running(tmp_path, "InvoiceDispenser", machine=spare()) as cab:
        with cab.wire("InvoiceDispenser") as wire, cab.wire("InvoiceDispenser", OPERATOR) as staff:
            assert code(dispense(wire, KEY, FIRST, FIRST)[1]) == "unitLocked"
            told = ranges(wire)
            assert (told["status"], told["next"]) == ("otherMachine", FIRST)
            assert "D-0002 stands where D-0001 was" in told["reason"]
            assert ranges(wire, "unit2")["status"] == "ok", "nothing lies there that could be another"
            staff.do("InvoiceDispenser.Unlock", {"unit": "unit1"}, version=V)
            assert code(dispense(wire, KEY, FIRST, FIRST)[1]) == "success"
    with running(tmp_path, "InvoiceDispenser", machine=machine) as cab, cab.wire("InvoiceDispenser") as wire:
        assert ranges(wire)["status"] == "otherMachine", "the old one, back again, is another one, too"


def test_the_same_machine_goes_on_after_a_restart(tmp_path, machine):
    with running(tmp_path, "InvoiceDispenser", machine=machine) as cab:
        load(cab)
    with running(tmp_path, "InvoiceDispenser", machine=machine) as cab, cab.wire("InvoiceDispenser") as wire:
        assert code(dispense(wire, KEY, FIRST, FIRST)[1]) == "success"


def test_sheets_fed_by_one_machine_are_not_presented_by_another(tmp_path, machine, spare):
    with running(tmp_path, "InvoiceDispenser", machine=machine) as cab:
        load(cab)
        with cab.wire("InvoiceDispenser") as wire:
            dispense(wire, KEY, FIRST, SECOND)
    with running(tmp_path, "InvoiceDispenser", machine=spare()) as cab, cab.wire("InvoiceDispenser") as wire:
        assert code(job(wire, "Present", KEY)[1]) == "countUncertain"
        assert query(wire, KEY)["state"] == "reconcile"
        assert ranges(wire)["status"] == "otherMachine"


def test_an_exchange_makes_the_stock_of_the_spare_known(tmp_path, machine, spare):
    with running(tmp_path, "InvoiceDispenser", machine=machine) as cab:
        load(cab)
    with running(tmp_path, "InvoiceDispenser", machine=spare()) as cab, cab.wire("InvoiceDispenser") as wire:
        load(cab, first="00400001")
        assert ranges(wire)["status"] == "ok"
        assert code(dispense(wire, KEY, "00400001", "00400001")[1]) == "success"
