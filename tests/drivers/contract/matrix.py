"""Writes docs/fault-matrix.md: device, fault, outcome, as a run of the contract suite saw them.

``python -m tests.drivers.contract.matrix FOLDER``: the folder of the record (``record.py``); ``make matrix`` runs
the suite for it. A device that is not in the record keeps what the file has of it.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.drivers.contract import record
from tests.drivers.contract.faults import FAULTS, SPOILT
from tests.drivers.contract.subject import Subject
from tests.drivers.contract.suite import subjects

KEPT = Path(__file__).parents[3] / "docs" / "fault-matrix.md"
_HEAD = """# Device, fault, outcome

Written by `make matrix` from what the contract suite (`tests/drivers/contract`) saw; not by hand.
`make matrix ONLY=tests/drivers/contract/test_cards.py` renews one family and leaves the rest.

Each command of a driver runs under each fault, on its simulator and the real transport, at one to four places
(cables pulled and answers split: at every place, of a film at chosen ones; a wrong bit in the head, the middle and
the end of an answer). The suite fails unless each call ends by its deadline, what it tells agrees with the paper or
money that moved, and device and driver are well at once when the fault is over. *done*: the command did all it
should. *another result*: a well-formed result that is not what the device meant; the suite takes it only under
faults that nothing on the line could show, elsewhere it fails. The other words are XFS4IoT codes, or the outcome of a print or payment. The
numbers are tries; which of two honest words comes also depends on timing.
"""
_CANNOT = "cannot come over this line, or nobody could notice"
_OF_REQUESTS = frozenset({"pulled-before", "pulled-behind"})
_OF_ANSWERS = frozenset({"pulled-within", "deaf", "mute", *SPOILT})


def _words(kind: type[Subject], fault: str, seen: Counter[str]) -> str:
    if seen:
        return ", ".join(
            f"{word} {count}" for word, count in sorted(seen.items(), key=lambda it: (-it[1], it[0]))
        )
    if fault == "renamed" and not kind.node:
        return "known by an address or a link of udev, which stays"
    if not kind.asks and fault in _OF_REQUESTS:
        return "the device is asked nothing"
    if not kind.answers and fault in _OF_ANSWERS:
        return "the device answers nothing"
    return _CANNOT if fault in SPOILT and fault in kind.exempt else ""


def _table(kind: type[Subject], cases: list[record.Case]) -> Iterator[str]:
    yield from (
        f"## {kind.name}",
        "",
        f"{', '.join(kind.names())}.",
        "",
        "| fault | outcome |",
        "| --- | --- |",
    )
    for fault, name in FAULTS.items():
        seen = Counter(case.outcome for case in cases if case.fault == fault)
        yield f"| {name} | {_words(kind, fault, seen)} |"
    yield ""


def outcomes(text: str) -> dict[str, dict[str, str]]:
    """What a matrix says: device, fault, outcome."""
    found = {}
    for device, section in _sections(text).items():
        rows = [row.split("|") for row in section.splitlines() if row.startswith("| ")][2:]
        found[device] = {fault.strip(): told.strip() for _, fault, told, _ in rows}
    return found


def _sections(text: str) -> dict[str, str]:
    parts = ("\n" + text).split("\n## ")[1:]
    return {part.split("\n", 1)[0]: f"## {part.rstrip()}\n" for part in parts}


def written(cases: list[record.Case], before: Mapping[str, str]) -> str:
    """The whole file; ``before`` has the old sections."""
    sections = []
    for kind in subjects():
        of_it = [case for case in cases if case.device == kind.name]
        sections.append("\n".join(_table(kind, of_it)) if of_it else before.get(kind.name, ""))
    return "\n".join((_HEAD, *(section for section in sections if section)))


def main() -> None:
    """Write the file anew."""
    before = _sections(KEPT.read_text()) if KEPT.exists() else {}
    KEPT.write_text(written(list(record.kept(Path(sys.argv[1]))), before))


if __name__ == "__main__":
    main()
