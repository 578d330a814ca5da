"""``bill.payable``: what a payment voucher is for, told to whoever holds it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from bureau.engine import bills
from bureau.engine.einvoices.words import masked
from bureau.engine.queries.registry import Query, of_actor
from bureau.engine.rules import Rules
from bureau.engine.subjects import Actor
from bureau.ports.core import Core
from bureau.ports.system import System
from config.clock import CHINA
from kiosk.domain.masking import mask_name
from sync.models import BillShown, Wire


class BillParams(Wire):
    """Params of ``bill.payable``: the number in the voucher's code."""

    number: Annotated[str, Field(max_length=32)]


def questions(system: System, rules: Rules) -> Mapping[str, Query]:
    """The query of payment vouchers."""

    def payable(core: Core, actor: Actor, wanted: BillParams) -> BillShown:
        return _shown(core, wanted.number, rules)

    return {"bill.payable": of_actor(system, BillParams, BillShown, payable)}


def _shown(core: Core, number: str, rules: Rules) -> BillShown:
    """Whose it is, a person's name and number with most of it hidden, and what it costs today; raises ``Refused``."""
    bill = bills.payable(core, number)
    taxpayer, dues = core.registration.taxpayer(bill.taxpayer), bills.shown(core, bill, rules)
    assert taxpayer is not None, "a bill is of a taxpayer in the register"
    shown = masked(taxpayer.taxpayer)
    tax, late = sum(due.amount_fen for due in dues), sum(due.late_fee_fen for due in dues)
    return BillShown(
        number=bill.bill,
        taxpayer=shown,
        name=taxpayer.name if shown == taxpayer.taxpayer else mask_name(taxpayer.name),
        issued_on=bill.issued_at.astimezone(CHINA).date(),
        valid_until=bill.valid_until,
        dues=dues,
        tax_fen=tax,
        late_fee_fen=late,
        total_fen=tax + late,
    )
