"""A cabinet's stock on its way to another, through the screens of two whole terminals of one hall and their centre."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import cv2
import pytest
import zxingcpp

from kiosk.stack import CENTRE, SECOND_CODE, STAFF_CODE, Plan, Stack
from tests.journeys.bench import WITHIN_S, Bench, bench
from tests.journeys.headless import play
from ui.walk.visit import PERSONAS

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600), pytest.mark.whole]
"""Six programs twice: on every change the exchange is held by the engine's, the terminal's and the screen's own tests."""
SHEETS = 20
OLD, NEW = "A-07", "A-08"
Hall = tuple[Stack, Stack]


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    """Two terminals of one hall: the old one with stock, the new one empty."""
    root = tmp_path_factory.mktemp("hall")
    old = Stack(Plan(root / "old", terminal=OLD, sheets=SHEETS, speed=20.0))
    new = Stack(Plan(root / "new", terminal=NEW, sheets=0, speed=20.0, centre=root / "old"))
    try:
        old.prepare()
        new.prepare()
        old.start(*CENTRE)
        with ThreadPoolExecutor() as both:
            list(both.map(Stack.start, (old, new)))
        yield old, new
    finally:
        with ThreadPoolExecutor() as both:
            list(both.map(Stack.stop, (new, old)))


def test_stock_goes_by_paper_from_one_cabinet_into_the_other_and_to_a_visitor(hall: Hall) -> None:
    old, new = hall
    with bench(old) as people:
        code, first = _in_front(people)
        _hand_out(people, first)
        people.hands.do("dispenser", "unload")
        people.leave()
    paper = _code_of_the_slip(old)
    with bench(new) as people:
        people.hands.do("dispenser", "load", unit="unit1", code=code, first=first, count=SHEETS)
        _take_up(people, paper, first)
        _is_not_taken_up_twice(people, paper)
        people.leave()
    _until(lambda: old.delivered() and new.delivered(), "both terminals have told everything")
    last = f"{int(first) + SHEETS - 1:08d}"
    assert _ledger(old, NEW) == [(code, first, last)]
    assert _ledger(old, OLD) == []
    assert _told(old, "bureau", "stock", "hand-overs", "--json") == []
    assert _told(old, "bureau", "stock", "check", "--json") == {"problems": []}
    assert _told(old, "bureau", "cases", "list", "--json") == []

    visitor = asyncio.run(play(new, "invoice.collect", PERSONAS["invoice.collect"], count=3))
    assert visitor.ended == "wiped", visitor.trail


def _hand_out(people: Bench, first: str) -> None:
    """A slip of the tongue is told, may be counted again; nobody confirms alone; the paper comes out."""
    people.sign_in(STAFF_CODE)
    _open_exchange(people)
    people.tap("staff:exchange:out")
    people.see("load")
    people.count("unit1", first, str(SHEETS - 1))
    people.tap("staff:exchange:check")
    people.see("handover", people.read("bench.exchange.differs"))
    people.tap("staff:exchange:recount")
    people.count("unit1", first, str(SHEETS))
    people.tap("staff:exchange:check")
    people.see("handover", people.read("bench.exchange.agrees"))
    people.tap("staff:exchange:move")
    people.type_code(STAFF_CODE)
    people.see("signIn", people.read("bench.exchange.samePerson"))
    people.type_code(SECOND_CODE)
    people.see("handover", people.read("bench.exchange.outDone.move"))
    people.see("handover", people.read("bench.exchange.printed"))


def _take_up(people: Bench, paper: str, first: str) -> None:
    people.sign_in(STAFF_CODE)
    _open_exchange(people)
    people.tap("staff:exchange:in")
    people.hold_to_reader(paper)
    people.see("load")
    people.count("unit1", first, str(SHEETS))
    people.tap("staff:exchange:check")
    people.see("handover", people.read("bench.exchange.agrees"))
    people.tap("staff:exchange:move")
    people.type_code(SECOND_CODE)
    people.see("handover", people.read("bench.exchange.inDone"))
    people.tap("staff:board")
    people.see("board", lambda page: f"{SHEETS} / {SHEETS}" in str(page["supplies"]))


def _is_not_taken_up_twice(people: Bench, paper: str) -> None:
    _open_exchange(people)
    people.tap("staff:exchange:in")
    people.hold_to_reader(paper)
    people.see("handover", people.read("bench.exchange.noteUsed"))


def _open_exchange(people: Bench) -> None:
    people.tap("staff:handover")
    people.see("handover")
    people.tap("staff:exchange")
    people.see("handover", people.read("bench.exchange.lead"))


def _in_front(people: Bench) -> tuple[str, str]:
    """Code and number of the sheet in front, as whoever opens the cabinet reads them."""
    (run,) = people.hands.state()["devices"]["dispenser"]["units"]["unit1"]["runs"]
    return str(run["code"]), str(run["first"])


def _code_of_the_slip(stack: Stack) -> str:
    """What a code reader reads on the paper as it came out of the printer."""
    slip = max((stack.cabinet_dir / "printed").glob("*-slip.png"))
    (found,) = zxingcpp.read_barcodes(cv2.imread(str(slip), cv2.IMREAD_GRAYSCALE))
    return str(found.text)


def _ledger(stack: Stack, terminal: str) -> list[tuple[str, str, str]]:
    slots = _told(stack, "bureau", "stock", "list", "--place", terminal, "--json")
    return [
        (code, held["numbers"]["first"], held["numbers"]["last"])
        for slot in slots
        for code, held in slot["contents"]
    ]


def _told(stack: Stack, *words: str) -> Any:
    done = stack.run(*words)
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout)


def _until(condition: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + WITHIN_S
    while not condition():
        assert time.monotonic() < deadline, f"not within {WITHIN_S:.0f} s: {what}"
        time.sleep(0.2)
