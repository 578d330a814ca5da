"""What the centre does by itself, each thing at its own pace, on one thread; trouble is logged once."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field

from bureau.errors import BureauError

log = logging.getLogger("kiosk.bureau")

TICK_S = 0.5
Turn = Callable[[str], AbstractContextManager[bool]]
"""Whether it is this process's turn to do the chore of that name."""


def always(_chore: str) -> AbstractContextManager[bool]:
    """The turn of a centre that is one process."""
    return nullcontext(True)


@dataclass(slots=True)
class Chore:
    """One thing to do every ``every_s`` seconds; ``down`` while its last try failed.

    ``own``: about this process, so that each of several does it.
    """

    name: str
    every_s: float
    work: Callable[[], object]
    own: bool = False
    next_at: float = 0.0
    down: bool = field(default=False)

    def do(self, turn: Turn = always) -> None:
        """Do it where it is our turn; a failure is logged when it begins and when it is over."""
        try:
            with always(self.name) if self.own else turn(self.name) as ours:
                if not ours:
                    return
                self.work()
        except Exception as error:
            known = isinstance(error, BureauError)
            if not self.down:
                log.warning(
                    "%s fails, tried every %g s: %s", self.name, self.every_s, error, exc_info=not known
                )
            self.down = True
        else:
            if self.down:
                log.warning("%s works again", self.name)
            self.down = False


class Housekeeping:
    """Runs chores until it is stopped. A chore of many parts looks at ``stopping`` between them."""

    def __init__(
        self,
        chores: Sequence[Chore],
        name: str = "housekeeping",
        *,
        turn: Turn = always,
        stopping: threading.Event | None = None,
        patience_s: float = 30.0,
    ) -> None:
        self.chores, self._turn = chores, turn
        self._stop = stopping or threading.Event()
        self._patience_s = patience_s
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """Finish the chore at hand and end; a chore that takes longer than ``patience_s`` ends with the program."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(timeout=self._patience_s)

    def _run(self) -> None:
        while not self._stop.wait(TICK_S):
            for chore in self.chores:
                if self._stop.is_set():
                    return
                if time.monotonic() >= chore.next_at:
                    chore.do(self._turn)
                    chore.next_at = time.monotonic() + chore.every_s
