"""The A4 printer behind IPP: one job at a time, and its status in the standard's words."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Mapping

from config.clock import Clock, Deadline
from drivers.devices.ipp_client import IppClient, PrinterLook
from drivers.devices.ipp_job import PdfJob, Timings
from drivers.devices.options import Options
from drivers.devices.registry import driver
from drivers.devices.supervised import SupervisedDevice
from drivers.devices.traits import Traits
from drivers.errors import DeviceError, DeviceNotReady, HardwareFault, InvalidData, UserFault
from drivers.ports import Media, PrintResult, Supply
from drivers.protocols import ipp_truth as truth
from drivers.protocols.ipp_wire import IppWire
from drivers.transports.ipp import IppLink

_MISSES = 2
_REMEMBERED = 200
"""Far more than a printer prints in the time for which its word about a job is taken (``HISTORY_S``)."""
_COVERS = {"coverOpen": "open", "unknown": "unknown"}
MAX_PDF = 32 * 1024 * 1024


class IppPrinter(SupervisedDevice):
    """Implements ``DocumentPrinter``.

    The printer's own word is the truth; a queue in between (CUPS) says "completed" when it has handed a
    job on, so the address should be the printer's.
    """

    def __init__(self, client: IppClient, clock: Clock, timings: Timings | None = None) -> None:
        super().__init__("documentPrinter", clock)
        self._client = client
        self._timings = timings or Timings()
        self._lock = asyncio.Lock()
        self._look: PrinterLook | None = None
        self._taken: deque[str] = deque(maxlen=_REMEMBERED)
        """Names of the last jobs that the printer may have had, whether it still knows them or not."""
        self._since = self.clock.monotonic()

    async def print_pdf(self, name: str, pdf: bytes, copies: int, deadline: Deadline) -> PrintResult:
        """Print a PDF under a unique job name; the printer's job state decides the outcome.

        A job of that name which the printer already has is followed, never sent again. Raise
        ``InvalidData`` for what is no PDF, ``DeviceNotReady`` while the printer is away and nothing has been sent.
        """
        if not pdf.startswith(b"%PDF-") or len(pdf) > MAX_PDF:
            raise InvalidData("the document is no PDF, or a larger one than any certificate")
        if not 1 <= copies <= 99 or not 1 <= len(name.encode()) <= 255:
            raise InvalidData("a job has 1 to 99 copies and a name of 1 to 255 bytes")
        self._require()
        async with self._lock:
            job = self._job(name)
            try:
                return await job.print(pdf, copies, deadline)
            finally:
                if job.taken:
                    self._taken.append(name)

    async def find_job(self, name: str, age_s: float, deadline: Deadline) -> PrintResult | None:
        """The outcome of a job of that name entered ``age_s`` ago, or None when the printer never had it."""
        self._require()
        async with self._lock:
            job = self._job(name)
            job.taken = name in self._taken
            job.remembered_s = self.clock.monotonic() - self._since
            return await job.find(age_s, deadline)

    async def reset(self, deadline: Deadline) -> None:
        """Cancel what waits, and see that the printer is well; raise ``UserFault`` or ``HardwareFault``."""
        self._require()
        async with self._lock:
            for number in await self._client.open_jobs(deadline):
                await self._client.cancel(number, deadline)
            look = await self._client.printer(deadline)
        self._seen(look)
        code = truth.fault(look.facts.reasons)
        if code in ("coverOpen", "paperOut", "tonerOut", "stackerFull"):
            raise UserFault("the document printer needs a hand; see its panel", code)
        if code is not None:
            raise HardwareFault(code)

    def _job(self, name: str) -> PdfJob:
        return PdfJob(self._client, self._timings, name, self._seen)

    async def _connect(self) -> None:
        self._look = await self._client.printer(Deadline.after(2 * self._timings.step))

    async def _watch(self) -> None:
        misses = 0
        while True:
            await asyncio.sleep(self._timings.poll)
            try:
                self._seen(await self._client.printer(Deadline.after(2 * self._timings.step)))
                misses = 0
            except DeviceError as error:
                misses += 1
                if misses >= _MISSES:
                    raise DeviceNotReady(f"the document printer does not answer: {error}") from error

    async def _disconnect(self) -> None:
        self._look = None

    def _announce(self) -> None:
        if self._look is not None:
            self._seen(self._look)

    def _seen(self, look: PrinterLook) -> None:
        if not self._connected:
            return
        self._look = look
        reasons = look.facts.reasons
        fault = truth.fault(reasons) or "none"
        details = _details(truth.media(reasons), truth.paper(reasons), truth.toner(reasons), fault)
        self._board.publish(truth.device_state(look.facts), details, "polled")

    def _away(self) -> Mapping[str, object]:
        return _details(Media.UNKNOWN, Supply.UNKNOWN, Supply.UNKNOWN, "unknown")


def _details(media: Media, paper: Supply, toner: Supply, fault: str) -> Mapping[str, object]:
    return {
        "printer": {
            "media": media.value,
            "paper": {"upper": paper.value},
            "paperType": {"upper": "single"},
            "toner": toner.value,
        },
        "paperJob": {"cover": _COVERS.get(fault, "closed"), "fault": fault},
    }


@driver("ipp", Traits(wire=IppWire))
def _create(options: Options, clock: Clock) -> IppPrinter:
    link = IppLink(options.text("uri"), verify=options.flag("verify", True), tap=options.tap)
    wanted = {key: options.text(key, "") for key in ("media", "sides")}
    return IppPrinter(IppClient(link, {key: value for key, value in wanted.items() if value}), clock)
