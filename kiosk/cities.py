"""Cities kept for stacks that begin alike: generated once for a day and a seed, and copied from then on."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

FOLDER: Final = "KIOSK_CITIES"
"""The variable that names the folder where they are kept; without it each stack generates its own."""


def begun_with(name: str, places: Mapping[str, Path], generate: Callable[[], object]) -> None:
    """Fill ``places``, files and folders by name, with the city kept under ``name``; by ``generate`` when none is.

    Several processes may come for the same one at once: each has it whole, and one of them is kept.
    """
    folder = os.environ.get(FOLDER)
    kept = Path(folder or "") / name
    if folder and kept.is_dir():
        for what, place in places.items():
            _copy(kept / what, place)
        return
    generate()
    if folder:
        copy = Path(tempfile.mkdtemp(dir=folder))
        for what, place in places.items():
            _copy(place, copy / what)
        try:
            copy.rename(kept)
        except OSError:  # another came first
            shutil.rmtree(copy)


def _copy(there: Path, here: Path) -> None:
    if there.is_dir():
        shutil.copytree(there, here, dirs_exist_ok=True)
    else:
        shutil.copy2(there, here)
