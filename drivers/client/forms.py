"""The dot-matrix printer of numbered forms in the application's words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from drivers.client.answers import understood
from drivers.client.facades import ASK_WITHIN_S, PaperClient
from drivers.client.hub import DeviceHub
from drivers.ports import PrintOutcome, PrintResult

FORM_S = 120.0
"""A full form takes under a minute."""


class InvoicePrinterClient(PaperClient):
    """A form with code and number, printed once; ``query`` tells what became of it."""

    def __init__(self, hub: DeviceHub, role: str = "invoicePrinter") -> None:
        super().__init__(hub, role)

    async def print_invoice(
        self,
        job_key: str,
        form: str,
        code: str,
        number: str,
        fields: Mapping[str, str | Sequence[str]],
        timeout_s: float = FORM_S,
    ) -> PrintResult:
        """Print the form with that code and number.

        ``DeviceCommandFailed`` with ``numberUsed`` or ``voidPending`` means that nothing was sent.
        """
        values = {name: value if isinstance(value, str) else list(value) for name, value in fields.items()}
        invoice = {"form": form, "code": code, "number": number, "fields": values}
        payload = {"jobKey": job_key, "format": "invoice", "invoice": invoice}
        return await self._print(payload, timeout_s)

    async def void_current(
        self, job_key: str, *, by_hand: bool = False, timeout_s: float = FORM_S
    ) -> PrintOutcome:
        """Mark the spoilt form 作废, by the printer or as already done by hand; needs the operator role."""
        payload = {"jobKey": job_key, "byHand": by_hand}
        told = await self._hub.request(self._role, "InvoicePrinter.VoidCurrent", payload, timeout_s)
        with understood(self._role, "InvoicePrinter.VoidCurrent"):
            return PrintOutcome(told["outcome"])

    async def confirm(self, job_key: str) -> PrintOutcome:
        """Somebody has looked: the form in doubt is whole; needs the operator role."""
        payload = {"jobKey": job_key}
        told = await self._hub.request(self._role, "InvoicePrinter.Confirm", payload, ASK_WITHIN_S)
        with understood(self._role, "InvoicePrinter.Confirm"):
            return PrintOutcome(told["outcome"])

    async def forms(self) -> Sequence[str]:
        """The stocks that the printer knows."""
        told = await self._hub.request(self._role, "Printer.GetFormList", {}, ASK_WITHIN_S)
        with understood(self._role, "Printer.GetFormList"):
            return [str(name) for name in told["formList"]]

    async def print_alignment(self, timeout_s: float = FORM_S) -> None:
        """The page that shows how far the terminal's printer is out."""
        payload = {"formName": "alignment", "fields": {}}
        await self._hub.request(self._role, "Printer.PrintForm", payload, timeout_s)
