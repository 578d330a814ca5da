"""Looks things up in the library that lies on this terminal, on a thread of its own.

Opening the library takes up to some seconds and is done when the first person asks; neither the screen nor the core
waits for it. What was asked is in no log, no record and no error: it is gone with the answer.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from kiosk.flow.effects import LookUp

if TYPE_CHECKING:
    from kiosk.domain.consult.ask import Consultation
    from kiosk.library_fetched import Editing

log = logging.getLogger("kiosk.library")
KEPT: Final = "consultation.kept"
"""The file of the state folder with what was made of the library; it holds nothing that is not in the library."""
FAILED: Final = "internal"


class LibraryDesk:
    """Answers ``LookUp``. One thread: a terminal has one person."""

    def __init__(self, state_dir: Path, edited: Editing = lambda: None) -> None:
        """``edited``: what officers wrote since the content was shipped."""
        self._kept, self._edited, self._stamp = state_dir / KEPT, edited, ""
        self._threads = ThreadPoolExecutor(1, thread_name_prefix="library")
        self._opened: Consultation | None = None

    async def look_up(self, wanted: LookUp) -> tuple[str, Mapping[str, Any]]:
        """Fault (empty: none) and what was found, as plain data in each language."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._answer, wanted)

    def close(self) -> None:
        """Take no more; what is under way ends by itself."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _answer(self, wanted: LookUp) -> tuple[str, Mapping[str, Any]]:
        try:
            # Loaded by who asks, and on this thread: the library's code and words are no part of a start.
            from kiosk import looked_up

            return "", looked_up.told(self._consultation(date.fromisoformat(wanted.today)), wanted)
        except Exception as error:
            # The words of an exception may be the person's: only what kind it was is told.
            log.error("the library could not be asked: %s", type(error).__name__)
            return FAILED, {}

    def _consultation(self, day: date) -> Consultation:
        """Opened once, and anew when officers wrote something else, or what they wrote before has begun."""
        from kiosk import consultation, library_edited

        edited = self._edited()
        stamp = library_edited.stamp(edited, day)
        if self._opened is None or stamp != self._stamp:
            change = library_edited.change(edited, day)
            self._opened = consultation.opened(self._kept, edited=change, stamp=stamp)
            self._stamp = stamp
        return self._opened
