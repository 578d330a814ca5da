"""The folder of the evidence: emptied before a walk, but never one that holds anything else."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

MARKER = ".kiosk-walk"
VERDICT_KEYS = frozenset({"ok", "service", "transaction", "pages", "seconds", "problems"})


class FolderInUse(Exception):
    """The folder holds something that no walk left there; the message says what to do."""


def make_ready(folder: Path) -> None:
    """Make ``folder`` an empty one of our own; raises ``FolderInUse`` and touches nothing when it is not ours."""
    if folder.exists() and not folder.is_dir():
        raise FolderInUse(f"{folder} is a file: name a folder that is new or empty")
    if folder.is_dir() and any(folder.iterdir()) and not is_ours(folder):
        raise FolderInUse(
            f"{folder} holds files that are not of an earlier walk, and a walk empties its folder: "
            f"name a folder that is new or empty, such as --out {folder / 'walk'}"
        )
    folder.mkdir(parents=True, exist_ok=True)
    for item in folder.iterdir():
        if item.is_dir() and not item.is_symlink():
            shutil.rmtree(item)
        else:
            item.unlink()
    (folder / MARKER).write_text("The evidence of one walk. The next walk to this folder empties it.\n")


def is_ours(folder: Path) -> bool:
    """Whether an earlier walk began here, or left its verdict (before there was a marker)."""
    if (folder / MARKER).is_file():
        return True
    try:
        verdict = json.loads((folder / "verdict.json").read_text())
    except (OSError, ValueError):
        return False
    return isinstance(verdict, dict) and verdict.keys() >= VERDICT_KEYS
