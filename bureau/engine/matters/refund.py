"""A refund that is applied for (退抵税申请): allowed by one officer, then ordered by another."""

from __future__ import annotations

from datetime import date

from bureau.engine.matters.base import Fields, Untouched, enterprise
from bureau.engine.matters.kinds import Matter
from bureau.engine.refunds.overpaid import of_return
from bureau.engine.refusals import refuse
from bureau.engine.rules import Rules
from bureau.engine.subjects import Actor, today
from bureau.errors import RefundRefused
from bureau.ports.core import Core
from bureau.ports.matters import MatterCase
from bureau.ports.refunds import Account, NewRefund


class AllowRefund(Untouched):
    """What was paid too much by one return is given back."""

    def check(self, core: Core, actor: Actor, matter: Matter, fields: Fields, rules: Rules) -> Fields:
        """Too much was paid, and an enterprise's money goes to the account that it registered."""
        taxpayer = actor.enterprise
        found = of_return(core, taxpayer.taxpayer, str(fields["declaration"]), today(core))
        if found is None or found.kept.filed.tax not in matter.refunds:
            raise refuse("refundNothing")
        if actor.role is not None:
            to_registered_account(core, taxpayer.taxpayer, fields)
        return {**fields, "tax_fen": found.tax_fen, "late_fee_fen": found.late_fee_fen}

    def apply(self, core: Core, case: MatterCase, matter: Matter, day: date) -> date:
        """What is too much today; raises ``RefundRefused`` when that is nothing any more."""
        taxpayer, declaration = enterprise(case), str(case.fields["declaration"])
        found = of_return(core, taxpayer, declaration, day)
        if found is None:
            raise RefundRefused(
                "nothing",
                f"nothing is paid too much by return {declaration} any more: refuse the case with that reason",
            )
        account = Account(str(case.fields["bank"]), str(case.fields["account"]))
        by = case.decided_by or ""
        core.refunds.allow(NewRefund(case.case, taxpayer, declaration, found.parts, account, by))
        return day


def to_registered_account(core: Core, taxpayer: str, fields: Fields) -> None:
    """Raises ``Refused`` where the enterprise registered no account, or another than the one that is named."""
    facts = core.registration.facts(taxpayer, today(core))
    if "account" not in facts or "bank" not in facts:
        raise refuse("refundNoAccount")
    if (facts["bank"], facts["account"]) != (fields["bank"], fields["account"]):
        raise refuse("refundOtherAccount")
