"""The processes of one stack: whose driver runs where, and how much memory each program holds."""

from __future__ import annotations

import ctypes
import os
import signal
from pathlib import Path

CHILD = "drivers.hosting_child"


def children(parent: int) -> dict[str, int]:
    """The driver processes below the device program: service name to process id."""
    found: dict[str, int] = {}
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            words = (folder / "cmdline").read_text(errors="replace").split("\0")
            above = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
        except (OSError, IndexError, ValueError):
            continue  # it ended while it was looked at
        if above == parent and CHILD in words:
            found[words[words.index(CHILD) + 2]] = int(folder.name)  # behind the descriptor
    return found


OWN = ("Pss_Anon:", "Pss_Shmem:")


def own_kb(pid: int) -> int:
    """What the process holds of its own: heap, stacks, shared memory, each page by its share; 0 when it has ended.

    Without pages of files: a library's page counts half as much as soon as another program maps it, so that the sum
    rises and falls with whatever else runs on the machine.
    """
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in lines if line.startswith(OWN))


class _Mallinfo(ctypes.Structure):
    """``struct mallinfo2`` of glibc (mallinfo(3))."""

    _fields_ = [
        (name, ctypes.c_size_t)
        for name in (
            "arena", "ordblks", "smblks", "hblks", "hblkhd", "usmblks", "fsmblks", "uordblks", "fordblks", "keepcost"
        )
    ]  # fmt: skip


def heap_in_use_kb() -> int:
    """What of this process's heap is in use, mapped pieces included: what is free between pieces is not in it.

    Where it stays as it is while ``own_kb`` grows, nothing is kept: the heap is scattered.
    """
    mallinfo = ctypes.CDLL(None).mallinfo2
    mallinfo.restype = _Mallinfo
    found = mallinfo()
    return int(found.uordblks + found.hblkhd) // 1024


def stands_still(pid: int) -> bool:
    """Whether the process is stopped by a signal (state T of proc(5))."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "T"
    except OSError:
        return False


def strike(parent: int, service: str, number: signal.Signals) -> int:
    """Send a signal to the process of a service's driver; its process id."""
    pid = children(parent)[service]
    os.kill(pid, number)
    return pid
