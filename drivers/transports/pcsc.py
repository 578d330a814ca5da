"""One PC/SC reader as the loop sees it: found by name, watched by a thread of its own, and lost aloud.

pyscard's own monitor ends with a traceback when pcscd stops and tells nobody (pyscard issues 82, 128); here every
end of the watching is told as the loss of the device, also when the service merely stops to answer. Nor is the
service believed where its word cannot be true (``pcsc_belief``).
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
from collections.abc import Callable
from fnmatch import fnmatchcase
from typing import Final

from drivers.errors import DeadlinePassed, DeviceError, DeviceNotReady, LinkLost
from drivers.transports.link import Tap
from drivers.transports.pcsc_belief import Belief
from drivers.transports.pcsc_calls import Sighting
from drivers.transports.pcsc_card import CardLine
from drivers.transports.pcsc_tap import CardCalls, TappedCalls

_log = logging.getLogger("kiosk.devices.smartCard")

SLICE_S: Final = 1.0
"""How long one wait for a change lasts at most: each end of it is a sign of life."""
SILENT_S: Final = 4.0
"""Without a sign of life for so long, the watching has ceased."""
_DOUBT_S: Final = 0.2
"""The same while the service's word is in doubt."""
_OPEN_S: Final = 4.0
_HANGS: Final = "the smart card service hangs; restart pcscd"


class PcscReader:
    """A reader. ``open`` may follow ``close`` any number of times.

    ``changed`` is called on the loop with each look at the reader, also when nothing is new; ``lost`` once, with
    the reason, when the reader, the service or the watching itself has gone.

    Args:
        pattern: the reader's name as pcscd gives it, with ``*`` and ``?``, such as ``ACS ACR39U*``. The two
            numbers at its end depend on the order of plugging in and are best left to the ``*``.
        serial: its serial number, which pcscd writes into the name in parentheses; empty for any.
        place: the chain of USB sockets it is plugged in at, such as ``1-1.4``; empty for any.
        silent_s: see ``SILENT_S``; changed in tests only.
        tap: sees every call to the service.
    """

    def __init__(
        self,
        pattern: str = "*",
        serial: str = "",
        silent_s: float = SILENT_S,
        tap: Tap | None = None,
        place: str = "",
    ) -> None:
        self.changed: Callable[[Sighting], None] = lambda sighting: None
        self.lost: Callable[[DeviceError], None] = lambda error: None
        self.name = ""
        self._pattern = pattern
        self._serial = serial
        self._place = place
        self._silent_s = silent_s
        self.calls = CardCalls() if tap is None else tap.line(TappedCalls(tap))
        self._watch: _Watch | None = None
        self._hanging: list[_Watch] = []

    async def open(self) -> None:
        """Find the reader and begin to watch it.

        Raise ``LinkLost`` when service or reader is not there, ``DeviceNotReady`` when several readers fit.
        """
        await self.close()
        self._hanging = [watch for watch in self._hanging if watch.alive]
        if self._hanging:
            raise LinkLost(_HANGS)
        watch = self._watch = _Watch(self, asyncio.get_running_loop())
        try:
            async with asyncio.timeout(_OPEN_S):
                self.name = await watch.start()
        except TimeoutError:
            await self.close()
            raise LinkLost(_HANGS) from None
        except BaseException:
            await self.close()
            raise
        watch.expect_life(self._silent_s)

    async def close(self) -> None:
        """Stop watching; never raises."""
        watch, self._watch = self._watch, None
        if watch is not None and not await watch.stop():
            _log.error("%s", _HANGS)
            self._hanging.append(watch)

    def card(self) -> CardLine:
        """A connection to the card in this reader."""
        return CardLine(self.name, self.calls)

    def choose(self, names: list[str], context: int = 0) -> str:
        """The one reader meant, among ``names``; ``context`` is the calling thread's, to ask for their sockets."""
        pattern = self._pattern.replace("[", "[[]")  # "[CCID Interface]" is part of many names, and no set
        serial = f"({self._serial})" if self._serial else ""
        fits = [name for name in names if fnmatchcase(name, pattern) and serial in name]
        if not fits:
            raise LinkLost(
                f"no card reader is called '{self._pattern}'; there are: {', '.join(names) or 'none'}"
            )
        if self._place:
            there = [name for name in fits if self.calls.at(context, name, self._place)]
            if not there:
                raise LinkLost(
                    f"none of {', '.join(fits)} is known to be at USB socket {self._place}; plug the reader in there, "
                    "end a program that holds it, or take 'usb_socket' out where its driver does not tell the socket"
                )
            fits = there
        if len(fits) > 1:
            raise DeviceNotReady(
                f"'{self._pattern}' fits {' and '.join(fits)}; write 'serial', 'usb_socket' or a closer name"
            )
        return fits[0]

    def drop(self, watch: _Watch, error: DeviceError) -> None:
        """A watch has ended by itself (called on the loop)."""
        if self._watch is watch and watch.running:
            watch.running = False
            self.lost(error)


class _Watch:
    """One opening: the thread that waits for changes, and the loop's look at whether it still does."""

    def __init__(self, reader: PcscReader, loop: asyncio.AbstractEventLoop) -> None:
        self.running = False
        self._reader = reader
        self._calls = reader.calls
        self._loop = loop
        self._opened: asyncio.Future[str] = loop.create_future()
        self._context: int | None = None
        self._over = False
        self._thread = threading.Thread(target=self._run, name="pcsc-watch", daemon=True)
        self._alarm: asyncio.TimerHandle | None = None
        self._silent_s = SILENT_S

    @property
    def alive(self) -> bool:
        """Whether the thread has not ended yet."""
        return self._thread.is_alive()

    async def start(self) -> str:
        """Start; the name of the reader found."""
        self._thread.start()
        return await self._opened

    def expect_life(self, silent_s: float) -> None:
        """From now on, silence for ``silent_s`` is a loss."""
        self._silent_s = silent_s
        self._heard()

    async def stop(self) -> bool:
        """End the thread; False when it hangs."""
        self._over = True
        self.running = False
        if self._alarm is not None:
            self._alarm.cancel()
        end = self._loop.time() + 2 * SLICE_S
        canceller: threading.Thread | None = None
        while self._thread.is_alive() and self._loop.time() < end:
            # Again and again, since a cancel that comes just before the wait begins is lost; and on a thread,
            # since a service that hangs holds this call too.
            context = self._context
            if context is not None and (canceller is None or not canceller.is_alive()):
                canceller = threading.Thread(target=self._calls.cancel, args=(context,), daemon=True)
                canceller.start()
            await asyncio.sleep(0.005)
        return not self._thread.is_alive()

    def _run(self) -> None:
        try:
            self._context = self._calls.establish()
            try:
                self._look(self._context)
            finally:
                context, self._context = self._context, None
                self._calls.release(context)
        except DeviceError as error:
            self._post(self._end, error)
        except Exception as error:
            _log.exception("watching a card reader failed")
            self._post(self._end, LinkLost(f"the card reader is no longer watched ({type(error).__name__})"))

    def _look(self, context: int) -> None:
        name = self._reader.choose(self._calls.readers(context), context)
        seen, listed, other = self._calls.watch(context, name, (0, 0), 0)
        self._tell(name, seen)  # before the reader is asked: a card that hangs holds that up
        belief = Belief(lambda said: self._calls.ask(context, name, said))
        while not self._over:
            if other and name not in self._calls.readers(context):
                raise LinkLost(f"card reader {name} is gone; check its cable")
            self._tell(name, belief.hear(seen))
            try:
                wait_s = _DOUBT_S if belief.doubtful else SLICE_S
                seen, listed, other = self._calls.watch(context, name, (seen.mark, listed), wait_s)
            except DeadlinePassed:
                other = False  # nothing new, which is a look at the reader too

    def _tell(self, name: str, believed: Sighting) -> None:
        self._calls.told(believed)
        self._post(self._saw, name, believed)

    def _post(self, function: Callable[..., None], *args: object) -> None:
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody listens any more
            self._loop.call_soon_threadsafe(function, *args)

    def _saw(self, name: str, seen: Sighting) -> None:
        if self._over:
            return
        if not self._opened.done():
            self.running = True
            self._opened.set_result(name)
        self._heard()
        self._reader.changed(seen)

    def _heard(self) -> None:
        if self._alarm is not None:
            self._alarm.cancel()
        if self.running:
            self._alarm = self._loop.call_later(self._silent_s, self._end, LinkLost(_HANGS))

    def _end(self, error: DeviceError) -> None:
        if self._alarm is not None:
            self._alarm.cancel()
        if not self._opened.done():
            self._opened.set_exception(error)
        else:
            self._reader.drop(self, error)
