"""What is played and where it is killed: asked of a clean visit's own trace, never listed by hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

import sync.outbox.sender  # noqa: F401 - with those above: whoever has crash points registers them
from config import crashpoints

PROGRAM_OF = {"journal": "kiosk", "devices": "devices", "bureau": "bureau", "sync": "sync"}
"""Whose process dies at the points of an area."""
NETWORK = "network"
"""The area of points from which on the centre is not to be reached until the visit has ended."""


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit that is played again and again; ``extra`` are the words of the headless visitor.

    While one that is ``offline`` lasts, the centre is not to be reached.
    """

    name: str
    service: str
    extra: tuple[str, ...] = ()
    offline: bool = False


VISITS = (
    Visit("certificate", "certificate.iit-record"),
    Visit("invoices", "invoice.collect", ("--staff", "--count", "2")),
    Visit("declaration", "declare.vat-small", ("--staff",)),
    Visit("declaration, paid later", "declare.vat-small", ("--staff", "--no-pay")),
    Visit("declaration, without network", "declare.vat-small", ("--staff",), offline=True),
    Visit("invoices left in the tray", "invoice.collect", ("--staff", "--count", "1", "--leave-sheets")),
)
"""The first three are the services; of the others only what those did not pass is killed."""


@dataclass(frozen=True, slots=True)
class Point:
    """One place to die; ``then`` is a second one, for the program that was started again."""

    where: str
    then: str = ""

    @property
    def program(self) -> str:
        """Whose death it is."""
        return PROGRAM_OF.get(self.where.partition(":")[0], NETWORK)

    def __str__(self) -> str:
        return f"{self.where}, then {self.then}" if self.then else self.where


def passed(trace: str) -> list[Point]:
    """Each passing of a clean visit, counted, in the order of time."""
    seen: Counter[str] = Counter()
    points: list[Point] = []
    for name in trace.split():
        seen[name] += 1
        points.append(Point(f"{name}:{seen[name]}"))
    return points


def cuts(points: Iterable[Point]) -> Iterator[Point]:
    """The network lost right behind each commit of the journal that is not the visit's last."""
    for point in points:
        area, moment, rest = point.where.split(":", 2)
        if (area, moment) == ("journal", "after") and not rest.startswith("visit.ended"):
            yield Point(f"{NETWORK}:{moment}:{rest}")


def new(points: Iterable[Point], killed: Collection[str]) -> Iterator[Point]:
    """Those whose name, whatever the count, no earlier visit was killed at."""
    return (point for point in points if name_of(point.where) not in killed)


def name_of(where: str) -> str:
    """``area:moment:name`` without the count."""
    return where.rpartition(":")[0]


def after_a_crash(killed: Collection[str]) -> Iterator[Point]:
    """Points that are passed only by a program that finds a job interrupted: there it is killed once more."""
    first = {"print": "devices:after:print.motion:1", "dispense": "devices:after:dispense.motion:1"}
    for name in crashpoints.names("devices"):
        kind = name.split(":")[2].split(".")[0]
        if name not in killed and kind in first:
            yield Point(first[kind], f"{name}:1")


def never_passed(killed: Collection[str]) -> list[str]:
    """Registered points at which nothing was killed, for the report."""
    return sorted(name for name in crashpoints.names() if name not in killed)
