"""``make soak``: visits back to back, a fault in each, the memory of every program looked at after each.

Each visit must end served, or refused by a page that says why, and the terminal wiped; every device must come back by
itself or after the mending that staff would do. A line a visit goes to ``visits.jsonl``, so that a run which is
stopped has told what it saw; ``--report`` makes docs/soak.md of it. With ``--terminals`` several halls share the visits,
each with its own terminal, centre and seed, at the same time.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_QUICK_BACKEND", "software")

from config import heap
from tests.soak import report
from tests.soak.faults import TROUBLES, draw, mend
from tests.soak.hall import BACK_WITHIN_S, Hall, Visit
from tests.soak.processes import heap_in_use_kb, own_kb
from ui.walk.touch import NotThere, wait, wait_until

BOOK = "visits.jsonl"
REST_EVERY, REST_S = 30, 60
"""After so many visits the terminal stands untouched for so many seconds, as it does between visitors.

Qt keeps the glyphs of letter sizes that nothing shows any more, and halves what it keeps every ten seconds: under visits
without a pause that goes up and down by some 10 MiB, and hides what else grows.
"""


@dataclass(frozen=True, slots=True)
class Line:
    """One visit as it is written down. ``own_kb`` by program, the drivers' processes with the device program.

    ``again``: touches that nothing came of, made a second time. ``rested``: memory was looked at after a rest.
    """

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
    waits: int
    again: int
    own_kb: dict[str, int]
    rested: bool
    why: str = ""


def outcome_of(visit: Visit) -> str:
    """served, refused (a page said why), or lost."""
    kinds = {kind for kind, _ in visit.trail}
    if visit.ended.startswith(("identify:", "choose:")) and not visit.lost:
        return "refused"
    if not visit.clear:
        return "lost"
    return "served" if "done" in kinds else "refused" if "message" in kinds else "lost"


def memory(hall: Hall) -> dict[str, int]:
    """What each program holds now."""
    found = {name: own_kb(process.pid) for name, process in hall.stack.processes.items()}
    found["devices"] = found.get("devices", 0) + sum(own_kb(pid) for pid in hall.drivers().values())
    return {**found, "screen": own_kb(os.getpid()), "screen, heap in use": heap_in_use_kb()}


def soak(hall: Hall, visits: int, seed: int, until: float) -> bool:
    """Serve them, a line each; ends early when ``until`` (monotonic) has come. False when a visit was lost."""
    chance = random.Random(seed)
    well = True
    with (hall.root / BOOK).open("w") as book:
        for number in range(1, visits + 1):
            if time.monotonic() > until:
                break
            name = draw(chance, number)
            line = _one(hall, number, name)
            well = well and line.outcome != "lost"
            book.write(json.dumps(asdict(line), ensure_ascii=False) + "\n")
            book.flush()
            print(f"[{number}/{visits}] {name}: {line.outcome}, {line.seconds:.0f} s", flush=True)
    return well


def _one(hall: Hall, number: int, name: str) -> Line:
    trouble = TROUBLES[name]
    waited = hall.waits.count
    wish = hall.wish(trouble.service, count=1, face=trouble.needs_face)
    visit = hall.visit(wish, trouble.upon())
    outcome, why = outcome_of(visit), visit.lost or ("" if visit.clear else visit.ended)
    mended = time.monotonic()
    mend(hall)
    try:
        wait_until(hall.all_well, BACK_WITHIN_S, "every device and program after the mending")
    except NotThere as error:
        outcome, why = "lost", f"{why} {error}: {hall.health()}".strip()
    back_s = round(time.monotonic() - mended, 1)
    if rested := number % REST_EVERY == 0:
        wait(REST_S * 1000)
    return Line(
        number,
        name,
        trouble.service,
        visit.struck,
        outcome,
        len(visit.trail),
        round(visit.seconds, 1),
        visit.slowest,
        back_s,
        round(max(visit.gaps, default=0.0) * 1000),
        hall.waits.count - waited,
        visit.again,
        memory(hall),
        rested,
        why,
    )


def one_hall(out: Path, visits: int, seed: int, hours: float) -> int:
    """Serve all in this process; 1 when a visit was lost."""
    heap.keep_steady()  # as `kiosk run` does
    hall = Hall(out, strict=False)

    def stopped(*_: object) -> None:
        """The programs end as well. Raising would not do: Qt swallows what comes up in the middle of a page."""
        hall.stack.stop()
        os._exit(1)

    signal.signal(signal.SIGTERM, stopped)
    try:
        hall.open()
        return int(not soak(hall, visits, seed, time.monotonic() + hours * 3600))
    finally:
        hall.close()


def several(folders: Mapping[int, Path], visits: int, hours: float) -> int:
    """A process a hall, each with its share of the visits; 1 when a visit was lost."""
    running = []
    for seed, folder in folders.items():
        share = str(visits // len(folders))
        words = ["--visits", share, "--seed", str(seed), "--hours", str(hours), "--out", str(folder)]
        running.append(subprocess.Popen([sys.executable, "-m", "tests.soak.run", *words]))

    def stopped(*_: object) -> None:
        for child in running:
            child.terminate()

    signal.signal(signal.SIGTERM, stopped)
    ended = [child.wait() for child in running]  # all of them, also behind one that lost a visit
    return int(any(ended))


def seen(folders: Mapping[int, Path]) -> dict[int, list[dict[str, Any]]]:
    """The visits in the books, by seed; a hall that never served is not there."""
    books = {seed: folder / BOOK for seed, folder in folders.items()}
    found = {
        seed: [json.loads(line) for line in book.read_text(encoding="utf-8").splitlines()]
        for seed, book in books.items()
        if book.exists()
    }
    return {seed: lines for seed, lines in found.items() if lines}


def main() -> int:
    """1 when a visit was lost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--visits", type=int, default=1440)
    parser.add_argument("--terminals", type=int, default=1)
    parser.add_argument("--seed", type=int, default=7, help="of the first terminal; the next ones count on")
    parser.add_argument("--hours", type=float, default=24.0, help="stop then, and report what was done")
    parser.add_argument("--out", type=Path, default=Path("out/soak"))
    parser.add_argument("--report", type=Path)
    args = parser.parse_args()
    folders = {args.seed: args.out}
    if args.terminals > 1:
        folders = {args.seed + number: args.out / str(number + 1) for number in range(args.terminals)}
    for folder in folders.values():
        folder.mkdir(parents=True, exist_ok=True)
    if args.terminals > 1:
        status = several(folders, args.visits, args.hours)
    else:
        status = one_hall(args.out, args.visits, args.seed, args.hours)
    if args.report and (visits := seen(folders)):
        report.write(args.report, visits, args.visits)
    return status


if __name__ == "__main__":
    sys.exit(main())
