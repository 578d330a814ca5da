"""Proves the stock ledger: every movement replayed from the first must give exactly the ranges held now.

Invariant of a slot (domain note, 7.4): loaded + brought in + returned − taken out − issued − spoiled −
unloaded − quarantined = on hand.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import Row, select

from bureau.engine.reference.context import Context
from bureau.store import tables


class Position(NamedTuple):
    """Where a number is; all empty: it was never loaded."""

    state: str = ""
    place: str = ""
    unit: str = ""
    holder: str = ""


class Segment(NamedTuple):
    """Consecutive numbers in one position."""

    first: int
    last: int
    position: Position


NOWHERE = Position()
TRANSIT = Position("transit")


@dataclass(slots=True)
class NumberLine:
    """Every number of one code and where it is, as few segments as possible."""

    segments: list[Segment] = field(default_factory=list)

    def within(self, first: int, last: int) -> list[Segment]:
        """What covers ``first`` to ``last``; gaps are nowhere."""
        found: list[Segment] = []
        start = first
        for segment in self.segments:
            if segment.last < first or segment.first > last:
                continue
            if segment.first > start:
                found.append(Segment(start, segment.first - 1, NOWHERE))
            found.append(Segment(max(segment.first, first), min(segment.last, last), segment.position))
            start = segment.last + 1
        if start <= last:
            found.append(Segment(start, last, NOWHERE))
        return found

    def put(self, first: int, last: int, position: Position) -> None:
        """Say that ``first`` to ``last`` are there now."""
        kept: list[Segment] = []
        for segment in self.segments:
            if segment.last < first or segment.first > last:
                kept.append(segment)
                continue
            if segment.first < first:
                kept.append(segment._replace(last=first - 1))
            if segment.last > last:
                kept.append(segment._replace(first=last + 1))
        self.segments = _joined([*kept, Segment(first, last, position)])


def _joined(segments: Iterable[Segment]) -> list[Segment]:
    done: list[Segment] = []
    for segment in sorted(segments):
        if done and done[-1].position == segment.position and done[-1].last + 1 == segment.first:
            done[-1] = done[-1]._replace(last=segment.last)
        else:
            done.append(segment)
    return done


def check_stock(context: Context) -> list[str]:
    """Every discrepancy in words; an empty list is proof."""
    connection = context.connection
    moves, ranges = tables.stock_movement, tables.stock_range
    lines = connection.execute(select(moves).order_by(moves.c.movement, moves.c.line)).all()
    held = connection.execute(select(ranges).order_by(ranges.c.code, ranges.c.first)).all()
    problems, replayed = _replay(lines)
    return [*problems, *_compare(replayed, held), *_slots(lines, held)]


def _replay(lines: Iterable[Row[Any]]) -> tuple[list[str], dict[str, NumberLine]]:
    problems: list[str] = []
    codes: dict[str, NumberLine] = defaultdict(NumberLine)
    for line in lines:
        expected, after = _step(line)
        for part in codes[line.code].within(line.first, line.last):
            if part.position not in expected:
                where = part.position.state or "nowhere"
                numbers = f"{line.code} {part.first:08d}-{part.last:08d}"
                problems.append(f"{numbers}: {line.type} {line.movement} found it {where}")
        codes[line.code].put(line.first, line.last, after)
    return problems, codes


def _step(line: Row[Any]) -> tuple[set[Position], Position]:
    """Where a number may be before this movement, and where it is after it."""
    on_hand = Position("onHand", line.place, line.unit)
    quarantined = Position("quarantined", line.place, line.unit)
    issued, used, returning, voided = (
        Position(state, holder=line.taxpayer or "") for state in ("issued", "used", "returning", "voided")
    )
    steps: dict[str, tuple[set[Position], Position]] = {
        "LOAD": ({NOWHERE}, on_hand),
        "ISSUE": ({on_hand}, issued),
        "RETRACT": ({on_hand}, quarantined),
        "RELEASE": ({quarantined}, on_hand),
        "SPOIL": ({on_hand, quarantined}, Position("spoiled")),
        "UNLOAD": ({on_hand, quarantined}, Position("unloaded")),
        "RETURN": ({issued, returning}, quarantined),
        "USE": ({issued}, used),
        "LOSE": ({issued, used, on_hand}, Position("lost", holder=line.taxpayer or "")),
        "HAND_IN": ({issued}, returning),
        "VOID": ({issued}, voided),
        "KEEP": ({returning, voided}, issued),
        "VOID_IN": ({voided}, Position("spoiled")),
        "TRANSFER_OUT": ({on_hand}, TRANSIT),
        "TRANSFER_IN": ({TRANSIT}, on_hand),
    }
    return steps[line.type]


def _compare(replayed: dict[str, NumberLine], held: Sequence[Row[Any]]) -> list[str]:
    """The ranges of the books against the replay, both in as few segments as possible."""
    problems: list[str] = []
    now: dict[str, list[Segment]] = defaultdict(list)
    for row in held:
        state = {"reserved": "onHand"}.get(row.state, row.state)
        position = Position(state, row.place or "", row.unit or "", row.holder or "")
        if now[row.code] and now[row.code][-1].last >= row.first:
            problems.append(f"{row.code} {row.first:08d}: in two ranges")
        now[row.code].append(Segment(row.first, row.last, position))
    for code in sorted(replayed.keys() | now.keys()):
        ours, theirs = _joined(now.get(code, [])), replayed.get(code, NumberLine()).segments
        for segment in sorted(set(ours) ^ set(theirs)):
            said = "the books" if segment in ours else "the movements"
            problems.append(
                f"{code} {segment.first:08d}-{segment.last:08d}: only {said} say {segment.position}"
            )
    return problems


def _slots(lines: Iterable[Row[Any]], held: Iterable[Row[Any]]) -> list[str]:
    sign = {
        "LOAD": 1,
        "TRANSFER_IN": 1,
        "RETURN": 1,
        "TRANSFER_OUT": -1,
        "ISSUE": -1,
        "SPOIL": -1,
        "UNLOAD": -1,
        "LOSE": -1,  # out of a parcel; what enterprises lose has no place
    }
    balance: Counter[tuple[str, str]] = Counter()
    for line in lines:
        if line.type == "LOSE" and not line.place:
            continue
        balance[line.place, line.unit] += sign.get(line.type, 0) * (line.last - line.first + 1)
    on_hand: Counter[tuple[str, str]] = Counter()
    for row in held:
        count = row.last - row.first + 1
        if row.state in ("onHand", "reserved"):
            on_hand[row.place, row.unit] += count
        elif row.state == "quarantined":
            balance[row.place, row.unit] -= count
    return [
        f"{place} {unit}: {balance[place, unit]} by movements, {on_hand[place, unit]} on hand"
        for place, unit in sorted(balance.keys() | on_hand.keys())
        if balance[place, unit] != on_hand[place, unit]
    ]
