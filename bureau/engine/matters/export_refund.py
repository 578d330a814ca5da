"""VAT on exports is asked back (出口退（免）税申报): a return, allowed by an officer, then ordered by another."""

from __future__ import annotations

from datetime import date

from bureau.engine.matters.base import Fields, enterprise
from bureau.engine.matters.kinds import Matter
from bureau.engine.matters.refund import to_registered_account
from bureau.engine.refunds import exports
from bureau.engine.refunds.exports import EXPORT
from bureau.engine.refusals import refuse
from bureau.engine.rules import Rules
from bureau.engine.subjects import Actor
from bureau.ports.core import Core
from bureau.ports.matters import MatterCase
from bureau.ports.refunds import Account, GivenBack, NewRefund
from bureau.ports.returns import Filing


class RefundExports:
    """Everything of one year that can be asked for goes back together."""

    def check(self, core: Core, actor: Actor, matter: Matter, fields: Fields, rules: Rules) -> Fields:
        """A general taxpayer, with something to be given back to the account that it registered."""
        taxpayer = actor.enterprise
        if taxpayer.small_scale:
            raise refuse("exportSmallScale")
        if taxpayer.state != "normal":
            raise refuse("taxpayerAbnormal")
        found = exports.ready(exports.judged(core, taxpayer.taxpayer, rules), int(fields["year"]))
        if not found:
            raise refuse("exportNothing")
        to_registered_account(core, taxpayer.taxpayer, fields)
        tax = sum(one.refund_fen for one in found)
        return {**fields, "lines": len(found), "tax_fen": tax, "late_fee_fen": 0}

    def wait(self, core: Core, case: MatterCase, matter: Matter, rules: Rules) -> None:
        """The application is a return that is filed now; its lines are asked for once."""
        taxpayer, year = enterprise(case), int(case.fields["year"])
        found = exports.ready(exports.judged(core, taxpayer, rules), year)
        core.exports.ask(case.case, exports.refunds(found))
        last = exports.last_day(year, rules)
        core.returns.file(
            Filing(
                key=case.case,
                taxpayer=taxpayer,
                tax=EXPORT,
                period_first=date(year, 1, 1),
                period_last=date(year, 12, 31),
                figures={"lines": len(found), "refund_fen": case.fields["tax_fen"]},
                total_fen=0,
                limit_date=last if last is not None else date(year + 1, 4, 30),
                filed_at=case.accepted_at,
                terminal=core.terminal,
                person=case.person,
                role=case.role,
                dues=(),
                subject=case.case,
            )
        )

    def drop(self, core: Core, case: MatterCase, matter: Matter) -> None:
        """The return does not stand, and its lines may be asked for again."""
        core.exports.free(case.case)
        core.returns.withdraw(_return_of(core, case))

    def apply(self, core: Core, case: MatterCase, matter: Matter, day: date) -> date:
        """What was asked for is given back, without interest (税收征收管理法实施细则 art. 78)."""
        tax = sum(line.refund_fen or 0 for line in core.exports.of_case(case.case))
        core.exports.give_back(case.case)
        account = Account(str(case.fields["bank"]), str(case.fields["account"]))
        declaration, by = _return_of(core, case), case.decided_by or ""
        parts = (GivenBack(EXPORT, tax),)
        core.refunds.allow(NewRefund(case.case, enterprise(case), declaration, parts, account, by))
        return day


def _return_of(core: Core, case: MatterCase) -> str:
    year = int(case.fields["year"])
    filed = core.returns.filed(enterprise(case), EXPORT, date(year, 1, 1), date(year, 12, 31), case.case)
    assert filed is not None, "filed when the case was opened"
    return filed.declaration
