"""The simulated A4 printer of the cabinet: an IPP server whose paper trouble can be called up at will."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from config.clock import Clock
from drivers.simulators.base import NoParameters, Outcome, Pace, Simulator, action
from drivers.simulators.errors import ActionRefusedError
from drivers.simulators.http_host import HttpHost
from drivers.simulators.ipp_operations import IppPrinter
from drivers.simulators.laser_engine import LOW_SHEETS, TRAY_SHEETS, Job, LaserEngine
from drivers.simulators.laser_parameters import (
    AfterSheets,
    Cover,
    Delay,
    GarbageReply,
    Load,
    Power,
    Silent,
    Stall,
    Switch,
    Toner,
)
from drivers.simulators.link_faults import SEGMENTS, LinkFault, LinkFaults, spoilt
from drivers.simulators.printed import TAKEN, PrintedStore

_LARGEST_REQUEST = 64 * 1024 * 1024


class DocumentPrinterSimulator(Simulator):
    """IPP 2.0 over HTTP on loopback at ``/ipp/print``; keeps each PDF exactly as it was received."""

    def __init__(
        self, store: PrintedStore, pace: Pace, clock: Clock, *, port: int = 0, name: str = "documentPrinter"
    ) -> None:
        super().__init__(name, pace)
        self._store = store
        self._engine = LaserEngine(pace, self._finished)
        self._ipp = IppPrinter(self._engine, clock, "")
        routes = [
            Route("/ipp/print", self._handle, methods=["POST"]),
            Route("/", self._hello, methods=["GET"]),
        ]
        self._host = HttpHost(Starlette(routes=routes), port)
        self._silent: Silent | None = None
        self._powered = self._cable = True
        self._garbage: GarbageReply | None = None
        self._delay: Delay | None = None
        self._faults = LinkFaults()
        self._worker: asyncio.Task[None] | None = None

    @property
    def uri(self) -> str:
        """The printer's address."""
        return f"ipp://127.0.0.1:{self._host.port}/ipp/print"

    async def start(self) -> None:
        """Listen and begin to print."""
        await self._host.start()
        self._ipp.uri = self.uri
        if self._worker is None:
            self._worker = asyncio.get_running_loop().create_task(self._engine.run())

    async def stop(self) -> None:
        """Stop printing and listening."""
        worker, self._worker = self._worker, None
        if worker is not None:
            worker.cancel()
            await asyncio.gather(worker, return_exceptions=True)
        await self._host.stop()

    def state(self) -> dict[str, object]:
        """Supplies, faults, the jobs it knows and what lies in the tray."""
        engine = self._engine
        return {
            "uri": self.uri,
            "backend": "own",
            "plugged": self._cable,
            "power": "on" if self._powered else "off",
            "silent": self._silent is not None,
            "linkFaults": self._faults.told(),
            "reasons": engine.reasons,
            "paper": "out" if engine.tray == 0 else "low" if engine.tray <= LOW_SHEETS else "full",
            "paperSheets": engine.tray,
            "toner": engine.toner,
            "fault": "jam" if engine.jammed else engine.stall and "stall",
            "jobs": [
                {"id": job.id, "name": job.name, "state": job.state.name.lower(), "sheets": job.sheets}
                for job in engine.jobs.values()
            ],
            "tray": [item["file"] for item in self._store.waiting(self.name)],
            "counts": self._store.counters(self.name),
        }

    def _finished(self, job: Job) -> None:
        whole = job.sheets == job.needed
        facts = {
            "name": job.name,
            "sheets": job.sheets,
            "pages": job.pages,
            "copies": job.copies,
            "complete": whole,
            "jobId": job.id,
        }
        self._store.add(self.name, "certificate", "certificate.pdf", job.document, facts)
        self._store.count(self.name, sheets=job.sheets, jobs=1)

    # -- HTTP ---------------------------------------------------------------------------------------

    async def _hello(self, _: Request) -> Response:
        return PlainTextResponse("Simulated IPP printer. POST application/ipp to /ipp/print.\n")

    async def _handle(self, request: Request) -> Response:
        if request.headers.get("content-type", "").partition(";")[0] != "application/ipp":
            return PlainTextResponse("application/ipp expected\n", status_code=415)
        try:
            body = bytearray()
            async for chunk in request.stream():
                body += chunk
                if len(body) > _LARGEST_REQUEST:
                    return PlainTextResponse("too large\n", status_code=413)
        except ClientDisconnect:
            return Response(status_code=400)
        if self._silent is not None:
            if self._silent.after_headers:
                return StreamingResponse(self._never(request), media_type="application/ipp")
            async for _ in self._never(request):
                return Response(status_code=503)
        answer = self._ipp.answer(bytes(body))
        if self._delay is not None:
            late, left = self._delay.seconds, self._delay.count - 1
            self._delay = Delay(seconds=late, count=left) if left else None
            await asyncio.sleep(late)
        if self._garbage is not None:
            answer = random.Random(self._garbage.seed).randbytes(len(answer))
            left = self._garbage.count - 1
            self._garbage = GarbageReply(count=left, seed=self._garbage.seed + 1) if left else None
        fault = self._faults.take()
        if fault is None:
            return Response(answer, media_type="application/ipp")
        return await self._badly(fault, answer, request)

    async def _badly(self, fault: LinkFault, answer: bytes, request: Request) -> Response:
        """The answer as a bad connection brings it; one that is cut off ends with its connection."""
        if fault.fault == "drop":
            while not await request.is_disconnected():
                await asyncio.sleep(0.05)
            return Response(status_code=503)
        length = len(answer) * (2 if fault.fault == "duplicate" else 1)
        return StreamingResponse(
            spoilt(fault, answer, SEGMENTS),
            media_type="application/ipp",
            headers={"content-length": str(length)},
        )

    async def _never(self, request: Request) -> AsyncIterator[bytes]:
        """Nothing for as long as the host waits and the printer stays silent."""
        while self._silent is not None and not await request.is_disconnected():
            await asyncio.sleep(0.05)
        yield b""

    # -- hands --------------------------------------------------------------------------------------

    @action("media-empty", AfterSheets)
    async def media_empty(self, when: AfterSheets) -> Outcome:
        """Take the paper out, or let it end after some sheets."""
        if when.after_sheets is None:
            self._engine.tray = 0
        self._engine.empty_after = when.after_sheets
        self._engine.wake()
        return {}

    @action("media-low", NoParameters)
    async def media_low(self, _: NoParameters) -> Outcome:
        """Leave only a few sheets."""
        self._engine.tray = LOW_SHEETS
        return {}

    @action("load", Load)
    async def load(self, what: Load) -> Outcome:
        """Fill the tray."""
        self._engine.tray = what.sheets
        self._engine.empty_after = None
        self._engine.wake()
        return {"sheets": self._engine.tray}

    @action("jam", AfterSheets)
    async def jam(self, when: AfterSheets) -> Outcome:
        """Jam the path; when it is cleared, the sheet inside is printed again and the job goes on."""
        self._engine.jammed = when.after_sheets is None
        self._engine.jam_after = when.after_sheets
        self._engine.wake()
        return {}

    @action("toner", Toner)
    async def toner(self, level: Toner) -> Outcome:
        """Set the toner's level; 0 stops the printer."""
        self._engine.toner = level.percent
        self._engine.wake()
        return {}

    @action("toner-low", NoParameters)
    async def toner_low(self, _: NoParameters) -> Outcome:
        """Toner nearly used up; printing goes on."""
        self._engine.toner = 6
        return {}

    @action("cover", Cover)
    async def cover(self, what: Cover) -> Outcome:
        """Open or close the door."""
        self._engine.cover_open = what.state == "open"
        self._engine.wake()
        return {}

    @action("stall", Stall)
    async def stall(self, how: Stall) -> Outcome:
        """Accept jobs and never complete them."""
        self._engine.stall = how.at
        return {}

    @action("abort", NoParameters)
    async def abort(self, _: NoParameters) -> Outcome:
        """Throw the next job out before its first sheet."""
        self._engine.aborting = True
        return {}

    @action("lie", Switch)
    async def lie(self, switch: Switch) -> Outcome:
        """Say completed although no sheet comes out."""
        self._engine.lying = switch.on
        return {}

    @action("silent", Silent)
    async def go_silent(self, how: Silent) -> Outcome:
        """Take requests and answer none."""
        self._silent = how if how.on else None
        return {}

    @action("garbage", GarbageReply)
    async def garbage(self, how: GarbageReply) -> Outcome:
        """Answer the next requests with random bytes."""
        self._garbage = how
        return {}

    @action("delay", Delay)
    async def delay(self, how: Delay) -> Outcome:
        """Obey at once and answer late."""
        self._delay = how
        return {}

    @action("link", LinkFault)
    async def link_fault(self, fault: LinkFault) -> Outcome:
        """Spoil the next answers."""
        self._faults.add(fault)
        return {}

    @action("power", Power)
    async def power(self, what: Power) -> Outcome:
        """Switch it off or on; off loses every job."""
        if what.state == "off" and self._powered:
            self._powered = False
            await self._host.stop(hold=True)
            self._engine.switch_off()
        elif what.state == "on" and not self._powered:
            self._powered = True
            self._engine.switch_on()
            if self._cable:
                await self._host.start()
        return {}

    @action("unplug", NoParameters)
    async def unplug(self, _: NoParameters) -> Outcome:
        """Pull the network cable; what it has is still printed."""
        self._cable = False
        await self._host.stop(hold=True)
        return {}

    @action("replug", NoParameters)
    async def replug(self, _: NoParameters) -> Outcome:
        """Put the cable back in, same address."""
        self._cable = True
        if self._powered:
            await self._host.start()
        return {}

    @action("take", NoParameters)
    async def take(self, _: NoParameters) -> Outcome:
        """Take the sheets out of the output tray."""
        files = self._store.move(self.name, TAKEN)
        if not files:
            raise ActionRefusedError("no sheet lies in the output tray")
        return {"files": files}

    @action("clear", NoParameters)
    async def clear(self, _: NoParameters) -> Outcome:
        """Staff: jam out, door closed, paper and toner in, every injected fault gone."""
        engine = self._engine
        engine.jammed = engine.cover_open = engine.lying = engine.aborting = False
        engine.stall = engine.jam_after = engine.empty_after = None
        engine.toner = max(engine.toner, 80)
        if engine.tray <= LOW_SHEETS:
            engine.tray = TRAY_SHEETS
        self._silent = self._garbage = self._delay = None
        self._faults.clear()
        engine.wake()
        return {}
