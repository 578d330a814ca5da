"""Corrections (更正申报) and returns taken back (申报作废): what may be done at a terminal, and what is owed after it.

税收征收管理法 art. 32: what was declared too little is owed since the limit of its period, so that the surcharge for
paying late counts from there. What was paid too much is not paid back by itself: a refund is applied for (art. 51).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from bureau.engine.agency.issuing import AGENCY, prepaid
from bureau.engine.refunds.exports import EXPORT
from bureau.engine.refusals import Refused, refuse
from bureau.engine.rules import BOOKED_AS, VAT_SMALL
from bureau.engine.subjects import Actor
from bureau.ports.core import Core
from bureau.ports.registration import Taxpayer
from bureau.ports.returns import DueRecord, Kept
from bureau.texts import say
from config.catalogue.models import Service
from kiosk.domain.tax.returns import KINDS
from sync.models import Texts

FORM = "form"
"""What the figures of a return of facts begin with; those of the VAT return have none."""
NIL = "zero"
ANNUAL = "iit-annual"
"""The return of a year's income (综合所得年度汇算), by whose settlement withheld tax is given back."""
INSURED = "social-insurance"
"""Contributions are no tax: once paid they are the insurance agency's (社会保险法), and are not refunded here."""
ELSEWHERE = (AGENCY, EXPORT)
"""Returns that begin something else and end with it: an invoice, a refund."""


FIGURES: Mapping[str, str] = {
    "vat": "vat_fen",
    "city-construction": "city_fen",
    "education": "education_fen",
    "local-education": "local_education_fen",
}
"""Which figure of a VAT return is which tax of the books."""


def corrects(service: Service) -> bool:
    """Whether the service is for corrections: its submit step says which return."""
    return any(step.kind == "submit" and "corrects" in step.data for step in service.steps)


def form_of(kept: Kept) -> str | None:
    """On which form the return is corrected; None: on none that a terminal has.

    Who declared that nothing was sold corrects it on the VAT return of the period.
    """
    form = kept.figures.get(FORM)
    if kept.filed.tax == VAT_SMALL and form in (None, NIL):
        return VAT_SMALL
    return form if form in KINDS and form != NIL else None


def why_not(kept: Kept) -> Texts:
    """Why the return cannot be corrected here; nothing when it can."""
    if not kept.stands:
        return say("correction.withdrawn" if kept.withdrawn else "correction.replaced")
    form = form_of(kept)
    if form is None:
        return say("correction.other-form")
    if form == INSURED and kept.owed_fen < kept.filed.total_fen:
        return say("correction.insured")
    return {}


def why_not_withdrawn(core: Core, kept: Kept, day: date) -> Refused | None:
    """Why the return cannot be taken back on ``day``; None when it can: in time, and nothing of it paid."""
    if not kept.stands or kept.filed.tax in ELSEWHERE:
        return refuse("nothingToCorrect")
    if any(due.held_by is not None for due in _open(core, kept)):
        return refuse("dueHeld")
    filed = kept.filed
    paid = core.returns.paid(
        filed.taxpayer, filed.tax, filed.period_first, filed.period_last, subject=kept.subject
    )
    if any(paid.values()) or given_back(core, kept) or any(due.parts for due in _open(core, kept)):
        return refuse("withdrawPaid")
    if day > kept.limit_date:
        return refuse("withdrawLate")
    return None


def changeable(kept: Kept, day: date) -> bool:
    """Whether a terminal may be able to do something about it: correct it, or take it back."""
    in_time = kept.stands and kept.filed.tax not in ELSEWHERE and day <= kept.limit_date
    return in_time or not why_not(kept)


def theirs(core: Core, taxpayer: Taxpayer, declaration: str) -> Kept:
    """The taxpayer's return of that number; raises ``Refused``."""
    kept = core.returns.kept(declaration)
    if kept is None or kept.filed.taxpayer != taxpayer.taxpayer:
        raise refuse("nothingToCorrect")
    return kept


def locked(core: Core, actor: Actor) -> Taxpayer:
    """Whose return it is, with nothing else decided about them until the transaction ends; raises ``Refused``."""
    taxpayer = core.registration.taxpayer(actor.enterprise.taxpayer, lock=True)
    if taxpayer is None:
        raise refuse("taxpayerUnknown")
    return taxpayer


def check(core: Core, kept: Kept, *, lock: bool = False) -> None:
    """Whether it may be corrected now; raises ``Refused``. ``lock``: nobody begins to pay it meanwhile."""
    if why_not(kept):
        raise refuse("nothingToCorrect")
    mine = _open(core, kept)
    if lock:
        mine = [due for one in mine if (due := core.returns.due(one.due, lock=True)) is not None]
    if any(due.held_by is not None for due in mine):
        raise refuse("dueHeld")
    if any(due.parts for due in mine):
        raise refuse("partPaid")


def paid(core: Core, taxpayer: str, first: date, last: date) -> Mapping[str, int]:
    """What was paid of a VAT period: on its returns, and for invoices that the bureau issued (代开) before them."""
    own = core.returns.paid(taxpayer, VAT_SMALL, first, last)
    before = prepaid(core, taxpayer, first, last)
    return {tax: own.get(tax, 0) + before.get(tax, 0) for tax in {**own, **before}}


def paid_of(core: Core, kept: Kept) -> Mapping[str, int]:
    """What was paid of what the return is about, on it and on those that it replaced, in fen by the tax.

    Withheld tax that was given back by a year's settlement is taken off, so that it can be below zero.
    """
    filed, period = kept.filed, (kept.filed.period_first, kept.filed.period_last)
    if filed.tax == VAT_SMALL:
        return paid(core, filed.taxpayer, *period)
    found = dict(core.returns.paid(filed.taxpayer, filed.tax, *period, subject=kept.subject))
    if kept.figures.get(FORM) == ANNUAL:
        back = sum(withheld for _, withheld in given_back(core, kept))
        found[ANNUAL] = found.get(ANNUAL, 0) - back
    return found


def given_back(core: Core, kept: Kept) -> list[tuple[date | None, int]]:
    """Withheld tax that was given back by this settlement and those that it replaced: when it was paid, and fen."""
    filed = kept.filed
    about = (filed.tax, filed.period_first, filed.period_last, kept.subject)
    chain = [
        one.filed.declaration
        for one in core.returns.filings(filed.taxpayer, filed.period_last)
        if (one.filed.tax, one.filed.period_first, one.filed.period_last, one.subject) == about
    ]
    return [
        (refund.settled_on if refund.state == "paid" else None, part.amount_fen)
        for number in chain
        for refund in core.refunds.of_declaration(number)
        for part in refund.parts
        if part.due is None
    ]


def left(taxes: Mapping[str, int], paid: Mapping[str, int]) -> Mapping[str, int]:
    """What is to be paid of each tax beyond what was paid, in fen."""
    return {tax: max(0, fen - paid.get(tax, 0)) for tax, fen in taxes.items()}


def declared(figures: Mapping[str, Any]) -> Mapping[str, int]:
    """Each tax of a VAT return as it was declared, in fen, by the name it has in the books."""
    return {tax: int(figures[name]) for tax, name in FIGURES.items()}


def declared_of(kept: Kept) -> Mapping[str, int]:
    """Each tax of any return as it was declared (``taxes``)."""
    figures = kept.figures
    return taxes(figures) if FORM in figures else declared(figures)


def taxes(figures: Mapping[str, Any]) -> Mapping[str, int]:
    """Each tax of a return of facts, in fen, by the name it has in the books; below zero what is to be given back."""
    found: dict[str, int] = {}
    for line in figures["lines"]:
        tax = BOOKED_AS.get(line["code"], line["code"])
        found[tax] = found.get(tax, 0) + int(line["tax_fen"])
    if back := int(figures.get("refund_fen", 0)):
        found[ANNUAL] = found.get(ANNUAL, 0) - back
    return found


def overpaid(taxes: Mapping[str, int], paid: Mapping[str, int]) -> Mapping[str, int]:
    """What was paid of each tax beyond what it is, in fen."""
    return {tax: max(0, paid.get(tax, 0) - taxes.get(tax, 0)) for tax in {**taxes, **paid}}


def _open(core: Core, kept: Kept) -> list[DueRecord]:
    """What is still to be paid of the return."""
    mine = core.returns.dues(kept.filed.taxpayer)
    return [due for due in mine if due.declaration == kept.filed.declaration]
