"""The kept inputs: one text file a target, one input a line in hex, so that a change can be read."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

FOLDER = Path(__file__).with_name("corpus")
MOST_INPUTS = 200
MOST_BYTES = 64 * 1024


def kept(name: str) -> list[bytes]:
    """The inputs of a target."""
    path = FOLDER / f"{name}.hex"
    return [bytes.fromhex(line) for line in path.read_text().splitlines()] if path.exists() else []


def keep(name: str, inputs: Iterable[bytes]) -> int:
    """Keep the shortest of ``inputs``, as many as the limits allow; how many those are."""
    lines: list[str] = []
    room = MOST_BYTES
    for data in sorted(set(inputs), key=lambda data: (len(data), data)):
        room -= len(data)
        if room < 0 or len(lines) == MOST_INPUTS:
            break
        lines.append(data.hex())
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / f"{name}.hex").write_text("".join(f"{line}\n" for line in lines))
    return len(lines)
