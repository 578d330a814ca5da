"""Corrections (更正申报): which return may be corrected at a terminal, and what is to be paid after it.

税收征收管理法 art. 32: what was declared too little is owed since the limit of its period, so that the surcharge for
paying late counts from there. What was paid too much is not paid back by itself: a refund is applied for (art. 51).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from bureau.engine.agency.issuing import prepaid
from bureau.engine.refusals import refuse
from bureau.engine.rules import VAT_SMALL
from bureau.ports.core import Core
from bureau.ports.returns import Kept
from bureau.texts import say
from config.catalogue.models import Service
from sync.models import Texts

FORM = "form"
"""What the figures of a return of facts begin with; those of the VAT return have none."""


FIGURES: Mapping[str, str] = {
    "vat": "vat_fen",
    "city-construction": "city_fen",
    "education": "education_fen",
    "local-education": "local_education_fen",
}
"""Which figure of a VAT return is which tax of the books."""


def corrects(service: Service) -> bool:
    """Whether the service is for corrections: its submit step says what is replaced."""
    return any(step.kind == "submit" and "replaces" in step.data for step in service.steps)


def why_not(kept: Kept) -> Texts:
    """Why the return cannot be corrected here; nothing when it can."""
    if not kept.stands:
        return say("correction.replaced")
    if kept.filed.tax != VAT_SMALL or FORM in kept.figures:
        return say("correction.other-form")
    return {}


def check(core: Core, kept: Kept) -> None:
    """Whether it may be corrected now; raises ``Refused``."""
    if why_not(kept):
        raise refuse("nothingToCorrect")
    mine = [
        due for due in core.returns.dues(kept.filed.taxpayer) if due.declaration == kept.filed.declaration
    ]
    if any(due.held_by is not None for due in mine):
        raise refuse("dueHeld")
    if any(due.parts for due in mine):
        raise refuse("partPaid")


def paid(core: Core, taxpayer: str, first: date, last: date) -> Mapping[str, int]:
    """What was paid of a VAT period: on its returns, and for invoices that the bureau issued (代开) before them."""
    own = core.returns.paid(taxpayer, VAT_SMALL, first, last)
    before = prepaid(core, taxpayer, first, last)
    return {tax: own.get(tax, 0) + before.get(tax, 0) for tax in {**own, **before}}


def left(taxes: Mapping[str, int], paid: Mapping[str, int]) -> Mapping[str, int]:
    """What is to be paid of each tax beyond what was paid, in fen."""
    return {tax: max(0, fen - paid.get(tax, 0)) for tax, fen in taxes.items()}


def declared(figures: Mapping[str, Any]) -> Mapping[str, int]:
    """Each tax of a VAT return as it was declared, in fen, by the name it has in the books."""
    return {tax: int(figures[name]) for tax, name in FIGURES.items()}


def overpaid(taxes: Mapping[str, int], paid: Mapping[str, int]) -> Mapping[str, int]:
    """What was paid of each tax beyond what it is, in fen."""
    return {tax: max(0, paid.get(tax, 0) - fen) for tax, fen in taxes.items()}
