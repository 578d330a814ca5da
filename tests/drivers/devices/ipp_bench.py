"""The A4 printer's driver at the cabinet's own IPP printer."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from config.clock import SystemClock
from drivers.devices.ipp_client import IppClient
from drivers.devices.ipp_job import Timings
from drivers.devices.ipp_printer import IppPrinter
from drivers.ports import Snapshot
from drivers.simulators.base import Pace
from drivers.simulators.document_printer import DocumentPrinterSimulator
from drivers.simulators.printed import PrintedStore
from drivers.transports.ipp import IppLink

FAST = Timings(step=0.6, job_poll=0.05, poll=0.1, reserve=0.6, counter=0.3)


def pdf(pages: int = 1) -> bytes:
    """A small valid PDF of empty A4 pages."""
    kids = " ".join(f"{n + 3} 0 R" for n in range(pages))
    bodies = ["<< /Type /Catalog /Pages 2 0 R >>", f"<< /Type /Pages /Kids [{kids}] /Count {pages} >>"]
    bodies += ["<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>"] * pages
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(bodies, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode()
    start = len(out)
    out += f"xref\n0 {len(bodies) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{place:010d} 00000 n \n".encode() for place in places)
    tail = f"trailer << /Size {len(bodies) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n"
    return out + tail.encode()


class Bench:
    def __init__(self, directory: Path) -> None:
        self.store = PrintedStore(directory / "printed", SystemClock())
        self.sim = DocumentPrinterSimulator(self.store, Pace(50), SystemClock())

    def sheets(self) -> int:
        return sum(item["sheets"] for item in self.store.items())

    def jobs(self) -> list[dict[str, Any]]:
        jobs = self.sim.state()["jobs"]
        assert isinstance(jobs, list)
        return jobs


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    made = Bench(tmp_path)
    await made.sim.start()
    yield made
    await made.sim.stop()


@pytest.fixture
async def device(bench: Bench) -> AsyncIterator[IppPrinter]:
    made = printer(bench.sim.uri)
    await made.open()
    yield made
    await made.close()


def printer(uri: str) -> IppPrinter:
    return IppPrinter(IppClient(IppLink(uri, step_s=0.6), {}), SystemClock(), FAST)


def supplies(snapshot: Snapshot) -> tuple[object, object]:
    section = snapshot.details["printer"]
    assert isinstance(section, dict)
    return section["paper"]["upper"], section["toner"]
