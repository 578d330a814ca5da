"""Folders in memory for these tests: SIGKILL loses nothing that a disk would keep, and flushing costs nothing."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

MEMORY = Path("/dev/shm")


@pytest.fixture
def tmp_path(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder that is gone afterwards; on disk where there is no memory file system."""
    if not os.access(MEMORY, os.W_OK):
        yield tmp_path_factory.mktemp("sync")
        return
    with TemporaryDirectory(prefix="sync-", dir=MEMORY) as folder:
        yield Path(folder)
