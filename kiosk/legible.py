"""Whether somebody can read a page later on, judged by what the device program saw of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

LEAST_LIGHT: Final = 0.35
"""Tone of the paper as it was seen. White paper in a dim hall is about 0.5; darker, pencil and stamps drown."""
LEAST_INK: Final = 0.0012
"""Share of the page: a signature and a date are more; the dust on an empty sheet is less."""
LEAST_SHARP: Final = 0.4
"""Sharpness of print (``drivers.ports_documents``); below, the smaller print of forms runs together."""


def flaw(legible: Mapping[str, float]) -> str:
    """``dark``, ``empty`` or ``blur``; empty text when it can be read, or when the device does not tell."""
    if not legible:
        return ""
    if legible["light"] < LEAST_LIGHT:
        return "dark"
    if legible["ink"] < LEAST_INK:
        return "empty"
    return "blur" if legible["sharpness"] < LEAST_SHARP else ""
