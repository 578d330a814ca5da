"""Paper invoices, matters and archives of the stand-in core, asked for through the ports."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from bureau.adapters.http_core import HttpSystem
from bureau.engine import stockkeeping
from bureau.errors import (
    BureauError,
    CaseDecided,
    NumbersMoved,
    SlotLocked,
    StockDiffers,
    StockRefused,
    StockShort,
)
from bureau.ports.cases import Ending
from bureau.ports.core import Core
from bureau.ports.invoices import Settlement, WantedNumbers
from bureau.ports.matters import Decision, NewCase
from bureau.ports.registration import PersonKey
from bureau.ports.stock import Wanted
from kiosk.domain.invoices import InvoiceRange
from kiosk.domain.people import DocumentKind, Role
from tests.bureau import stores
from tests.standin.running import CODE, FIRM, SUN, SUPPLIED

PERSON = PersonKey(DocumentKind(SUN.kind), SUN.number)
FIVE = InvoiceRange.starting("00100001", 5)
LATER = timedelta(minutes=6)


def wanted(core: Core, numbers: InvoiceRange = FIVE, code: str = CODE) -> WantedNumbers:
    return WantedNumbers(
        "k-1", "A-07", "unit1", SUPPLIED, "04", code, numbers, core.now + timedelta(minutes=5)
    )


def new(core: Core, apart: str = "") -> NewCase:
    return NewCase(
        "registration.change", f"k-{apart}", PERSON, SUPPLIED, Role.LEGAL_REPRESENTATIVE, "A-07",
        {"phone": "13900002345"}, core.now, stores.DAY, apart,
    )  # fmt: skip


def test_every_reserved_number_lies_in_one_place_after_it_was_settled(system: HttpSystem) -> None:
    month = (stores.DAY.replace(day=1), stores.DAY)
    with system.write("A-07") as work:
        invoices = work.core.invoices
        reserved = invoices.reserve(wanted(work.core))
        assert (invoices.held(SUPPLIED, "04"), invoices.collected(SUPPLIED, "04", *month)) == (7, 0)
        parts = Settlement(
            (InvoiceRange("00100001", "00100002"),), (InvoiceRange("00100003", "00100003"),),
            (InvoiceRange("00100004", "00100005"),), "jam",
        )  # fmt: skip
        movement = invoices.settle(reserved, parts)
        invoices.came_along(reserved, [InvoiceRange("00100006", "00100006")], "jam")
    with system.read() as work:
        invoices = work.core.invoices
        again = invoices.reservation(reserved.reservation)
        assert again is not None and (again.state, again.movement) == ("committed", movement)
        assert invoices.settled(again) == parts
        assert (invoices.held(SUPPLIED, "04"), invoices.collected(SUPPLIED, "04", *month)) == (4, 2)
        slot = invoices.slot("A-07", "unit1")
        assert slot is not None and (slot.next_number, slot.on_hand, slot.locked) == ("00100004", 6, False)
        assert invoices.slot("A-07", "unit2") is None
    with system.write("A-07") as work, pytest.raises(NumbersMoved):
        work.core.invoices.settle(again, parts)


@pytest.mark.parametrize(
    ("change", "outcome", "names", "value"),
    [
        (lambda one: replace(one, numbers=InvoiceRange("00100002", "00100003")), StockDiffers, "expected", f"{CODE} 00100001"),
        (lambda one: replace(one, code="990002600199"), StockDiffers, "expected", f"{CODE} 00100001"),
        (lambda one: replace(one, numbers=InvoiceRange.starting("00100001", 11)), StockShort, "available", 10),
    ],
)  # fmt: skip
def test_numbers_that_do_not_lie_in_front_are_not_reserved(
    system: HttpSystem,
    change: Callable[[WantedNumbers], WantedNumbers],
    outcome: type[BureauError],
    names: str,
    value: object,
) -> None:
    with system.write("A-07") as work, pytest.raises(outcome) as told:
        work.core.invoices.reserve(change(wanted(work.core)))
    assert getattr(told.value, names) == value


def test_a_reservation_that_runs_out_gives_its_numbers_back_and_a_dispute_closes_the_unit(
    system: HttpSystem,
) -> None:
    with system.write("A-07") as work:
        invoices = work.core.invoices
        first = invoices.reserve(wanted(work.core))
        assert (invoices.expire(work.core.now), invoices.expire(work.core.now + LATER)) == (0, 1)
        known = invoices.reservation(first.reservation)
        assert known is not None and known.state == "expired"
        second = invoices.reserve(wanted(work.core))
        with pytest.raises(NumbersMoved), work.attempt():
            invoices.settle(known, Settlement((FIVE,), (), (), None))
        invoices.dispute(second)
        with pytest.raises(SlotLocked), work.attempt():
            invoices.reserve(wanted(work.core))


def test_a_matter_waits_for_its_owner_and_is_decided_once(system: HttpSystem) -> None:
    with system.write("A-07") as work:
        matters = work.core.matters
        case, other = matters.open(new(work.core)), matters.open(new(work.core, "x"))
        assert case.state == "open" and matters.waiting(case.matter, SUPPLIED) == case
        assert (
            matters.waiting(case.matter, f"{SUPPLIED}/x") == other
            and matters.waiting("else", SUPPLIED) is None
        )
        assert matters.want(case, "a lease").wanted == "a lease"
        due = stores.DAY + timedelta(5)
        assert matters.supplied(case, due).due_on == due
        assert matters.keep(case, b"signed").sealed == b"signed"
        done = matters.decide(case, Decision("approved", "Li", effective_on=stores.DAY))
        assert (done.state, done.decided_by, done.effective_on) == ("approved", "Li", stores.DAY)
        with pytest.raises(CaseDecided, match="approved"), work.attempt():
            matters.decide(case, Decision("refused", "Li", "no"))
        assert matters.waiting(case.matter, SUPPLIED) is None
        assert [one.case for one in matters.of(PERSON, [SUPPLIED])] == [other.case, case.case]
        assert matters.of(PERSON, []) == [], "the enterprise's, not the person's"


def test_the_desk_of_blank_invoices_works_over_it(system: HttpSystem) -> None:
    """Two write and confirm, a slip that cannot be done leaves nothing, a difference is closed by a third."""
    two = InvoiceRange.starting("00200001", 2)
    hand_out = Wanted("hand-out", "A-07", "unit1", CODE, numbers=two)
    with system.write() as work:
        slip = stockkeeping.propose(work, "duan-li", hand_out)
        with pytest.raises(StockRefused, match="does not all lie"):
            stockkeeping.propose(work, "duan-li", replace(hand_out, numbers=FIVE))
        assert {held.where.place for held in work.core.stock.lies(CODE, two)} == {"shelf"}
    with system.write() as work:
        done = stockkeeping.confirm(work.core, slip.slip, "jiang-ming")
        assert {held.where.place for held in work.core.stock.lies(CODE, two)} == {"A-07"}
        assert work.core.stock.movements("A-07", "unit1", 1)[0].movement == done.done.movement
        short = Wanted("count", "A-07", "unit1", found=((CODE, InvoiceRange.starting("00100001", 10)),))
        counted = stockkeeping.propose(work, "duan-li", short)
        case = stockkeeping.confirm(work.core, counted.slip, "jiang-ming").done.case
        fetch = Wanted("fetch", "A-07", "unit1", CODE, numbers=two)
        with pytest.raises(StockRefused, match="not found"):
            stockkeeping.propose(work, "duan-li", fetch)
        lost = Ending("corrected", "li-yuan", note="looked for everywhere")
        assert stockkeeping.close(work.core, case, lost).closed_by == "li-yuan"
        assert {held.where.state for held in work.core.stock.lies(CODE, two)} == {"lost"}


def test_facts_are_those_in_force_on_the_day(system: HttpSystem) -> None:
    with system.write("A-07") as work:
        registration = work.core.registration
        for day, phone in ((12, "13900002345"), (15, "13900009999")):
            registration.enter(SUPPLIED, "phone", phone, date(2026, 10, day), None)
        found = [registration.facts(SUPPLIED, date(2026, 10, day)).get("phone") for day in (11, 12, 14, 15)]
    assert found == [None, "13900002345", "13900002345", "13900009999"]


def test_archives_answer_with_the_latest_first(system: HttpSystem) -> None:
    with system.read() as work:
        archives = work.core.archives
        assert [(one.year, one.grade) for one in archives.credit(FIRM)] == [(2025, "A"), (2024, "M")]
        assert (archives.vehicles(PERSON), archives.social(PERSON, "2026-01", "2026-09")) == ([], [])
        since = date(2025, 1, 1)
        assert [one.tax for one in archives.returns(SUN.number, since)] == ["iit-annual"]
        assert archives.returns(SUN.number, date(2026, 1, 1)) == []
