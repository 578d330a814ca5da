"""axe-core, which knows the rules of accessible pages (WCAG) better than we do; scripts/npm-packages.txt says which."""

from __future__ import annotations

import sys
from pathlib import Path

SCRIPT = Path(sys.prefix) / "share" / "npm" / "axe-core-4.14.1.js"


def axe() -> Path:
    """The script that a page runs on itself; ``make setup-test`` fetches it."""
    assert SCRIPT.exists(), f"{SCRIPT} is not there: run make setup-test where npm can be reached"
    return SCRIPT
