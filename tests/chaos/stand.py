"""One city, prepared once and copied back before each visit; a visit, its kill, the recovery and the verdict."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from config.crashpoints import TRACE, VARIABLE
from kiosk.stack import PROGRAMS, Plan, Stack
from tests.chaos.points import NETWORK, Point, Visit
from ui.walk import checker
from ui.walk.gather import gather

DAY = datetime.fromisoformat("2026-10-12T09:42")
VISIT_S = 240.0
SETTLE_S = 90.0
KILLED = -9


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one kill. ``died`` counts deaths: 0 when the point was not passed this time."""

    visit: str
    point: str
    died: int
    problems: list[str]


class Stand:
    """Holds one stack; several stands may play at the same time, each in a folder of its own."""

    def __init__(self, out: Path) -> None:
        self.out = out
        self.root, self.kept, self.evidence = out / "stack", out / "kept", out / "evidence"
        self._wishes: dict[str, list[str]] = {}
        self._died = 0
        self._cut = ""
        shutil.rmtree(out, ignore_errors=True)
        out.mkdir(parents=True)
        stack = self._stack()
        stack.start()
        stack.stop()
        shutil.copytree(self.root, self.kept, symlinks=True)

    def clean(self, visit: Visit) -> str:
        """Play without a kill; the trace of the points it passed. ``SystemExit`` when even that fails."""
        trace = self._trace()
        _, problems = self._play(visit, {}, {TRACE: str(trace)})
        if problems:
            raise SystemExit(f"{visit.name} is not good without any kill: {problems}")
        return trace.read_text()

    def kill(self, visit: Visit, point: Point) -> Result:
        """Play it on a fresh copy of the city, with one kill or two; what the checker found afterwards."""
        wishes = [point.where, point.then] if point.then else [point.where]
        env = {}
        if point.program == NETWORK:
            self._cut, wishes = point.where.replace(NETWORK, "journal", 1), []
            env = {TRACE: str(self._trace())}
        died, problems = self._play(visit, {point.program: wishes}, env)
        self._cut = ""
        return Result(visit.name, str(point), died, problems)

    def _trace(self) -> Path:
        trace = self.out / "trace"
        trace.write_text("")
        return trace

    def _play(self, visit: Visit, wishes: dict[str, list[str]], env: dict[str, str]) -> tuple[int, list[str]]:
        shutil.rmtree(self.root)
        shutil.copytree(self.kept, self.root, symlinks=True)
        self._wishes, self._died = wishes, 0
        stack = self._stack()
        stack.extra_env = {name: dict(env) for name in ("", *PROGRAMS)}
        try:
            for name in PROGRAMS:
                if not (visit.offline and name == "bureau"):
                    self._start(stack, name)
            self._visit(stack, visit)
            self._recover(stack)
            return self._died, self._check(stack)
        finally:
            stack.stop()

    def _stack(self) -> Stack:
        stack = Stack(Plan(self.root, DAY, speed=8.0))
        stack.prepare()
        return stack

    def _start(self, stack: Stack, name: str) -> None:
        """Start a program with its next death wish, if it has one left."""
        env = stack.extra_env.setdefault(name, {})
        env.pop(VARIABLE, None)
        if wishes := self._wishes.get(name):
            env[VARIABLE] = wishes.pop(0)
        stack.start(name)

    def _visit(self, stack: Stack, visit: Visit) -> None:
        """In a process of its own; programs that die are started again, the visitor comes no second time."""
        env = stack.env()
        if wishes := self._wishes.get("kiosk"):
            env[VARIABLE] = wishes.pop(0)
        line = [sys.executable, "-m", "tests.journeys.headless", str(self.root), visit.service, *visit.extra]
        with (self.out / "visits.log").open("ab") as log:
            process = subprocess.Popen(line, env=env, stdout=log, stderr=log, start_new_session=True)
        deadline = time.monotonic() + VISIT_S
        while process.poll() is None and time.monotonic() < deadline:
            if self._cut and "bureau" in stack.processes and self._passed_the_cut():
                stack.kill("bureau")
                self._died += 1
            self._revive(stack)
            time.sleep(0.02)
        if process.poll() is None:
            process.kill()
            process.wait()
        elif process.returncode == KILLED:
            self._died += 1
        self._revive(stack)
        if "bureau" not in stack.processes:
            self._start(stack, "bureau")

    def _passed_the_cut(self) -> bool:
        name, _, count = self._cut.rpartition(":")
        return (self.out / "trace").read_text().split().count(name) >= int(count)

    def _revive(self, stack: Stack) -> None:
        for name in [name for name, process in stack.processes.items() if process.poll() is not None]:
            self._died += 1
            del stack.processes[name]
            self._start(stack, name)

    def _recover(self, stack: Stack) -> None:
        """What a restart does: probe, settle, deliver, until nothing is left or it takes too long."""
        deadline = time.monotonic() + SETTLE_S
        while time.monotonic() < deadline:
            settle = stack.run("kiosk", "settle", "--seconds", "10")
            self._revive(stack)
            if settle.returncode == 0 and stack.delivered():
                return
            time.sleep(0.2)

    def _check(self, stack: Stack) -> list[str]:
        shutil.rmtree(self.evidence, ignore_errors=True)
        self.evidence.mkdir()
        gather(stack, self.evidence)
        return checker.check(self.evidence)
