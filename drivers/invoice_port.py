"""What a printer of pre-printed forms can do: the port between its service and its drivers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from config.clock import Deadline
from drivers.ports import Device, PrintResult


@dataclass(frozen=True, slots=True)
class FormPrint:
    """A form's name and the values of its fields (see ``drivers/forms.py``); a repeated field has a list."""

    form: str
    fields: Mapping[str, str | Sequence[str]]


class InvoicePrinter(Device, Protocol):
    """Dot-matrix printer for invoices and other pre-printed forms."""

    async def print_form(self, what: FormPrint, deadline: Deadline) -> PrintResult:
        """Fill in the form that lies in the printer and let it out."""
        ...

    async def void_current(self, form: str, deadline: Deadline) -> PrintResult:
        """Strike 作废 across the form that lies in the printer and let it out; the outcome is ``voided``."""
        ...

    async def forms(self) -> Mapping[str, bool]:
        """The names of the forms it knows, and whether each has a number on every sheet."""
        ...

    async def check_form(self, what: FormPrint) -> None:
        """Raise ``FormError`` when the form is unknown or cannot be filled in that way; nothing moves."""
        ...
