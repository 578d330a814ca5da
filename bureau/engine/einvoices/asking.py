"""One check (查验) of an invoice by what was told of it, in a transaction of its own or in another's."""

from __future__ import annotations

from bureau.engine.einvoices.checking import look, read
from bureau.engine.einvoices.words import verdict
from bureau.ports.core import Core
from bureau.ports.system import System
from sync.models import InvoiceCheck, InvoiceVerdict


def check_in(core: Core, told: InvoiceCheck) -> InvoiceVerdict:
    """What was found; raises ``Refused`` for what is missing or cannot be, or was checked often today."""
    return verdict(
        look(core, read(told.code or "", told.number, told.issued, told.amount_fen, told.check or ""))
    )


def check(system: System, told: InvoiceCheck) -> InvoiceVerdict:
    """The same, for who is at no terminal."""
    with system.write() as work:
        return check_in(work.core, told)
