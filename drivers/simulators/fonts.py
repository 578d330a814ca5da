"""Finds the fonts that simulated printers print with."""

from __future__ import annotations

import shutil
import subprocess
from functools import lru_cache

from PIL import ImageFont

from drivers.simulators.errors import BackendUnavailableError

MONO = "Noto Sans Mono CJK SC"
SANS = "Noto Sans CJK SC"
SERIF = "Noto Serif CJK SC"


@lru_cache(maxsize=16)
def _locate(family: str, weight: str) -> tuple[str, int]:
    tool = shutil.which("fc-match")
    if tool is None:
        raise BackendUnavailableError("fc-match is missing; install fontconfig and fonts-noto-cjk")
    pattern = f"{family}:style={weight}"
    found = subprocess.run(
        [tool, "--format=%{file}\n%{index}\n%{family}", pattern],
        capture_output=True,
        text=True,
        timeout=20,
        check=True,
    ).stdout.splitlines()
    if len(found) < 3 or family not in found[2]:
        raise BackendUnavailableError(f"the font {family} is missing; install fonts-noto-cjk")
    # The upper half of fontconfig's index names an instance of a variable font.
    return found[0], int(found[1]) & 0xFFFF


@lru_cache(maxsize=64)
def font(family: str, size: int, weight: str = "Regular") -> ImageFont.FreeTypeFont:
    """The font of that family, pixel size and weight; ``BackendUnavailableError`` when it is not installed."""
    path, index = _locate(family, weight)
    return ImageFont.truetype(path, size, index=index)
