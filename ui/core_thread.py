"""Runs the terminal's core on one asyncio thread beside the Qt thread."""

from __future__ import annotations

import asyncio
import logging
import threading

from config.settings import TerminalSettings
from kiosk.session import Session
from kiosk.wiring import run_core
from sync.errors import SyncError

log = logging.getLogger("kiosk.core")
TOLD = (SyncError, LookupError, OSError)
"""What keeps a core from starting and is told in one line by whoever waits for it (``wait_ready`` raises it)."""


class CoreThread:
    """Starts the core, tells when it draws its first screen, and stops it."""

    def __init__(self, settings: TerminalSettings, session: Session) -> None:
        self._settings, self._session = settings, session
        self._thread = threading.Thread(target=self._run, name="core", daemon=True)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: asyncio.Event | None = None
        self.error: BaseException | None = None

    def start(self) -> None:
        """Begin; returns at once."""
        self._thread.start()

    def wait_ready(self, seconds: float) -> bool:
        """Wait for the first screen; False when it does not come. Raises what the core died of."""
        ready = self._session.ready.wait(seconds)
        if self.error is not None:
            raise self.error
        return ready

    def stop(self, seconds: float = 15.0) -> None:
        """Let what is under way come to its outcome, then end."""
        loop, stop = self._loop, self._stop
        if loop is not None and stop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(stop.set)
        self._thread.join(seconds)

    @property
    def alive(self) -> bool:
        """Whether the core still runs."""
        return self._thread.is_alive()

    def _run(self) -> None:
        try:
            asyncio.run(self._main())
        except BaseException as error:
            if self._session.ready.is_set() or not _is_told(error):
                log.exception("the core died")
            self.error = error
            self._session.ready.set()

    async def _main(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        await run_core(self._settings, self._session, self._stop)


def _is_told(error: BaseException) -> bool:
    """A ``KeyError`` is a mistake of ours and wants its traceback; a plain ``LookupError`` was raised with words."""
    return isinstance(error, TOLD) and not isinstance(error, KeyError | IndexError)
