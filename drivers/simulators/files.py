"""Files that are never seen half written."""

from __future__ import annotations

import json
import os
from pathlib import Path


def write_whole(path: Path, data: bytes, *, private: bool = False) -> None:
    """Write ``data`` under a temporary name beside ``path``, then put it in place in one step.

    A ``private`` file can be read by its owner alone.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{os.getpid()}.new")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600 if private else 0o644)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
    fresh.replace(path)


def write_json(path: Path, content: object) -> None:
    """Write ``content`` as readable JSON, whole."""
    write_whole(path, (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode("utf-8"))
