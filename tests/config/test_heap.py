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
