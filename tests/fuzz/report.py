"""docs/fuzz.md: which parser met how many inputs, at which commit."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.fuzz.targets import Target, load, names
from tests.kept import stands

RESULTS = Path(__file__).with_name("results")
"""One file a target: how it went last."""


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

    def keep(self) -> None:
        """Keep it beside the targets, for the next campaign and the page."""
        RESULTS.mkdir(exist_ok=True)
        (RESULTS / f"{self.name}.json").write_text(
            json.dumps(asdict(self), indent=1) + "\n", encoding="utf-8"
        )


def standing(target: Target) -> Row | None:
    """How this target went last, unless a module it parses, or the target itself, has changed since."""
    path = RESULTS / f"{target.name}.json"
    if not path.exists():
        return None
    row = Row(**json.loads(path.read_text(encoding="utf-8")))
    return row if stands(row.commit, target.files()) else None


_HEAD = """# Parsers under fuzzing

`make fuzz`: each parser below was given the inputs of atheris (libFuzzer with the coverage of the
Python code). An input counts as a finding when the parser raises anything but its own error, when what it says
depends on where the stream was cut, when it holds back more bytes than its longest message has, when a value breaks a
promise of its type (printed though not completed, more answers than questions, two spellings of one record), when it
takes longer than {hang} s, or when the process grows above {memory} MB.

A row stands until the modules it parses or its target change; then `make fuzz` gives that one its inputs again.
The targets are in `tests/fuzz/targets/`, one module a parser; a new parser needs one new module, and
`tests/fuzz/test_corpus.py` says when one is missing. Frames with a check sum are built right around the fuzzer's bytes,
so that inputs reach behind the check. The smallest inputs that cover what all of them cover are kept in
`tests/fuzz/corpus/` and replayed by `make test`.

| target | inputs | edges | features | kept | seconds | findings | commit |
| --- | --- | --- | --- | --- | --- | --- | --- |
"""


def write(path: Path, hang_s: int, memory_mb: int) -> None:
    """Write the page, of what stands."""
    targets = [load(name) for name in names()]
    rows = [(target, row) for target in targets if (row := standing(target))]
    parsed = "\n".join(
        f"- `{target.name}`: {', '.join(f'`{m}`' for m in target.parses)}" for target, _ in rows
    )
    text = _HEAD.format(hang=hang_s, memory=memory_mb)
    table = "\n".join(row.line() for _, row in rows)
    fuzzed = {row.name for _, row in rows}
    missing = ", ".join(f"`{target.name}`" for target in targets if target.name not in fuzzed)
    left = (
        f"\n\n**Not run yet, or changed since**: {missing}. `make fuzz` goes on with them." if missing else ""
    )
    path.write_text(f"{text}{table}{left}\n\nWhat each target parses:\n\n{parsed}\n", encoding="utf-8")
