"""What became of each command under each fault, for docs/fault-matrix.md; kept when a folder is named for it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

FOLDER = "KIOSK_CONTRACT_RECORD"
ANOTHER = "another result"
"""What was told is well-formed and not what the device meant."""


@dataclass(frozen=True, slots=True)
class Case:
    """One command under one fault. ``outcome`` is ``done`` or what was told instead, in XFS4IoT words if it has any."""

    device: str
    command: str
    fault: str
    place: int
    outcome: str


def recording() -> bool:
    """Whether this is the long run for the matrix, which goes to every place and not to some."""
    return FOLDER in os.environ


def keep(case: Case) -> None:
    """Write it down; each worker has a file of its own."""
    if folder := os.environ.get(FOLDER):
        Path(folder).mkdir(parents=True, exist_ok=True)
        with (Path(folder) / f"{os.getpid()}.jsonl").open("a") as file:
            file.write(json.dumps(asdict(case)) + "\n")


def kept(folder: Path) -> Iterator[Case]:
    """All that was written down in ``folder``."""
    for file in sorted(folder.glob("*.jsonl")):
        for line in file.read_text().splitlines():
            yield Case(**json.loads(line))
