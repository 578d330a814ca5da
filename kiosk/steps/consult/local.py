"""What the step holds while somebody reads: what the library said, what of it is open, and what was before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

Entry = Mapping[str, Any]
"""One answer or clause (``kiosk.looked_up``)."""


@dataclass(frozen=True, slots=True)
class Local:
    """``opened``: the entry that is read, or empty; ``printed``: what came of the last sheet, or empty.

    ``sheet``: one is under way still, also where somebody reads on; ``paper``: one came out at this visit, or may have.
    """

    told: Mapping[str, Any]
    opened: str = ""
    printing: bool = False
    printed: str = ""
    sheet: bool = False
    paper: bool = False
    before: Local | None = None

    @property
    def earlier(self) -> Local | None:
        """What was read before, as it was left, but for the paper that has come since or is to come."""
        return None if self.before is None else replace(self.before, sheet=self.sheet, paper=self.paper)

    @property
    def entry(self) -> Entry | None:
        """The one that is read."""
        return next((entry for entry in self.told["entries"] if entry["id"] == self.opened), None)

    @property
    def first(self) -> str:
        """What is open when the library has answered: its best answer, or a list."""
        return str(self.told["entries"][0]["id"]) if self.told["state"] == "answered" else ""

    @property
    def service(self) -> str:
        """Where one does what is read, or sees one's own data; empty: nowhere here."""
        told = self.entry if self.entry is not None else self.told
        return str(told.get("service") or "")


@dataclass(frozen=True, slots=True)
class Looking:
    """The library is being asked; ``before`` is what was read until then."""

    before: Local | None = None
