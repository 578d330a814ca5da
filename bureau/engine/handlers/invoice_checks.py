"""``invoice.check`` (发票查验): whether an invoice is genuine; kept, so that the slip's code tells it again."""

from __future__ import annotations

from typing import ClassVar

from bureau.engine.effects import Outcome, Request, Simple, accepted
from bureau.engine.einvoices.asking import check_in
from bureau.ports.core import Core
from sync.models import EffectKind, InvoiceCheck


class CheckInvoice(Simple[InvoiceCheck]):
    """Anybody may ask; that somebody did counts towards the day's limit of the invoice."""

    kind: ClassVar[EffectKind] = EffectKind.INVOICE_CHECK
    model = InvoiceCheck

    def apply(self, core: Core, request: Request, data: InvoiceCheck, prepared: None) -> Outcome:
        """Compare what was told with the register."""
        found = check_in(core, data)
        return accepted(found, found.number)
