"""A technician at a terminal of real programs: signs in, sees what is wrong, mends it, tries it, loads, hands over."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from config.settings import load_terminal
from kiosk.flow.pages import Screen
from kiosk.session import Session
from kiosk.stack import STAFF_CODE, Plan, Stack
from kiosk.staff.desk import StaffAction, StaffIntent
from kiosk.staff.views import BoardView, HandoverView, LoadView, SignInView, StaffView, TrialsView, WhyView
from kiosk.wiring import run_core
from sync.journal.reader import JournalReader
from ui.walk.hands import Hands

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
WITHIN_S = 90.0
"""How long a page may stand still before what is waited for counts as lost; one that goes on changing is let go on."""


class Technician:
    """Touches keys and looks at pages."""

    def __init__(self, session: Session, hands: Hands) -> None:
        self.session, self.hands = session, hands
        self.view: StaffView | None = None
        self.changed_at = time.monotonic()
        self.screen: Screen | None = None
        session.desk.on_view(self._see)
        session.on_screen(self._look)

    def _see(self, view: StaffView | None) -> None:
        self.view, self.changed_at = view, time.monotonic()

    def _look(self, screen: Screen) -> None:
        self.screen = screen

    def touch(self, action: str, value: str = "") -> None:
        self.session.desk.send(StaffIntent(StaffAction(action), value))

    async def until(self, seen: Callable[[Any], bool], what: str) -> Any:
        began = time.monotonic()
        while self.view is None or self.view.busy or not seen(self.view):
            if time.monotonic() > max(began, self.changed_at) + WITHIN_S:
                raise AssertionError(f"never saw {what}: {self.view}")
            await asyncio.sleep(0.05)
        return self.view

    async def public(self, kind: str, body: str = "") -> None:
        async with asyncio.timeout(WITHIN_S):
            while not (self.screen and self.screen.page.kind == kind and body in str(self.screen.page)):
                await asyncio.sleep(0.05)

    async def act(self, device: str, action: str, **parameters: Any) -> None:
        await asyncio.to_thread(lambda: self.hands.do(device, action, **parameters))

    async def type_code(self, code: str) -> None:
        for digit in code:
            self.touch("digit", digit)
            await asyncio.sleep(0.05)


@asynccontextmanager
async def technician(stack: Stack, page: str = "attract", body: str = "") -> AsyncIterator[Technician]:
    """The core of ``kiosk run`` in this process, over the stack's programs; it begins with ``page``."""
    settings = load_terminal(stack.terminal_file, stack.env())
    session, stop = Session(settings.display.lang), asyncio.Event()
    cabinet = stack.cabinet()
    hands = Hands(cabinet["control"], cabinet["token"])
    core = asyncio.create_task(run_core(settings, session, stop))
    person = Technician(session, hands)
    try:
        await person.public(page, body)
        yield person
    finally:
        stop.set()
        await core
        hands.close()


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Any:
    made = Stack(Plan(tmp_path_factory.mktemp("staff"), speed=20.0))
    made.prepare()
    try:
        made.start()
        yield made
    finally:
        made.stop()


async def test_a_technician_mends_tests_loads_pauses_and_hands_over(stack: Stack) -> None:
    async with technician(stack) as person:
        person.touch("enter")
        await person.until(lambda view: isinstance(view, SignInView), "the keypad")
        await person.type_code("000000")
        refused = await person.until(lambda view: view.message_tone == "bad", "a refusal")
        assert isinstance(refused, SignInView)
        person.touch("board")
        await asyncio.sleep(0.3)
        assert isinstance(person.view, SignInView), "no page opens without a code"

        await person.type_code(STAFF_CODE)
        board = await person.until(
            lambda view: _well(view) and "100 / 100" in [supply.amount for supply in view.supplies],
            "all is well, and the units are full",
        )
        assert board.staff
        await person.public("outOfService", "维护")

        await person.act("receiptPrinter", "cover", state="open")
        await person.until(
            lambda view: (
                isinstance(view, BoardView) and _first(view) == ("bad", "guide", "slipCover:receiptPrinter")
            ),
            "the open cover",
        )
        assert await _brought(person) == "", "a cover is closed by hand"
        person.touch("trial", "receiptPrinter")
        tried = await person.until(lambda view: isinstance(view, TrialsView), "the trial")
        assert _state(tried, "receiptPrinter") == "failed"
        await person.act("receiptPrinter", "cover", state="closed")
        person.touch("board")
        await person.until(_well, "mended")
        await person.act("receiptPrinter", "paper", level="out")
        await person.until(
            lambda view: (
                isinstance(view, BoardView) and _first(view) == ("bad", "guide", "roll:receiptPrinter")
            ),
            "the empty roll",
        )
        assert await _brought(person), "a roll"
        await person.act("receiptPrinter", "paper", level="full")
        person.touch("board")
        await person.until(_well, "all well again")
        person.touch("trial")
        tried = await person.until(
            lambda view: (
                isinstance(view, TrialsView)
                and all(t.state in ("ok", "failed", "untried") for t in view.trials)
            ),
            "everything was tried",
        )
        assert [t.role for t in tried.trials if t.state == "failed"] == []
        assert _state(tried, "receiptPrinter") == _state(tried, "documentPrinter") == "ok"

        await _load(person)
        person.touch("handover")
        await person.until(
            lambda view: (
                isinstance(view, HandoverView) and any("00009001" in value for _, value in view.lines)
            ),
            "the handover with the new numbers",
        )
        person.touch("print")
        printed = await person.until(lambda view: view.message != "", "the slip")
        assert printed.message_tone == "ok", printed.message

        person.touch("board")
        await person.until(lambda view: isinstance(view, BoardView), "the board")
        person.touch("pause")
        await person.until(lambda view: isinstance(view, BoardView) and view.paused, "paused")
        person.touch("leave")
        await person.public("outOfService", "本机暂停服务。")
    async with technician(
        stack, "outOfService", "本机暂停服务。"
    ) as person:  # started again, it stays closed
        person.touch("enter")
        await person.until(lambda view: isinstance(view, SignInView), "the keypad")
        await person.type_code(STAFF_CODE)
        await person.until(lambda view: isinstance(view, BoardView) and view.paused, "still paused")
        person.touch("resume")
        await person.until(lambda view: isinstance(view, BoardView) and not view.paused, "resumed")
        person.touch("leave")
        await person.public("attract")
    kinds = {row.kind for row in JournalReader(stack.state_dir / "journal.db").rows(0, 5000)}
    assert {
        "staff.signedIn",
        "staff.tested",
        "staff.loaded",
        "staff.handedOver",
        "staff.paused",
        "staff.resumed",
    } <= kinds
    slips = list((stack.cabinet_dir / "printed").glob("*-slip.png"))
    assert len(slips) == 2, "the test slip and the handover lie in the tray"


async def _brought(person: Technician) -> str:
    """What the page of reasons asks to bring for the first one."""
    person.touch("why")
    page = await person.until(lambda view: isinstance(view, WhyView) and view.reasons, "the reasons")
    return str(page.reasons[0].bring)


async def _load(person: Technician) -> None:
    """New sheets into the second unit, by their numbers; the machine looks whether they lie in front."""
    await person.act("dispenser", "load", unit="unit2", code="053001900104", first="00009001", count=50)
    person.touch("load", "unit2")
    await person.until(lambda view: isinstance(view, LoadView) and view.unit == "unit2", "the form")
    for field, text in (("code", "053001900104"), ("first", "00009001"), ("count", "50")):
        person.touch("focus", field)
        await asyncio.sleep(0.05)
        for digit in text:
            person.touch("type", digit)
            await asyncio.sleep(0.02)
    await person.until(lambda view: view.entries[2].value == "50", "the form is filled")
    person.touch("store")
    stored = await person.until(lambda view: view.message != "", "an answer")
    assert stored.message_tone == "ok", stored.message


def _well(view: StaffView) -> bool:
    return isinstance(view, BoardView) and {tile.tone for tile in view.tiles} == {"ok"}


def _first(view: BoardView) -> tuple[str, str, str]:
    """How bad the first thing to do is, and where its key leads."""
    todo = view.todo
    return (todo.tone, todo.key.action, todo.key.value) if todo and todo.key else ("", "", "")


def _state(view: TrialsView, role: str) -> str:
    return next(trial.state for trial in view.trials if trial.role == role)
