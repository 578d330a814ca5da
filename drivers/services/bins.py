"""The dispenser's reject and retract bin as XFS4IoT Storage tells them: what lies in them, and when they fill up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from drivers.books import counting
from drivers.xfs.messages import storage

BINS: Final = {
    "unitReject": ("REJ", "reject bin", counting.REJECT),
    "unitRetract": ("RTR", "retract bin", counting.RETRACT),
}
"""Our bins by their Storage key: id, position name, counter."""
CAPACITY: Final = 50
"""Sheets a bin takes until the machine calls it full; the standard wants a figure."""
HIGH: Final = 40
"""Sheets at which a bin is nearly full: it is emptied at the next visit."""


def inside(key: str, counters: Mapping[str, int]) -> int:
    """Sheets that came into a bin since it was emptied."""
    return counters.get(BINS[key][2], 0)


def full(key: str, counters: Mapping[str, int]) -> bool:
    """Whether the machine had no room in it for a sheet."""
    return bool(counters.get(counting.FULL[BINS[key][2]]))


def level(key: str, counters: Mapping[str, int]) -> storage.Level:
    """The replenishment status: full as soon as the machine says so, whatever was counted."""
    sheets = inside(key, counters)
    if full(key, counters) or sheets >= CAPACITY:
        return storage.Level.FULL
    return storage.Level.HIGH if sheets >= HIGH else storage.Level.OK


def unit(key: str, counters: Mapping[str, int]) -> storage.Unit:
    """All of a bin, as GetStorage tells it."""
    short, position, _ = BINS[key]
    index = [*BINS].index(key) + 1
    status = storage.BinCounts(
        index=index, initial=0, replenishment_status=level(key, counters), **{"in": inside(key, counters)}
    )
    capabilities = storage.BinCapabilities(max_retracts=CAPACITY)
    return storage.Unit(
        id=short,
        position_name=position,
        capacity=CAPACITY,
        status=storage.UnitState.OK,
        printer=storage.BinUnit(capabilities=capabilities, status=status),
    )


def counted(key: str, counters: Mapping[str, int]) -> storage.Unit:
    """What Storage.CountsChangedEvent tells of a bin."""
    return storage.Unit(
        printer=storage.BinUnit(status=storage.BinCounts.model_validate({"in": inside(key, counters)}))
    )


def levelled(key: str, counters: Mapping[str, int]) -> storage.Unit:
    """What Storage.StorageThresholdEvent tells of a bin."""
    status = storage.BinCounts(replenishment_status=level(key, counters))
    return storage.Unit(printer=storage.BinUnit(status=status))
