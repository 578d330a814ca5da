"""Stock that changes cabinets: each number once, whoever brings the paper first, and differences told."""

from __future__ import annotations

import itertools
from datetime import timedelta

import pytest
from sqlalchemy import select

from bureau.engine.reference.context import Context
from bureau.engine.reference.handovers import Handovers
from bureau.engine.reference.stock import Ledger
from bureau.engine.reference.stockroom import Stockroom
from bureau.store import tables
from kiosk.domain.invoices import InvoiceRange
from tests.bureau.conftest import CODE, HANDS, Centre
from tests.bureau.engine.handing import FIRST, cases, listed, new, note_of, out, take_up, where
from tests.bureau.terminals import Terminal

__all__ = ["new"]
"""Fixtures that this file uses by their names."""


@pytest.mark.parametrize("paper_first", [True, False])
def test_the_range_goes_from_cabinet_to_cabinet_whoever_tells_first(
    centre: Centre, terminal: Terminal, new: Terminal, paper_first: bool
) -> None:
    note = note_of(terminal, (FIRST, FIRST + 19))
    if not paper_first:
        assert out(terminal, note).state.value == "accepted"
        assert set(where(centre).values()) == {("onHand", "transit")}
    answer = take_up(terminal, new, note, [(FIRST, FIRST + 19)])
    assert (answer.state.value, answer.result["case"]) == ("accepted", "")
    late = out(terminal, note)
    assert late.state.value == "accepted"
    assert set(where(centre).values()) == {("onHand", "A-08")}
    assert cases(centre) == []
    with centre.database.write() as connection:
        assert Handovers(Context(connection, centre.clock.now(), "")).listed() == []


def test_the_same_paper_twice_changes_nothing_and_elsewhere_it_is_told(
    centre: Centre, terminal: Terminal, new: Terminal
) -> None:
    note = note_of(terminal, (FIRST, FIRST + 19))
    take_up(terminal, new, note, [(FIRST, FIRST + 19)])
    assert take_up(terminal, new, note, [(FIRST, FIRST + 19)]).state.value == "accepted"
    assert cases(centre) == []
    third = centre.terminal("A-09")
    answer = take_up(terminal, third, note, [(FIRST, FIRST + 19)])
    assert answer.refusal is not None and answer.refusal.code == "stockNotThere"
    assert set(where(centre).values()) == {("onHand", "A-08")}
    assert cases(centre)[0]["found"][0]["why"] == "notOnTheWay"


def test_where_it_went_is_not_written_over_by_whoever_took_nothing_up(
    centre: Centre, terminal: Terminal, new: Terminal
) -> None:
    note = note_of(terminal, (FIRST, FIRST + 19))
    take_up(terminal, new, note, [(FIRST, FIRST + 19)])
    take_up(terminal, centre.terminal("A-09"), note, [(FIRST, FIRST + 19)])
    with centre.database.write() as connection:
        assert Handovers(Context(connection, centre.clock.now(), "")).receive(note.id, [], HANDS) == ("", "")
    assert [view.to for view in listed(centre)] == ["A-08"]


def test_stock_that_left_again_before_its_coming_was_told_goes_on_its_way_then(
    centre: Centre, terminal: Terminal, new: Terminal
) -> None:
    """A-07 to A-08 to A-09; A-08 tells of its hand-out first."""
    whole = (FIRST, FIRST + 19)
    one, two = note_of(terminal, whole), note_of(new, whole)
    out(terminal, one)
    assert out(new, two).result["case"], "nothing lies there yet"
    assert set(where(centre).values()) == {("onHand", "transit")}
    take_up(terminal, new, one, [whole])
    seen = {view.note: [n for _, n in view.on_the_way] for view in listed(centre)}
    assert seen == {one.id: [], two.id: [InvoiceRange(f"{FIRST:08d}", f"{FIRST + 19:08d}")]}
    third = centre.terminal("A-09")
    assert take_up(new, third, two, [whole]).result["case"] == ""
    assert set(where(centre).values()) == {("onHand", "A-09")}


def locked(centre: Centre) -> dict[str, str]:
    """Why the units are closed that are."""
    t = tables.stock_slot
    with centre.database.read() as connection:
        return {row.place: row.reason for row in connection.execute(select(t).where(t.c.locked))}


def test_what_was_taken_up_before_it_had_come_by_the_ledger_follows_by_itself(
    centre: Centre, terminal: Terminal, new: Terminal
) -> None:
    """A-07 to A-08 to A-09, and A-08 is offline: A-09 tells first, then A-08 what it had taken up."""
    whole = (FIRST, FIRST + 19)
    third, one, two = centre.terminal("A-09"), note_of(terminal, whole), note_of(new, whole)
    out(terminal, one)
    answer = take_up(new, third, two, [whole])
    assert (answer.state.value, answer.result["movement"]) == ("accepted", "") and answer.result["case"]
    assert locked(centre) == {"A-09": f"waits for hand-over {two.id}"}
    (waits,) = next(view.not_come for view in listed(centre) if view.note == two.id)
    assert (waits.terminal, waits.numbers) == ("A-09", InvoiceRange(f"{FIRST:08d}", f"{FIRST + 19:08d}"))
    take_up(terminal, new, one, [whole])
    assert set(where(centre).values()) == {("onHand", "A-09")}
    assert locked(centre) == {}
    assert {view.note: (view.to, view.not_come) for view in listed(centre)} == {
        one.id: ("A-08", ()),
        two.id: ("A-09", ()),
    }
    t = tables.stock_movement
    with centre.database.read() as connection:
        query = select(t.c.operator, t.c.witness).where(t.c.type == "TRANSFER_IN", t.c.place == "A-09")
        assert {tuple(row) for row in connection.execute(query)} == {("a", "b")}, (
            "who took it up stands in the ledger"
        )


@pytest.mark.parametrize("order", list(itertools.permutations(range(4))), ids=lambda o: "".join(map(str, o)))
def test_stock_comes_to_the_last_cabinet_in_whatever_order_its_way_is_told(
    centre: Centre, terminal: Terminal, new: Terminal, order: tuple[int, ...]
) -> None:
    whole = (FIRST, FIRST + 19)
    third, fourth = centre.terminal("A-09"), centre.terminal("A-10")
    one, two, three = note_of(terminal, whole), note_of(new, whole), note_of(third, whole)
    told = (
        lambda: take_up(terminal, new, one, [whole]),
        lambda: out(new, two),
        lambda: take_up(new, third, two, [whole]),
        lambda: take_up(third, fourth, three, [whole]),
    )
    for at in order:
        assert told[at]().state.value == "accepted"
    assert set(where(centre).values()) == {("onHand", "A-10")}
    assert locked(centre) == {}
    assert all(view.state == "done" and not view.not_come for view in listed(centre))


def test_a_part_that_never_comes_keeps_its_unit_closed_and_becomes_a_case(
    centre: Centre, terminal: Terminal, new: Terminal
) -> None:
    third = centre.terminal("A-09")
    one, two = note_of(terminal, (FIRST, FIRST + 17)), note_of(new, (FIRST, FIRST + 19))
    take_up(new, third, two, [(FIRST, FIRST + 19)])
    take_up(terminal, new, one, [(FIRST, FIRST + 17)])
    seen = where(centre)
    assert {seen[f"{FIRST + n:08d}"] for n in range(18)} == {("onHand", "A-09")}
    assert locked(centre)["A-09"] == f"waits for hand-over {two.id}"
    before = len(cases(centre))
    for hours, more in ((71, 0), (73, 1)):
        with centre.database.write() as connection:
            Handovers(Context(connection, centre.clock.now() + timedelta(hours=hours), "")).watch()
        found = [case for case in cases(centre) if "never came" in case]
        assert len(found) == more
    assert len(cases(centre)) > before
    assert found[0]["never came"] == [f"A-09 unit1 {CODE} {FIRST + 18:08d}-{FIRST + 19:08d}"]


def test_a_unit_that_was_closed_for_another_reason_stays_closed_when_its_stock_comes(
    centre: Centre, terminal: Terminal, new: Terminal
) -> None:
    whole = (FIRST, FIRST + 19)
    third, one, two = centre.terminal("A-09"), note_of(terminal, whole), note_of(new, whole)
    with centre.database.write() as connection:
        context = Context(connection, centre.clock.now(), "")
        Stockroom(context).ensure_slot("A-09", "unit1")
        Ledger(context).lock_slot("A-09", "unit1", "count differs")
    take_up(new, third, two, [whole])
    take_up(terminal, new, one, [whole])
    assert set(where(centre).values()) == {("onHand", "A-09")}
    assert locked(centre) == {"A-09": "count differs"}


def test_what_two_terminals_say_they_took_up_goes_to_the_one_that_told_first(
    centre: Centre, terminal: Terminal, new: Terminal
) -> None:
    whole = (FIRST, FIRST + 19)
    third, fourth = centre.terminal("A-09"), centre.terminal("A-10")
    one, two = note_of(terminal, whole), note_of(new, whole)
    for claimant in (third, fourth):
        take_up(new, claimant, two, [whole])
    take_up(terminal, new, one, [whole])
    assert set(where(centre).values()) == {("onHand", "A-09")}
    assert locked(centre) == {"A-10": f"differs at hand-over {two.id}"}, "somebody must look"
    assert all(view.not_come == () for view in listed(centre))


def test_what_waits_is_what_was_told_last_of_a_unit(
    centre: Centre, terminal: Terminal, new: Terminal
) -> None:
    whole = (FIRST, FIRST + 19)
    third, one, two = centre.terminal("A-09"), note_of(terminal, whole), note_of(new, whole)
    take_up(new, third, two, [whole])
    take_up(new, third, two, [(FIRST, FIRST + 9)], [(FIRST + 10, FIRST + 19)])
    take_up(terminal, new, one, [whole])
    seen = where(centre)
    assert {seen[f"{FIRST + n:08d}"] for n in range(10)} == {("onHand", "A-09")}
    assert {seen[f"{FIRST + n:08d}"] for n in range(10, 20)} == {("onHand", "transit")}


def test_what_left_by_a_clock_that_went_wrong_goes_when_its_paper_is_told_again(
    centre: Centre, terminal: Terminal, new: Terminal
) -> None:
    whole = (FIRST, FIRST + 19)
    third, one = centre.terminal("A-09"), note_of(terminal, whole)
    out(terminal, one)
    late = note_of(new, whole, made_at=one.made_at - timedelta(hours=1))
    take_up(new, third, late, [whole])
    take_up(terminal, new, one, [whole])
    assert set(where(centre).values()) == {("onHand", "A-08")}, "nobody goes on by itself"
    out(new, late)
    assert set(where(centre).values()) == {("onHand", "A-09")}


def test_what_had_not_come_leaves_when_the_paper_is_told_again(
    centre: Centre, terminal: Terminal, new: Terminal
) -> None:
    whole = (FIRST, FIRST + 19)
    third, one = centre.terminal("A-09"), note_of(terminal, whole)
    out(terminal, one)
    late = note_of(new, whole, made_at=one.made_at - timedelta(hours=1))
    out(new, late)
    take_up(terminal, new, one, [whole])
    assert set(where(centre).values()) == {("onHand", "A-08")}, (
        "its clock was wrong: nobody goes on by itself"
    )
    assert take_up(new, third, late, [whole]).result["case"] == ""
    assert set(where(centre).values()) == {("onHand", "A-09")}


def test_stock_that_came_back_later_does_not_leave_by_an_old_paper(
    centre: Centre, terminal: Terminal, new: Terminal
) -> None:
    whole = (FIRST, FIRST + 19)
    old = note_of(new, whole)
    out(new, old)
    back = note_of(terminal, whole, made_at=old.made_at + timedelta(hours=1))
    take_up(terminal, new, back, [whole])
    assert set(where(centre).values()) == {("onHand", "A-08")}
