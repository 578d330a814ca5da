"""Hand-overs as people see them, and those that take too long."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row

from bureau.engine.reference.context import Context
from bureau.engine.reference.handover_cases import HandoverCases
from bureau.engine.reference.handover_rows import HandoverRows, Waiting
from bureau.engine.reference.papers import PaperCopy, Papers
from bureau.engine.reference.transit import TRANSIT, Transit, ranges_of
from kiosk.domain.invoices import InvoiceRange, intersect

LOST_AFTER = timedelta(hours=24)
"""Stock that nobody took up within a day is looked for [ours]."""
SETTLED_WITHIN = timedelta(hours=72)
"""How long a terminal's word may wait in its queue (transactions note, 3.4)."""


@dataclass(frozen=True, slots=True)
class HandoverView:
    """A hand-over as people see it.

    ``on_the_way`` is what nobody has taken up, ``waits`` what is to be settled, ``not_come`` what was taken up by
    its paper before the ledger heard that it had ever come to the old terminal, ``copies`` what was made of its
    paper here.
    """

    note: str
    terminal: str
    to: str
    fate: str
    state: str
    made_at: datetime
    learned_at: datetime
    operator: str
    witness: str
    sheets: int
    on_the_way: tuple[tuple[str, InvoiceRange], ...]
    waits: tuple[tuple[str, str, InvoiceRange], ...]
    not_come: tuple[Waiting, ...]
    copies: tuple[PaperCopy, ...]


class HandoverViews:
    """Looks, and opens cases for what is late."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._papers = Papers(context)
        self._rows, self._transit, self._cases = (
            HandoverRows(context),
            Transit(context),
            HandoverCases(context),
        )

    def listed(self, *, all_of_them: bool = False) -> list[HandoverView]:
        """Hand-overs, the newest first; without ``all_of_them`` those that are not finished."""
        rows, waited_for = self._rows.all(), self._rows.waited_for()
        views = [self._view(row) for row in rows if all_of_them or _may_be_open(row, waited_for)]
        return [v for v in views if all_of_them or v.state == TRANSIT or v.waits or v.not_come]

    def watch(self) -> int:
        """Open a case for what was not taken up, settled or told in its time; how many were looked at.

        The time runs from when the paper was told here: a terminal that dies may have a clock that went wrong.
        """
        views, now = self.listed(), self._context.now
        for view in views:
            if view.on_the_way and now - view.learned_at > LOST_AFTER:
                numbers = [f"{code} {n.first}-{n.last}" for code, n in view.on_the_way]
                self._cases.lost(view.note, {"terminal": view.terminal, "numbers": numbers})
            if view.waits and now - view.learned_at > SETTLED_WITHIN:
                waits = [f"{unit} {code} {n.first}-{n.last}" for unit, code, n in view.waits]
                self._late(view, "waits", "never settled", waits)
            late = [one for one in view.not_come if now - one.told_at > SETTLED_WITHIN]
            self._late(view, "notCome", "never came", [_told(one) for one in late])
        return len(views)

    def _late(self, view: HandoverView, what: str, why: str, numbers: list[str]) -> None:
        details: dict[str, object] = {"terminal": view.terminal, why: numbers}
        self._cases.differs(f"{view.note}/{what}", details, numbers)

    def _view(self, row: Row[Any]) -> HandoverView:
        waits = []
        for item in row.items:
            here = self._transit.on_hand(row.terminal, item["unit"], item["code"])
            awaited = intersect(ranges_of(item.get("awaited", ())), here)
            waits += [(item["unit"], item["code"], numbers) for numbers in awaited]
        return HandoverView(row.note, row.terminal, row.to_place, row.fate, row.state, row.made_at, row.learned_at,
                            row.operator, row.witness, row.sheets, self._transit.coming(row.note), tuple(waits),
                            tuple(self._rows.waiting(row.note)), self._papers.copies(row.note))  # fmt: skip


def _may_be_open(row: Row[Any], waited_for: Collection[str]) -> bool:
    """Those that are done for good are not looked at one by one: there are more of them every year."""
    awaited = any(item.get("awaited") for item in row.items)
    return awaited or row.state == TRANSIT or row.note in waited_for


def _told(one: Waiting) -> str:
    return f"{one.terminal} {one.unit} {one.code} {one.numbers.first}-{one.numbers.last}"
