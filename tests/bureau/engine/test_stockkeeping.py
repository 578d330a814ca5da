"""Slips of blank invoices: one writes, another confirms, and a count that differs is closed by somebody who did not count."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from bureau.engine import stockkeeping
from bureau.engine.reference.context import Context
from bureau.engine.reference.stock_check import check_stock
from bureau.engine.stock_counts import compared
from bureau.errors import BureauError, DecisionRefused, StockRefused
from bureau.ports.cases import Case, Ending
from bureau.ports.stock import SHELF, Errand, Hands, Slip, Wanted
from kiosk.domain.invoices import InvoiceRange
from sync.stock_note import Fate
from tests.bureau.conftest import CODE, Centre
from tests.bureau.engine.delivering import order, packed
from tests.bureau.engine.handing import note_of, out
from tests.bureau.terminals import Terminal

FIRST, SECOND, THIRD = "duan-li", "jiang-ming", "li-yuan"
NEW = "099002700104"
"""A code of next year, new to the books."""


def span(first: str, last: str = "") -> InvoiceRange:
    return InvoiceRange(first, last or first)


def wrote(centre: Centre, wanted: Wanted, officer: str = FIRST) -> Slip:
    with centre.system.write() as work:
        return stockkeeping.propose(work, officer, wanted)


def confirmed(centre: Centre, slip: Slip, officer: str = SECOND) -> Slip:
    with centre.system.write() as work:
        return stockkeeping.confirm(work.core, slip.slip, officer)


def done(centre: Centre, wanted: Wanted) -> Slip:
    return confirmed(centre, wrote(centre, wanted))


def receive(first: str, last: str = "", code: str = NEW, kind: str = "") -> Wanted:
    return Wanted("receive", *SHELF, code, kind, span(first, last))


def at_unit(errand: Errand, first: str, last: str = "", **more: Any) -> Wanted:
    return Wanted(errand, "A-07", "unit1", more.pop("code", CODE), numbers=span(first, last), **more)


def counts(*lots: tuple[str, InvoiceRange]) -> Wanted:
    return Wanted("count", "A-07", "unit1", found=lots)


def refused(act: Callable[[], object]) -> str:
    """The code with which it is refused."""
    with pytest.raises((StockRefused, DecisionRefused)) as told:
        act()
    return told.value.code


def proven(centre: Centre) -> bool:
    with centre.database.read() as connection:
        return check_stock(Context(connection, centre.clock.now(), "")) == []


def lies(centre: Centre, code: str, numbers: InvoiceRange) -> list[tuple[str, str | None, int]]:
    with centre.system.read() as work:
        found = work.core.stock.lies(code, numbers)
    return [(held.where.state, held.where.place, held.numbers.count) for held in found]


def waiting(centre: Centre) -> list[Slip]:
    with centre.system.read() as work:
        return list(work.core.stock.slips(["proposed"], 100))


def test_what_one_writes_another_confirms_and_only_then_the_books_change(centre: Centre) -> None:
    wanted = receive("00000001", "00000100")
    slip = wrote(centre, wanted)
    assert {wrote(centre, wanted).slip for _ in range(9)} == {slip.slip}, "the same click again"
    assert lies(centre, NEW, span("00000001", "00000100")) == []
    assert refused(lambda: confirmed(centre, slip, FIRST)) == "own"
    assert refused(lambda: wrote(centre, receive("00000100", "00000101"))) == "waits"
    assert refused(lambda: wrote(centre, wanted, SECOND)) == "waits"
    ended = confirmed(centre, slip)
    assert (ended.state, ended.decided_by, bool(ended.done.movement)) == ("done", SECOND, True)
    assert lies(centre, NEW, span("00000001", "00000100")) == [("onHand", "shelf", 100)]
    with centre.system.read() as work:
        (moved,) = work.core.stock.movements(*SHELF, 1)
    assert (moved.type, moved.operator, moved.witness) == ("LOAD", FIRST, SECOND)
    assert refused(lambda: confirmed(centre, slip)) == "state"
    assert refused(lambda: wrote(centre, wanted)) == "known"
    again = wrote(centre, receive("00000101"))
    with centre.system.write() as work:
        assert refused(lambda: stockkeeping.withdraw(work.core, again.slip, SECOND)) == "notYours"
        assert refused(lambda: stockkeeping.refuse(work.core, again.slip, SECOND, "x" * 61)) == "words"
        assert refused(lambda: stockkeeping.refuse(work.core, again.slip, FIRST, "错了")) == "own"
        assert stockkeeping.refuse(work.core, again.slip, SECOND, "号码写错").state == "refused"
    assert (waiting(centre), proven(centre)) == ([], True)


WRONG: list[tuple[Wanted, str]] = [
    (receive("00000000", "00000005"), "zero"),
    (receive("00000001", code="123"), "code"),
    (receive("00000001", code="153012600101"), "kind"),
    (receive("00000001", kind="11"), "kindOther"),
    (at_unit("hand-out", "00274801", code=NEW), "moved"),
    (Wanted("hand-out", "A-70", "unit1", CODE, numbers=span("00274801")), "place"),
    (Wanted("hand-out", *SHELF, CODE, numbers=span("00274801")), "place"),
    (Wanted("hand-out", "A-07", "unit0", CODE, numbers=span("00274801")), "unit"),
    (at_unit("hand-out", "00274801", "00279801"), "many"),
    (at_unit("fetch", "00274801"), "moved"),
    (Wanted("fetch", *SHELF, CODE, numbers=span("00274801")), "unit"),
    (Wanted("fetch", "parcel", "63990026101200000011", CODE, numbers=span("00274801")), "unit"),
    (at_unit("spoil", "00274801", cause="湿了"), "moved"),
    (Wanted("spoil", *SHELF, CODE, numbers=span("00274801"), cause="一\n二"), "words"),
    (Wanted("return", code=CODE, numbers=span("00274801"), taxpayer="91"), "taxpayer"),
    (Wanted("arrive", note="none", found=((CODE, span("00274801")),)), "note"),
    (Wanted("count", "A-07", "unit7"), "unit"),
]


def test_a_slip_that_could_not_be_done_is_not_written(centre: Centre, terminal: Terminal) -> None:
    before = lies(centre, CODE, span("00274801", "00279801"))
    told = [(wanted, refused(lambda it=wanted: wrote(centre, it))) for wanted, _ in WRONG]  # type: ignore[misc]
    assert told == WRONG
    assert (waiting(centre), lies(centre, CODE, span("00274801", "00279801"))) == ([], before)


def test_a_range_goes_to_a_terminal_and_back(centre: Centre, terminal: Terminal) -> None:
    done(centre, at_unit("hand-out", "00274801", "00274820"))
    assert lies(centre, CODE, span("00274801", "00274820")) == [("onHand", "A-07", 20)]
    assert refused(lambda: wrote(centre, at_unit("hand-out", "00274800"))) == "unitOrder"
    assert refused(lambda: wrote(centre, at_unit("hand-out", "00274801"))) == "moved"
    done(centre, at_unit("hand-out", "00274821"))  # one sheet
    assert refused(lambda: wrote(centre, at_unit("fetch", "00274821", "00274822"))) == "moved"
    done(centre, at_unit("fetch", "00274821"))
    done(centre, at_unit("spoil", "00274801", cause="湿了"))
    done(centre, Wanted("unload", *SHELF, CODE, numbers=span("00274821"), cause="多领"))
    assert lies(centre, CODE, span("00274801", "00274821")) == [
        ("spoiled", None, 1), ("onHand", "A-07", 19), ("unloaded", None, 1),
    ]  # fmt: skip
    assert proven(centre)


def test_what_moved_meanwhile_is_not_moved_by_a_slip_that_waited(centre: Centre, terminal: Terminal) -> None:
    slip = wrote(centre, at_unit("hand-out", "00274801", "00274802"))
    with centre.system.write() as work:
        work.core.stock.spoil(CODE, span("00274802"), Hands(SECOND, THIRD), "湿了")
    assert refused(lambda: confirmed(centre, slip)) == "moved"
    assert waiting(centre) == [slip] and proven(centre)


def test_a_count_that_differs_is_closed_by_a_third_and_the_unit_counted_again(
    centre: Centre, terminal: Terminal
) -> None:
    centre.load(count=20)
    short = counts((CODE, span("00274801", "00274818")))
    slip = wrote(centre, short)
    assert refused(lambda: wrote(centre, at_unit("hand-out", "00274821"))) == "waits"
    centre.load(first="00274821", count=1)
    assert refused(lambda: confirmed(centre, slip)) == "countedBefore"
    with centre.system.write() as work:
        stockkeeping.withdraw(work.core, slip.slip, FIRST)
    found = (CODE, span("00274801", "00274818")), (CODE, span("00274821")), (NEW, span("00000007"))
    ended = confirmed(centre, wrote(centre, counts(*found)))
    assert ended.done.result == "DIFFERENCE"
    (row, extra) = stockkeeping.beside(ended)
    assert (row.missing, extra.extra) == ((span("00274819", "00274820"),), (span("00000007"),))

    def close(officer: str, outcome: str, note: str = "找过了") -> Case:
        with centre.system.write() as work:
            return stockkeeping.close(work.core, ended.done.case, Ending(outcome, officer, note=note))

    assert refused(lambda: close(FIRST, "corrected")) == "countedIt"
    assert refused(lambda: close(SECOND.upper(), "corrected")) == "countedIt"
    assert refused(lambda: close(THIRD, "no-difference")) == "recount"
    assert refused(lambda: close(THIRD, "corrected", "一\n二")) == "words"
    assert refused(lambda: close(THIRD, "nonsense")) == "recount"
    closed = close(THIRD, "corrected")
    assert (closed.closed_by, closed.outcome) == (THIRD, "corrected")
    assert lies(centre, CODE, span("00274819", "00274820")) == [("lost", None, 2)]
    assert refused(lambda: close(THIRD, "corrected")) == "closed"
    with centre.system.read() as work:
        slot = work.core.stock.slot("A-07", "unit1")
        assert slot is not None and slot.locked, "until it was counted again"
    done(centre, counts((CODE, span("00274801", "00274818")), (CODE, span("00274821"))))
    with centre.system.read() as work:
        slot = work.core.stock.slot("A-07", "unit1")
        assert slot is not None and not slot.locked
        assert stockkeeping.differences(work.core, 10) == []
    assert proven(centre)


def test_what_a_count_did_not_find_stays_until_somebody_looked_and_is_not_lost_once_it_was_found(
    centre: Centre, terminal: Terminal
) -> None:
    centre.load(count=20)
    done(centre, Wanted("hand-out", "A-07", "unit2", CODE, numbers=span("00274901", "00274902")))
    whole, short = span("00274801", "00274820"), span("00274801", "00274818")
    case = confirmed(centre, wrote(centre, counts((CODE, short)))).done.case
    for errand in ("fetch", "spoil"):
        assert refused(lambda it=errand: wrote(centre, at_unit(it, "00274818", "00274819"))) == "notFound"  # type: ignore[misc]
    done(centre, at_unit("fetch", "00274801", "00274802"))
    centre.clock.forward(minutes=1)
    first = counts((CODE, span("00274803", "00274818")))
    again = confirmed(centre, wrote(centre, first)).done.case
    assert again != case

    def close(number: str, outcome: str) -> Case:
        with centre.system.write() as work:
            return stockkeeping.close(work.core, number, Ending(outcome, THIRD, note="找过了"))

    assert refused(lambda: close(case, "corrected")) == "countedSince", "a later count says what is missing"
    assert refused(lambda: close(case, "settled")) == "recount"
    found = confirmed(centre, wrote(centre, counts((CODE, span("00274803", whole.last)))))
    assert found.done.result == "BALANCED"
    assert refused(lambda: close(again, "corrected")) == "countedSince", "it lies there"
    assert {close(one, "no-difference").outcome for one in (case, again)} == {"no-difference"}
    done(centre, at_unit("fetch", "00274819"))
    assert lies(centre, CODE, span("00274819", "00274820")) == [("onHand", "shelf", 1), ("onHand", "A-07", 1)]
    with centre.system.read() as work:
        stock = work.core.stock
        every = stock.slots()
        assert [one for one in every if one.place == "A-07"] == list(stock.slots("A-07"))
        assert [stock.slot(one.place, one.unit) for one in every] == list(every)
        assert [one.unit for one in every if one.contents and one.place == "A-07"] == ["unit1", "unit2"]
    assert proven(centre)


def test_what_a_count_of_the_shelf_did_not_find_is_loaded_and_packed_by_nobody(
    centre: Centre, terminal: Terminal
) -> None:
    with centre.system.read() as work:
        shelf = work.core.stock.slot(*SHELF)
    assert shelf is not None
    book = stockkeeping.book_of(shelf)
    here = next(numbers for code, numbers in book if code == CODE)
    gone = span(here.first, str(int(here.first) + 4).zfill(8))
    there = [(code, part) for code, n in book for part in (n.subtract(gone) if code == CODE else (n,))]
    ended = done(centre, Wanted("count", *SHELF, found=tuple(there)))
    assert ended.done.result == "DIFFERENCE"
    hands = Hands(FIRST, SECOND)
    loaded = Wanted("receive", "A-07", "unit3", CODE, numbers=gone)
    with centre.system.write() as work:
        assert refused(lambda: stockkeeping.carry_out(work.core, loaded, hands)) == "notFound"
    number = order(terminal).result["case"]
    assert refused(lambda: packed(centre, number, first=gone.first)) == "notFound"
    assert packed(centre, number, first=there[0][1].first if there[0][0] == CODE else "").state == "packed"
    assert proven(centre)


def test_what_a_hand_over_brought_is_beside_what_was_on_its_way_and_closed_by_a_third(
    centre: Centre, terminal: Terminal
) -> None:
    centre.load(count=20)
    note = note_of(terminal, (274_801, 274_820), fate=Fate.HALL)
    assert out(terminal, note).state.value == "accepted"
    came = Wanted("arrive", note=note.id, found=((CODE, span("00274801", "00274819")),))
    slip = wrote(centre, came)
    assert lies(centre, CODE, span("00274801", "00274820")) == [("onHand", "transit", 20)]
    (row,) = stockkeeping.beside(slip)
    assert row.missing == (span("00274820"),)
    with centre.system.write() as work:
        work.core.stock.receive(note.id, ((CODE, span("00274801")),), Hands(THIRD, SECOND))
    assert refused(lambda: confirmed(centre, slip)) == "countedBefore"
    with centre.system.write() as work:
        stockkeeping.withdraw(work.core, slip.slip, FIRST)
    ended = done(centre, replace(came, found=((CODE, span("00274802", "00274819")),)))
    assert lies(centre, CODE, span("00274802", "00274820")) == [
        ("onHand", "shelf", 18),
        ("onHand", "transit", 1),
    ]

    def close(officer: str) -> Case:
        with centre.system.write() as work:
            return stockkeeping.close(
                work.core, ended.done.case, Ending("settled", officer, note="在路上丢了")
            )

    assert [refused(lambda it=one: close(it)) for one in (FIRST, SECOND)] == ["countedIt"] * 2  # type: ignore[misc]
    assert close(THIRD).closed_by == THIRD
    assert proven(centre)


def test_two_at_once_confirm_one_slip_once_and_write_one_range_once(centre: Centre) -> None:
    slip = wrote(centre, receive("00000001", "00000010"))

    def at_once(*acts: Callable[[], Slip]) -> list[str]:
        came: list[str] = []
        ready = threading.Barrier(len(acts))

        def run(act: Callable[[], Slip]) -> None:
            ready.wait()
            try:
                came.append(act().state)
            except BureauError as error:
                came.append(type(error).__name__)

        threads = [threading.Thread(target=run, args=(act,)) for act in acts]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return came

    came = at_once(lambda: confirmed(centre, slip), lambda: confirmed(centre, slip, THIRD))
    assert came.count("done") == 1, came
    came = at_once(
        lambda: wrote(centre, receive("00000011", "00000020")),
        lambda: wrote(centre, receive("00000020", "00000030"), SECOND),
    )
    assert came.count("proposed") == 1 and len(waiting(centre)) == 1, came
    assert proven(centre)


def test_a_hundred_million_numbers_are_as_quick_as_one(centre: Centre) -> None:
    began = time.monotonic()
    done(centre, receive("00000001", "99999999"))
    with centre.system.read() as work:
        shelf = work.core.stock.slot(*SHELF)
    assert shelf is not None
    book = stockkeeping.book_of(shelf)
    found = tuple((code, n) for code, n in book if code != NEW) + ((NEW, span("00000002", "99999999")),)
    ended = done(centre, Wanted("count", *SHELF, found=found))
    with centre.system.read() as work:
        case = stockkeeping.difference(work.core, ended.done.case)
    assert stockkeeping.missing(case) == ((NEW, span("00000001")),)
    assert time.monotonic() - began < 20


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("空", ()),
        (" Empty \n", ()),
        (f"{CODE} 00000001", ((CODE, span("00000001")),)),
        (f"{CODE}:00000001-00000003\n{CODE} 00000004", ((CODE, span("00000001", "00000004")),)),
        (f"{CODE}　０００００００１－００００００02", ((CODE, span("00000001", "00000002")),)),
        (f"{CODE} 99999999-99999999", ((CODE, span("99999999")),)),
    ],
)
def test_what_was_counted_is_read_as_people_write_it(text: str, found: object) -> None:
    assert stockkeeping.counted(text.splitlines()) == found


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "lines"),
        ("空\n空", "line"),
        ("\n".join([f"{CODE} 00000001"] * 201), "lines"),
        (f"{CODE} 00000002-00000001", "line"),
        (f"{CODE} 1-2", "line"),
        ("12 00000001", "line"),
        (f"{CODE} 00000001-00000005\n{CODE} 00000005", "twice"),
        ("<script>alert(1)</script>", "line"),
        (f"{CODE} ٠٠٠٠٠٠٠١", "line"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_line(text: str, code: str) -> None:
    assert refused(lambda: stockkeeping.counted(text.splitlines())) == code


def test_a_count_is_compared_code_by_code() -> None:
    (one, two) = compared(
        [("1", span("00000002", "00000004"))], (("1", span("00000001", "00000003")), ("2", span("00000001")))
    )
    assert (one.missing, one.extra) == ((span("00000001"),), (span("00000004"),))
    assert (two.counted, two.missing) == ((), (span("00000001"),))
