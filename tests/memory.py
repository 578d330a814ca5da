"""Where files of tests lie: in memory, where there is enough of it.

A terminal and a centre wait for the disk at every commit, as they must: their power may go. The tests' power does not,
and a program that is killed loses nothing that it has written, in memory as on a disk. A commit takes 0.27 ms on a quiet
disk and 5 ms on one that many share, 0.01 to 0.06 in memory: it matters on a crowded machine, on a quiet one hardly.
"""

from __future__ import annotations

import os
from pathlib import Path

MEMORY = Path("/dev/shm")
ENOUGH = 6 << 30
"""Bytes that must be free: what passes is deleted, but walks leave some hundred megabytes of pictures each."""


def root() -> Path | None:
    """A folder in memory where programs can be run from, with room; None: tests lie where temporary files do."""
    if not os.access(MEMORY, os.W_OK):
        return None
    there = os.statvfs(MEMORY)
    usable = there.f_bavail * there.f_frsize >= ENOUGH and not there.f_flag & os.ST_NOEXEC
    return MEMORY if usable and _free() >= ENOUGH else None


def _free() -> int:
    """What the kernel says programs can still have, in bytes; files in memory are taken from that too."""
    for line in Path("/proc/meminfo").read_text().splitlines():
        if line.startswith("MemAvailable:"):
            return int(line.split()[1]) * 1024
    return 0
