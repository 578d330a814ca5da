"""``invoice.check`` (发票查验): whether an invoice is genuine; kept, so that the slip's code tells it again."""

from __future__ import annotations

from typing import ClassVar

from bureau.engine.effects import Outcome, Request, Simple, accepted
from bureau.engine.einvoices.checking import look, read
from bureau.engine.einvoices.words import verdict
from bureau.ports.core import Core
from sync.models import EffectKind, InvoiceCheck


class CheckInvoice(Simple[InvoiceCheck]):
    """Anybody may ask; that somebody did counts towards the day's limit of the invoice."""

    kind: ClassVar[EffectKind] = EffectKind.INVOICE_CHECK
    model = InvoiceCheck

    def apply(self, core: Core, request: Request, data: InvoiceCheck, prepared: None) -> Outcome:
        """Compare what was told with the register."""
        asked = read(data.code or "", data.number, data.issued, data.amount_fen, data.check or "")
        return accepted(verdict(look(core, asked)), asked.number)
