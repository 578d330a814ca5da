"""What one model of ESC/P printer, one terminal and its paper are like: all values come from the settings."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from drivers.devices.options import Options
from drivers.errors import DriverConfigError
from drivers.forms import BUILT_IN, Form, load_forms
from drivers.printer_font import Coverage

REPORTS: Final = ("dle-eot", "dsr", "none")
FEEDS: Final = ("single", "stack")
_OFFSET: Final = re.compile(r"\s*([\w.-]+)\s*=\s*([+-]?\d+(?:\.\d+)?)\s*/\s*([+-]?\d+(?:\.\d+)?)\s*")
_FURTHEST: Final = 20.0
"""mm; more is no adjustment but a wrong form."""

Offset = tuple[float, float]


@dataclass(frozen=True, slots=True)
class EscpProfile:
    """One printer in its cabinet.

    Args:
        coverage: characters of the font in the printer.
        reports: how it tells its state: answers to DLE EOT, only its DSR line, or not at all.
        stop_bit: whether "stopped for want of paper" is told only while data waits; some models always tell it
            when no form is in, which then says nothing.
        single: whether forms come one by one, each let out at its end, or from a stack.
        origin: where on the paper (mm) the first column and the top pin lie when a page begins.
        reach: how far (mm) the head gets from there.
        buffer_bytes: what may be sent ahead of the head.
        line_s: seconds one pass of the carriage takes at most.
        forms: the stocks by name.
        offsets: the terminal's correction (mm to the right, mm down) by stock.
    """

    coverage: Coverage = Coverage.GB2312
    reports: str = "dle-eot"
    stop_bit: bool = True
    single: bool = True
    origin: Offset = (3.0, 4.2)
    reach: float = 345.0
    buffer_bytes: int = 2048
    line_s: float = 1.2
    forms: Mapping[str, Form] = field(default_factory=load_forms)
    offsets: Mapping[str, Offset] = field(default_factory=dict)

    def origin_on(self, form: str) -> Offset:
        """The origin on that stock with the terminal's correction taken off."""
        right, down = self.offsets.get(form, (0.0, 0.0))
        return self.origin[0] - right, self.origin[1] - down


def profile_from(options: Options) -> EscpProfile:
    """The profile in a driver's options; raise ``DriverConfigError``."""
    folder = options.text("forms", str(BUILT_IN))
    forms = load_forms(Path(folder))
    return EscpProfile(
        Coverage(options.choice("font", tuple(c.value for c in Coverage), Coverage.GB2312.value)),
        options.choice("status", REPORTS, "dle-eot"),
        options.flag("stop_bit", True),
        options.choice("feed", FEEDS, "single") == "single",
        (options.number("left_mm", 3.0, 0, 60), options.number("top_mm", 4.2, 0, 60)),
        options.number("reach_mm", 345.0, 50, 450),
        options.integer("buffer", 2048, 256, 1 << 20),
        options.number("line_s", 1.2, 0.05, 10),
        forms,
        _offsets(options.text("offsets", " ").strip(), forms),
    )


def _offsets(text: str, forms: Mapping[str, Form]) -> dict[str, Offset]:
    """``vat-folded=+1.5/-0.5, vehicle=0/1``: mm to the right and down by stock."""
    found: dict[str, Offset] = {}
    for part in filter(None, (piece.strip() for piece in text.split(","))):
        match = _OFFSET.fullmatch(part)
        if match is None or match[1] not in forms:
            raise DriverConfigError(
                f"option 'offsets': {part!r} is wrong; write 'form=right/down' in mm, such as "
                f"'vat-folded=+1.5/-0.5'; forms are {', '.join(forms)}"
            )
        right, down = float(match[2]), float(match[3])
        if max(abs(right), abs(down)) > _FURTHEST:
            raise DriverConfigError(
                f"option 'offsets': {part!r} is more than {_FURTHEST:g} mm; check the form"
            )
        found[match[1]] = (right, down)
    return found
