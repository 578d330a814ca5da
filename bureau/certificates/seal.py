"""The bureau's red seal and square mark as drawings: invented, and never the state emblem.

A real bureau's seal is a picture kept with its sealing key; both take their place through the sealer.
"""

from __future__ import annotations

from functools import lru_cache
from html import escape

RED = "#B0231A"
SERIF = "Noto Serif CJK SC"
SANS = "Noto Sans CJK SC"
_CENTRE = 110
_EMBLEM = (
    f'<g stroke="{RED}" stroke-width="4" stroke-linecap="round">'
    '<path d="M74 116q18-30 36-34 18 4 36 34M84 116q14-14 26-14t26 14"/>'
    '<path d="M72 126q12-7 24 0t24 0 28 0"/></g>'
)
"""Two hills over a river."""


def _ring(name: str) -> str:
    """The name around the upper arc, wider and closer the longer it is."""
    span = min(260.0, 40.0 * (len(name) - 1))
    size = 25 if len(name) <= 8 else max(14, int(200 / len(name)))
    step = span / max(1, len(name) - 1)
    return "".join(
        f'<text transform="translate({_CENTRE},{_CENTRE}) rotate({i * step - span / 2:.1f}) '
        f'translate(0,-64)" text-anchor="middle" font-size="{size}" font-weight="700" '
        f'font-family="{SERIF}" fill="{RED}">'
        f"{escape(c)}</text>"
        for i, c in enumerate(name)
    )


def _line(text: str, y: int, size: int, family: str) -> str:
    return (
        f'<text x="{_CENTRE}" y="{y}" text-anchor="middle" font-size="{size}" font-weight="700" '
        f'font-family="{family}" fill="{RED}">{escape(text)}</text>'
    )


@lru_cache(maxsize=32)
def round_seal(name: str, purpose: str, serial: str) -> str:
    """The round seal: the bureau's name around, what the seal is for, and which of its kind it is."""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="220" height="220" viewBox="0 0 220 220" fill="none">'
        f'<circle cx="{_CENTRE}" cy="{_CENTRE}" r="102" stroke="{RED}" stroke-width="6"/>'
        f'<circle cx="{_CENTRE}" cy="{_CENTRE}" r="94" stroke="{RED}" stroke-width="1.5"/>'
        f"{_ring(name)}{_EMBLEM}{_line(purpose, 160, 19, SERIF)}{_line(serial, 186, 14, SANS)}</svg>"
    )


@lru_cache(maxsize=8)
def square_mark(character: str = "税") -> str:
    """The square mark of the letterhead."""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64" viewBox="0 0 64 64">'
        '<rect x="1" y="1" width="62" height="62" rx="9" fill="#A4281C"/>'
        '<rect x="5.5" y="5.5" width="53" height="53" rx="6" fill="none" stroke="#FFFDF8" '
        'stroke-width="1.8"/>'
        f'<text x="32" y="46" text-anchor="middle" font-family="{SERIF}" font-weight="700" font-size="39" '
        f'fill="#FFFDF8">{escape(character)}</text></svg>'
    )
