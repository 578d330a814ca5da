"""All parsers under atheris: ``make fuzz`` fuzzes each, keeps a small corpus and writes docs/fuzz.md.

libFuzzer ends a target after ``--runs`` inputs or ``--seconds``, whichever comes first; an input that takes
longer than ``HANG_S`` or a process above ``MEMORY_MB`` is a finding like an exception. libFuzzer counts the seconds of
the wall, so that a busy machine looks like a hang: an input that ends in time when it is given again is none.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tests.fuzz import corpus
from tests.fuzz.report import Row, standing, write
from tests.fuzz.targets import Target, load, names
from tests.kept import commit

HANG_S = 5
MEMORY_MB = 1024
TRIES = 3
"""How often an input that took too long is given again before it counts as a hang."""
_EXECUTED = re.compile(r"stat::number_of_executed_units:\s+(\d+)")
_COVERED = re.compile(r"cov: (\d+) ft: (\d+)")


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of each target."""

    runs: int
    seconds: int


def fuzz(target: Target, out: Path, limits: Limits) -> Row:
    """One target from its kept corpus and its seeds; what is new and covers more is kept.

    What an earlier campaign finished without a finding is not done again while it stands.
    """
    row = standing(target)
    if row is None or row.inputs < limits.runs or row.findings:
        row = _fuzz(target, out, limits)
        row.keep()
    return row


def _fuzz(target: Target, out: Path, limits: Limits) -> Row:
    fuzzed = commit()
    folder, found = out / "corpus" / target.name, out / "findings" / target.name
    for path in (folder, found):
        path.mkdir(parents=True, exist_ok=True)
    for number, data in enumerate([*target.seeds(), *corpus.kept(target.name)]):
        (folder / f"seed-{number:04}").write_bytes(data)
    began = time.monotonic()
    log, executed = "", 0
    while True:
        left = Limits(limits.runs - executed, limits.seconds - round(time.monotonic() - began))
        status, text = _inputs(target, folder, found, left)
        log += text
        executed += int((_EXECUTED.findall(text) or [0])[-1])
        slow = bool(status) and _only_slow(target, found)
        if not slow or executed >= limits.runs:
            break
    seconds = time.monotonic() - began
    (out / f"{target.name}.log").write_text(log, encoding="utf-8")
    covered = _COVERED.findall(log)
    findings = [path.name for path in sorted(found.iterdir())]
    if status and not slow and not findings:
        findings = [f"see {target.name}.log"]
    edges, features = map(int, covered[-1]) if covered else (0, 0)
    return Row(
        target.name, executed, edges, features, _minimised(target, folder, out), seconds, findings, fuzzed
    )


def _inputs(target: Target, folder: Path, found: Path, limits: Limits) -> tuple[int, str]:
    """Give it inputs until the limits or a finding; the exit status and what libFuzzer wrote."""
    return _atheris(
        target,
        f"-runs={limits.runs}",
        f"-max_total_time={max(limits.seconds, 1)}",
        f"-timeout={HANG_S}",
        f"-rss_limit_mb={MEMORY_MB}",
        f"-artifact_prefix={found}/",
        "-print_final_stats=1",
        str(folder),
    )


def _only_slow(target: Target, found: Path) -> bool:
    """Whether all that was found are inputs that end in time when they are given again; these are thrown away."""
    paths = list(found.iterdir())
    slow = [path for path in paths if path.name.startswith("timeout-")]
    for path in slow:
        words = (f"-timeout={HANG_S}", f"-artifact_prefix={found}/", str(path))
        if any(_atheris(target, *words)[0] == 0 for _ in range(TRIES)):
            path.unlink()
    return bool(slow) and not any(path.exists() for path in paths)


def _minimised(target: Target, folder: Path, out: Path) -> int:
    """Keep the inputs that together cover what all of them do."""
    merged = out / "merged" / target.name
    merged.mkdir(parents=True, exist_ok=True)
    _atheris(target, "-merge=1", f"-timeout={HANG_S}", str(merged), str(folder))
    return corpus.keep(target.name, (path.read_bytes() for path in merged.iterdir()))


def _atheris(target: Target, *options: str) -> tuple[int, str]:
    """Run one process; its exit status and what it wrote."""
    command = [sys.executable, "-m", "tests.fuzz.one", target.name, f"-max_len={target.longest}", *options]
    environment = os.environ | {"PYTHONHASHSEED": "0"}
    ran = subprocess.run(
        command, capture_output=True, text=True, errors="replace", env=environment, check=False
    )
    return ran.returncode, ran.stderr + ran.stdout


def main() -> int:
    """1 when anything was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=1_000_000, help="inputs for each target")
    parser.add_argument("--seconds", type=int, default=1800, help="at most so long for each target")
    parser.add_argument("--jobs", type=int, default=2, help="targets at once")
    parser.add_argument("--out", type=Path, default=Path("out/fuzz"))
    parser.add_argument("--report", type=Path, help="write the table here, as docs/fuzz.md")
    parser.add_argument("targets", nargs="*", help="all of them when none is named")
    args = parser.parse_args()
    limits = Limits(args.runs, args.seconds)
    rows: list[Row] = []
    with ThreadPoolExecutor(args.jobs) as pool:
        work = [load(name) for name in args.targets or names()]
        for row in pool.map(lambda target: fuzz(target, args.out, limits), work):
            rows.append(row)
            print(row.line(), flush=True)
            if args.report:
                write(args.report, HANG_S, MEMORY_MB)
    return int(any(row.findings for row in rows))


if __name__ == "__main__":
    sys.exit(main())
