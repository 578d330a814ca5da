"""docs/fuzz.md: which parser met how many inputs, at which commit."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.fuzz.targets import load, names


@dataclass(frozen=True, slots=True)
class Row:
    """How one target went."""

    name: str
    inputs: int
    edges: int
    features: int
    kept: int
    seconds: float
    findings: list[str]
    commit: str = "unknown"
    """What was fuzzed: a campaign may go on after a change."""

    def line(self) -> str:
        """The row of the table."""
        found = ", ".join(self.findings) or "none"
        return (
            f"| `{self.name}` | {self.inputs:,} | {self.edges} | {self.features} | {self.kept} "
            f"| {self.seconds:.0f} | {found} | `{self.commit}` |"
        )


def commit() -> str:
    """The commit that is checked out, marked when a file differs that a campaign does not write itself."""
    at = _git("rev-parse", "--short", "HEAD")
    changed = _git(
        "status",
        "--porcelain",
        "--",
        ".",
        ":!tests/fuzz/corpus",
        ":!docs/fuzz.md",
        ":!docs/state-machines.md",
    )
    return f"{at}-dirty" if changed else at


def _git(*words: str) -> str:
    return subprocess.run(["git", *words], capture_output=True, text=True, check=True).stdout.strip()


_HEAD = """# Parsers under fuzzing

`make fuzz`: each parser below was given the inputs of atheris (libFuzzer with the coverage of the
Python code). An input counts as a finding when the parser raises anything but its own error, when what it says
depends on where the stream was cut, when it holds back more bytes than its longest message has, when a value breaks a
promise of its type (printed though not completed, more answers than questions, two spellings of one record), when it
takes longer than {hang} s, or when the process grows above {memory} MB.

The targets are in `tests/fuzz/targets/`, one module a parser; a new parser needs one new module, and
`tests/fuzz/test_corpus.py` says when one is missing. Frames with a check sum are built right around the fuzzer's bytes,
so that inputs reach behind the check. The smallest inputs that cover what all of them cover are kept in
`tests/fuzz/corpus/` and replayed by `make test`.

| target | inputs | edges | features | kept | seconds | findings | commit |
| --- | --- | --- | --- | --- | --- | --- | --- |
"""


def write(path: Path, rows: Sequence[Row], hang_s: int, memory_mb: int) -> None:
    """Write the page."""
    parsed = "\n".join(
        f"- `{row.name}`: {', '.join(f'`{m}`' for m in load(row.name).parses)}" for row in rows
    )
    text = _HEAD.format(hang=hang_s, memory=memory_mb)
    table = "\n".join(row.line() for row in rows)
    missing = ", ".join(f"`{name}`" for name in names() if name not in {row.name for row in rows})
    left = (
        f"\n\n**Not run yet**: {missing}. `make fuzz` with the same `OUT` goes on with them."
        if missing
        else ""
    )
    path.write_text(f"{text}{table}{left}\n\nWhat each target parses:\n\n{parsed}\n", encoding="utf-8")
