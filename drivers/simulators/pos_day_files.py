"""The daily files that the simulated bank leaves for the merchant, as the acquirer's desk of a real one does.

The form is that of docs/pos-ecr.md, written here by the bank's own hand: heading, a line a movement, END with count
and sum. What was reversed never was, and stands in no file.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from drivers.simulators.files import write_whole

if TYPE_CHECKING:
    from drivers.simulators.pos_bank import Entry

_HEADING: Final = "order,kind,amount_fen,rrn,at"


def write_day_files(folder: Path, entries: Iterable[Entry]) -> None:
    """Write the file of every day on which anything was booked, in place of the earlier one."""
    days: dict[str, list[Entry]] = {}
    for entry in entries:
        if entry.at:
            days.setdefault(entry.at[:10].replace("-", ""), []).append(entry)
    for day, booked in days.items():
        write_whole(folder / f"{day}.csv", _file(booked).encode("utf-8"))


def _file(booked: list[Entry]) -> str:
    told = [entry for entry in booked if not entry.reversed]
    lines = [f"{e.original or e.reference},{e.operation},{e.amount},{e.rrn},{e.at}" for e in told]
    total = sum(e.amount if e.operation == "sale" else -e.amount for e in told)
    return "\n".join([_HEADING, *lines, f"END,{len(lines)},{total}", ""])
