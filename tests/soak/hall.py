"""One terminal that serves visit after visit: real programs, real screen, every driver in a process of its own.

The screen runs in this process as it does in ``kiosk run``; the visitor's hands act in threads beside it, so that
the screen draws on while they move and its gaps can be measured.
"""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

from kiosk.stack import PROGRAMS, Plan, Stack
from sync.health import read_health
from tests.soak import processes
from ui.bridge.start import Screen, keep_loaded
from ui.gaps import Gaps
from ui.pictures import save
from ui.waits import Waits
from ui.walk.hands import Hands, HandsError
from ui.walk.terminal import START_WITHIN_S, Terminal
from ui.walk.touch import NotThere, wait, wait_until
from ui.walk.visit import VISIT_WITHIN_S, wish_of
from ui.walk.visitor import Visitor
from ui.walk.wish import Seen, Wish

DAY = datetime.fromisoformat("2026-10-12T09:42")
GUARD_S = 0.1
"""The screen's guard against a press meant for the page before, shortened: the played hand looks first."""
PACE = 0.25
"""The visitor touches four times as quickly as in a walk."""
LOOK_MS = 80
"""A touch counts only when its page has stood for a moment."""
TRIES = 2
AGAIN_S = 6.0
"""Longer than any page that was touched takes to turn while a device is away; then a person touches it again."""
TOUCHED = ("attract", "home", "choose", "form", "review", "message", "done", "rate", "farewell")
"""Pages that wait for the person alone."""
BACK_WITHIN_S = 90.0
"""A device that was struck is back after the watch has killed it (12 s) and the pause before it is tried again."""


class PatientHands(Hands):
    """Hands that leave the screen drawing while they act."""

    def __init__(self, url: str, token: str, pool: ThreadPoolExecutor) -> None:
        super().__init__(url, token)
        self._pool = pool

    def do(self, device: str, action: str, **parameters: Any) -> dict[str, Any]:
        """As ``Hands.do``, in another thread."""
        working: Future[dict[str, Any]] = self._pool.submit(super().do, device, action, **parameters)
        while not working.done():
            wait(5)
        return working.result()


@dataclass
class Glances:
    """In place of an album: nothing is kept but what the visitor must read from the screen."""

    window: Any
    folder: Path
    pages: list[str] = field(default_factory=list)

    def take(self, name: str) -> Path:
        """The picture of the page, if a code has to be read from it; a person looks at a page before touching it."""
        wait(LOOK_MS)
        self.pages.append(name)
        path = self.folder / "page.png"
        if name.startswith("pay-"):
            save(self.window.grabWindow(), path)
        return path


class Guest(Visitor):
    """Does what the page asks for when a device is away: lays the card again, presses once more, asks the staff.

    And touches again what nothing came of: the question whether somebody is still here takes a touch for its answer
    when it comes under the finger, and a tile is closed while its device is not back yet. ``again`` counts these.
    """

    _tries = 0
    again = 0
    _acted_at = 0.0

    def _once(self, seen: Seen) -> None:
        key = (seen.kind, seen.serial, seen.state)
        if key in self._done and seen.kind in TOUCHED and time.monotonic() - self._acted_at > AGAIN_S:
            self._done.discard(key)
            self.again += 1
        if key not in self._done:
            self._acted_at = time.monotonic()
        super()._once(seen)

    def _on_choose(self, seen: Seen) -> bool | None:
        """Where nothing can be chosen and each row says why, a person reads it and leaves."""
        options = seen.page.get("options", [])
        if options and all(not option["enabled"] and option["reason"] for option in options):
            self.ended = f"choose: {options[0]['reason']}"
            return None
        return super()._on_choose(seen)

    def _on_identify(self, seen: Seen) -> None:
        if seen.state in ("again", "failed") and self._card_given and self._tries < TRIES:
            self._tries += 1
            self._card_given = False
            if seen.state == "failed":
                self._finger.tap("main")
                return
        super()._on_identify(seen)

    def _take_card(self) -> None:
        with contextlib.suppress(HandsError):  # a hand that takes the card too early may just have done so
            super()._take_card()

    def _on_capture(self, seen: Seen) -> None:
        self._tries += seen.state == "again"
        if seen.state == "again" and self._tries > TRIES and self._finger.find("second:staff") is not None:
            self._finger.tap("second:staff")
        else:
            super()._on_capture(seen)


@dataclass(frozen=True, slots=True)
class Upon:
    """What happens when a page comes: ``act`` once, the first time that ``kind`` is in ``state``."""

    kind: str
    state: str
    act: Callable[[Hall], object]


@dataclass
class Visit:
    """What came of one visit. ``came``: after how many seconds each page of the trail was there."""

    ended: str
    seconds: float
    trail: list[tuple[str, str]]
    came: list[float]
    struck: bool
    gaps: list[float]
    again: int
    lost: str = ""

    @property
    def clear(self) -> bool:
        """Served, or refused by a page that says so, and wiped."""
        return not self.lost and self.ended == "wiped"

    @property
    def slowest(self) -> tuple[str, float]:
        """The page that stood longest, and for how many seconds."""
        stood = [after - before for before, after in pairwise([*self.came, self.seconds])]
        longest = max(range(len(stood)), key=stood.__getitem__)
        return "/".join(self.trail[longest]), round(stood[longest], 1)


class Hall:
    """Opens once, then serves visits."""

    def __init__(self, root: Path, *, speed: float = 8.0, strict: bool = True) -> None:
        self.root = root
        self.stack = Stack(Plan(root / "stack", DAY, speed=speed, sheets=1000))
        self.waits = Waits(strict=strict)
        self.gaps = Gaps()
        self._services: set[str] = set()
        self._pool = ThreadPoolExecutor(2, "hands")
        for started in [self._pool.submit(time.sleep, 0.1) for _ in range(2)]:
            started.result()  # starting a thread waits for it, which no watched thread may
        self.terminal: Terminal

    def open(self) -> None:
        """Start everything; returns when the first page stands and the terminal has looked at its devices."""
        stack = self.stack
        stack.prepare()
        stack.start("acquirer", "bureau", "cabinet")
        self._put_drivers_apart()
        stack.start("devices", "sync")
        self.terminal = Terminal(stack, lambda url, token: PatientHands(url, token, self._pool))
        self.terminal.open()
        self.terminal.screen.session.flow.guard_s = GUARD_S
        wait_until(self.all_online, START_WITHIN_S, "every device")
        keep_loaded()
        self._services = set(self.drivers())

    def close(self) -> None:
        """End everything; also what stands half open."""
        if hasattr(self, "terminal"):
            self.terminal.close()
        for pid in self.drivers().values() if "devices" in self.stack.processes else ():
            os.kill(pid, signal.SIGCONT)
        self.stack.stop()
        self._pool.shutdown()

    def _put_drivers_apart(self) -> None:
        written = (self.stack.cabinet_dir / "devices.toml").read_text(encoding="utf-8")
        apart = self.root / "devices.toml"
        apart.write_text(written.replace('isolation = "parent"', 'isolation = "process"'), encoding="utf-8")
        self.stack.extra_env.setdefault("devices", {})["KIOSK_DEVICES_CONFIG"] = str(apart)

    # --- what can be seen and done --------------------------------------------------------------------

    @property
    def hands(self) -> Hands:
        """Those at the cabinet."""
        return self.terminal.hands

    @property
    def screen(self) -> Screen:
        """The terminal's."""
        return self.terminal.screen

    def seen(self) -> Seen:
        """The page as the screen was told it."""
        return self.terminal.seen()

    def drivers(self) -> dict[str, int]:
        """Service name to the process id of its driver."""
        return processes.children(self.stack.processes["devices"].pid)

    def strike(self, service: str, number: signal.Signals) -> int:
        """A signal to one driver; the id of the process that got it."""
        return processes.strike(self.stack.processes["devices"].pid, service, number)

    def health(self) -> dict[str, str]:
        """Each device in one word, as the terminal believes it to be."""
        return read_health(self.stack.state_dir, time.monotonic())

    def all_online(self) -> bool:
        """Whether the terminal believes every device to be there."""
        health = self.health()
        return bool(health) and all(state in ("online", "paperLow") for state in health.values())

    def all_well(self) -> bool:
        """Every device is there, every program and driver runs, and the centre can be reached."""
        programs = list(self.stack.processes.values())
        if len(programs) < len(PROGRAMS) or any(process.poll() is not None for process in programs):
            return False
        drivers = self.drivers()
        alive = drivers.keys() >= self._services and not any(map(processes.stands_still, drivers.values()))
        return alive and self.all_online() and bool(self.terminal.frame["online"])

    def in_background(self, act: Callable[..., object], *words: Any) -> Future[object]:
        """Do something that waits, beside the screen."""
        return self._pool.submit(act, *words)

    # --- a visit ----------------------------------------------------------------------------------------

    def wish(self, service: str, **more: Any) -> Wish:
        """Who comes for ``service``."""
        return replace(wish_of(self.stack, service), **more)

    def visit(self, wish: Wish, upon: Upon | None = None) -> Visit:
        """One visit from the first touch to the wipe, with what happens meanwhile."""
        trail: list[tuple[str, str]] = []
        came: list[float] = []
        struck: list[bool] = []

        def look() -> Seen:
            seen = self.seen()
            if not trail or trail[-1] != (seen.kind, seen.state):
                trail.append((seen.kind, seen.state))
                came.append(time.monotonic() - began)
            if upon is not None and not struck and (seen.kind, seen.state) == (upon.kind, upon.state):
                struck.append(True)
                upon.act(self)
            return seen

        glances: Any = Glances(self.screen.window, self.root)
        visitor = Guest(wish, self.screen.window, self.hands, glances, look, pace=PACE)
        began = time.monotonic()
        lost = ""
        self.gaps.start()
        with self.waits.armed():
            try:
                visitor.walk(VISIT_WITHIN_S)
            except NotThere as error:
                lost = str(error)
        gaps = list(self.gaps.stop())
        if lost or visitor.ended != "wiped":
            visitor.go_away(VISIT_WITHIN_S)
        return Visit(
            visitor.ended, time.monotonic() - began, trail, came, bool(struck), gaps, visitor.again, lost
        )
