"""A cabinet's stock over both terminals and the ledger, with the power cut at every step: no number lost or twice.

Real journals, real executors and the real centre; the cabinets are books of two dispensers. Whatever is not in a book
lies in the people's hands, who go on as the pages let them.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, cast

import pytest
from sqlalchemy import select

from bureau.engine.reference.context import Context
from bureau.engine.reference.stock_check import check_stock
from bureau.store import tables
from drivers.client.errors import DeviceCommandFailed
from kiosk.books import JournalBooks
from kiosk.domain.ids import uuid7
from kiosk.effects.base import Means, Origin
from kiosk.executor import Executor
from kiosk.staff.exchanging import Exchanging, Maker, Refused
from sync.crypto import SealedFileKeyStore
from sync.effects import open_effect
from sync.journal import Journal
from sync.models import EffectAnswer
from sync.stock_note import Fate
from tests.bureau.conftest import Centre
from tests.bureau.terminals import Terminal
from tests.depth import WHOLE
from tests.kiosk.doubles import Life, Mortal, MortalJournal, Stopped

FIRST, LAST = 274_801, 274_820
DISPENSED = 3
"""Sheets that the old terminal gave out and whose settlement waits in its queue."""


@dataclass
class Book:
    """The dispenser's book of one cabinet, and the number that really lies in front (None: the machine cannot read)."""

    units: dict[str, dict[str, Any]]
    front: int | None = None

    async def ranges(self) -> Mapping[str, Mapping[str, Any]]:
        return {name: dict(unit) for name, unit in self.units.items()}

    async def take_out(self, units: Sequence[str]) -> None:
        for name in units:
            self.units[name] |= {"next": None, "last": None, "count": 0}

    async def put_in(self, unit: str, code: str, kind: str, first: str, last: str) -> None:
        if self.front is not None and self.front != int(first):
            raise DeviceCommandFailed("invoiceDispenser", "commandErrorCode", "numberMismatch")
        self.units[unit] = holding(code, int(first), int(last))

    def numbers(self) -> list[int]:
        held = [u for u in self.units.values() if u["count"]]
        return [n for u in held for n in range(int(u["next"]), int(u["last"]) + 1)]


def holding(code: str, first: int, last: int) -> dict[str, Any]:
    return {
        "code": code,
        "kind": "04",
        "next": f"{first:08d}",
        "last": f"{last:08d}",
        "count": last - first + 1,
        "status": "ok",
    }


@dataclass
class Kiosk:
    """One terminal: what outlives its program, and the program that runs now."""

    centre: Centre
    terminal: Terminal
    folder: Path
    book: Book
    receipts: dict[str, EffectAnswer] = field(default_factory=dict)

    def for_key(self, key: str) -> EffectAnswer | None:
        return self.receipts.get(key)

    @contextlib.contextmanager
    def running(self, life: Life) -> Any:
        store = SealedFileKeyStore(self.folder / "keys")
        journal = Journal.open(
            self.folder / "journal.db", self.terminal.identity, store, self.centre.clock, ballast_bytes=0
        )
        books = JournalBooks(
            cast("Any", MortalJournal(journal, life)), self, self.centre.clock, self.terminal.name
        )
        nobody: Any = None
        devices = Mortal(self.book, life)
        means = Means(nobody, books, cast("Any", devices), self.centre.clock, asyncio.sleep, nobody)
        executor = Executor(means, books, nobody, lambda _: None)
        maker = Maker.of(self.terminal.identity)
        pages = Exchanging(
            nobody_reads(), self.book.ranges, executor.by_staff, maker, self.centre.clock, self.folder, books
        )
        try:
            yield journal, executor, pages
        finally:
            books._thread.shutdown(wait=True)
            journal.close()

    def deliver(self) -> None:
        """What sync does."""
        with self.running(Life()) as (journal, _executor, _pages):
            for history in journal.open_effects():
                if history.handed_over and history.key not in self.receipts:
                    container = self.centre.container
                    register, opener = container.terminals.record_key, container.keys.sealing
                    opened = open_effect(history.intent.envelope, register, opener)
                    self.receipts[history.key] = container.submission.submit(opened, queued=True)


def nobody_reads() -> Any:
    """A hub whose code reader is not used: papers are shown by ``show_paper``."""
    return None


def staff() -> Origin:
    return Origin(uuid7(), "", "", "", "", "zh-CN", {})


async def count(pages: Exchanging, first: int, last: int) -> None:
    for name, text in (("first", f"{first:08d}"), ("count", str(last - first + 1))):
        form = pages.state.count.focus(name)
        for key in text:
            form = form.press(key)
        pages.state = replace(pages.state, count=form)
    await pages.check()


async def hand_out(pages: Exchanging, first: int, last: int) -> None:
    await pages.go_out()
    await count(pages, first, last)
    pages.choose(Fate.MOVE)
    await pages.confirm("technician", "officer", staff())


async def take_up(pages: Exchanging, paper: str, first: int, last: int) -> None:
    await pages.show_paper(paper)
    await count(pages, first, last)
    pages.choose(Fate.MOVE)
    await pages.confirm("technician", "officer", staff())


def live(life: Life, kiosk: Kiosk, act: Any) -> None:
    """The program recovers, then people act; it may end anywhere."""

    async def program() -> None:
        with kiosk.running(life) as (_journal, executor, pages):
            await executor.resolve()
            await act(pages)

    with contextlib.suppress(Stopped):
        asyncio.run(program())


def ledger(centre: Centre, code: str) -> dict[int, tuple[str, str | None]]:
    t = tables.stock_range
    with centre.database.read() as connection:
        assert check_stock(Context(connection, centre.clock.now(), "")) == []
        rows = connection.execute(select(t).where(t.c.code == code)).all()
    found = [(n, (r.state, r.place)) for r in rows for n in range(r.first, r.last + 1)]
    assert len({n for n, _ in found}) == len(found), "a number is owned twice"
    return dict(found)


def exchange(centre: Centre, folder: Path, code: str, cut: int, *, new_first: bool) -> tuple[bool, Life]:
    """One exchange with the power cut at step ``cut``; whether there was such a step."""
    names = f"X-{code[-3:]}", f"Y-{code[-3:]}"
    old, new = (Kiosk(centre, centre.terminal(name), folder / name, Book({}), {}) for name in names)
    for kiosk in (old, new):
        kiosk.folder.mkdir()
    centre.load(names[0], "unit1", code, f"{FIRST:08d}", LAST - FIRST + 1)
    first = FIRST + DISPENSED
    old.book.units["unit1"] = holding(code, first, LAST)
    new.book.units["unit1"] = {"count": 0}
    life, paper = Life(cut), ""

    async def out(pages: Exchanging) -> None:
        nonlocal paper
        if old.book.numbers():
            await hand_out(pages, first, LAST)
        made = await pages.paper()
        assert made is not None, "the stock is out of the book and no paper can be printed"
        paper = made[1]

    async def into(pages: Exchanging) -> None:
        try:
            await take_up(pages, paper, first, LAST)
        except Refused as error:
            assert error.text_id == "bench.exchange.noteUsed"

    for kiosk, act in ((old, out), (new, into)):
        for _attempt in range(2):
            live(life, kiosk, act)
            assert not set(old.book.numbers()) & set(new.book.numbers()), "a number lies in two cabinets"
            if not life.over:
                break
            life = Life()
    for kiosk in (new, old) if new_first else (old, new):
        kiosk.deliver()
        kiosk.deliver()
    assert old.book.numbers() == [] and new.book.numbers() == list(range(first, LAST + 1))
    seen = ledger(centre, code)
    assert {seen[n] for n in range(first, LAST + 1)} == {("onHand", names[1])}
    assert {seen[n] for n in range(FIRST, first)} == {("onHand", names[0])}, "they wait for their settlement"
    answers = [*old.receipts.values(), *new.receipts.values()]
    assert answers and all(answer.state.value == "accepted" for answer in answers)
    return life.over or cut == 0 or len(life.trail) < cut, life


def cases(centre: Centre) -> list[Any]:
    with centre.database.read() as connection:
        return list(connection.execute(select(tables.case_file.c.details)).scalars())


@pytest.mark.timeout(300)
@pytest.mark.parametrize("new_first", [False, True])
def test_stock_is_conserved_whichever_step_the_power_goes_at(
    centre: Centre, tmp_path: Path, backend: str, new_first: bool
) -> None:
    before = cases(centre)
    whole = Life()
    codes = (f"0530126{n:05d}" for n in itertools.count(100))

    def one(cut: int) -> Life:
        nonlocal whole
        code = next(codes)
        (folder := tmp_path / code).mkdir()
        _learn(centre, code)
        return exchange(centre, folder, code, cut, new_first=new_first)[1]

    whole = one(0)
    steps = len(whole.trail)
    assert steps >= 12, whole.trail
    for cut in range(1, steps + 1) if WHOLE else range(1 + new_first, steps + 1, 2):
        one(cut)
    assert cases(centre) == before, "nothing differed"


def _learn(centre: Centre, code: str) -> None:
    from bureau.texts import say

    with centre.database.write() as connection:
        row = {"code": code, "kind": "04", "kind_name": say("invoice-kind.04")}
        connection.execute(tables.invoice_code.insert().values(**row))


def test_another_sheet_in_front_is_refused_and_nothing_is_told(centre: Centre, tmp_path: Path) -> None:
    code = "053012600099"
    _learn(centre, code)
    centre.load("A-07", "unit1", code, f"{FIRST:08d}", 20)
    old = Kiosk(centre, centre.terminal("A-07"), tmp_path / "a", Book({"unit1": holding(code, FIRST, LAST)}))
    new = Kiosk(
        centre, centre.terminal("A-08"), tmp_path / "b", Book({"unit1": {"count": 0}}, front=FIRST + 1)
    )
    for kiosk in (old, new):
        kiosk.folder.mkdir()
    papers: list[str] = []

    async def out(pages: Exchanging) -> None:
        await hand_out(pages, FIRST, LAST)
        papers.append(pages.state.text)

    async def into(pages: Exchanging) -> None:
        with pytest.raises(Refused, match="refused"):
            await take_up(pages, papers[0], FIRST, LAST)
        await take_up(pages, papers[0], FIRST + 1, LAST)  # the first one is missing: so it is told

    live(Life(), old, out)
    live(Life(), new, into)
    for kiosk in (old, new):
        kiosk.deliver()
    seen = ledger(centre, code)
    assert seen[FIRST] == ("onHand", "transit") and seen[FIRST + 1] == ("onHand", "A-08")
    assert any(case.get("found", [{}])[0].get("why") == "short" for case in cases(centre))
