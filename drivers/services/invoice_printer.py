"""The service of the dot-matrix printer: forms with a number, each bound to one job and printed once."""

from __future__ import annotations

from typing import Final

from config.clock import Deadline
from drivers.books.paper import PaperJob
from drivers.books.struck import VOID, FormBook
from drivers.errors import SequenceError, UnsupportedData, UnsupportedOperation
from drivers.forms import FormError
from drivers.invoice_port import FormPrint, InvoicePrinter
from drivers.ports import PrintOutcome, PrintResult, RawPrinter
from drivers.services.base import Identity
from drivers.services.printing import Print, PrinterService
from drivers.store import Store
from drivers.supervision import Supervisor
from drivers.xfs.failure import CommandFailed
from drivers.xfs.messages import invoice_printer, paper_job, printer
from drivers.xfs.payload import Nothing
from drivers.xfs.request import Request

VOID_S: Final = 60.0
"""How long a form may take to be marked and let out when the client sets no limit."""


class InvoicePrinterService(PrinterService[InvoicePrinter]):
    """Printer of type document with PrintForm and PrintRaw, PaperJob with format ``invoice``, and InvoicePrinter.

    While the form of an earlier job is in doubt no other numbered form is begun: it may still lie in the printer.
    """

    kind = "document"
    native = False
    form_fields = frozenset({"text"})
    book_kind = FormBook
    book: FormBook

    def __init__(self, identity: Identity, supervisor: Supervisor[InvoicePrinter], store: Store) -> None:
        interfaces = (printer.INTERFACE, paper_job.INTERFACE, invoice_printer.INTERFACE)
        super().__init__(identity, supervisor, store, interfaces)
        self.offer(printer.PRINT_FORM, self._print_form)
        self.offer(printer.GET_FORM_LIST, self._form_list)
        self.offer(invoice_printer.VOID_CURRENT, self._void_current)
        self.offer(invoice_printer.CONFIRM, self._confirm)
        if isinstance(supervisor.device, RawPrinter):
            self.offer(printer.PRINT_RAW, self._print_raw)

    # -- PaperJob -----------------------------------------------------------------------------------

    def prepare(self, job: paper_job.PrintIn, printer_name: str) -> Print[InvoicePrinter]:
        """One numbered form, one copy."""
        if job.invoice is None or job.copies != 1:
            raise UnsupportedData("the invoice printer takes format 'invoice' and one copy")
        return _printing(FormPrint(job.invoice.form, job.invoice.fields))

    async def admit(self, job: paper_job.PrintIn, device: InvoicePrinter) -> None:
        """Nothing in doubt, and a form that can be filled in so: a number is not taken for less."""
        pending = await self.book.in_doubt()
        if pending is not None:
            why = f"the form of job {pending} is in doubt; look at it, then void or confirm it"
            raise CommandFailed(why, "voidPending")
        if job.invoice is not None:
            await device.check_form(FormPrint(job.invoice.form, job.invoice.fields))

    # -- InvoicePrinter -----------------------------------------------------------------------------

    async def _void_current(
        self, request: Request, payload: invoice_printer.VoidIn
    ) -> invoice_printer.OutcomeOut:
        form, outcome = await self._settled(payload.job_key)
        if outcome is not PrintOutcome.VOIDED:
            if not payload.by_hand:
                await self._mark(request, form, outcome)
            await self.book.finish(payload.job_key, PrintResult(PrintOutcome.VOIDED), VOID)
        return invoice_printer.OutcomeOut(outcome=PrintOutcome.VOIDED)

    async def _mark(self, request: Request, form: str, outcome: PrintOutcome) -> None:
        """Let the printer strike 作废 on the form that lies in it."""
        if outcome is PrintOutcome.PRINTED:
            raise CommandFailed(
                "the form has left the printer; mark it by hand and say byHand", "noMediaPresent"
            )
        with self.supervisor.using() as device:
            told = await device.void_current(form, request.deadline.within(VOID_S))
        if told.outcome is not PrintOutcome.VOIDED:
            raise CommandFailed(
                f"the form is {told.outcome}; mark it by hand and say byHand", told.error_code
            )

    async def _confirm(
        self, request: Request, payload: invoice_printer.ConfirmIn
    ) -> invoice_printer.OutcomeOut:
        _, outcome = await self._settled(payload.job_key)
        if outcome is PrintOutcome.VOIDED:
            raise SequenceError("the form is void; a void number stays void")
        if outcome is PrintOutcome.UNCERTAIN:
            await self.book.finish(payload.job_key, PrintResult(PrintOutcome.PRINTED, sheets=1), VOID)
        return invoice_printer.OutcomeOut(outcome=PrintOutcome.PRINTED)

    async def _settled(self, key: str) -> tuple[str, PrintOutcome]:
        """Form and outcome of a job with ink on its form; raise ``CommandFailed`` or ``SequenceError``.

        One whose end was never entered is in doubt as well.
        """
        job: PaperJob | None = await self.book.find(key)
        if job is None or job.service != self.name or job.numbered is None:
            raise CommandFailed("there is no such job of a numbered form", "unknownJob")
        outcome = PrintOutcome.UNCERTAIN if job.result is None else job.result.outcome
        if outcome is PrintOutcome.NOT_PRINTED:
            raise SequenceError("nothing was struck on that form; it can be used")
        return job.numbered.form, outcome

    # -- Printer ------------------------------------------------------------------------------------

    async def _print_form(self, request: Request, payload: printer.PrintFormIn) -> Nothing:
        numbered = (await self.supervisor.device.forms()).get(payload.form_name)
        if numbered is None:
            raise FormError(f"there is no form '{payload.form_name}'; ask GetFormList", "formNotFound")
        if numbered:
            raise CommandFailed("a numbered form is printed by PaperJob.Print, once", "sequenceInvalid")
        self.refuse_controls(payload.media_control)
        _refuse_layout(payload)
        try:
            await self.print_now(request, _printing(FormPrint(payload.form_name, payload.fields)))
        except CommandFailed as failed:
            if failed.code != "noMediaPresent":
                raise
            raise CommandFailed(str(failed), "paperOut") from failed  # PrintForm's own word for it
        return Nothing()

    async def _form_list(self, request: Request, payload: Nothing) -> printer.FormList:
        return printer.FormList(form_list=sorted(await self.supervisor.device.forms()))

    async def _print_raw(self, request: Request, payload: printer.PrintRawIn) -> printer.PrintRawOut:
        """The printer's own bytes."""
        if payload.input_data is printer.YesNo.YES:
            raise UnsupportedData("the printer's answers are read by its driver; use inputData 'no'")

        async def act(device: InvoicePrinter, deadline: Deadline) -> PrintResult:
            if not isinstance(device, RawPrinter):
                raise UnsupportedOperation("this driver lets no bytes through")
            return await device.print_raw(payload.data, deadline)

        await self.print_now(request, act)
        return printer.PrintRawOut()


def _refuse_layout(payload: printer.PrintFormIn) -> None:
    """Raise ``UnsupportedData`` for anything that would put the form elsewhere than its definition does."""
    if payload.media_name is not None:
        raise UnsupportedData(
            "the form itself says what paper it needs; leave mediaName out", "mediaNotFound"
        )
    if payload.resolution is not None:
        raise UnsupportedData("the form itself says how it is struck; leave resolution out")
    placed = payload.alignment in (None, "formDefinition") and not payload.offset_x and not payload.offset_y
    if not placed or payload.paper_source not in (None, "any", "upper"):
        raise UnsupportedData(
            "paper source 'any' and alignment 'formDefinition' without an offset are all there is"
        )


def _printing(what: FormPrint) -> Print[InvoicePrinter]:
    async def act(device: InvoicePrinter, deadline: Deadline) -> PrintResult:
        return await device.print_form(what, deadline)

    return act
