"""SIGKILL just before and just after every commit of every service; then restart, settle and compare.

A clean visit is played first with ``KIOSK_CRASHPOINT_TRACE``: what it passed, in the journal, the device
program, the centre and sync, is where the same visit is then killed, each time on a fresh copy of the same
city. ``make chaos`` runs all and writes docs/chaos.md; ``--sample`` runs a few.
"""

from __future__ import annotations

import argparse
import json
import queue
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path

from tests.chaos.points import (
    NETWORK,
    VISITS,
    Point,
    Visit,
    after_a_crash,
    cuts,
    name_of,
    never_passed,
    new,
    passed,
)
from tests.chaos.stand import Result, Stand

SERVICES = 3
"""So many of the visits are the services themselves: each is killed at all its points."""


class Campaign:
    """Plays every kill on several stands at once."""

    def __init__(self, out: Path, jobs: int) -> None:
        self.out = out
        self.stands: queue.Queue[Stand] = queue.Queue()
        self.killed: set[str] = set()
        self.results: list[Result] = []
        self.pool = ThreadPoolExecutor(jobs)
        for stand in self.pool.map(lambda number: Stand(out / f"stand-{number}"), range(jobs)):
            self.stands.put(stand)

    def run(self, visits: list[Visit], every: int) -> None:
        """All kills of these visits, or each ``every``-th."""
        work = [(visit, point) for visit, points in self._plan(visits) for point in points]
        work = work[::every]
        for number, result in enumerate(self.pool.map(lambda job: self._kill(*job), work), 1):
            self.results.append(result)
            said = "; ".join(result.problems) or ("agrees" if result.died else "agrees (point not passed)")
            print(f"[{number}/{len(work)}] {result.visit}: {result.point}: {said}", flush=True)

    def _plan(self, visits: list[Visit]) -> Iterator[tuple[Visit, list[Point]]]:
        traces = self.pool.map(self._clean, visits)
        for visit, trace in zip(visits, traces, strict=True):
            points = passed(trace)
            if visit not in VISITS[:SERVICES]:
                points = list(new(points, self.killed))
            self.killed |= {name_of(point.where) for point in points}
            yield visit, [*points, *cuts(points)]
        for visit in visits:
            if visit in VISITS[: SERVICES - 1]:
                word = "print" if visit is VISITS[0] else "dispense"
                points = [p for p in after_a_crash(self.killed) if f".{word}" in p.where.replace(":", ".")]
                self.killed |= {name_of(point.then) for point in points}
                yield visit, points

    def _clean(self, visit: Visit) -> str:
        stand = self.stands.get()
        try:
            return stand.clean(visit)
        finally:
            self.stands.put(stand)

    def _kill(self, visit: Visit, point: Point) -> Result:
        stand = self.stands.get()
        try:
            result = stand.kill(visit, point)
            if result.problems:  # kept for whoever mends it
                kept = self.out / "disagreed" / str(point).replace(":", "_").replace(" ", "")
                shutil.copytree(stand.evidence, kept / "evidence", dirs_exist_ok=True)
                shutil.copytree(stand.root / "logs", kept / "logs", dirs_exist_ok=True)
            return result
        finally:
            self.stands.put(stand)


def report(results: list[Result], killed: set[str], seconds: float) -> str:
    """Markdown: what was killed where, and what it came to."""
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False
    )
    reached = [r for r in results if r.died]
    bad = [r for r in results if r.problems]
    lines = [
        "# Killed at every commit",
        "",
        f"`make chaos` at commit `{commit.stdout.strip()}`: {len(results)} visits with a SIGKILL each, "
        f"{len(reached)} of them passed their point and died, **{len(bad)} disagreements** between terminal, "
        f"paper, acquirer and centre afterwards. {seconds / 60:.0f} minutes.",
        "",
        "The points are what a clean visit passes (`KIOSK_CRASHPOINT_TRACE`): every journal commit, every commit",
        "and motion of the device program, every effect's commit at the centre, every send and receipt of sync;",
        "before and after each. After the kill the program is started again, nobody repeats the visit, and the",
        "checker of the walk compares what each party holds. *network*: the centre cannot be reached from right",
        "behind that journal commit to the end of the visit.",
        "",
        "| visit | killed at | died | disagreed |",
        "| --- | --- | --- | --- |",
    ]
    for visit in dict.fromkeys(r.visit for r in results):
        for area in ("journal", "devices", "bureau", "sync", NETWORK):
            rows = [r for r in results if r.visit == visit and r.point.startswith(area)]
            if rows:
                died = sum(r.died > 0 for r in rows)
                lines.append(
                    f"| {visit} | {area}: {len(rows)} | {died} | {sum(bool(r.problems) for r in rows)} |"
                )
    lines += ["", "Disagreements:" if bad else "No disagreement.", ""]
    lines += [f"- {r.visit}, {r.point}: {'; '.join(r.problems)}" for r in bad]
    missed = [f"`{name}`" for name in never_passed(killed)]
    lines += [
        "Registered points that these visits do not pass (faults of the machine and the staff's work, killed",
        "by `tests/drivers/test_crashes.py`; effects of services to come):",
        "",
        ", ".join(missed),
        "",
    ]
    return "\n".join(lines)


def main() -> int:
    """Exit status 0 when every end state agrees."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--jobs", type=int, default=2, help="visits at the same time")
    parser.add_argument("--sample", type=int, default=1, help="only each so many-th point")
    parser.add_argument("--visit", choices=[v.name for v in VISITS], action="append")
    parser.add_argument("--report", type=Path, help="a Markdown file for the documentation")
    options = parser.parse_args()
    began = time.monotonic()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    campaign = Campaign(options.out.resolve(), options.jobs)
    try:
        campaign.run([v for v in VISITS if not options.visit or v.name in options.visit], options.sample)
    except KeyboardInterrupt:  # what is being played is played to its end, and its programs are ended
        campaign.pool.shutdown(cancel_futures=True)
        raise
    (options.out / "chaos.json").write_text(json.dumps([asdict(r) for r in campaign.results], indent=1))
    if options.report:
        options.report.write_text(report(campaign.results, campaign.killed, time.monotonic() - began))
    bad = [r for r in campaign.results if r.problems]
    print(f"{len(campaign.results)} kills, {len(bad)} disagreements; {options.out / 'chaos.json'}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
