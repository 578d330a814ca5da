"""Invoices that an enterprise holds are checked as used, handed in, or reported lost: one effect, told by data."""

from __future__ import annotations

from datetime import date, timedelta

from bureau.engine.entitlement import verified_until
from bureau.engine.matters.base import Fields, enterprise
from bureau.engine.matters.kinds import Matter, Numbers
from bureau.engine.refusals import refuse
from bureau.engine.rules import Rules
from bureau.engine.subjects import Actor
from bureau.ports.core import Core
from bureau.ports.holdings import Fate, Settled
from bureau.ports.matters import MatterCase
from bureau.texts import say
from kiosk.domain.errors import RangeError
from kiosk.domain.invoices import InvoiceRange, subtract
from kiosk.domain.tax_control import last_day


class SettleNumbers:
    """Consecutive numbers of one code (发票代码), each judged against the ledger and the issuing data (开具数据)."""

    def check(self, core: Core, actor: Actor, matter: Matter, fields: Fields, rules: Rules) -> Fields:
        """All of them are the enterprise's, stand as they must, and were written on or not, as it must be."""
        judged, code, numbers = _rules(matter), str(fields["code"]), _numbers(fields)
        taxpayer = actor.enterprise.taxpayer
        held = core.holdings.within(taxpayer, code, numbers)
        if strange := subtract([numbers], [part for part, _ in held]):
            raise refuse("numbersNotHeld", paper=code, numbers=_spell(strange[0]))
        for part, state in held:
            if state not in judged.of:
                raise refuse("numbersSettled", numbers=_spell(part), state=say(f"held-state.{state}"))
        uploaded = core.holdings.uploaded(taxpayer, code, numbers)
        if judged.uploaded == "every" and (missing := subtract([numbers], uploaded)):
            raise refuse("numbersNotUploaded", numbers=_spell(missing[0]))
        if judged.uploaded == "none" and uploaded:
            raise refuse("numbersUsed", numbers=_spell(uploaded[0]))
        return {**fields, "sheets": numbers.count}

    def apply(self, core: Core, case: MatterCase, matter: Matter, day: date) -> date:
        """They are what the matter makes of them; whoever decided is the ledger's operator."""
        fate = Fate(_rules(matter).becomes)
        operator = case.decided_by if matter.decision == "officer" else None
        core.holdings.settle(_settled(case, operator or ""), fate)
        if fate is Fate.USED:
            _verify(core, enterprise(case), day)
        if fate is Fate.LOST:
            core.cases.open("invoices-lost", case.case, {"taxpayer": case.taxpayer, **case.fields})
        return day

    def wait(self, core: Core, case: MatterCase, matter: Matter, rules: Rules) -> None:
        """On the way to the counter nothing else happens to them."""
        waits = _rules(matter).waits
        assert waits is not None, "the matter's file says what they are while an officer decides"
        core.holdings.settle(_settled(case), Fate(waits))

    def drop(self, core: Core, case: MatterCase, matter: Matter) -> None:
        """The counter did not take them: they are with the enterprise as before."""
        core.holdings.settle(_settled(case), Fate.KEPT)


def _settled(case: MatterCase, operator: str = "") -> Settled:
    """What the case is about."""
    return Settled(enterprise(case), str(case.fields["code"]), _numbers(case.fields), case.case, operator)


def _verify(core: Core, taxpayer: str, day: date) -> None:
    """Used invoices are checked up to where issuing data and checks both reach, never beyond what is asked of today."""
    latest, left = core.holdings.uploaded_to(taxpayer), core.holdings.unchecked_since(taxpayer)
    assert latest is not None, "checked in this transaction: they are in the issuing data"
    reached = min(
        verified_until(day), last_day(latest.replace(day=1))
    )  # a month is uploaded as a whole (抄报)
    if left is not None:
        reached = min(reached, left - timedelta(days=1))
    known = core.registration.taxpayer(taxpayer)
    before = known.used_verified_to if known is not None else None
    if before is not None and before < reached:
        core.holdings.verify(taxpayer, reached)


def _rules(matter: Matter) -> Numbers:
    assert matter.numbers is not None, "a matter with this effect has them (``Matter``)"
    return matter.numbers


def _numbers(fields: Fields) -> InvoiceRange:
    """The range; raises ``Refused`` when it is none."""
    try:
        return InvoiceRange(str(fields["first"]), str(fields["last"]))
    except RangeError as error:
        raise refuse("numbersBackwards") from error


def _spell(numbers: InvoiceRange) -> str:
    return numbers.first if numbers.count == 1 else f"{numbers.first}–{numbers.last}"
