"""What a printer's status says of its paper, and the word for each state: one source for visitors, staff and centre."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

PAPER_WORDS: Final = {"jammed": "paperJammed", "out": "paperOut", "low": "paperLow"}
"""The word of ``config.faults`` for a state of ``printer.paper``, the worst first."""


def paper_states(details: Mapping[str, Any]) -> tuple[str, ...]:
    """The state of each of its papers (XFS4IoT ``printer.paper``); none when it tells of none."""
    printer = details.get("printer")
    paper = printer.get("paper") if isinstance(printer, Mapping) else None
    return tuple(map(str, paper.values())) if isinstance(paper, Mapping) else ()
