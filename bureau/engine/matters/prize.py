"""A prize of the invoice lottery that is claimed (有奖发票兑奖): paid to an account of whoever holds the ticket."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bureau.engine.lottery.claiming import claimable
from bureau.engine.matters.base import Fields, Untouched
from bureau.engine.matters.kinds import Matter
from bureau.engine.rules import Rules
from bureau.engine.subjects import Actor
from bureau.ports.core import Core
from bureau.ports.matters import MatterCase


class PayPrize(Untouched):
    """The ticket is bound to the person and the account; the treasury is told who is to be paid."""

    def check(self, core: Core, actor: Actor, matter: Matter, fields: Fields, rules: Rules) -> Fields:
        """The claim code is the ticket's, and its prize is still to be had. The code itself is not kept."""
        ticket = claimable(core, str(fields["ticket"]), str(fields["code"]), lock=True)
        kept = {name: value for name, value in fields.items() if name != "code"}
        return {**kept, "prize_fen": ticket.prize_fen}

    def apply(self, core: Core, case: MatterCase, matter: Matter, day: date) -> date:
        """Ordered at once: the draw can be checked by anybody, so no officer has to."""
        ticket = core.lottery.ticket(str(case.fields["ticket"]), lock=True)
        assert ticket is not None, "checked in this transaction"
        core.lottery.change(
            replace(
                ticket,
                state="ordered",
                person=case.person,
                bank=str(case.fields["bank"]),
                account=str(case.fields["account"]),
                case=case.case,
            )
        )
        return day
