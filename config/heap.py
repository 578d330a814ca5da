"""Native memory of programs that run for months: one heap for all threads, and large pieces given back at once.

glibc gives each thread a heap of its own and never returns what lies between pieces in use. A program that draws a page
now in this thread, now in that one, grows to the largest page's need in each; and a threshold that follows the largest
piece ever freed moves pictures into those heaps too. Python runs one thread at a time, so one heap costs it nothing.

Python's own collector looks for circles of what nobody holds after every 700 new containers. A program makes hundreds
of thousands while it starts, and keeps them; later, what a request or a page leaves is gone by itself but for a few.
"""

from __future__ import annotations

import ctypes
import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

_M_MMAP_THRESHOLD: Final = -3
_M_ARENA_MAX: Final = -8
LARGE: Final = 128 * 1024
"""Bytes from which a piece is mapped by itself: where glibc begins (mallopt(3)); saying it keeps it there."""
YOUNG: Final = 10_000
"""New containers after which Python looks through them for circles; some megabytes may wait for that."""


def keep_steady() -> bool:
    """Call first in ``main``, before any thread allocates. False where the C library is not glibc's."""
    gc.set_threshold(YOUNG, *gc.get_threshold()[1:])
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    return mallopt is not None and all((mallopt(_M_ARENA_MAX, 1), mallopt(_M_MMAP_THRESHOLD, LARGE)))


def give_back() -> bool:
    """Return every free page to the system, also those between pieces in use; False when there is none to return.

    Call where a lot has just been let go and a few milliseconds are nobody's: the heap else stays as large as its most
    scattered moment.
    """
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    return trim is not None and bool(trim(0))


@contextmanager
def loading() -> Iterator[None]:
    """Import a program's modules within it: all of it stays, and looking for what may go is a fifth of the time."""
    looks = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if looks:
            gc.enable()
