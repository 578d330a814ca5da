"""Long campaigns that go on where an earlier call ended: results kept in the repository, and how long they stand.

A result names the commit it was found at. It stands until a file that it was found of differs from that commit, so that a
change makes a campaign play again what the change could have broken, and nothing else.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterable
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
WRITTEN_BY_CAMPAIGNS = (
    "tests/fuzz/corpus",
    "tests/fuzz/results",
    "tests/soak/results",
    "docs/fuzz.md",
    "docs/soak.md",
    "docs/state-machines.md",
)


def commit() -> str:
    """The commit that is checked out, marked when a file differs that a campaign does not write itself."""
    at = _git("rev-parse", "--short", "HEAD")
    changed = _git("status", "--porcelain", "--", ".", *(f":!{path}" for path in WRITTEN_BY_CAMPAIGNS))
    return f"{at}-dirty" if changed else at


def stands(found_at: str, paths: Iterable[str]) -> bool:
    """Whether what was found at this commit still holds: it is known, was clean, and ``paths`` are as they were."""
    return not found_at.endswith("-dirty") and _same(found_at, tuple(sorted(paths)))


@cache
def _same(found_at: str, paths: tuple[str, ...]) -> bool:
    differs = subprocess.run(
        ["git", "diff", "--quiet", found_at, "--", *paths], cwd=ROOT, capture_output=True, check=False
    )
    return differs.returncode == 0  # 1: differs, 128: no such commit here


def _git(*words: str) -> str:
    return subprocess.run(
        ["git", *words], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.strip()
