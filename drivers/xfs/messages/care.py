"""Our interface for the technician: what wears or is used up in a device, what is to be cleaned, and that it was."""

from __future__ import annotations

from typing import Final

from pydantic import Field

from drivers.xfs.catalogue import Command, Interface
from drivers.xfs.payload import Nothing, Payload


class Item(Payload):
    """A wearing part (``life`` counts), a supply (``full`` counts) or a task of the plan (``every`` counts, ``days``).

    ``used`` counts since it was last done, ``share`` is how much of its measure that is; ``last`` is when.
    """

    name: str
    zh: str
    en: str
    counter: str | None = None
    used: int | None = None
    life: int | None = None
    full: int | None = None
    every: int | None = None
    days: int | None = None
    last: str | None = None
    share: float
    due: bool


class CareOut(Payload):
    """Parts, supplies, the plan, and everything counted since the book began."""

    parts: list[Item]
    supplies: list[Item] = Field(default_factory=list)
    plan: list[Item]
    counters: dict[str, int]


class DoneIn(Payload):
    """Which part was changed, which supply filled, or which task done, and by whom (a name or number of staff)."""

    name: str
    by: str = Field("", max_length=64)


GET: Final = Command("Care.GetCare", Nothing, CareOut, version="1.0", completion="1.0", beside=True)
DONE: Final = Command(
    "Care.Done", DoneIn, Nothing, version="1.0", completion="1.0", beside=True, operator=True
)
INTERFACE: Final = Interface("Care", (GET, DONE))
