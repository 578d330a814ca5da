"""``make soak``: visits back to back, a fault in each, the memory of every program looked at after each.

Each visit must end served, or refused by a page that says why, and the terminal wiped; every device must come back by
itself or after the mending that staff would do. A line a visit goes to ``visits.jsonl``, so that a run which is
stopped has told what it saw; ``--report`` makes docs/soak.md of it.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_QUICK_BACKEND", "software")

from tests.soak import report
from tests.soak.faults import TROUBLES, draw, mend
from tests.soak.hall import BACK_WITHIN_S, Hall, Visit
from tests.soak.processes import pss_kb
from ui.walk.touch import NotThere, wait_until


@dataclass(frozen=True, slots=True)
class Line:
    """One visit as it is written down. ``pss_kb`` by program, the drivers' processes with the device program."""

    number: int
    trouble: str
    service: str
    struck: bool
    outcome: str
    pages: int
    seconds: float
    slowest: tuple[str, float]
    back_s: float
    longest_gap_ms: int
    pss_kb: dict[str, int]
    why: str = ""


def outcome_of(visit: Visit) -> str:
    """served, refused (a page said why), or lost."""
    kinds = {kind for kind, _ in visit.trail}
    if visit.ended.startswith("identify:") and not visit.lost:
        return "refused"
    if not visit.clear:
        return "lost"
    return "served" if "done" in kinds else "refused" if "message" in kinds else "lost"


def memory(hall: Hall) -> dict[str, int]:
    """What each program holds now."""
    found = {name: pss_kb(process.pid) for name, process in hall.stack.processes.items()}
    found["devices"] = found.get("devices", 0) + sum(pss_kb(pid) for pid in hall.drivers().values())
    return {**found, "screen": pss_kb(os.getpid())}


def soak(hall: Hall, visits: int, seed: int, until: float, lines: list[Line]) -> None:
    """Serve them, a line each; ends early when ``until`` (monotonic) has come."""
    chance = random.Random(seed)
    with (hall.root / "visits.jsonl").open("a") as book:
        for number in range(1, visits + 1):
            if time.monotonic() > until:
                break
            name = draw(chance)
            lines.append(_one(hall, number, name))
            book.write(json.dumps(asdict(lines[-1]), ensure_ascii=False) + "\n")
            book.flush()
            print(f"[{number}/{visits}] {name}: {lines[-1].outcome}, {lines[-1].seconds:.0f} s", flush=True)


def _one(hall: Hall, number: int, name: str) -> Line:
    trouble = TROUBLES[name]
    wish = hall.wish(trouble.service, count=1, face=trouble.needs_face)
    visit = hall.visit(wish, trouble.upon())
    outcome, why = outcome_of(visit), visit.lost or ("" if visit.clear else visit.ended)
    mended = time.monotonic()
    mend(hall)
    try:
        wait_until(hall.all_well, BACK_WITHIN_S, "every device and program after the mending")
    except NotThere as error:
        outcome, why = "lost", f"{why} {error}: {hall.health()}".strip()
    return Line(
        number,
        name,
        trouble.service,
        visit.struck,
        outcome,
        len(visit.trail),
        round(visit.seconds, 1),
        visit.slowest,
        round(time.monotonic() - mended, 1),
        round(max(visit.gaps, default=0.0) * 1000),
        memory(hall),
        why,
    )


def main() -> int:
    """1 when a visit was lost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--visits", type=int, default=1440)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--hours", type=float, default=24.0, help="stop then, and report what was done")
    parser.add_argument("--out", type=Path, default=Path("out/soak"))
    parser.add_argument("--report", type=Path)
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    hall = Hall(args.out, strict=False)

    def stopped(*_: object) -> None:
        """The programs end as well. Raising would not do: Qt swallows what comes up in the middle of a page."""
        hall.stack.stop()
        os._exit(1)

    signal.signal(signal.SIGTERM, stopped)
    lines: list[Line] = []
    try:
        hall.open()
        soak(hall, args.visits, args.seed, time.monotonic() + args.hours * 3600, lines)
    finally:
        if args.report and lines:
            report.write(
                args.report, [asdict(line) for line in lines], args.visits, args.seed, hall.waits.places
            )
        hall.close()
    return int(any(line.outcome == "lost" for line in lines))


if __name__ == "__main__":
    sys.exit(main())
