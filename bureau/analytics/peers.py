"""终端对比: each terminal beside all others, and whether what is worse there is more than chance.

A share of one terminal is compared with that of all others together (two proportions, pooled). Of many comparisons
some stand out by chance alone: those are told of which one in twenty is wrong at most (Benjamini and Hochberg 1995),
and only where the difference is large enough to matter to anybody.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any, Final

from sqlalchemy import Row, case, func, select

from bureau.analytics.scope import Scope
from bureau.store import tables
from bureau.store.database import Database
from sync.models import Texts

WRONG_AT_MOST: Final = 0.05
MATTERS: Final = {"done": 0.05, "trouble": 0.02}
"""Differences of shares that somebody should look at: five of a hundred visitors, two of a hundred troubles."""
ENOUGH: Final = 30
"""Uses below which nothing is said of a terminal."""


@dataclass(frozen=True, slots=True)
class Peer:
    """A terminal of the scope: what came to it, and ``worse``: at what it is worse than the others (done, trouble)."""

    terminal: str
    hall: str
    hall_name: Texts
    visits: int
    uses: int
    done: int
    trouble: int
    mean_s: float
    worse: tuple[str, ...] = ()

    @property
    def done_share(self) -> float:
        """Of all uses, 0 to 1."""
        return self.done / self.uses if self.uses else 0.0

    @property
    def trouble_share(self) -> float:
        """Of all uses, 0 to 1."""
        return self.trouble / self.uses if self.uses else 0.0


class PeerReports:
    """Reads the sums. Thread-safe."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def terminals(self, scope: Scope) -> list[Peer]:
        """Every enrolled terminal of the scope, also one to which nobody came; those that need a look first."""
        t, hall, v, s = tables.terminal, tables.hall, tables.use_visit, tables.use_service
        visits = select(v.c.terminal, func.sum(v.c.visits)).group_by(v.c.terminal)
        uses = select(
            s.c.terminal,
            func.sum(s.c.times).label("uses"),
            func.sum(case((s.c.ended.in_(("done", "told")), s.c.times), else_=0)).label("done"),
            func.sum(case((s.c.ended.in_(("trouble", "failed")), s.c.times), else_=0)).label("trouble"),
            func.sum(s.c.took_ms).label("took_ms"),
        ).where(s.c.ended != "opened")
        where = select(t.c.terminal, t.c.hall, hall.c.name).join(hall, hall.c.hall == t.c.hall)
        if scope.hall:
            where = where.where(t.c.hall == scope.hall)
        if scope.terminal:
            where = where.where(t.c.terminal == scope.terminal)
        with self._database.read() as connection:
            came = {terminal: int(n) for terminal, n in connection.execute(scope.within(visits, v))}
            used = {
                row.terminal: row for row in connection.execute(scope.within(uses.group_by(s.c.terminal), s))
            }
            found = [
                _peer(row.terminal, row.hall, row.name, came.get(row.terminal, 0), used.get(row.terminal))
                for row in connection.execute(where)
            ]
        return sorted(compared(found), key=lambda peer: (-len(peer.worse), peer.terminal))


def _peer(terminal: str, hall: str, name: Texts, visits: int, used: Row[Any] | None) -> Peer:
    if used is None:
        return Peer(terminal, hall, name, visits, 0, 0, 0, 0.0)
    uses = int(used.uses)
    mean = float(used.took_ms) / uses / 1000 if uses else 0.0
    return Peer(terminal, hall, name, visits, uses, int(used.done), int(used.trouble), mean)


def compared(peers: Sequence[Peer]) -> list[Peer]:
    """The same, each told at what it is worse than all others together."""
    worse: dict[str, list[str]] = {peer.terminal: [] for peer in peers}
    for what in MATTERS:
        found = {peer.terminal: p for peer in peers if (p := _chance(peer, peers, what)) is not None}
        for terminal in beyond_chance(found, WRONG_AT_MOST):
            worse[terminal].append(what)
    return [
        Peer(
            p.terminal,
            p.hall,
            p.hall_name,
            p.visits,
            p.uses,
            p.done,
            p.trouble,
            p.mean_s,
            tuple(worse[p.terminal]),
        )
        for p in peers
    ]


def beyond_chance(chances: Mapping[str, float], wrong_at_most: float) -> list[str]:
    """Those whose chance is small enough for so many comparisons (Benjamini and Hochberg's step-up rule)."""
    ordered = sorted(chances, key=lambda name: (chances[name], name))
    kept = 0
    for rank, name in enumerate(ordered, 1):
        if chances[name] <= wrong_at_most * rank / len(ordered):
            kept = rank
    return ordered[:kept]


def _chance(peer: Peer, peers: Sequence[Peer], what: str) -> float | None:
    """How probable so bad a share is by chance; 1 where the difference matters to nobody; None: too little is known."""
    mine, others = _count(peer, what), sum(_count(p, what) for p in peers if p is not peer)
    uses, theirs = peer.uses, sum(p.uses for p in peers if p is not peer)
    if uses < ENOUGH or theirs < ENOUGH:
        return None
    lack = (others / theirs - mine / uses) * (1 if what == "done" else -1)
    if lack < MATTERS[what]:
        return 1.0
    pooled = (mine + others) / (uses + theirs)
    error = math.sqrt(pooled * (1 - pooled) * (1 / uses + 1 / theirs))
    return 1 - NormalDist().cdf(lack / error) if error else 1.0


def _count(peer: Peer, what: str) -> int:
    return peer.done if what == "done" else peer.trouble
