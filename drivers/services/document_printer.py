"""The A4 document printer's service."""

from __future__ import annotations

from typing import Final

from config.clock import Deadline
from drivers.books.paper import PaperJob
from drivers.errors import InvalidData, UnsupportedData
from drivers.ports import DocumentPrinter, PrintOutcome, PrintResult
from drivers.services.base import Identity
from drivers.services.printing import Print, PrinterService
from drivers.store import Store
from drivers.supervision import Supervisor
from drivers.xfs.messages import paper_job, printer

PROBE_S: Final = 5.0


class DocumentPrinterService(PrinterService[DocumentPrinter]):
    """Printer of type document, and PaperJob with format ``pdf``; the printer itself is asked about old jobs."""

    kind = "document"
    can_ask = True
    asking_s = PROBE_S

    def __init__(self, identity: Identity, supervisor: Supervisor[DocumentPrinter], store: Store) -> None:
        super().__init__(identity, supervisor, store, (printer.INTERFACE, paper_job.INTERFACE))

    def prepare(self, job: paper_job.PrintIn, printer_name: str) -> Print[DocumentPrinter]:
        """Check that it is a PDF before anything is entered."""
        if job.data is None:
            raise UnsupportedData("the document printer takes format 'pdf'")
        return _printing(job.data, printer_name, job.copies)

    def prepare_native(self, data: bytes, printer_name: str) -> Print[DocumentPrinter]:
        """A PDF."""
        return _printing(data, printer_name, 1)

    async def probe(self, device: DocumentPrinter, job: PaperJob) -> PrintResult | None:
        """The printer's job list; a job it never had was not printed."""
        age_s = self.book.age_s(job)
        found = await device.find_job(job.printer_name, age_s, Deadline.after(PROBE_S))
        return found or PrintResult(PrintOutcome.NOT_PRINTED)


def _printing(pdf: bytes, name: str, copies: int) -> Print[DocumentPrinter]:
    if not pdf.startswith(b"%PDF-"):
        raise InvalidData("the data is no PDF")

    async def act(device: DocumentPrinter, deadline: Deadline) -> PrintResult:
        return await device.print_pdf(name, pdf, copies, deadline)

    return act
