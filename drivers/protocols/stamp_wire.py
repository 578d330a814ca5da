"""The stamp unit's traffic: running numbers of jobs and counts, nobody's data; its SEQ differs in each run."""

from __future__ import annotations

from typing import ClassVar

from drivers.protocols.dispenser_wire import DispenserWire


class StampWire(DispenserWire):
    """Written down as it is."""

    questions: ClassVar[str] = "IS"
