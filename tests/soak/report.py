"""docs/soak.md: what the visits came to, and whether memory stayed flat."""

from __future__ import annotations

import statistics
import subprocess
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

from tests.soak.faults import BEGINNING

Lines = Sequence[Mapping[str, Any]]
WARM = 100
"""Visits after which a program has loaded what it will ever load."""
SPAN = 3
"""So many rests are taken together, since memory goes up and down."""
MOST_GROWTH = 0.02


def growth(lines: Lines, program: str) -> tuple[int, int, float] | None:
    """Median KiB at rest behind the warm-up and at the end, and the growth; None when too few visits were made."""
    found = [line["own_kb"].get(program, 0) for line in lines if line["rested"] and line["number"] > WARM]
    if len(found) < 2 * SPAN:
        return None
    first, last = statistics.median(found[:SPAN]), statistics.median(found[-SPAN:])
    return round(first), round(last), (last - first) / first


def write(path: Path, terminals: Mapping[int, Lines], wanted: int) -> None:
    """Write the page of all terminals, each named by its seed."""
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=True
    ).stdout.strip()
    lines = list(chain.from_iterable(terminals.values()))
    outcomes = Counter(line["outcome"] for line in lines)
    hours = max(sum(line["seconds"] + line["back_s"] for line in own) for own in terminals.values()) / 3600
    seeds = " and ".join(map(str, terminals))
    text = [
        "# A day's visits back to back, a fault in each",
        "",
        f"`make soak` at commit `{commit}`: {len(lines)} of {wanted} visits in {hours:.1f} hours, back to back on "
        f"{len(terminals)} terminal{'s' if len(terminals) > 1 else ''} (seed {seeds}), each visit with a fault drawn from "
        f"`tests/soak/faults.py`; whole programs die in the first {BEGINNING} only. Real programs, the screen drawn offscreen, every driver in a process of its own; a visitor "
        "touches, a hand mends what staff would mend.",
        "",
        f"Served {outcomes['served']}, refused by a page that says why {outcomes['refused']}, "
        f"**lost {outcomes['lost']}**. The fault struck in {sum(line['struck'] for line in lines)} of them (a visit that was "
        f"refused earlier did not come to its page). Calls that waited in the Qt thread: {sum(line['waits'] for line in lines)}. "
        f"Touches that nothing came of within 6 s and that were made again: {sum(line['again'] for line in lines)}.",
        "",
        "Memory is what a program holds of its own when nobody has touched the screen for a minute, which is after every "
        "thirtieth visit (heap, stacks, shared memory; no pages of files, whose share changes with whatever else runs), "
        "devices with all drivers' processes.",
        "",
        *chain.from_iterable(_memory(seed, own) for seed, own in terminals.items()),
        "",
        *_by_trouble(lines),
        "",
        *_lost(lines),
    ]
    path.write_text("\n".join(text).rstrip() + "\n", encoding="utf-8")


def _memory(seed: int, lines: Lines) -> list[str]:
    programs = sorted({name for line in lines for name in line["own_kb"]})
    rows = [
        f"| terminal {seed} | first visit, MiB | last rests, MiB | growth behind the first hundred |",
        "| --- | --- | --- | --- |",
    ]
    for program in programs:
        found = [line["own_kb"].get(program, 0) for line in lines]
        rests = [line["own_kb"].get(program, 0) for line in lines if line["rested"]] or found
        grown = growth(lines, program)
        told = "too few visits to say" if grown is None else f"{grown[2]:+.1%} (limit {MOST_GROWTH:.0%})"
        rows.append(
            f"| {program} | {found[0] / 1024:.1f} | {statistics.median(rests[-SPAN:]) / 1024:.1f} | {told} |"
        )
    return [*rows, ""]


def _by_trouble(lines: Lines) -> list[str]:
    rows = [
        "| fault | visits | served | refused | lost | longest until all was well, s | longest gap on the screen, ms |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for name in sorted({line["trouble"] for line in lines}):
        own = [line for line in lines if line["trouble"] == name]
        count = Counter(line["outcome"] for line in own)
        back, gap = max(line["back_s"] for line in own), max(line["longest_gap_ms"] for line in own)
        rows.append(
            f"| {name} | {len(own)} | {count['served']} | {count['refused']} | {count['lost']} | {back:.0f} | {gap} |"
        )
    return rows


def _lost(lines: Lines) -> list[str]:
    lost = [line for line in lines if line["outcome"] == "lost"]
    return [f"- visit {line['number']}, {line['trouble']}: {line['why']}" for line in lost]
