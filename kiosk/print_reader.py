"""The figures that are printed on an invoice whose code cannot be read: asked of a process of its own."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import sys
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

log = logging.getLogger("kiosk.readers")
WITHIN_S: Final = 90.0
"""A page takes four seconds, one laid upside down or sideways two or three times that; a busy machine the rest."""
COMMAND: Final = (sys.executable, "-m", "kiosk.print_child")


class PrintReader:
    """Reads one page when asked, in a process that is started for it and ended with it; keeps nothing."""

    def __init__(self, command: Sequence[str] = COMMAND, within_s: float = WITHIN_S) -> None:
        self._command, self._within_s = tuple(command), within_s

    async def read(self, jpeg: bytes, today: date) -> Mapping[str, Any]:
        """``digital`` and ``figures``, by name a value and whether it is sure, or None; else ``flaw``: why none.

        Flaws: ``not-an-invoice``, ``two`` invoices, ``length``, ``picture``; ``away`` when the process ended without an
        answer or took too long, and was killed.
        """
        environment = {
            "PYTHONPATH": os.pathsep.join(path or os.getcwd() for path in sys.path),
            "LC_ALL": "C.UTF-8",
        }
        try:
            process = await asyncio.create_subprocess_exec(
                *self._command,
                str(os.getpid()),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,  # a library's words about a page are the page's
                env=environment,
            )
        except OSError as error:
            log.warning("the reader of print did not start: %s", type(error).__name__)
            return {"flaw": "away"}
        try:
            async with asyncio.timeout(self._within_s):
                header = json.dumps({"today": today.isoformat()}).encode()
                out, _ = await process.communicate(header + b"\n" + jpeg)
            answer = json.loads(out)
        except TimeoutError:
            log.warning("the reader of print took longer than %.0f s and was ended", self._within_s)
            return {"flaw": "away"}
        except ValueError:
            log.warning("the reader of print ended without an answer (%s)", process.returncode)
            return {"flaw": "away"}
        finally:  # when the person goes on without it, too
            await _ended(process)
        return answer if isinstance(answer, dict) else {"flaw": "away"}


async def _ended(process: asyncio.subprocess.Process) -> None:
    """No process of a page outlives what was asked of it."""
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await asyncio.shield(process.wait())
