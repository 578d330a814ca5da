"""Proves the stock ledger: every movement replayed from the first must give exactly the ranges held now.

Invariant of a slot (domain note, 7.4): loaded + brought in + returned − taken out − issued − spoiled −
unloaded − quarantined = on hand.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Row, select

from bureau.engine.reference.context import Context
from bureau.engine.reference.stock import in_range
from bureau.store import tables

Position = tuple[str, str, str, str]
"""State, place, unit, holder."""


def check_stock(context: Context) -> list[str]:
    """Every discrepancy in words; an empty list is proof."""
    connection = context.connection
    moves, ranges = tables.stock_movement, tables.stock_range
    lines = connection.execute(select(moves).order_by(moves.c.movement, moves.c.line)).all()
    held = connection.execute(select(ranges).order_by(ranges.c.code, ranges.c.first)).all()
    problems, replayed = _replay(lines)
    return [*problems, *_compare(replayed, held), *_slots(lines, held)]


def _replay(lines: Iterable[Row[Any]]) -> tuple[list[str], dict[tuple[str, str], Position]]:
    problems: list[str] = []
    at: dict[tuple[str, str], Position] = {}
    for line in lines:
        for number in in_range(line.first, line.last):
            key = (line.code, number)
            expected, after = _step(line)
            before = at.get(key, ("", "", "", ""))
            if before not in expected:
                problems.append(
                    f"{line.code} {number}: {line.type} {line.movement} found it {before[0] or 'unknown'}"
                )
            at[key] = after
    return problems, at


def _step(line: Row[Any]) -> tuple[set[Position], Position]:
    """Where a number may be before this movement, and where it is after it."""
    slot = (line.place, line.unit)
    on_hand, quarantined = ("onHand", *slot, ""), ("quarantined", *slot, "")
    transit: Position = ("transit", "", "", "")
    steps: dict[str, tuple[set[Position], Position]] = {
        "LOAD": ({("", "", "", "")}, on_hand),
        "ISSUE": ({on_hand}, ("issued", "", "", line.taxpayer or "")),
        "RETRACT": ({on_hand}, quarantined),
        "RELEASE": ({quarantined}, on_hand),
        "SPOIL": ({on_hand, quarantined}, ("spoiled", "", "", "")),
        "UNLOAD": ({on_hand, quarantined}, ("unloaded", "", "", "")),
        "RETURN": ({("issued", "", "", line.taxpayer or "")}, quarantined),
        "TRANSFER_OUT": ({on_hand}, transit),
        "TRANSFER_IN": ({transit}, on_hand),
    }
    return steps[line.type]


def _compare(replayed: dict[tuple[str, str], Position], held: Iterable[Row[Any]]) -> list[str]:
    now: dict[tuple[str, str], Position] = {}
    problems: list[str] = []
    for row in held:
        state = {"reserved": "onHand", "used": "issued"}.get(row.state, row.state)
        for number in in_range(row.first, row.last):
            if (row.code, number) in now:
                problems.append(f"{row.code} {number}: in two ranges")
            now[row.code, number] = (state, row.place or "", row.unit or "", row.holder or "")
    for key in sorted(replayed.keys() | now.keys()):
        if replayed.get(key) != now.get(key):
            problems.append(f"{' '.join(key)}: movements say {replayed.get(key)}, the ledger {now.get(key)}")
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
    }
    balance: Counter[tuple[str, str]] = Counter()
    for line in lines:
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
