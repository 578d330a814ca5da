"""The state machines at length: ``python -m tests.soak.machines --runs 10000 --report docs/state-machines.md``.

The runs of a machine are split into parts, each with a seed of its own in a process of its own, several at a time: a
run mostly waits for its wire. How a part went is kept in ``tests/soak/results`` until a driver that it runs or its rules change,
what it wrote below ``--out``; a call that was stopped goes on where it ended.
``make test`` runs a small fixed number of each. A new machine is added by one line in ``MACHINES``.
"""

from __future__ import annotations

import argparse
import importlib
import json
import subprocess
import sys
import time
import traceback
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import asdict, dataclass
from pathlib import Path

from hypothesis import Phase, seed, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

from tests.kept import commit, stands


def _services(*names: str) -> tuple[str, ...]:
    return tuple(f"drivers/services/{name}.py" for name in names)


CARDS = (
    "drivers/client/__init__.py",
    "drivers/client/tax_control.py",
    "drivers/devices/card_profile.py",
    "drivers/devices/chip_reader.py",
    "drivers/devices/tax_control.py",
    "drivers/ports_tax.py",
    "drivers/protocols/apdu_wire.py",
    "drivers/protocols/apdu_words.py",
    "drivers/protocols/ber_tlv.py",
    "drivers/services/smart_card_reader.py",
    "drivers/simulators/chip.py",
    "drivers/simulators/chip_tax.py",
    "drivers/simulators/chip_words.py",
    "drivers/simulators/personas.py",
    "drivers/simulators/smart_card.py",
    "drivers/simulators/visitor.py",
    "drivers/xfs/messages/__init__.py",
    "drivers/xfs/messages/tax_control.py",
)
"""The chip card reader's, with what is in its cards and whose hands hold them."""
ASIDE = (
    *CARDS,
    "drivers/assembly.py",
    "drivers/cli.py",
    "drivers/cli_bind.py",
    "drivers/cli_record.py",
    "drivers/devices/board.py",
    "drivers/ports.py",
    "drivers/protocols/aliases.py",
    "drivers/protocols/barcode_wire.py",
    "drivers/protocols/ecr_wire.py",
    "drivers/protocols/ipp_wire.py",
    "drivers/protocols/xfs_wire.py",
    "drivers/recording",
    "drivers/services/face_station.py",
    "drivers/simulators/document_scanner.py",
    "drivers/simulators/film.py",
    "drivers/simulators/ups.py",
)
"""What no machine runs a line of (``test_machines.py``): recordings, other devices, the bench."""
DISPENSER = (
    *_services("feeding", "invoice_dispenser", "reconcile", "storage", "tray"),
    "drivers/xfs/messages/storage.py",
)
"""The dispenser's alone."""
RECEIPTS = (
    *_services("invoice_printer", "receipt_printer"),
    "drivers/simulators/receipt_channels.py",
)
"""Of the one that prints slips."""
PRINTERS = (
    *RECEIPTS,
    *_services("printing"),
    "drivers/xfs/messages/printer.py",
)
"""Of those that print alone."""


@dataclass(frozen=True, slots=True)
class Machine:
    """``rules`` names the hypothesis machine. Changes of ``apart``, which it never runs, leave its results standing."""

    rules: str
    apart: tuple[str, ...] = ()

    def load(self) -> type[RuleBasedStateMachine]:
        """The class of the rules."""
        module, _, kind = self.rules.partition(":")
        found: type[RuleBasedStateMachine] = getattr(importlib.import_module(module), kind)
        return found

    def paths(self) -> tuple[str, ...]:
        """What its results stand on, for git: the drivers and the rules."""
        module = self.rules.partition(":")[0].replace(".", "/")
        return ("drivers", f"{module}.py", *(f":!{path}" for path in self.apart))


MACHINES = {
    "receipt printer": Machine(
        "tests.drivers.services.test_paper_conservation:Receipts", (*ASIDE, *DISPENSER)
    ),
    "document printer": Machine(
        "tests.drivers.services.test_paper_conservation:Sheets", (*ASIDE, *DISPENSER, *RECEIPTS)
    ),
    "invoice dispenser": Machine("tests.drivers.services.test_conservation:Dispensing", (*ASIDE, *PRINTERS)),
    "payment terminal": Machine(
        "tests.drivers.services.test_payments_in_any_order:Paying", (*ASIDE, *DISPENSER, *PRINTERS)
    ),
}


PART = 250
"""Runs of one process."""

RESULTS = Path(__file__).with_name("results")
"""One file a machine: one line a part that found nothing."""


@dataclass(frozen=True, slots=True)
class Part:
    """How some runs of one machine went: ``runs`` from ``number`` as the seed."""

    name: str
    number: int
    runs: int
    seconds: float
    found: str
    commit: str


def play(name: str, number: int, runs: int) -> Part:
    """``runs`` new examples of one machine, at other seeds than the tests'."""
    found = MACHINES[name].load()
    count = 0

    @seed(number)
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
    return Part(name, number, count, time.monotonic() - began, problem, commit())


def standing(name: str) -> dict[int, Part]:
    """The parts of this machine that were played whole with the drivers and the rules as they are now."""
    path = _results(name)
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    parts = [Part(**json.loads(line)) for line in lines]
    return {p.number: p for p in parts if stands(p.commit, MACHINES[name].paths())}


def _whole(played: Part | None, runs: int) -> bool:
    return played is not None and played.runs >= min(PART, runs) and not played.found


def keep(name: str, parts: Iterable[Part]) -> None:
    """Keep those that found nothing, for the next call and the page."""
    RESULTS.mkdir(exist_ok=True)
    good = sorted((p for p in parts if not p.found), key=lambda p: p.number)
    _results(name).write_text("".join(f"{json.dumps(asdict(p))}\n" for p in good), encoding="utf-8")


def _results(name: str) -> Path:
    return RESULTS / f"{name.replace(' ', '-')}.jsonl"


def part(name: str, number: int, runs: int, out: Path) -> Part:
    """Play a part in a process of its own; what it wrote is kept beside its result."""
    kept = out / f"{name.replace(' ', '-')}-{number:03}.json"
    kept.unlink(missing_ok=True)
    command = [sys.executable, "-m", "tests.soak.machines", "--only", name, "--part", str(number)]
    ran = subprocess.run(
        [*command, "--runs", str(runs), "--out", str(out)], capture_output=True, text=True, check=False
    )
    kept.with_suffix(".log").write_text(ran.stderr + ran.stdout, encoding="utf-8")
    if not kept.exists():  # it ended without a word
        return Part(
            name, number, 0, 0.0, f"ended with status {ran.returncode}, see {kept.stem}.log", commit()
        )
    return Part(**json.loads(kept.read_text(encoding="utf-8")))


_HEAD = """# State machines at length

`make soak` at commit {commits}: each machine plays runs of rules drawn by hypothesis (print, dispense, pay, give back,
settle, repeat, restart, cut the power at a commit or in a motion, pull the cable, jam, empty, open, mend, exchange) and
looks after each rule whether stock is conserved, no number and no key came out twice or was charged twice, and what was
told agrees with what came out and with the bank's ledger. The printers and the payment terminal are the real drivers over
real wires to the simulated machines. Each part of {part} runs has its number as seed. A part stands until a driver that
the machine runs, or its rules, change; then `make soak` plays it again.

| machine | runs | hours of wall clock | found |
| --- | --- | --- | --- |
"""


def write(path: Path, done: Iterable[Part]) -> None:
    """The page, with what has been played so far."""
    parts = list(done)
    commits = " and ".join(f"`{at}`" for at in sorted({p.commit for p in parts}))
    rows = []
    for name in MACHINES:
        mine = [p for p in parts if p.name == name]
        found = "; ".join(f"part {p.number}: {p.found}" for p in mine if p.found) or "nothing"
        hours = sum(p.seconds for p in mine) / 3600
        rows.append(
            f"| {name} | {sum(p.runs for p in mine):,} | {hours:.1f} | {found if mine else 'not played'} |\n"
        )
    path.write_text(_HEAD.format(commits=commits, part=PART) + "".join(rows), encoding="utf-8")


def main() -> int:
    """1 when a machine found something."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=10_000, help="of each machine")
    parser.add_argument("--jobs", type=int, default=4, help="parts at once")
    parser.add_argument("--out", type=Path, default=Path("out/machines"))
    parser.add_argument("--report", type=Path)
    parser.add_argument("--only", choices=MACHINES, action="append")
    parser.add_argument("--part", type=int, help="play this part alone, in this process")
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    names = args.only or list(MACHINES)
    if args.part is not None:
        for name in names:
            kept = args.out / f"{name.replace(' ', '-')}-{args.part:03}.json"
            kept.write_text(json.dumps(asdict(play(name, args.part, min(PART, args.runs)))), encoding="utf-8")
        return 0
    done = {name: standing(name) for name in MACHINES}  # the page tells of those not played now, too
    wanted = [(name, number) for number in range(-(-args.runs // PART)) for name in names]
    missing = [(name, number) for name, number in wanted if not _whole(done[name].get(number), args.runs)]
    with ThreadPoolExecutor(args.jobs) as pool:
        playing = [pool.submit(part, name, number, args.runs, args.out) for name, number in missing]
        for ended in as_completed(playing):
            played = ended.result()
            done[played.name][played.number] = played
            keep(played.name, done[played.name].values())
            print(played, flush=True)
            if args.report:
                write(args.report, [p for parts in done.values() for p in parts.values()])
    return int(any(p.found for parts in done.values() for p in parts.values()))


if __name__ == "__main__":
    sys.exit(main())
