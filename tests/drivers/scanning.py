"""A simulated scanner with libsane's own net backend in front of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from config.clock import Clock, SystemClock
from drivers.devices.scanner import SaneScanner, Timings
from drivers.devices.scanner_setup import Words
from drivers.simulators.base import Pace
from drivers.simulators.document_scanner import DocumentScannerSimulator, write_sane_directory
from drivers.transports.sane import SaneLink

QUICK = Timings(open=6, ask=2, look=0.02, poll=0.05)


@asynccontextmanager
async def simulated(speed: float = 1000) -> AsyncIterator[DocumentScannerSimulator]:
    sim = DocumentScannerSimulator(Pace(speed))
    await sim.start()
    try:
        yield sim
    finally:
        await sim.stop()


def link_to(sim: DocumentScannerSimulator, directory: Path, stall_s: float = 4.0) -> SaneLink:
    config = write_sane_directory(directory / "sane", sim)
    return SaneLink(sim.sane_name, str(config), answer_s=3.0, stall_s=stall_s, end_s=0.5)


def scanner_of(
    sim: DocumentScannerSimulator,
    directory: Path,
    timings: Timings = QUICK,
    clock: Clock | None = None,
    words: Words | None = None,
    stall_s: float = 4.0,
) -> SaneScanner:
    return SaneScanner(link_to(sim, directory, stall_s), clock or SystemClock(), words, timings=timings)
