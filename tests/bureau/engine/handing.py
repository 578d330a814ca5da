"""Papers of stock that changes cabinets, and where the ledger says it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import select

from bureau.engine.reference.context import Context
from bureau.engine.reference.handovers import Handovers
from bureau.engine.reference.stock_check import check_stock
from bureau.store import tables
from kiosk.domain.ids import uuid7
from sync.stock_note import Fate, NoteItem, Seal, StockNote, write_note
from tests.bureau.conftest import CODE, Centre
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


def listed(centre: Centre) -> Any:
    with centre.database.write() as connection:
        return Handovers(Context(connection, centre.clock.now(), "")).listed(all_of_them=True)
