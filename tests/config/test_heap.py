"""Heaps are glibc's own count of them, in a program of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """
import ctypes, sys, threading
from config import heap

libc = ctypes.CDLL(None)
libc.malloc.restype = libc.fopen.restype = ctypes.c_void_p
if sys.argv[1] == "steady":
    assert heap.keep_steady()
gate = threading.Barrier(6)

def work():
    gate.wait()
    libc.malloc(1000)
    gate.wait()

threads = [threading.Thread(target=work) for _ in range(6)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
sheet = ctypes.c_void_p(libc.fopen(sys.argv[2].encode(), b"w"))
libc.malloc_info(0, sheet)
libc.fclose(sheet)
"""


def heaps(how: str, sheet: Path) -> int:
    """How many heaps a program with six threads has."""
    subprocess.run([sys.executable, "-c", PROGRAM, how, str(sheet)], check=True)
    return sheet.read_text().count("<heap nr=")


@pytest.mark.parametrize(("how", "several"), [("steady", False), ("left", True)])
def test_all_threads_share_one_heap_where_glibc_would_give_them_several(
    how: str, several: bool, tmp_path: Path
) -> None:
    assert (heaps(how, tmp_path / "heaps.xml") > 1) is several


SCATTERED = """
import ctypes
from config import heap

libc = ctypes.CDLL(None)
libc.malloc.restype = ctypes.c_void_p
libc.free.argtypes = [ctypes.c_void_p]
heap.keep_steady()

def held():
    with open("/proc/self/smaps") as maps:
        inside = False
        for line in maps:
            inside = "[heap]" in line or (inside and "-" not in line.split()[0])
            if inside and line.startswith("Rss:"):
                return int(line.split()[1])

before = held()
pieces = [libc.malloc(60_000) for _ in range(400)]  # 24 MB in pieces that are not mapped by themselves
for piece in pieces:
    ctypes.memset(piece, 1, 60_000)
pin = libc.malloc(60_000)  # so the top of the heap cannot be given back
ctypes.memset(pin, 1, 60_000)
for piece in pieces:
    libc.free(piece)
left = held() - before
assert heap.give_back()
print(left, held() - before)
"""


def test_pages_between_pieces_in_use_are_given_back() -> None:
    done = subprocess.run([sys.executable, "-c", SCATTERED], check=True, capture_output=True, text=True)
    left, kept = map(int, done.stdout.split())
    assert left > 20_000, "the heap is not scattered, so nothing is shown"
    assert kept < 2_000
