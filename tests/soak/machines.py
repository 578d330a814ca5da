"""The state machines at length: ``python -m tests.soak.machines --runs 10000 --report docs/state-machines.md``.

``make test`` runs a small fixed number of each. A new machine is added by one line in ``MACHINES``.
"""

from __future__ import annotations

import argparse
import importlib
import subprocess
import sys
import time
import traceback
from dataclasses import dataclass
from pathlib import Path

from hypothesis import Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

MACHINES = {
    "receipt printer": "tests.drivers.services.test_paper_conservation:Receipts",
    "document printer": "tests.drivers.services.test_paper_conservation:Sheets",
    "invoice dispenser": "tests.drivers.services.test_conservation:Dispensing",
    "payment terminal": "tests.drivers.services.test_payments_in_any_order:Paying",
}


@dataclass(frozen=True, slots=True)
class Run:
    """How one machine went."""

    name: str
    runs: int
    seconds: float
    found: str


def play(name: str, place: str, runs: int) -> Run:
    """``runs`` new examples of one machine, at other seeds than the tests'."""
    module, _, kind = place.partition(":")
    found: type[RuleBasedStateMachine] = getattr(importlib.import_module(module), kind)
    count = 0

    class Counted(found):  # type: ignore[valid-type, misc]
        def __init__(self) -> None:
            nonlocal count
            count += 1
            super().__init__()

    at_length = settings(
        found.TestCase.settings, max_examples=runs, derandomize=False, database=None, phases=[Phase.generate]
    )
    began = time.monotonic()
    problem = ""
    try:
        run_state_machine_as_test(Counted, settings=at_length)
    except Exception as error:  # told in the report, and the other machines still run
        traceback.print_exc()
        problem = f"{type(error).__name__}: {error}".splitlines()[0]
    return Run(name, count, time.monotonic() - began, problem)


_HEAD = """# State machines at length

`make soak` at commit `{commit}`: each machine plays runs of rules drawn by hypothesis (print, dispense, repeat, restart,
cut the power at a commit or in a motion, pull the cable, jam, empty, open, mend, exchange) and looks after each rule
whether stock is conserved, no number and no key came out twice, and what was told agrees with what came out. The
printers are the real drivers over real wires to the simulated printers.

| machine | runs | seconds | found |
| --- | --- | --- | --- |
"""


def write(path: Path, done: list[Run]) -> None:
    """The page, with what has been played so far."""
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=True
    ).stdout.strip()
    rows = "\n".join(f"| {r.name} | {r.runs:,} | {r.seconds:.0f} | {r.found or 'nothing'} |" for r in done)
    path.write_text(_HEAD.format(commit=commit) + rows + "\n", encoding="utf-8")


def main() -> int:
    """1 when a machine found something."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=10_000)
    parser.add_argument("--report", type=Path)
    parser.add_argument("--only", choices=MACHINES, action="append")
    args = parser.parse_args()
    done: list[Run] = []
    for name in args.only or MACHINES:
        done.append(play(name, MACHINES[name], args.runs))
        print(done[-1], flush=True)
        if args.report:
            write(args.report, done)
    return int(any(run.found for run in done))


if __name__ == "__main__":
    sys.exit(main())
