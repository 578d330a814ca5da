"""Processes that must not outlive the program that started them, also where that is killed and can tell nobody."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
from typing import Final

_PR_SET_PDEATHSIG: Final = 1


def die_with(parent: int) -> None:
    """Ask the kernel to kill this process when ``parent`` goes, even while native code holds it.

    ``parent`` is the process id of whoever started this one. It may have gone before it was asked: then this ends at
    once.
    """
    with contextlib.suppress(OSError):
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)
