"""Faults planted into a good walk, by the module of the rule that finds them; each is entered by its own import."""

from __future__ import annotations

from tests.ui.walk.planted import (
    departures,
    devices,
    effects,
    feedback,
    matters,
    money,
    mutual,
    navigated,
    remote,
    sealed,
    sharing,
    slips,
    stock,
    subscriptions,
    surveys,
    worked,
)
from tests.ui.walk.planted.planting import FAULTS, Fault

OF_RULES = (
    departures,
    devices,
    effects,
    feedback,
    matters,
    money,
    mutual,
    navigated,
    remote,
    sealed,
    sharing,
    slips,
    stock,
    subscriptions,
    surveys,
    worked,
)
"""Imported, each enters its faults."""
__all__ = ["FAULTS", "OF_RULES", "Fault"]
