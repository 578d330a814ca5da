"""The invoice printer's driver at the simulated printer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from config.clock import Deadline, SystemClock
from drivers.devices.escp import EscpPrinter
from drivers.devices.escp_profile import EscpProfile
from drivers.devices.escpos_engine import Timings
from drivers.forms import Form, load_forms
from drivers.invoice_port import FormPrint
from drivers.simulators.base import Pace
from drivers.simulators.matrix_printer import MatrixPrinterSimulator
from drivers.simulators.printed import PrintedStore
from drivers.transports.channel import Channel
from drivers.transports.serial import SerialLink

FAST = Timings(answer=1.5, late=0.2, poll=0.1, look=0.05, stall=8.0)


GRID = Form.model_validate(
    {
        "name": "grid",
        "title": {"zh-CN": "试", "en-US": "test"},
        "width": 240,
        "height": 140,
        "fields": {
            "own": {"x": 20, "y": 30, "width": 80},
            "rare": {"x": 150.3, "y": 30, "width": 60},
            "right": {"x": 20, "y": 90, "width": 60, "align": "right"},
            "rows": {"x": 151.7, "y": 80.2, "width": 60, "repeat": 4, "step": 8},
            "low": {"x": 100, "y": 131, "width": 60},
        },
    }
)


INVOICE = FormPrint(
    "vat-folded",
    {
        "date": "2026年10月12日",
        "buyer.name": "云川禾木文具有限公司",
        "item.name": ["*文具*中性笔", "*文具*复印纸"],
        "item.amount": ["1500.00", "3360.00"],
        "total.amount": "¥4860.00",
        "total.words": "肆仟捌佰陆拾元整",
        "total.figures": "¥4860.00",
        "seller.name": "王〇䶮𬭚",
    },
)


def profile(**more: Any) -> EscpProfile:
    return replace(EscpProfile(line_s=0.02, forms={**load_forms(), "grid": GRID}), **more)


class Bench:
    """A printer simulator, its paper, and a driver on its serial line."""

    def __init__(self, directory: Path, **options: Any) -> None:
        self.directory = directory
        self.store = PrintedStore(directory / "printed", SystemClock())
        self.sim = MatrixPrinterSimulator(directory / "tty", self.store, Pace(100), **options)
        self.device = self.make(profile())

    def make(self, model: EscpProfile) -> EscpPrinter:
        link = SerialLink(str(self.directory / "tty"), 115200)
        return EscpPrinter(Channel(link), SystemClock(), model, link, FAST)

    async def use(self, model: EscpProfile) -> EscpPrinter:
        await self.device.close()
        self.device = self.make(model)
        await self.device.open()
        return self.device

    async def insert(self, **how: Any) -> None:
        await self.sim.do("insert", {"form": "plain", "code": "", "number": "", **how})

    async def print(self, form: str = "grid", **fields: Any) -> Any:
        what = INVOICE if form == "vat-folded" else FormPrint(form, fields)
        return await self.device.print_form(what, Deadline.after(20))

    async def items(self, count: int = 1) -> list[dict[str, Any]]:
        """So many sheets, once they are in the store."""
        async with asyncio.timeout(10):
            while len(found := self.store.items()) < count:
                await asyncio.sleep(0.01)
        return found

    def ink(self) -> np.ndarray:
        assert self.sim.last is not None
        return self.sim.last.ink.astype(bool)

    async def passes(self, count: int) -> None:
        """Wait until so many passes have been struck on the sheet inside."""
        while self.sim.sheet is None or self.sim.sheet.struck < count:
            await asyncio.sleep(0.002)


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    made = Bench(tmp_path)
    await made.sim.start()
    await made.device.open()
    yield made
    await made.device.close()
    await made.sim.stop()
