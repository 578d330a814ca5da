"""What the centre knows of a taxpayer that is visited: who it is, what is open, and the invoices in its hands."""

from __future__ import annotations

from bureau.engine.dues import late_fee_of
from bureau.engine.duties import obligations
from bureau.engine.inspecting.form import Known, Owed, Run, Unfiled
from bureau.engine.names import tax_name
from bureau.engine.reminding.matters import ANSWER
from bureau.engine.rules import Rules
from bureau.engine.subjects import today
from bureau.ports.core import Core
from bureau.ports.registration import Person, Taxpayer


def known(core: Core, rules: Rules, taxpayer: Taxpayer) -> Known:
    """Read from the books of this moment."""
    day, number = today(core), taxpayer.taxpayer
    late = [one for one in obligations(core, taxpayer, rules, day) if one.late(day)]
    facts, head = core.registration.facts(number, day), head_of(core, taxpayer)
    return Known(
        read_at=core.now,
        name=taxpayer.name,
        state=taxpayer.state,
        address=str(facts.get("address", "")),
        head=head.name if head is not None else "",
        unfiled=tuple(Unfiled(what=one.name, limit=one.period.limit) for one in late),
        owed=tuple(
            Owed(
                what=tax_name(due.tax),
                limit=due.limit_date,
                amount_fen=due.amount_fen,
                late_fee_fen=late_fee_of(core, due, rules),
            )
            for due in core.returns.overdue(number, day)
        ),
        runs=tuple(
            Run(
                code=run.code,
                kind=run.kind_name,
                first=run.numbers.first,
                last=run.numbers.last,
                count=run.numbers.count,
                written=run.uploaded,
            )
            for run in core.holdings.runs(number)
            if not run.uploaded
        ),
    )


def head_of(core: Core, taxpayer: Taxpayer) -> Person | None:
    """Its legal representative, or else whoever answers for it; None: nobody is on record."""
    day = today(core)
    for role in ANSWER:
        if found := core.registration.staff(taxpayer.taxpayer, [role], day):
            return found[0]
    return None
