"""``refund.overpaid``, ``.exports`` and ``.list``: what may be asked back, and how far the refunds are."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from bureau.engine import dues
from bureau.engine.matters.kinds import matters
from bureau.engine.matters.words import next_step, refund_step
from bureau.engine.names import matter_name, tax_name
from bureau.engine.queries.registry import NoParams, Query, of_actor, of_service
from bureau.engine.refunds import exports
from bureau.engine.refunds.exports import Judged
from bureau.engine.refunds.overpaid import Overpaid, interest, overpaid
from bureau.engine.refusals import refuse
from bureau.engine.rules import Rules
from bureau.engine.subjects import Actor, today
from bureau.ports.core import Core
from bureau.ports.matters import MatterCase
from bureau.ports.refunds import Refund
from bureau.ports.registration import Taxpayer
from bureau.ports.system import System
from bureau.texts import say
from config.catalogue.models import Service
from config.clock import CHINA
from sync.models import Exported, ExportRow, ExportYear, OverpaidRow, Overpayments, RefundRow, Refunds


def questions(system: System, rules: Rules) -> Mapping[str, Query]:
    """The queries of refunds."""

    def found(core: Core, actor: Actor, service: Service, _: NoParams) -> Overpayments:
        return _overpayments(core, actor, service, rules)

    def exported(core: Core, actor: Actor, _: NoParams) -> Exported:
        return _exported(core, actor.enterprise, rules)

    return {
        "refund.overpaid": of_service(system, NoParams, Overpayments, found),
        "refund.exports": of_actor(system, NoParams, Exported, exported),
        "refund.list": of_actor(system, NoParams, Refunds, _refunds),
    }


def _overpayments(core: Core, actor: Actor, service: Service, rules: Rules) -> Overpayments:
    """Those that the service gives back, and where the money would go; raises ``Refused``."""
    matter = matters().get(service.id)
    if matter is None or not matter.refunds:
        raise refuse("notOfThisService")
    if actor.taxpayer is None:  # who never declared anything in their own name paid nothing too much
        return Overpayments(rows=[], as_of=core.now)
    number, day = actor.taxpayer.taxpayer, today(core)
    known = {
        "arrears_fen": dues.overdue(core, core.returns.dues(number), rules).total_fen,
        **(_registered(core, number, day) if actor.role is not None else {}),
    }
    rows = [
        _row(one, day, rules).model_copy(update=known)
        for one in overpaid(core, number, day)
        if one.kept.filed.tax in matter.refunds
    ]
    return Overpayments(rows=rows, as_of=core.now)


def _registered(core: Core, number: str, day: date) -> dict[str, object]:
    """The account of an enterprise; without one it is to be registered first."""
    facts = core.registration.facts(number, day)
    if "bank" not in facts or "account" not in facts:
        return {"payable": False, "why_not": say("refusal.refundNoAccount.next")}
    return {"bank": str(facts["bank"]), "account": str(facts["account"])}


def _row(one: Overpaid, day: date, rules: Rules) -> OverpaidRow:
    filed, borne = one.kept.filed, interest(one.parts, day, rules)
    return OverpaidRow(
        declaration=filed.declaration,
        tax=filed.tax,
        tax_name=tax_name(filed.tax),
        period_first=filed.period_first,
        period_last=filed.period_last,
        tax_fen=one.tax_fen,
        late_fee_fen=one.late_fee_fen,
        interest_fen=borne,
        total_fen=one.tax_fen + one.late_fee_fen + borne,
        arrears_fen=0,
    )


def _exported(core: Core, taxpayer: Taxpayer, rules: Rules) -> Exported:
    """Raises ``Refused`` for who exports without tax but is given none back."""
    if taxpayer.small_scale:
        raise refuse("exportSmallScale")
    number, day = taxpayer.taxpayer, today(core)
    lines = exports.judged(core, number, rules)
    known = {
        "arrears_fen": dues.overdue(core, core.returns.dues(number), rules).total_fen,
        **_registered(core, number, day),
    }
    years = [_year(lines, year, rules) for year in sorted({one.year for one in lines}, reverse=True)]
    return Exported(
        lines=[_line(one) for one in lines],
        years=[one.model_copy(update=known) if one.payable else one for one in years],
        ready_fen=sum(one.refund_fen for one in lines if one.why_not is None),
        as_of=core.now,
    )


def _line(one: Judged) -> ExportRow:
    why = one.why_not
    return ExportRow(
        id=one.line.id,
        customs_no=one.line.customs_no,
        goods=f"{one.line.goods} {one.line.quantity} {one.line.unit}",
        exported_on=one.line.exported_on,
        tax_fen=one.paid_fen,
        rate=str(one.rate),
        refund_fen=one.refund_fen,
        ready=why is None,
        state=why or "ready",
        why_not=say(f"export.{why}") if why is not None else None,
    )


def _year(lines: list[Judged], year: int, rules: Rules) -> ExportYear:
    mine = [one for one in lines if one.year == year]
    now = exports.ready(mine, year)
    return ExportYear(
        year=str(year),
        lines=len(now),
        waiting=len(mine) - len(now),
        refund_fen=sum(one.refund_fen for one in now),
        last_day=exports.last_day(year, rules),
        arrears_fen=0,
        payable=bool(now),
        why_not=None if now else say("refusal.exportNothing"),
    )


def _refunds(core: Core, actor: Actor, _: NoParams) -> Refunds:
    """Of the taxpayer alone, whoever of its people applied."""
    number = actor.taxpayer.taxpayer if actor.taxpayer is not None else None
    cases = core.matters.of(actor.person.key, [number] if number is not None else [])
    mine = [case for case in cases if case.taxpayer == number and matters()[case.matter].refunds]
    mine.sort(key=lambda case: (case.accepted_at, case.case), reverse=True)
    return Refunds(rows=[_told(core, case) for case in mine], as_of=core.now)


def _told(core: Core, case: MatterCase) -> RefundRow:
    refund: Refund | None = core.refunds.of_case(case.case)
    asked = {name: int(case.fields[name]) for name in ("tax_fen", "late_fee_fen")}
    if refund is None:
        assert case.state != "approved", "an approved case has its refund"
        return RefundRow(
            case=case.case,
            refund=None,
            title=matter_name(case.matter),
            state=case.state,
            applied_on=case.accepted_at.astimezone(CHINA).date(),
            **asked,
            interest_fen=0,
            set_off_fen=0,
            to_account_fen=0,
            account=str(case.fields["account"]),
            next_step=next_step(case),
        )
    ordered = refund.state != "approved"
    return RefundRow(
        case=case.case,
        refund=refund.refund,
        title=matter_name(case.matter),
        state=refund.state,
        applied_on=case.accepted_at.astimezone(CHINA).date(),
        tax_fen=refund.tax_fen,
        late_fee_fen=refund.late_fee_fen,
        interest_fen=refund.interest_fen,
        set_off_fen=refund.set_off_fen,
        to_account_fen=refund.to_account_fen if ordered else 0,
        account=refund.account.number,
        next_step=refund_step(refund),
    )
