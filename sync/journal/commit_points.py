"""The list of commits that matter: each kind of entry in each phase, for tests that kill there."""

from __future__ import annotations

from config import crashpoints
from sync.models import EffectKind
from sync.records import Phase

EFFECT_PHASES = (Phase.INTENT, Phase.HANDOVER, Phase.OUTCOME, Phase.SETTLED)

_names: dict[str, None] = {}


def register(kind: str, *phases: Phase) -> None:
    """Make known that entries of ``kind`` are recorded in these phases (all four when none is given)."""
    points = [f"{kind}.{phase}" for phase in phases or EFFECT_PHASES]
    _names.update(dict.fromkeys(points))
    for point in points:
        crashpoints.register("journal", point, "a record is committed")


def names() -> tuple[str, ...]:
    """Every known commit point, ``kind.phase``."""
    return tuple(_names)


for _kind in EffectKind:
    register(_kind)
