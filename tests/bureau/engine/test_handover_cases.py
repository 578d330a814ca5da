"""What of stock that changes cabinets is missing, awaited or refused, and the cases that are made of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bureau.engine.reference.context import Context
from bureau.engine.reference.handovers import Handovers
from bureau.engine.reference.invoices import ReferenceInvoices
from bureau.errors import StockRefused
from bureau.ports.invoices import Settlement, WantedNumbers
from bureau.store import tables
from kiosk.domain.invoices import InvoiceRange
from sync.stock_note import Fate, NoteItem, Seal, write_note
from tests.bureau.conftest import CODE, HANDS, Centre
from tests.bureau.engine.handing import FIRST, cases, listed, new, note_of, out, take_up, text_of, where
from tests.bureau.terminals import Terminal

__all__ = ["new"]
"""Fixtures that this file uses by their names."""


def test_what_is_missing_stays_where_it_was_lost_and_becomes_a_case(
    centre: Centre, terminal: Terminal, new: Terminal
) -> None:
    note = note_of(terminal, (FIRST + 1, FIRST + 19), (FIRST, FIRST + 19))
    assert out(terminal, note).result["case"]
    assert cases(centre)[0]["found"] == [
        {"unit": "unit1", "code": CODE, "why": "missing", "numbers": [f"{FIRST:08d}-{FIRST:08d}"]}
    ]
    taken = take_up(terminal, new, note, [(FIRST + 1, FIRST + 18)], [(FIRST + 19, FIRST + 19)])
    assert taken.state.value == "accepted" and taken.result["case"]
    seen = where(centre)
    assert seen[f"{FIRST:08d}"] == ("onHand", terminal.name)
    assert seen[f"{FIRST + 19:08d}"] == ("onHand", "transit")
    assert cases(centre)[1]["found"][0]["why"] == "short"


def test_numbers_that_were_issued_before_do_not_leave_again(
    centre: Centre, terminal: Terminal, new: Terminal
) -> None:
    _issue(centre, terminal, 3)
    answer = out(terminal, note_of(terminal, (FIRST, FIRST + 19)))
    assert answer.result["case"]
    assert cases(centre)[0]["found"][0]["why"] == "notHere"
    assert {where(centre)[f"{FIRST + n:08d}"][0] for n in range(3)} == {"issued"}


@pytest.mark.parametrize("expected", [(FIRST + 3, FIRST + 19), None])
def test_numbers_below_the_books_next_do_not_leave_whatever_was_counted(
    centre: Centre, terminal: Terminal, new: Terminal, expected: tuple[int, int] | None
) -> None:
    """Their settlements are still under way: on the way with a paper they could never be settled."""
    item = NoteItem("unit1", CODE, "04", expected, (FIRST, FIRST + 19))
    assert out(terminal, note_of(terminal, None, items=(item,))).result["case"]
    seen = where(centre)
    stays = 3 if expected else 20
    assert {seen[f"{FIRST + n:08d}"] for n in range(stays)} == {("onHand", terminal.name)}
    assert {seen[f"{FIRST + n:08d}"] for n in range(stays, 20)} == (
        {("onHand", "transit")} if expected else set()
    )
    found = [{"unit": "unit1", "code": CODE, "why": "issued",
              "numbers": [f"{FIRST:08d}-{FIRST + stays - 1:08d}"]}]  # fmt: skip
    assert cases(centre)[0]["found"] == found


def test_who_took_it_up_stands_in_the_ledger_and_in_the_case(
    centre: Centre, terminal: Terminal, new: Terminal
) -> None:
    note = note_of(terminal, (FIRST, FIRST + 19))
    take_up(terminal, new, note, [(FIRST, FIRST + 18)], [(FIRST + 19, FIRST + 19)])
    t = tables.stock_movement
    with centre.database.read() as connection:
        query = select(t.c.place, t.c.operator, t.c.witness).where(
            t.c.type == "TRANSFER_IN", t.c.place != terminal.name
        )
        seen = {(place, operator, witness) for place, operator, witness in connection.execute(query)}
    assert seen == {("transit", "段丽", "蒋明"), ("A-08", "a", "b")}
    assert [case["counted_by"] for case in cases(centre)] == [["a", "b"]]


@pytest.mark.parametrize("people", [("a", "a"), ("a", " A "), ("", "b"), ("a", " ")])
def test_what_one_person_did_alone_is_refused(
    centre: Centre, terminal: Terminal, new: Terminal, people: tuple[str, str]
) -> None:
    alone = note_of(terminal, (FIRST, FIRST + 19), operator=people[0], witness=people[1])
    fine = note_of(terminal, (FIRST, FIRST + 19))
    taken = [(FIRST, FIRST + 19)]
    for answer in (out(terminal, alone), take_up(terminal, new, fine, taken, people=people),
                   take_up(terminal, new, alone, taken)):  # fmt: skip
        assert answer.refusal is not None and answer.refusal.code == "stockTwoPeople"
    assert set(where(centre).values()) == {("onHand", terminal.name)}


def _reserve(centre: Centre, terminal: Terminal, count: int) -> str:
    with centre.database.write() as connection:
        wanted = WantedNumbers("k", terminal.name, "unit1", "T", "04", CODE,
                               InvoiceRange.starting(f"{FIRST:08d}", count),
                               centre.clock.now() + timedelta(minutes=5))  # fmt: skip
        return ReferenceInvoices(Context(connection, centre.clock.now(), "")).reserve(wanted).reservation


def _settle(centre: Centre, name: str, delivered: int) -> None:
    with centre.database.write() as connection:
        invoices = ReferenceInvoices(Context(connection, centre.clock.now(), ""))
        reservation = invoices.reservation(name)
        assert reservation is not None
        every = list(reservation.numbers)
        parts = [(InvoiceRange(p[0], p[-1]),) if p else () for p in (every[:delivered], every[delivered:])]
        invoices.settle(reservation, Settlement(parts[0], (), parts[1], None))


def _issue(centre: Centre, terminal: Terminal, count: int) -> None:
    _settle(centre, _reserve(centre, terminal, count), count)


def test_a_settlement_that_comes_after_the_stock_has_left_is_taken_as_it_is(
    centre: Centre, terminal: Terminal, new: Terminal
) -> None:
    name = _reserve(
        centre, terminal, 5
    )  # three came out, two stayed; the word of it is still in the old queue
    note = note_of(terminal, (FIRST + 3, FIRST + 19))
    answer = take_up(terminal, new, note, [(FIRST + 3, FIRST + 19)])
    assert (answer.state.value, answer.result["case"]) == ("accepted", "")
    with centre.database.write() as connection:
        (view,) = Handovers(Context(connection, centre.clock.now(), "")).listed()
    assert view.waits == (("unit1", CODE, InvoiceRange(f"{FIRST:08d}", f"{FIRST + 2:08d}")),)
    _settle(centre, name, 3)
    seen = where(centre)
    assert {seen[f"{FIRST + n:08d}"][0] for n in range(3)} == {"issued"}
    assert {seen[f"{FIRST + n:08d}"] for n in range(3, 20)} == {("onHand", "A-08")}
    assert cases(centre) == []


def test_settlements_and_stock_that_never_come_become_cases(
    centre: Centre, terminal: Terminal, new: Terminal
) -> None:
    out(terminal, note_of(terminal, (FIRST + 3, FIRST + 19)))
    for hours, told in ((23, 0), (25, 1), (73, 2)):
        with centre.database.write() as connection:
            Handovers(Context(connection, centre.clock.now() + timedelta(hours=hours), "")).watch()
        assert len(cases(centre)) == told


def test_only_what_the_old_terminal_issued_is_awaited_not_what_comes_there_later(
    centre: Centre, terminal: Terminal, new: Terminal
) -> None:
    """Numbers below those of the paper that are put into the same unit afterwards have nothing to do with it."""
    out(terminal, note_of(terminal, (FIRST + 10, FIRST + 19)))  # awaited: the ten before
    _issue(centre, terminal, 10)
    assert [view.waits for view in listed(centre)] == [()]
    centre.load(terminal.name, "unit1", CODE, f"{FIRST - 5:08d}", 5)
    assert [view.waits for view in listed(centre)] == [()]


@pytest.mark.parametrize("days", [-9, 9])
def test_the_time_runs_from_when_the_paper_was_told_whatever_the_old_terminals_clock_says(
    centre: Centre, terminal: Terminal, new: Terminal, days: int
) -> None:
    made = centre.clock.now() + timedelta(days=days)
    out(terminal, note_of(terminal, (FIRST + 3, FIRST + 19), made_at=made))
    for hours, told in ((23, 0), (25, 1), (73, 2)):
        with centre.database.write() as connection:
            Handovers(Context(connection, centre.clock.now() + timedelta(hours=hours), "")).watch()
        assert len(cases(centre)) == told


@pytest.mark.parametrize("changes", [{"fate": Fate.HALL}, {"to": "A-09"}, {"hall": "H-02"}])
def test_stock_in_the_wrong_place_stays_on_the_way_and_its_unit_gives_nothing(
    centre: Centre, terminal: Terminal, new: Terminal, changes: dict[str, Any]
) -> None:
    note = note_of(terminal, (FIRST, FIRST + 19), **changes)
    answer = take_up(terminal, new, note, [(FIRST, FIRST + 19)])
    assert answer.refusal is not None and answer.refusal.code == "stockNotForHere"
    assert set(where(centre).values()) == {("onHand", "transit")}
    t = tables.stock_slot
    with centre.database.read() as connection:
        assert connection.execute(select(t.c.locked).where(t.c.place == "A-08")).scalar_one()
    assert len(cases(centre)) == 1


def test_the_safe_takes_what_came_and_a_case_is_left_for_the_rest(
    centre: Centre, terminal: Terminal, new: Terminal
) -> None:
    note = note_of(terminal, (FIRST, FIRST + 19), fate=Fate.HALL)
    out(terminal, note)
    came = [(CODE, InvoiceRange(f"{FIRST:08d}", f"{FIRST + 17:08d}"))]
    with centre.database.write() as connection:
        movement, case = Handovers(Context(connection, centre.clock.now(), "")).receive(note.id, came, HANDS)
    assert movement and case
    assert where(centre)[f"{FIRST + 18:08d}"] == ("onHand", "transit")
    assert where(centre)[f"{FIRST:08d}"] == ("onHand", "shelf")
    with pytest.raises(StockRefused, match="not all on the way"), centre.database.write() as connection:
        Handovers(Context(connection, centre.clock.now(), "")).receive(note.id, came, HANDS)


def test_a_forged_paper_and_another_terminals_are_refused(
    centre: Centre, terminal: Terminal, new: Terminal
) -> None:
    note = note_of(terminal, (FIRST, FIRST + 19))
    forged = write_note(note, Seal(new.keys.signing))
    for paper in (forged, text_of(terminal, note)):
        answer = new.send(new.intent("stock.out", {"note": paper}))
        assert answer.refusal is not None and answer.refusal.code == "stockNote"
    assert set(where(centre).values()) == {("onHand", terminal.name)}


def test_nothing_but_these_is_the_staffs(centre: Centre, terminal: Terminal, new: Terminal) -> None:
    rating = {"item": "x", "level": 5, "reasons": []}
    answer = terminal.send(terminal.intent("feedback.rate", rating, service="staff"))
    assert answer.refusal is not None and answer.refusal.code == "notOfThisService"
    answer = out(terminal, note_of(terminal, (FIRST, FIRST + 19)), service="pay.due")
    assert answer.refusal is not None and answer.refusal.code == "notOfThisService"
