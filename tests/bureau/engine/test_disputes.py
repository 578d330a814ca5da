"""A settlement that did not add up is settled by two people, and the unit gives again."""

from __future__ import annotations

from typing import Any

import pytest

from bureau.engine.reference.context import Context
from bureau.engine.reference.disputes import Disputes
from bureau.errors import StockRefused
from kiosk.domain.invoices import InvoiceRange
from tests.bureau.conftest import CODE, HANDS, Centre
from tests.bureau.engine.test_invoices import HEMU, SHEN, proven, ranges, settled, wanted
from tests.bureau.staff import count_unit
from tests.bureau.terminals import Terminal, subject

Pairs = tuple[tuple[str, str], ...]


@pytest.fixture
def disputed(centre: Centre, terminal: Terminal) -> str:
    """Five numbers of which the terminal told six."""
    centre.load()
    reserved = terminal.do("invoice.reserve", wanted(5), SHEN).result
    told = settled(reserved, delivered=ranges(("00274801", "00274806")))
    assert terminal.do("invoice.commit", told).state == "refused"
    number: str = reserved["reservation"]
    return number


def settle(centre: Centre, number: str, delivered: Pairs = (), quarantined: Pairs = ()) -> str:
    with centre.database.write() as connection:
        disputes = Disputes(Context(connection, centre.clock.now(), ""))
        parts = [[InvoiceRange(*pair) for pair in pairs] for pairs in (delivered, quarantined)]
        return disputes.settle(number, parts[0], parts[1], HANDS, "counted with the enterprise")


def listed(centre: Centre) -> list[str]:
    with centre.database.write() as connection:
        return [r.reservation for r in Disputes(Context(connection, centre.clock.now(), "")).listed()]


def test_two_people_say_what_became_of_each_number_and_the_unit_opens(
    centre: Centre, terminal: Terminal, disputed: str
) -> None:
    assert listed(centre) == [disputed]
    lying = [(CODE, InvoiceRange("00274805", "00274820"))]
    with pytest.raises(StockRefused, match=f"bureau stock settle {disputed}"):
        count_unit(centre, lying)
    settle(centre, disputed, (("00274801", "00274803"),), (("00274804", "00274804"),))
    assert listed(centre) == []
    assert proven(centre)
    assert count_unit(centre, lying) == "BALANCED"
    (kind,) = terminal.data("invoice.entitlement", SHEN, _front("00274805", 16))["kinds"]
    assert (kind["collected_this_month"], kind["unused_held"]) == (3, 15)
    assert terminal.do("invoice.reserve", wanted(2, "00274805"), SHEN).state == "accepted"


def test_the_same_word_of_the_terminal_agrees_with_it_from_then_on(
    centre: Centre, terminal: Terminal, disputed: str
) -> None:
    settle(centre, disputed, (("00274801", "00274804"),))
    told = {"reservation": disputed, "code": CODE, "delivered": ranges(("00274801", "00274804")),
            "released": ranges(("00274805", "00274805"))}  # fmt: skip
    assert terminal.do("invoice.commit", told).state == "accepted"
    assert proven(centre)


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ({"delivered": (("00274801", "00274806"),)}, "is not of this reservation"),
        ({"delivered": (("00274801", "00274802"),), "quarantined": (("00274802", "00274802"),)}, "once"),
    ],
)
def test_numbers_that_are_not_its_own_or_named_twice_are_refused(
    centre: Centre, disputed: str, parts: dict[str, Any], words: str
) -> None:
    with pytest.raises(StockRefused, match=words):
        settle(centre, disputed, **parts)
    assert listed(centre) == [disputed] and proven(centre)


def test_numbers_that_are_anothers_by_now_stay_with_them(centre: Centre, terminal: Terminal) -> None:
    centre.load()
    reserved = terminal.do("invoice.reserve", wanted(5), SHEN).result
    centre.clock.forward(minutes=6)
    second = terminal.do("invoice.reserve", wanted(2), subject("he-mulan", HEMU, "L")).result
    terminal.do("invoice.commit", settled(second))
    assert terminal.do("invoice.commit", settled(reserved)).state == "refused"
    number = reserved["reservation"]
    with pytest.raises(StockRefused, match="00274801-00274802 issued"):
        settle(centre, number, (("00274801", "00274805"),))
    assert proven(centre)
    settle(centre, number, (("00274803", "00274805"),))
    assert listed(centre) == [] and proven(centre)


def test_only_what_is_in_dispute_can_be_settled_so(centre: Centre, terminal: Terminal) -> None:
    centre.load()
    reserved = terminal.do("invoice.reserve", wanted(5), SHEN).result
    for number in (reserved["reservation"], "nothing"):
        with pytest.raises(StockRefused, match="not in dispute"):
            settle(centre, number)


def _front(first: str, count: int) -> dict[str, Any]:
    last = f"{int(first) + count - 1:08d}"
    return {
        "units": [{"unit": "unit1", "code": CODE, "next_number": first, "last_number": last, "count": count}]
    }
