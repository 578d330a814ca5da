"""The cabinet's A4 printer as the real ``ippeveprinter``: an IPP stack that we did not write."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path

from drivers.simulators.base import NoParameters, Outcome, Pace, Simulator, action
from drivers.simulators.errors import ActionRefusedError
from drivers.simulators.ippeve import IppEvePrinter
from drivers.simulators.laser_parameters import Power, Switch, Toner
from drivers.simulators.pdf_pages import count_pages
from drivers.simulators.printed import TAKEN, PrintedStore

_POLL_S = 0.05
_FULL, _LOW = 250, 5
"""Levels that ``ippeveprinter`` calls full and low, in sheets."""


class RealPrinterSimulator(Simulator):
    """Real IPP, fewer faults.

    Paper and toner are set through the printer's own web forms, so it reports and waits by itself; a jam
    shows when a job's paper moves, and ``stall``, ``abort`` and ``lie`` come from its print command.
    """

    def __init__(
        self,
        directory: Path,
        store: PrintedStore,
        pace: Pace,
        *,
        port: int = 0,
        name: str = "documentPrinter",
    ) -> None:
        super().__init__(name, pace)
        self._store = store
        self._child = IppEvePrinter(directory, port)
        self._watcher: asyncio.Task[None] | None = None
        self._silent = False
        self._powered = True
        self._sheets, self._toner = _FULL, 75

    @property
    def uri(self) -> str:
        """The printer's address."""
        return f"ipp://localhost:{self._child.port}/ipp/print"

    async def start(self) -> None:
        """Start the child; raise ``BackendUnavailableError`` when this machine cannot."""
        await self._begin()
        if self._watcher is None:
            self._watcher = asyncio.get_running_loop().create_task(self._watch())

    async def stop(self) -> None:
        """End the child."""
        watcher, self._watcher = self._watcher, None
        if watcher is not None:
            watcher.cancel()
            await asyncio.gather(watcher, return_exceptions=True)
        await self._child.stop()

    def state(self) -> dict[str, object]:
        """Faults in force and what lies in the tray."""
        faults = self._faults()
        return {
            "uri": self.uri,
            "backend": "ippeveprinter",
            "plugged": self._child.running,
            "power": "on" if self._powered else "off",
            "silent": self._silent,
            "paper": "out" if self._sheets == 0 else "low" if self._sheets <= _LOW else "full",
            "toner": self._toner,
            "fault": faults[0] if faults else None,
            "tray": [item["file"] for item in self._store.waiting(self.name)],
            "counts": self._store.counters(self.name),
        }

    async def _begin(self) -> None:
        await self._child.start()
        await self._paper(self._sheets)
        await self._ink(self._toner)

    async def _paper(self, sheets: int) -> Outcome:
        self._sheets = sheets
        tray: dict[str, int | str] = {"size1": "iso_a4_210x297mm", "type1": "stationery", "level1": sheets}
        await self._child.supply("media", **tray, size3="", type3="", level3=-2)
        return {"paperSheets": sheets}

    async def _ink(self, percent: int) -> Outcome:
        self._toner = percent
        await self._child.supply("supplies", supply0=25, supply1=percent)
        return {"toner": percent}

    def _faults(self) -> list[str]:
        folder = self._child.faults
        return sorted(path.name for path in folder.iterdir()) if folder.exists() else []

    def _flag(self, name: str, on: bool) -> Outcome:
        flag = self._child.faults / name
        flag.parent.mkdir(parents=True, exist_ok=True)
        if on:
            flag.touch()
        else:
            flag.unlink(missing_ok=True)
        return {}

    async def _watch(self) -> None:
        """Take over every finished document."""
        while True:
            for document in sorted(self._child.out.glob("[0-9]*.pdf")):
                self._take_over(document)
            await asyncio.sleep(_POLL_S)

    def _take_over(self, document: Path) -> None:
        data = document.read_bytes()
        name, copies = (
            document.with_suffix(end).read_text("utf-8", "replace") for end in (".name", ".copies")
        )
        pages = count_pages(data) or 0
        many = int(copies) if copies.isdigit() else 1
        facts = {"name": name, "sheets": pages * many, "pages": pages, "copies": many, "complete": True}
        self._store.add(
            self.name, "certificate", "certificate.pdf", data, facts | {"jobId": int(document.stem)}
        )
        self._store.count(self.name, sheets=pages * many, jobs=1)
        for end in (".name", ".copies", ".pdf"):  # the PDF last: its going tells the job that paper is out
            document.with_suffix(end).unlink()

    # -- hands --------------------------------------------------------------------------------------

    @action("media-empty", NoParameters)
    async def media_empty(self, _: NoParameters) -> Outcome:
        """Take the paper out."""
        return await self._paper(0)

    @action("media-low", NoParameters)
    async def media_low(self, _: NoParameters) -> Outcome:
        """Leave only a few sheets."""
        return await self._paper(_LOW)

    @action("load", NoParameters)
    async def load(self, _: NoParameters) -> Outcome:
        """Fill the tray."""
        return await self._paper(_FULL)

    @action("toner", Toner)
    async def toner(self, level: Toner) -> Outcome:
        """Set the toner's level."""
        return await self._ink(level.percent)

    @action("toner-low", NoParameters)
    async def toner_low(self, _: NoParameters) -> Outcome:
        """Toner nearly used up."""
        return await self._ink(6)

    @action("jam", NoParameters)
    async def jam(self, _: NoParameters) -> Outcome:
        """Jam the next sheet that moves, until cleared."""
        return self._flag("jam", True)

    @action("stall", Switch)
    async def stall(self, switch: Switch) -> Outcome:
        """Accept jobs and never complete them."""
        return self._flag("stall", switch.on)

    @action("abort", NoParameters)
    async def abort(self, _: NoParameters) -> Outcome:
        """Throw the next job out."""
        return self._flag("abort", True)

    @action("lie", Switch)
    async def lie(self, switch: Switch) -> Outcome:
        """Say completed although nothing came out."""
        return self._flag("lie", switch.on)

    @action("silent", Switch)
    async def go_silent(self, switch: Switch) -> Outcome:
        """Take connections and answer none."""
        self._silent = switch.on
        self._child.freeze(switch.on)
        return {}

    @action("power", Power)
    async def power(self, what: Power) -> Outcome:
        """Switch it off or on; off loses every job."""
        self._powered = what.state == "on"
        await (self._begin() if self._powered else self._child.stop())
        return {}

    @action("unplug", NoParameters)
    async def unplug(self, _: NoParameters) -> Outcome:
        """It has no cable of its own: the same as switching it off."""
        await self._child.stop()
        return {}

    @action("replug", NoParameters)
    async def replug(self, _: NoParameters) -> Outcome:
        """Start it again on the same port."""
        await self._begin()
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
        """Everything mended."""
        if self._silent:
            self._silent = False
            with contextlib.suppress(ProcessLookupError):
                self._child.freeze(False)
        for fault in self._faults():
            (self._child.faults / fault).unlink(missing_ok=True)
        if self._child.running:
            await self._paper(_FULL)
            await self._ink(75)
        return {}
