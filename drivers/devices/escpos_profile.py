"""What a printer model can do, from python-escpos's collection of profiles, and the commands that follow.

Only the data and the constants of that library are used. Importing its printers would set up logging for
the whole program, leave a temporary directory behind at each start and take most of a second.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final

from escpos.constants import ESC, GS, HW_INIT

from drivers.errors import DriverConfigError
from drivers.protocols.escpos_status import GS_A_ALL

DEFAULT_MODEL: Final = "TM-T20II"
"""80 mm, 576 dots, partial cut: what most receipt printers understand."""
CLEAR: Final = b"\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08"
"""DLE DC4 fn 8: throw away what waits in the buffers, at once, even while the printer is offline."""
RECOVER: Final = b"\x10\x05\x02"
"""DLE ENQ 2: recover from an error and forget the line it happened in."""


@dataclass(frozen=True, slots=True)
class Profile:
    """Paper width in dots and which cuts the model has."""

    name: str
    dots: int
    full_cut: bool
    partial_cut: bool

    @property
    def start(self) -> bytes:
        """Before a job: settings as after switching on, and automatic status, which that forgets."""
        return bytes(HW_INIT) + GS_A_ALL

    @property
    def cut(self) -> bytes:
        """Feed to the knife and cut; partial where the model can, so that the slip does not fall down."""
        if self.partial_cut:
            return bytes(GS) + b"V\x42\x00"
        if self.full_cut:
            return bytes(GS) + b"V\x41\x00"
        return bytes(ESC) + b"d\x06"  # to be torn off: six lines bring the print past the edge


@lru_cache(maxsize=4)
def load_profile(name: str) -> Profile:
    """The profile called ``name``; raise ``DriverConfigError`` when the collection has none."""
    found = _collection().get(name)
    if not isinstance(found, dict):
        raise DriverConfigError(f"there is no printer profile '{name}'; write '{DEFAULT_MODEL}' and a width")
    features = found.get("features", {})
    dots = found.get("media", {}).get("width", {}).get("pixels")
    return Profile(
        name,
        dots if isinstance(dots, int) else 576,
        bool(features.get("paperFullCut")),
        bool(features.get("paperPartCut")),
    )


@lru_cache(maxsize=1)
def _collection() -> dict[str, Any]:
    text = (files("escpos") / "capabilities.json").read_text(encoding="utf-8")
    profiles = json.loads(text)["profiles"]
    return dict(profiles)
