"""Words for tests about dispensing."""

import time

from tests.drivers.cabinet import OPERATOR
from tests.drivers.xfs_client import code

CODE = "011002100611"
V = "1.0"
FIRST, SECOND, THIRD = "00099901", "00099902", "00099903"
KEY = "job-0000-0001"


def load(cab, unit="unit1", first="00099901", count=10, invoice=CODE, physical=True):
    """Put sheets into the machine and their numbers into the book."""
    if physical:
        cab.do(cab.device("InvoiceDispenser").machine.load, unit, invoice, first, count)
    last = str(int(first) + count - 1).zfill(len(first))
    with cab.wire("InvoiceDispenser", OPERATOR) as staff:
        staff.do("Storage.StartExchange")
        body = {"unit": unit, "code": invoice, "kind": "vat-ordinary", "first": first, "last": last}
        staff.do("InvoiceDispenser.SetRange", body, version=V)
        staff.do("Storage.EndExchange")


def dispense(wire, key, first, last, unit="unit1", invoice=CODE, **options):
    body = {"jobKey": key, "unit": unit, "code": invoice, "first": first, "last": last}
    return wire.ask("InvoiceDispenser.Dispense", body, version=V, **options)


def ranges(wire, unit="unit1"):
    return wire.do("InvoiceDispenser.GetRanges", version=V)["units"][unit]


def query(wire, key):
    return wire.do("InvoiceDispenser.Query", {"jobKey": key}, version=V)


def job(wire, name, key, **options):
    return wire.ask(f"InvoiceDispenser.{name}", {"jobKey": key}, version=V, **options)


def places(completion):
    return [(item["number"], item["position"]) for item in completion["payload"]["items"]]


def until(look, seconds=5.0):
    end = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < end, "did not come true in time"
        time.sleep(0.01)
    return found


__all__ = ["CODE", "code", "dispense", "job", "load", "places", "query", "ranges", "until"]
