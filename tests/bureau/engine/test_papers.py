"""A hand-over's paper that was lost: made again with the same signature, numbered and noted, while it is of use."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
import typst
import zxingcpp
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from bureau.engine.reference.context import Context
from bureau.engine.reference.papers import PaperCopy, Papers
from bureau.errors import StockRefused
from bureau.fleet.note_sheet import note_sheet
from bureau.ports.stock import Hands
from bureau.store import tables
from sync.stock_note import NoteItem
from tests.bureau.conftest import CODE, HANDS, Centre
from tests.bureau.engine.handing import FIRST, note_of, out, take_up, text_of, where
from tests.bureau.terminals import Terminal

WHOLE = (FIRST, FIRST + 19)


@pytest.fixture
def new(centre: Centre, terminal: Terminal) -> Terminal:
    centre.load()
    return centre.terminal("A-08")


def again(centre: Centre, number: str, hands: Hands = HANDS, cause: str = "lost") -> tuple[str, PaperCopy]:
    with centre.database.write() as connection:
        return Papers(Context(connection, centre.clock.now(), "")).again(number, hands, cause)


def test_it_says_what_the_first_one_said_and_each_copy_is_numbered_and_noted(
    centre: Centre, terminal: Terminal, new: Terminal
) -> None:
    note = note_of(terminal, WHOLE)
    out(terminal, note)
    texts = [again(centre, note.id, Hands("甲", "乙"), cause)[0] for cause in ("lost", "torn")]
    assert texts == [text_of(terminal, note)] * 2
    with centre.database.read() as connection:
        noted = Papers(Context(connection, centre.clock.now(), "")).copies(note.id)
    assert [(c.copy, c.operator, c.witness, c.cause) for c in noted] == [
        (2, "甲", "乙", "lost"),
        (3, "甲", "乙", "torn"),
    ]
    t = tables.stock_paper_copy
    for change in (t.delete(), t.update().values(cause="never")):
        with pytest.raises(DBAPIError, match="append only"), centre.database.write() as connection:
            connection.execute(change)


def test_paper_and_copy_move_the_stock_once(centre: Centre, terminal: Terminal, new: Terminal) -> None:
    note = note_of(terminal, WHOLE)
    out(terminal, note)
    again(centre, note.id)
    assert take_up(terminal, new, note, [WHOLE]).state.value == "accepted"
    third = centre.terminal("A-09")
    refused = take_up(terminal, third, note, [WHOLE])
    assert refused.refusal is not None and refused.refusal.code == "stockNotThere"
    assert set(where(centre).values()) == {("onHand", "A-08")}


def test_a_paper_that_moves_nothing_any_more_is_not_made_again(
    centre: Centre, terminal: Terminal, new: Terminal
) -> None:
    note = note_of(terminal, WHOLE)
    take_up(terminal, new, note, [(FIRST, FIRST + 18)], [(FIRST + 19, FIRST + 19)])
    assert again(centre, note.id)[1].copy == 2, "one sheet is still on its way"
    take_up(terminal, new, note, [(FIRST + 19, FIRST + 19)])
    with pytest.raises(StockRefused, match="it went to A-08"):
        again(centre, note.id)


def test_the_paper_of_stock_that_has_not_come_by_the_ledger_is_made_again(
    centre: Centre, terminal: Terminal, new: Terminal
) -> None:
    note = note_of(new, WHOLE)
    out(new, note)
    assert again(centre, note.id)[0] == text_of(new, note)


def test_a_paper_that_an_earlier_release_did_not_keep_is_kept_when_it_is_told_again(
    centre: Centre, terminal: Terminal, new: Terminal
) -> None:
    note = note_of(terminal, WHOLE)
    out(terminal, note)
    t = tables.stock_handover
    with centre.database.write() as connection:
        connection.execute(t.update().values(paper=None))
    with pytest.raises(StockRefused, match="bureau stock receive"):
        again(centre, note.id)
    with centre.database.read() as connection:
        assert connection.execute(select(tables.stock_paper_copy)).all() == [], "nothing was made"
    out(terminal, note)
    assert again(centre, note.id)[0] == text_of(terminal, note)


@pytest.mark.parametrize("copy", [1, 2, 12])
def test_the_sheet_says_all_of_it_and_is_marked_from_the_second_on(terminal: Terminal, copy: int) -> None:
    items = (
        NoteItem("unit1", CODE, "04", (FIRST, FIRST + 19), (FIRST, FIRST + 18)),
        NoteItem("unit2", CODE, "04", None, None),
    )
    note = note_of(terminal, None, items=items, sheets=180, to="A-08", operator="<段丽>")
    sheet = note_sheet(note, text_of(terminal, note), copy)
    assert (f"第 {copy} 份" in sheet) is (copy > 1)
    for said in (
        note.id,
        CODE,
        f"{FIRST:08d}",
        f"{FIRST + 18:08d}",
        f"{FIRST + 19:08d}",
        "A-08",
        "180",
        "蒋明",
    ):
        assert said in sheet
    assert "&lt;段丽&gt;" in sheet


def test_the_code_of_the_longest_paper_is_read_from_its_picture(terminal: Terminal, tmp_path: Path) -> None:
    """At the size and about the sharpness of an office printer's sheet; its lines end above its code."""
    items = tuple(
        NoteItem(
            f"unit{n}", CODE, "04", (n * 10_000_000, n * 10_000_000 + 4999), (n * 10_000_000, n * 10_000_000)
        )
        for n in range(1, 10)
    )
    note = note_of(terminal, None, items=items, sheets=500, to="A-08")
    (tmp_path / "sheet.svg").write_text(note_sheet(note, text_of(terminal, note), 2), encoding="utf-8")
    page = '#set page(width: 210mm, height: 297mm, margin: 0mm)\n#image("sheet.svg", width: 210mm)'
    (tmp_path / "page.typ").write_text(page)
    png = typst.compile(str(tmp_path / "page.typ"), format="png", ppi=200.0)
    assert isinstance(png, bytes)
    picture = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_GRAYSCALE)
    assert [found.text for found in zxingcpp.read_barcodes(picture)] == [text_of(terminal, note)]
