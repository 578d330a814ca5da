"""Printed sheets as pictures, for whoever looks at a walk: slips and invoices are pictures already."""

from __future__ import annotations

import subprocess
from pathlib import Path

DPI = 75
"""An A4 sheet of 620 by 877 dots: its lines can be read."""
WITHIN_S = 60.0


def pictures(printed: Path) -> list[Path]:
    """All printed sheets of a walk in the order in which they came out; a document's pages stand beside it."""
    for document in printed.glob("*.pdf"):
        line = ["pdftoppm", "-r", str(DPI), "-png", str(document), str(document.with_suffix(""))]
        subprocess.run(line, check=True, timeout=WITHIN_S, capture_output=True)
    return sorted(printed.glob("*.png"))
