"""Stock that changes cabinets: each number once, whoever brings the paper first, and differences told."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bureau.engine.reference.context import Context
from bureau.engine.reference.handovers import Handovers
from bureau.engine.reference.invoices import ReferenceInvoices
from bureau.engine.reference.stock import Ledger
from bureau.engine.reference.stock_check import check_stock
from bureau.engine.reference.stockroom import Stockroom
from bureau.errors import StockRefused
from bureau.facts import Settlement, WantedNumbers
from bureau.store import tables
from kiosk.domain.ids import uuid7
from kiosk.domain.invoices import InvoiceRange
from sync.stock_note import Fate, NoteItem, Seal, StockNote, write_note
from tests.bureau.conftest import CODE, HANDS, Centre
from tests.bureau.terminals import Terminal

FIRST = 274_801


def note_of(
    terminal: Terminal, found: tuple[int, int] | None, expected: tuple[int, int] | None = None, **changes: Any
) -> StockNote:
    values: dict[str, Any] = {
        "id": uuid7(), "terminal": terminal.name, "epoch": terminal.identity.epoch, "hall": "H-01", "to": "",
        "fate": Fate.MOVE, "made_at": terminal.clock.now(), "operator": "段丽", "witness": "蒋明", "sheets": 0,
        "items": (NoteItem("unit1", CODE, "04", expected or found, found),),
    }  # fmt: skip
    return StockNote(**{**values, **changes})


def text_of(terminal: Terminal, note: StockNote) -> str:
    return write_note(note, Seal(terminal.keys.signing))


def out(terminal: Terminal, note: StockNote, **how: Any) -> Any:
    return terminal.send(terminal.intent("stock.out", {"note": text_of(terminal, note)}, **how))


def take_up(old: Terminal, new: Terminal, note: StockNote, taken: Sequence[tuple[int, int]],
            short: Sequence[tuple[int, int]] = (), unit: str = "unit1", people: tuple[str, str] = ("a", "b"),
            ) -> Any:  # fmt: skip
    def ranges(spans: Sequence[tuple[int, int]]) -> list[dict[str, str]]:
        return [{"unit": unit, "code": CODE, "first": f"{a:08d}", "last": f"{b:08d}"} for a, b in spans]

    data = {
        "note": text_of(old, note),
        "taken": ranges(taken),
        "short": ranges(short),
        "operator": people[0],
        "witness": people[1],
    }
    return new.send(new.intent("stock.in", data))


def where(centre: Centre) -> dict[str, tuple[str, str | None]]:
    """State and place of every number of the code."""
    t = tables.stock_range
    with centre.database.read() as connection:
        assert check_stock(Context(connection, centre.clock.now(), "")) == []
        rows = connection.execute(select(t).where(t.c.code == CODE)).all()
    return {f"{n:08d}": (r.state, r.place) for r in rows for n in range(r.first, r.last + 1)
            if FIRST <= n < FIRST + 20}  # fmt: skip


def cases(centre: Centre) -> list[dict[str, Any]]:
    t = tables.case_file
    with centre.database.read() as connection:
        rows = connection.execute(select(t).where(t.c.kind.like("handover%")).order_by(t.c.case_no))
        return [dict(row.details) for row in rows]


@pytest.fixture
def new(centre: Centre, terminal: Terminal) -> Terminal:
    centre.load()
    return centre.terminal("A-08")


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


def _listed(centre: Centre) -> Any:
    with centre.database.write() as connection:
        return Handovers(Context(connection, centre.clock.now(), "")).listed(all_of_them=True)


def test_where_it_went_is_not_written_over_by_whoever_took_nothing_up(
    centre: Centre, terminal: Terminal, new: Terminal
) -> None:
    note = note_of(terminal, (FIRST, FIRST + 19))
    take_up(terminal, new, note, [(FIRST, FIRST + 19)])
    take_up(terminal, centre.terminal("A-09"), note, [(FIRST, FIRST + 19)])
    with centre.database.write() as connection:
        assert Handovers(Context(connection, centre.clock.now(), "")).receive(note.id, [], HANDS) == ("", "")
    assert [view.to for view in _listed(centre)] == ["A-08"]


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
    seen = {view.note: [n for _, n in view.on_the_way] for view in _listed(centre)}
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
    (waits,) = next(view.not_come for view in _listed(centre) if view.note == two.id)
    assert (waits.terminal, waits.numbers) == ("A-09", InvoiceRange(f"{FIRST:08d}", f"{FIRST + 19:08d}"))
    take_up(terminal, new, one, [whole])
    assert set(where(centre).values()) == {("onHand", "A-09")}
    assert locked(centre) == {}
    assert {view.note: (view.to, view.not_come) for view in _listed(centre)} == {
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
    assert all(view.state == "done" and not view.not_come for view in _listed(centre))


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
    assert all(view.not_come == () for view in _listed(centre))


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
    assert [view.waits for view in _listed(centre)] == [()]
    centre.load(terminal.name, "unit1", CODE, f"{FIRST - 5:08d}", 5)
    assert [view.waits for view in _listed(centre)] == [()]


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
