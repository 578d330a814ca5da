"""Which kinds of paper invoices an enterprise may have, how many and up to which amount (票种核定、最高开票限额)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from bureau.engine.matters.base import Fields, Untouched, enterprise
from bureau.engine.matters.kinds import Matter
from bureau.engine.refusals import refuse
from bureau.engine.rules import Rules
from bureau.engine.subjects import Actor, today
from bureau.ports.core import Core
from bureau.ports.invoices import Approval
from bureau.ports.matters import MatterCase
from bureau.texts import say
from kiosk.domain.ids import Fen
from kiosk.domain.money import format_yuan

KINDS: Mapping[str, str] = {"ordinary": "04", "special": "01", "roll": "11"}
"""Kinds of paper as the form names them."""
GRADES: Mapping[str, int] = {
    "upto-1k": 100_000,
    "upto-10k": 1_000_000,
    "upto-100k": 10_000_000,
    "upto-1m": 100_000_000,
    "upto-10m": 1_000_000_000,
}
"""Grades of the highest amount without tax of one invoice, in fen, as the form names them."""
FIRST_FACE_FEN = 10_000_000
FIRST_MONTHLY: Mapping[str, int] = {"ordinary": 50, "special": 25, "roll": 50}
"""What is approved of a kind for the first time at most: 国家税务总局公告2018年第29号 art. 2."""
FIRST_PER_TIME = 25
"""How many at a time, where nothing was approved before."""


class ApproveKind(Untouched):
    """An officer decides; what is in force until then stays."""

    def check(self, core: Core, actor: Actor, matter: Matter, fields: Fields, rules: Rules) -> Fields:
        """Something differs, and a kind that is new stays within what a first approval may be."""
        taxpayer, kind = actor.enterprise, str(fields["kind"])
        if taxpayer.state == "abnormal":
            raise refuse("taxpayerAbnormal")
        face_fen, monthly = GRADES[str(fields["face_limit"])], int(fields["monthly_max"])
        known = approved(core, taxpayer.taxpayer, kind, today(core))
        if known is not None and (known.face_limit_fen, known.monthly_max) == (face_fen, monthly):
            raise refuse("nothingChanged")
        if known is None and (face_fen > FIRST_FACE_FEN or monthly > FIRST_MONTHLY[kind]):
            most = format_yuan(Fen(FIRST_FACE_FEN))
            raise refuse("quotaFirst", face=most, monthly=str(FIRST_MONTHLY[kind]))
        return fields

    def apply(self, core: Core, case: MatterCase, matter: Matter, day: date) -> date:
        """In force from ``day``; nobody may hold more than what is approved for a month."""
        taxpayer, kind = enterprise(case), str(case.fields["kind"])
        face_fen, monthly = GRADES[str(case.fields["face_limit"])], int(case.fields["monthly_max"])
        known = approved(core, taxpayer, kind, day)
        if known is None:
            code = KINDS[kind]
            known = Approval(
                code, say(f"invoice-kind.{code}"), face_fen, monthly, FIRST_PER_TIME, monthly, "verify-old"
            )
        hold = known.hold_max if monthly == known.monthly_max else monthly
        changed = replace(
            known,
            face_limit_fen=face_fen,
            monthly_max=monthly,
            per_time_max=min(known.per_time_max, monthly),
            hold_max=hold,
        )
        core.invoices.approve(taxpayer, changed, day)
        return day


def approved(core: Core, taxpayer: str, kind: str, day: date) -> Approval | None:
    """What is approved of a kind, as the form names it, on ``day``."""
    approvals = core.invoices.approvals(taxpayer, day)
    return next((approval for approval in approvals if approval.kind == KINDS[kind]), None)
