"""Frame gaps while drivers die beside an idle screen, and how long a changed status takes to the screen.

    python -m benchmarks.screen [--rounds 3]

One process draws all: idle, a visit with no fault, the same visit with a driver killed by SIGSEGV in mid-command, and
with one stopped by SIGSTOP. A gap is the time between two beats of a 10 ms timer in the Qt thread. For the status, the
receipt printer's paper is taken out by hand; the time of its own message at a bare client, which is another process
(``tests.soak.told``), stands beside the time until the page on the screen is another.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_QUICK_BACKEND", "software")

from tests.soak.faults import CERTIFICATE, mend
from tests.soak.hall import BACK_WITHIN_S, Hall, Upon
from ui.walk.touch import Finger, wait, wait_until

IDLE_S = 20.0
DRIVER = "FaceCamera"
Gaps = list[float]


def idle(hall: Hall) -> Gaps:
    """Nobody is there."""
    hall.gaps.start()
    wait(round(IDLE_S * 1000))
    return list(hall.gaps.stop())


def visit(number: signal.Signals | None) -> Callable[[Hall], Gaps]:
    """A visit, with a signal to the camera's driver while it looks."""

    def play(hall: Hall) -> Gaps:
        upon = (
            None if number is None else Upon("capture", "looking", lambda hall: hall.strike(DRIVER, number))
        )
        found = hall.visit(hall.wish(CERTIFICATE), upon)
        if not found.clear or (upon and not found.struck):
            raise SystemExit(f"the visit did not end well: {found.lost or found.ended}, {found.trail}")
        mend(hall)
        wait_until(hall.all_well, BACK_WITHIN_S, "every device again")
        return found.gaps

    return play


CASES: dict[str, Callable[[Hall], Gaps]] = {
    "idle": idle,
    "visit": visit(None),
    "visit, SIGSEGV": visit(signal.SIGSEGV),
    "visit, SIGSTOP": visit(signal.SIGSTOP),
}


class Listener:
    """A bare client of the receipt printer's service in a process of its own: what it is told does not wait for us."""

    def __init__(self, hall: Hall) -> None:
        tokens = json.loads((hall.stack.plan.root / "terminal" / "tokens.json").read_text())
        token = next(token for token, client in tokens.items() if client["client"] == "kiosk-run")
        uri = f"ws://127.0.0.1:{hall.stack.ports['devices']}/xfs4iot/v1.0/ReceiptPrinter"
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.soak.told"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._times: list[float] = []
        self._reading = threading.Thread(target=self._read, daemon=True)
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"uri": uri, "token": token}) + "\n")
        self._process.stdin.flush()
        self._reading.start()
        wait_until(lambda: bool(self._times), BACK_WITHIN_S, "the listener")

    def told_after(self, moment: float) -> float | None:
        """When it was first told something after ``moment``, both in seconds of ``time.monotonic``."""
        return next((told for told in self._times if told > moment), None)

    def close(self) -> None:
        """End its process."""
        self._process.kill()
        self._process.wait()
        self._reading.join()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._times.append(float(line))


def to_screen(hall: Hall, rounds: int) -> list[tuple[float, float, float]]:
    """Seconds from the hand's beginning to its end, to the printer's own message, and to the page that shows it."""
    listener = Listener(hall)
    try:
        wait(1000)
        Finger(hall.screen.window).tap("begin")
        wait_until(lambda: hall.seen().kind == "home", 10, "the home page")
        wait(1000)
        return [_changed(hall, listener, "full" if number % 2 else "out") for number in range(2 * rounds)]
    finally:
        listener.close()


def _changed(hall: Hall, listener: Listener, level: str) -> tuple[float, float, float]:
    before, begun = hall.seen().page, time.monotonic()
    hall.hands.do("receiptPrinter", "paper", level=level)
    acted = time.monotonic()
    while hall.seen().page == before:
        if time.monotonic() > acted + BACK_WITHIN_S:
            raise SystemExit("the page that shows it did not come")
        wait(1)
    shown = time.monotonic()
    wait_until(lambda: listener.told_after(begun) is not None, BACK_WITHIN_S, "the printer's own message")
    told = listener.told_after(begun)
    assert told is not None
    wait(500)
    return acted - begun, told - begun, shown - begun


def main() -> None:
    """Play all cases in turns and print them."""
    parser = argparse.ArgumentParser(description="The screen while drivers die.")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        hall = Hall(Path(folder), strict=False)
        try:
            hall.open()
            found: dict[str, list[Gaps]] = {name: [] for name in CASES}
            for _ in range(
                options.rounds
            ):  # in turns, so that the ratios hold whatever else the machine does
                for name, case in CASES.items():
                    found[name].append(case(hall))
            statuses = to_screen(hall, options.rounds)
        finally:
            hall.close()
    print(f"{'case':18}{'p50 ms':>8}{'p99 ms':>8}{'max ms':>8}{'p99 x idle':>12}{'p99 x visit':>13}")
    p99 = {name: statistics.median(_at(gaps, 0.99) for gaps in rounds) for name, rounds in found.items()}
    for name, rounds in found.items():
        p50 = statistics.median(_at(gaps, 0.5) for gaps in rounds)
        longest = statistics.median(max(gaps) for gaps in rounds)
        against = (p99[name] / p99["idle"], p99[name] / p99["visit"])
        print(
            f"{name:18}{p50 * 1e3:>8.1f}{p99[name] * 1e3:>8.1f}{longest * 1e3:>8.0f}"
            f"{against[0]:>12.2f}{against[1]:>13.2f}"
        )
    acted, told, shown = (statistics.median(times) for times in zip(*statuses, strict=True))
    print(
        f"status: the hand took {acted * 1e3:.0f} ms, told after {told * 1e3:.0f} ms,"
        f" on the screen after {shown * 1e3:.0f} ms, {shown / told:.2f} x told (medians of {len(statuses)})"
    )
    print(f"calls that waited in the Qt thread: {hall.waits.count}")


def _at(gaps: Gaps, share: float) -> float:
    return sorted(gaps)[int(len(gaps) * share)]


if __name__ == "__main__":
    main()
