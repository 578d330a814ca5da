"""入账标识: an enterprise marks an invoice that it received as booked, or takes its mark back.

The invoice is told as it is for a check and counts as one, so that a mark is no way to find invoices out.
"""

from __future__ import annotations

from datetime import date

from pydantic import TypeAdapter

from bureau.engine.einvoices.checking import look, read
from bureau.engine.einvoices.words import booked_as
from bureau.engine.matters.base import Fields, Untouched, enterprise
from bureau.engine.matters.kinds import Matter
from bureau.engine.names import day_in_words
from bureau.engine.refusals import Counted, refusal, refuse
from bureau.engine.rules import Rules
from bureau.engine.subjects import Actor
from bureau.ports.core import Core
from bureau.ports.einvoices import WITHDRAWN, BookedAs, Booking, IssuedInvoice
from bureau.ports.matters import MatterCase


class BookInvoice(Untouched):
    """One mark of an enterprise on an invoice at a time; that another one has it too is told at each check."""

    def check(self, core: Core, actor: Actor, matter: Matter, fields: Fields, rules: Rules) -> Fields:
        """The invoice is theirs to book, and the mark is not there yet, or is there to be taken back."""
        invoice, taxpayer = _found(core, fields), actor.enterprise.taxpayer
        mine = invoice.mark_of(taxpayer)
        if fields["booked_as"] == WITHDRAWN:
            if mine is None:
                raise refuse("bookingNone")
            return fields
        if invoice.left_fen <= 0:
            raise refuse("bookingNotValid")
        if invoice.buyer_number not in ("", taxpayer):
            raise refuse("bookingOfAnother")
        if mine is not None and mine.how == fields["booked_as"]:
            raise refuse("bookingDone", how=booked_as(mine.how), day=day_in_words(mine.on))
        return fields

    def apply(self, core: Core, case: MatterCase, matter: Matter, day: date) -> date:
        """Kept with the invoice; earlier marks stay as history."""
        how: BookedAs = TypeAdapter(BookedAs).validate_python(case.fields["booked_as"])
        core.einvoices.book(str(case.fields["number"]), Booking(enterprise(case), how, day, case.case))
        return day


def _found(core: Core, fields: Fields) -> IssuedInvoice:
    """The 数电票 that was told, with nobody else marking it until the transaction ends; raises ``Refused``."""
    issued = date.fromisoformat(str(fields["issued"]))
    found = look(core, read("", str(fields["number"]), issued, int(fields["amount_fen"]), "")).invoice
    if found is None:
        raise Counted(refusal("bookingUnknown"))
    return core.einvoices.lock(found)
