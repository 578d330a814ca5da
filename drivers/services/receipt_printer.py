"""The receipt printer's service."""

from __future__ import annotations

import json

from config.clock import Deadline
from drivers.errors import InvalidData, UnsupportedData, UnsupportedOperation
from drivers.ports import PrintResult, RawPrinter, ReceiptPrinter
from drivers.receipt import parse_receipt
from drivers.services.base import Identity
from drivers.services.printing import Print, PrinterService
from drivers.store import Store
from drivers.supervision import Supervisor
from drivers.xfs.messages import paper_job, printer
from drivers.xfs.request import Request


class ReceiptPrinterService(PrinterService[ReceiptPrinter]):
    """Printer of type receipt, and PaperJob with format ``receipt``.

    A receipt printer cannot be asked about an earlier job, so one that a power cut left open stays in doubt.
    """

    kind = "receipt"
    controls = frozenset({"eject", "cut"})

    def __init__(self, identity: Identity, supervisor: Supervisor[ReceiptPrinter], store: Store) -> None:
        super().__init__(identity, supervisor, store, (printer.INTERFACE, paper_job.INTERFACE))
        if isinstance(supervisor.device, RawPrinter):
            self.offer(printer.PRINT_RAW, self._print_raw)

    async def _print_raw(self, request: Request, payload: printer.PrintRawIn) -> printer.PrintRawOut:
        """The printer's own bytes, for a driver that lets them through."""
        if payload.input_data is printer.YesNo.YES:
            raise UnsupportedData("the printer's answers are read by its driver; use inputData 'no'")

        async def act(device: ReceiptPrinter, deadline: Deadline) -> PrintResult:
            if not isinstance(device, RawPrinter):
                raise UnsupportedOperation("this driver lets no bytes through")
            return await device.print_raw(payload.data, deadline)

        await self.print_now(request, act)
        return printer.PrintRawOut()

    def prepare(self, job: paper_job.PrintIn, printer_name: str) -> Print[ReceiptPrinter]:
        """Check the blocks before anything is entered."""
        if job.receipt is None or job.copies != 1:
            raise UnsupportedData("the receipt printer takes format 'receipt' and one copy")
        lines, key = job.receipt, job.job_key
        parse_receipt(lines)

        async def act(device: ReceiptPrinter, deadline: Deadline) -> PrintResult:
            # A driver that died, or that was started anew, no longer knows whose paper hangs from the printer.
            return await device.print_receipt(lines, deadline, await self.book.left_hanging(key))

        return act

    def prepare_native(self, data: bytes, printer_name: str) -> Print[ReceiptPrinter]:
        """Blocks as a JSON list in UTF-8."""
        try:
            lines = json.loads(data.decode("utf-8"))
        except (ValueError, RecursionError):
            raise InvalidData("the data is no JSON; send receipt blocks as a list") from None
        if not isinstance(lines, list) or not all(isinstance(line, dict) for line in lines):
            raise InvalidData("the data is no list of receipt blocks")
        parse_receipt(lines)

        async def act(device: ReceiptPrinter, deadline: Deadline) -> PrintResult:
            return await device.print_receipt(lines, deadline, False)

        return act
