"""Queue numbers of a hall (排队取号)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from sync.models.base import Texts, Wire
from sync.models.certificates import SheetShown

LineName = Annotated[str, Field(pattern=r"^[a-z][a-z-]*$", max_length=40)]


class QueueLine(Wire):
    """One kind of business at this hall: who waits, about how long (``wait_minutes``; None: not today), and where.

    ``why_not`` is there when no number is given.
    """

    line: LineName
    letter: str
    title: Texts
    note: Texts
    ahead: int
    ahead_text: Texts
    wait_minutes: int | None
    wait_text: Texts
    windows_text: Texts
    open: bool
    why_not: Texts | None


class QueueLines(Wire):
    """``queue.lines``: what numbers are given for at the terminal's hall."""

    lines: list[QueueLine]


class QueueTake(Wire):
    """``queue.take``: a number for this line; who takes it is the phone or the document of the subject."""

    line: LineName


class QueueTaken(SheetShown):
    """The number, as a sheet. ``again``: it was taken before and still waits; ``verify_url`` shows one's place."""

    number: str
    again: bool
    line_title: Texts
    ahead: int
    ahead_text: Texts
    wait_minutes: int | None
    wait_text: Texts
    windows_text: Texts
    turn_text: Texts
    verify_url: str
