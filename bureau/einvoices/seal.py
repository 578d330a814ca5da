"""The supervising seal (发票监制章) in the heading of an invoice, as a drawing: invented, and marked as a specimen."""

from __future__ import annotations

from functools import lru_cache
from html import escape
from math import cos, pi, sin

from bureau.certificates.seal import RED, SANS, SERIF

_A, _B = 92.0, 56.0
"""Half axes of the arc on which the words stand."""


@lru_cache(maxsize=8)
def oval_seal(bureau: str, serial: str) -> str:
    """An oval of 30 by 20 mm: what it is around the upper arc, whose in the middle, which of its kind below."""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="240" height="160" viewBox="0 0 240 160" fill="none">'
        f'<ellipse cx="120" cy="80" rx="116" ry="76" stroke="{RED}" stroke-width="4"/>'
        f"{_arc('电子发票监制章')}{_line(bureau, 92, 21, SERIF)}{_line(serial, 122, 17, SANS)}</svg>"
    )


def _arc(words: str) -> str:
    first, last = 1.12 * pi, 1.88 * pi
    step = (last - first) / (len(words) - 1)
    return "".join(_on_arc(word, first + step * i) for i, word in enumerate(words))


def _on_arc(word: str, angle: float) -> str:
    x, y = 120 + _A * cos(angle), 84 + _B * sin(angle)
    turned = (angle - 1.5 * pi) * 180 / pi * 0.62
    return (
        f'<text transform="translate({x:.1f},{y:.1f}) rotate({turned:.1f})" text-anchor="middle" '
        f'font-size="20" font-weight="700" font-family="{SERIF}" fill="{RED}">{escape(word)}</text>'
    )


def _line(text: str, y: int, size: int, family: str) -> str:
    return (
        f'<text x="120" y="{y}" text-anchor="middle" font-size="{size}" font-weight="700" '
        f'font-family="{family}" fill="{RED}">{escape(text)}</text>'
    )
