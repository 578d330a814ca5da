"""The document scanner behind SANE: one sheet at a time, its images made here and kept nowhere."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final

from config.clock import Clock, Deadline
from drivers.devices.options import Options
from drivers.devices.registry import driver
from drivers.devices.scanner_image import page_image
from drivers.devices.scanner_setup import Setting, Setup, Words, extra_settings
from drivers.devices.supervised import SupervisedDevice
from drivers.devices.traits import Traits
from drivers.errors import (
    DeadlinePassed,
    DeviceError,
    HardwareFault,
    LinkLost,
    MediaMissing,
    UnsupportedData,
    UserFault,
)
from drivers.ports import DeviceState
from drivers.ports_documents import PageImage, PageOrder, PageSide, ScannerAbility
from drivers.protocols.sane import Frame
from drivers.protocols.sane_wire import SaneWire
from drivers.transports.sane import ANSWER_S, STALL_S, SaneLink

LAMP_DIM: Final = 150
"""Paper is far brighter than this while the lamp is well (255 is white)."""
LAMP_PAGES: Final = 3
"""So many dim pages in a row are the lamp's fault, not a dark document's."""


@dataclass(frozen=True, slots=True)
class Timings:
    """Seconds."""

    open: float = 20.0
    ask: float = 5.0
    look: float = 0.3  # between two looks at the feeder while somebody waits for a sheet
    poll: float = 3.0
    reopen: float = 10.0  # without sensors


class SaneScanner(SupervisedDevice):
    """Implements ``DocumentScanner``.

    A scanner with sensors is asked by them how it is; one without is opened anew from time to time while nobody
    scans, since libsane knows no other question.
    """

    def __init__(
        self,
        link: SaneLink,
        clock: Clock,
        words: Words | None = None,
        extra: Sequence[Setting] = (),
        timings: Timings | None = None,
    ) -> None:
        super().__init__("documentScanner", clock)
        self._link = link
        self._words = words or Words()
        self._extra = tuple(extra)
        self._timings = timings or Timings()
        self._lock = asyncio.Lock()
        self._broken = asyncio.Event()
        self._setup = Setup({}, self._words, ())
        self._forget()

    def _forget(self) -> None:
        self._sensors: Mapping[str, object] = {}
        self._fault: str | None = None
        self._dim = dict.fromkeys(PageSide, 0)

    async def ability(self) -> ScannerAbility:
        """What the connected scanner can do."""
        self._require()
        return self._setup.ability()

    async def load(self, deadline: Deadline) -> None:
        """Wait until a sheet lies in the feeder; raise ``MediaMissing``, or ``UserFault`` for an open cover."""
        async with self._alone(deadline):
            await self._ready((), deadline)
            await self._sheet_there(deadline)

    async def scan(self, order: PageOrder, deadline: Deadline) -> Sequence[PageImage]:
        """Scan one sheet; one that is not there yet is waited for."""
        async with self._alone(deadline):
            settings = self._setup.settings(order)
            await self._ready(settings, deadline)
            await self._sheet_there(deadline)
            try:
                # A duplex scanner gives the front first, in whatever order somebody asks.
                sides = [side for side in PageSide if side in order.sides]
                pages = [await self._page(side, side is sides[0], order, deadline) for side in sides]
            except HardwareFault as error:
                raise await self._told(error) from error
            finally:
                await self._let_out()
            self._fault = None
            with contextlib.suppress(DeviceError):  # the sheet has been read; the next call tells
                await self._look(Deadline.after(self._timings.ask))
            return pages

    async def reset(self, deadline: Deadline) -> None:
        """Let the paper out and start libsane anew."""
        async with self._alone(deadline):
            self._forget()
            await self._begin(deadline)
            self._show()

    # -- one sheet ----------------------------------------------------------------------------------

    async def _sheet_there(self, deadline: Deadline) -> None:
        """Wait for the sensor that tells of a sheet, if there is one."""
        while True:
            try:
                await self._look(deadline)
            except DeadlinePassed:
                raise MediaMissing("no sheet was laid into the scanner in time") from None
            if self._sensors.get("cover-open"):
                raise UserFault("the scanner's cover is open; close it", "coverOpen")
            if not self._setup.has_feeder or self._sensors.get("page-loaded", True):
                return
            await self._patience(deadline)

    async def _page(self, side: PageSide, first: bool, order: PageOrder, deadline: Deadline) -> PageImage:
        frames = [await self._frame(first, deadline)]
        while frames[0].kind not in ("gray", "rgb") and len(frames) < 3:
            frames.append(await self._begun(deadline))
        image, whiteness = await asyncio.to_thread(page_image, frames, side, order, self.clock.now().date())
        self._dim[side] = self._dim[side] + 1 if whiteness < LAMP_DIM else 0
        return image

    async def _frame(self, first: bool, deadline: Deadline) -> Frame:
        """The next frame. The first one waits for a sheet that no sensor tells of."""
        while True:
            try:
                return await self._begun(deadline)
            except MediaMissing:
                if not first:
                    raise HardwareFault(
                        "mediaJammed", "the sheet's back did not come; look into the scanner"
                    ) from None
                await self._patience(deadline)

    async def _begun(self, deadline: Deadline) -> Frame:
        return await self._link.frame(deadline, drawn_in=self._setup.has_feeder)

    async def _patience(self, deadline: Deadline) -> None:
        if deadline.passed:
            raise MediaMissing("no sheet was laid into the scanner in time")
        left = deadline.remaining
        await asyncio.sleep(self._timings.look if left is None else min(self._timings.look, left))

    async def _let_out(self) -> None:
        """End the sheet. When that fails the sheet has been read all the same; the next call tells."""
        with contextlib.suppress(DeviceError):
            await self._ask("cancel", Deadline.after(self._timings.ask))

    async def _told(self, error: HardwareFault) -> HardwareFault:
        """The fault by its right name: backends call two sheets at once a jam, and tell by a sensor."""
        with contextlib.suppress(DeviceError):
            await self._look(Deadline.after(self._timings.ask))
        self._fault = error.code
        self._show()
        if error.code == "mediaJammed" and self._sensors.get("double-feed"):
            return HardwareFault("doubleFeed", "two sheets went in at once; take both out and lay one in")
        return error

    # -- life ---------------------------------------------------------------------------------------

    @asynccontextmanager
    async def _alone(self, deadline: Deadline) -> AsyncIterator[None]:
        """One call at a time; when libsane is lost in it, so is the device."""
        self._require()
        try:
            async with asyncio.timeout(deadline.remaining):
                await self._lock.acquire()
        except TimeoutError:
            raise DeadlinePassed("the scanner is still busy with the call before") from None
        try:
            self._require()
            yield
        except LinkLost:
            self._lose()
            raise
        finally:
            if self._link.dead:
                self._lose()
            self._lock.release()

    def _lose(self) -> None:
        self._connected = False
        self._broken.set()

    async def _ask(self, do: str, deadline: Deadline, **parts: object) -> Any:
        return await self._link.ask({"do": do, **parts}, deadline)

    async def _connect(self) -> None:
        self._broken.clear()
        self._forget()
        await self._begin(Deadline.after(self._timings.open))

    async def _ready(self, settings: Sequence[Setting], deadline: Deadline) -> None:
        """The scanner set as it is wanted; libsane is started anew once when it has lost its line.

        It tells nobody that a scanner was pulled out and put back, and takes a torn answer for a refusal.
        """
        try:
            await self._set(settings, deadline)
        except (LinkLost, UnsupportedData):
            await self._begin(deadline)
            await self._set(settings, deadline)

    async def _set(self, settings: Sequence[Setting], deadline: Deadline) -> None:
        await self._look(deadline)
        for name, value in settings:
            await self._ask("set", deadline, name=name, value=value)
        # Another source has other limits: what the scanner now offers is what the next order may ask for.
        self._setup = Setup(await self._ask("options", deadline), self._words, self._extra)

    async def _begin(self, deadline: Deadline) -> None:
        """Start libsane, open the scanner, look at its sensors."""
        self._setup = Setup(await self._link.open(deadline), self._words, self._extra)
        self._sensors = await self._ask("get", deadline, names=self._setup.sensors)

    def _announce(self) -> None:
        self._show()

    async def _watch(self) -> None:
        while not self._broken.is_set():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(
                    self._timings.poll if self._setup.sensors else self._timings.reopen
                ):
                    await self._broken.wait()
            if not self._lock.locked() and not self._broken.is_set():
                async with self._alone(Deadline.after(self._timings.ask)):
                    await self._confirm(Deadline.after(self._timings.ask))
        raise LinkLost("the scanner is lost; check its cable and power")

    async def _confirm(self, deadline: Deadline) -> None:
        if not self._setup.sensors:
            self._setup = Setup(await self._link.reopen(deadline), self._words, self._extra)
        await self._look(deadline)

    async def _disconnect(self) -> None:
        await self._link.close()

    async def _look(self, deadline: Deadline) -> None:
        """Ask the sensors and show what they say."""
        if self._setup.sensors:
            self._sensors = await self._ask("get", deadline, names=self._setup.sensors)
        self._show()

    def _show(self) -> None:
        device = DeviceState.ONLINE
        if self._fault is not None:
            device = DeviceState.HARDWARE_ERROR
        elif self._sensors.get("cover-open"):
            device = DeviceState.USER_ERROR
        # Without a sensor it is libsane's opening of the device that tells, not the device.
        self._board.publish(
            device, {"documentScanner": self._details()}, "polled" if self._sensors else "inferred"
        )

    def _details(self) -> Mapping[str, object]:
        loaded, cover = self._sensors.get("page-loaded"), self._sensors.get("cover-open")
        found: dict[str, object] = {
            "media": "jammed" if self._fault else _word(loaded, "present", "notPresent"),
            "cover": _word(cover, "open", "closed"),
        }
        if self._setup.has_feeder:
            found["mediaFeeder"] = _word(loaded, "notEmpty", "empty")
        for side in self._setup.ability().sides:
            found[f"{side}ImageScanner"] = "fading" if self._dim[side] >= LAMP_PAGES else "ok"
        return found

    def _away(self) -> Mapping[str, object]:
        names = ("media", "cover", "mediaFeeder", "frontImageScanner")
        return {"documentScanner": dict.fromkeys(names, "unknown")}


def _word(sensor: object, yes: str, no: str) -> str:
    """What a sensor says; ``unknown`` where there is none."""
    return "unknown" if sensor is None else yes if sensor else no


@driver("scanner-sane", Traits(wire=SaneWire))
def _create(options: Options, clock: Clock) -> SaneScanner:
    link = SaneLink(
        options.text("device"),
        options.text("config_dir", "/etc/sane.d"),
        options.number("answer_s", ANSWER_S, 0.1, 120),
        options.number("stall_s", STALL_S, 0.1, 120),
        tap=options.tap,
    )
    words = Words(options.text("front", "auto"), options.text("duplex", "auto"))
    return SaneScanner(link, clock, words, extra_settings(options.text("set", "")))
