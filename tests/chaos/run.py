"""SIGKILL just before and just after every journal commit of every service; then restart, settle and compare.

The points are not listed here: a clean visit is played first and its journal names the commits it made; around
each of them the same visit is killed on a fresh copy of the same city. ``make chaos`` runs all, ``--sample`` a
few. The report (``--out``) is a table of service, point, and what the checker found.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import drivers.app  # noqa: F401 - its services register their crash points
from drivers.crashpoints import registered
from kiosk.stack import PROGRAMS, Plan, Stack
from ui.walk import checker
from ui.walk.gather import gather

SERVICES = ("certificate.iit-record", "invoice.collect", "declare.vat-small")
DAY = datetime.fromisoformat("2026-10-12T09:42")
VISIT_S = 150.0
SETTLE_S = 60.0
KILLED = -9


@dataclass(frozen=True, slots=True)
class Point:
    """One place to die: in which program, and what the variable says."""

    program: str
    where: str

    def __str__(self) -> str:
        return f"{self.program} {self.where}"


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one kill."""

    service: str
    point: str
    died: bool
    problems: list[str]


class Chaos:
    """One city, prepared once and copied back before each kill."""

    def __init__(self, out: Path) -> None:
        self.out = out
        self.root, self.kept = out / "stack", out / "kept"
        shutil.rmtree(out, ignore_errors=True)
        out.mkdir(parents=True)
        stack = self._stack()
        stack.start()
        stack.stop()
        shutil.copytree(self.root, self.kept, symlinks=True)

    def clean(self, service: str) -> list[Point]:
        """Play the visit without a kill; the commits it made, each before and after."""
        died, problems = self.play(service, None)
        if died or problems:
            raise SystemExit(f"{service} is not good without any kill: {problems}")
        seen: Counter[str] = Counter()
        points: list[Point] = []
        for line in (self.out / "evidence" / "journal.jsonl").read_text().splitlines():
            record = json.loads(line)
            name = f"{record['kind']}.{record['phase']}"
            seen[name] += 1
            points += [
                Point("kiosk", f"journal:{moment}:{name}:{seen[name]}") for moment in ("before", "after")
            ]
        return points

    def play(self, service: str, point: Point | None) -> tuple[bool, list[str]]:
        """One visit with one kill on a fresh copy; whether it died, and what the checker found."""
        shutil.rmtree(self.root)
        shutil.copytree(self.kept, self.root, symlinks=True)
        stack = self._stack()
        if point is not None and point.program != "kiosk":
            stack.extra_env[point.program] = {"KIOSK_CRASHPOINT": point.where}
        try:
            stack.start()
            died = self._visit(stack, service, point)
            self._recover(stack)
            return died, self._check(stack)
        finally:
            stack.stop()

    def _stack(self) -> Stack:
        stack = Stack(Plan(self.root, DAY, speed=8.0))
        stack.prepare()
        return stack

    def _visit(self, stack: Stack, service: str, point: Point | None) -> bool:
        """Play it in a process of its own; programs that die are started again, without their death wish."""
        env = stack.env()
        if point is not None and point.program == "kiosk":
            env["KIOSK_CRASHPOINT"] = point.where
        line = [sys.executable, "-m", "tests.journeys.headless", str(self.root), service]
        log = (self.out / "visits.log").open("ab")
        with log:
            visit = subprocess.Popen(line, env=env, stdout=log, stderr=log, start_new_session=True)
        died = False
        deadline = time.monotonic() + VISIT_S
        while visit.poll() is None and time.monotonic() < deadline:
            died |= self._revive(stack)
            time.sleep(0.05)
        if visit.poll() is None:
            visit.kill()
            visit.wait()
        died |= self._revive(stack)
        return died or visit.returncode == KILLED

    def _revive(self, stack: Stack) -> bool:
        fallen = [name for name, process in stack.processes.items() if process.poll() is not None]
        for name in fallen:
            stack.extra_env.pop(name, None)
            del stack.processes[name]
            stack.start(name)
        return bool(fallen)

    def _recover(self, stack: Stack) -> None:
        """What a restart does: probe, settle, deliver, until nothing is left or it takes too long."""
        for name in PROGRAMS:
            stack.extra_env.pop(name, None)
        deadline = time.monotonic() + SETTLE_S
        while time.monotonic() < deadline:
            settle = stack.run("kiosk", "settle", "--seconds", "5")
            self._revive(stack)
            if settle.returncode == 0 and stack.delivered():
                return
            time.sleep(0.3)

    def _check(self, stack: Stack) -> list[str]:
        evidence = self.out / "evidence"
        shutil.rmtree(evidence, ignore_errors=True)
        evidence.mkdir()
        gather(stack, evidence)
        return checker.check(evidence)


def others(service: str) -> Iterator[Point]:
    """Kills of the device program and the centre around what cannot be taken back."""
    kinds = {
        "certificate.iit-record": ("certificate.issue", "certificate.printed"),
        "invoice.collect": ("invoice.reserve", "invoice.commit"),
        "declare.vat-small": ("declaration.submit", "payment.create"),
    }
    for kind in kinds[service]:
        for moment in ("before", "after"):
            yield Point("bureau", f"bureau:{moment}:{kind}")
    word = {"certificate.iit-record": "print", "invoice.collect": "dispense", "declare.vat-small": "print"}[
        service
    ]
    for name in registered():
        if name.startswith(word):
            yield from (Point("devices", f"devices:{moment}:{name}") for moment in ("before", "after"))


def main() -> int:
    """Exit status 0 when every end state agrees."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--sample", type=int, default=0, help="only every so many points, evenly spread")
    parser.add_argument("--service", choices=SERVICES, action="append")
    options = parser.parse_args()
    chaos = Chaos(options.out.resolve())
    results: list[Result] = []
    for service in options.service or SERVICES:
        points = [*chaos.clean(service), *others(service)]
        if options.sample:
            points = points[:: max(1, len(points) // options.sample)]
        for number, point in enumerate(points, 1):
            died, problems = chaos.play(service, point)
            results.append(Result(service, str(point), died, problems))
            said = "; ".join(problems) if problems else "agrees" if died else "agrees (point not reached)"
            print(f"[{number}/{len(points)}] {service} {point}: {said}", flush=True)
    report = options.out / "chaos.json"
    report.write_text(json.dumps([_plain(r) for r in results], indent=1))
    bad = [r for r in results if r.problems]
    print(f"{len(results)} kills, {len(bad)} disagreements; {report}")
    return 1 if bad else 0


def _plain(result: Result) -> dict[str, object]:
    return {
        "service": result.service,
        "point": result.point,
        "died": result.died,
        "problems": result.problems,
    }


if __name__ == "__main__":
    sys.exit(main())
