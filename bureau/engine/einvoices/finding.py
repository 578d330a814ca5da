"""One invoice of the enterprise that is acted for, and no other's."""

from __future__ import annotations

from bureau.engine.refusals import refuse
from bureau.engine.subjects import Actor
from bureau.ports.core import Core
from bureau.ports.einvoices import IssuedInvoice


def own(core: Core, actor: Actor, invoice: str) -> IssuedInvoice:
    """The invoice by its id; raises ``Refused``, in the same words for another's as for none."""
    code, _, number = invoice.rpartition("-")
    found = core.einvoices.find(code, number)
    if found is None or found.seller != actor.enterprise.taxpayer:
        raise refuse("invoiceUnknown")
    return found


def own_file(core: Core, actor: Actor, invoice: str) -> IssuedInvoice:
    """The same, of which there is a file: raises ``Refused`` for paper and for a void one."""
    found = own(core, actor, invoice)
    if found.code:
        raise refuse("invoiceOnPaper")
    if found.state == "void":
        raise refuse("invoiceVoid")
    return found
