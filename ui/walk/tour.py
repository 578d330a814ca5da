"""``kiosk walk --all``: every service of the catalogue, or some, two at a time, at the terminals of one centre."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from threading import Condition
from typing import Any

from config.catalogue import shipped
from kiosk.stack import CENTRE, TERMINAL, Plan, Stack
from ui.walk.folder import make_ready
from ui.walk.index import write_index
from ui.walk.lane import told_of
from ui.walk.visit import PERSONAS, Verdict
from ui.walk.walk import SPEED

TERMINALS = (TERMINAL, "A-08")
"""Of the demonstration city's hall; so many visits go on at the same time."""
ENDS_WITHIN_S = 60.0
Told = Callable[[Verdict], None]


@dataclass(frozen=True, slots=True)
class Tour:
    """Where the evidence goes, and how every service is walked; ``only``: these, all when it is empty."""

    out: Path
    lang: str = "zh-CN"
    mode: str = "standard"
    orientation: str = "portrait"
    as_of: datetime | None = None
    seed: int = 7
    staff: bool = False
    only: tuple[str, ...] = ()


class Lane:
    """One terminal's programs, and the process of its screen and visitors."""

    def __init__(self, plan: Plan, log: Path) -> None:
        self.stack, self._log = Stack(plan), log
        self._child: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Bring up the programs, then the screen; the centre runs already."""
        self.stack.prepare()
        self.stack.start()
        with self._log.open("w") as log:
            self._child = subprocess.Popen(
                [sys.executable, "-m", "ui.walk.lane"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        self._say(told_of(self.stack.plan))

    def walk(self, **asked: Any) -> Verdict:
        """One visit; a screen that has died is a verdict as well."""
        self._say(asked)
        assert self._child is not None and self._child.stdout is not None
        line = self._child.stdout.readline()
        if line:
            return Verdict(**json.loads(line))
        return Verdict(False, asked["service"], "", 0, 0.0, [f"the screen has ended; see {self._log}"])

    def stop(self) -> None:
        """End the screen, then the programs."""
        if self._child is not None and self._child.stdin is not None:
            try:
                self._child.stdin.close()
                self._child.wait(ENDS_WITHIN_S)
            except (OSError, subprocess.TimeoutExpired):
                self._child.kill()
                self._child.wait()
        self.stack.stop()

    def _say(self, told: dict[str, Any]) -> None:
        assert self._child is not None and self._child.stdin is not None
        try:
            self._child.stdin.write(json.dumps(told) + "\n")
            self._child.stdin.flush()
        except BrokenPipeError:
            pass  # its answer, which does not come, says so


class Waiting:
    """The services still to be walked, in their order; ``people``: who walks which.

    Nobody stands at two terminals at once: whoever comes next is the first whose person is at no terminal.
    Each person's own services keep their order, so that one finds what the one before has left.
    """

    def __init__(self, names: Sequence[str], people: Mapping[str, str]) -> None:
        self._names, self._people = list(names), people
        self._at_a_terminal: set[str] = set()
        self._changed = Condition()

    def __iter__(self) -> Iterator[str]:
        """For one terminal: the next one each time, as soon as its person is free, to the last."""
        while (name := self._take()) is not None:
            with self._there(name):
                yield name

    def _take(self) -> str | None:
        with self._changed:
            while self._names:
                free = (name for name in self._names if self._people[name] not in self._at_a_terminal)
                if (name := next(free, None)) is not None:
                    self._names.remove(name)
                    self._at_a_terminal.add(self._people[name])
                    return name
                self._changed.wait()
        return None

    @contextmanager
    def _there(self, name: str) -> Iterator[None]:
        try:
            yield
        finally:
            with self._changed:
                self._at_a_terminal.remove(self._people[name])
                self._changed.notify_all()


def tour(asked: Tour, told: Told = lambda _verdict: None) -> list[Verdict]:
    """Walk them; ``told`` hears of each. Leaves a folder a service and ``index.html``.

    Raises ``FolderInUse`` before anything is started when the folder is not a walk's.
    """
    make_ready(asked.out)
    names = list(asked.only or shipped())
    waiting = Waiting(names, PERSONAS)
    verdicts: dict[str, Verdict] = {}

    def serve(lane: Lane) -> None:
        for service in waiting:
            folder = str(asked.out / service)
            verdict = lane.walk(
                service=service, folder=folder, lang=asked.lang, mode=asked.mode, staff=asked.staff
            )
            verdicts[service] = verdict
            told(verdict)

    with ExitStack() as ends:
        lanes = [Lane(plan, asked.out / f"{plan.terminal}.log") for plan in _plans(asked)]
        for lane in lanes:
            ends.callback(lane.stop)
        lanes[0].stack.prepare()
        lanes[0].stack.start(*CENTRE)
        with ThreadPoolExecutor(len(lanes)) as together:
            list(together.map(Lane.start, lanes))
            list(together.map(serve, lanes))
    found = [verdicts[service] for service in names]
    write_index(asked.out, found)
    return found


def _plans(asked: Tour) -> list[Plan]:
    root = asked.out / "state"
    first = Plan(root / TERMINALS[0], asked.as_of, asked.seed, asked.orientation, speed=SPEED)
    others = [replace(first, root=root / name, terminal=name, centre=first.root) for name in TERMINALS[1:]]
    return [first, *others]
