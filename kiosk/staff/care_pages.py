"""The page of wearing parts, supplies and the cleaning plan, in one language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from config.clock import CHINA
from drivers.client.care import Cared, CareItem, Kind
from kiosk.staff import faults
from kiosk.staff.guides import CARE_GUIDES
from kiosk.staff.views import CareRow, CareView, Key

_COUNTED: Final = frozenset({"sheets", "mm", "cuts", "stamps"})
"""Counters that have words of their own; another profile's is told by its name."""
_MM_PER_M: Final = 1000
_DONE: Final[Mapping[Kind, str]] = {"part": "changed", "supply": "filled", "task": "done"}
"""What somebody says they did, by kind."""


class CarePages:
    """Writes the page; asks nobody anything. ``name`` is what a person calls a role's device."""

    def __init__(self, t: Callable[..., str], lang: str, name: Callable[[str], str]) -> None:
        self._t, self._chinese, self._name = t, lang.startswith("zh"), name

    def page(self, cared: Cared, asked: str, icon: Callable[[str], str], *, looked: bool = True) -> CareView:
        """``asked`` is the row (``role:name``) of which we wait to hear whether it was really done."""
        rows = tuple(self._row(item, asked, icon(item.role)) for item in cared.items)
        home = Key("board", self._t("bench.key.board"), icon="home")
        lead = self._lead(cared) if looked else ""
        return CareView(self._t("bench.care.title"), lead, keys=(home,), rows=rows)

    def _lead(self, cared: Cared) -> str:
        due = sum(item.due for item in cared.items)
        soon = sum(item.soon for item in cared.items)
        if not cared.items:
            told = self._t("bench.care.nothing")
        elif due or soon:
            told = self._t("bench.care.lead", due=due, soon=soon)
        else:
            told = self._t("bench.care.none")
        names = self._t("bench.list.comma").join(map(self._name, cared.silent))
        return told + (self._t("bench.care.silent", devices=names) if names else "")

    def _row(self, item: CareItem, asked: str, icon: str) -> CareRow:
        row = f"{item.role}:{item.name}"
        tone, state = (
            (faults.BAD, "due") if item.due else (faults.LOW, "soon") if item.soon else (faults.OK, "ok")
        )
        return CareRow(
            id=row,
            device=self._name(item.role),
            icon=icon,
            what=item.zh if self._chinese else item.en[:1].upper() + item.en[1:],
            tone=tone,
            state=self._t(f"bench.care.{'new' if _never(item) else state}"),
            measure=self._measure(item),
            share=min(item.share, 1.0),
            keys=self._keys(item, row, asked),
        )

    def _keys(self, item: CareItem, row: str, asked: str) -> tuple[Key, ...]:
        """A count that was begun anew by a slip cannot be brought back, so the row asks once more.

        What takes it back lies under the finger that has just touched.
        """
        word = _DONE[item.kind]
        if row != asked:
            guide = CARE_GUIDES.get((item.role, item.name))
            how = Key("guide", self._t("bench.care.key.how"), f"{guide}:{item.role}", "wrench")
            done = Key("cared", self._t(f"bench.care.key.{word}"), row, "check")
            return (how, done) if guide else (done,)
        return (
            Key("cared", self._t(f"bench.care.key.{word}Sure"), f"{row}:sure", "check"),
            Key("cared", self._t("bench.care.key.not"), "", "x"),
        )

    def _measure(self, item: CareItem) -> str:
        """How much is used, of how much; when it was done, and when it is due by the calendar."""
        last = self._t("bench.care.last", date=_day(item.last)) if item.last else self._t("bench.care.never")
        by = self._t("bench.care.by", date=_day(item.by)) if item.by else ""
        every = self._t("bench.care.days", n=item.days) if item.days and not by else ""
        parts = (self._counted(item), last, by, every)
        return self._t("bench.care.join").join(part for part in parts if part)

    def _counted(self, item: CareItem) -> str:
        if not item.limit:
            return ""
        used, limit = item.used, item.limit
        if item.counter == "mm":
            used, limit = used // _MM_PER_M, limit // _MM_PER_M
        known = item.counter if item.counter in _COUNTED else "other"
        return self._t(f"bench.care.of.{known}", used=f"{used:,}", limit=f"{limit:,}", counter=item.counter)


def _never(item: CareItem) -> bool:
    return item.due and item.last is None and item.kind == "task"


def _day(moment: datetime | None) -> str:
    return f"{moment.astimezone(CHINA):%Y-%m-%d}" if moment is not None else ""
