"""Believable screens for the gallery and the tests: every page kind, in every state that looks different.

All names, numbers, codes and the city are invented.
"""

from __future__ import annotations

from collections.abc import Mapping

from kiosk.flow.pages import Screen
from ui.samples.certificate import certificate
from ui.samples.codes import codes
from ui.samples.collect import collect
from ui.samples.consulting import consulting
from ui.samples.declare import declare
from ui.samples.filling import filling
from ui.samples.frame import Look
from ui.samples.ink import ink
from ui.samples.papers import papers
from ui.samples.public import public
from ui.samples.signing import signing
from ui.samples.talking import talking

__all__ = ["Look", "samples"]


def samples(lang: str = "zh-CN", mode: str = "standard") -> Mapping[str, Screen]:
    """All sample screens by name, in the order of a visit."""
    look = Look(lang, mode)
    return {
        **public(look),
        **signing(look),
        **declare(look),
        **filling(look),
        **certificate(look),
        **collect(look),
        **codes(look),
        **papers(look),
        **ink(look),
        **consulting(look),
        **talking(look),
    }
