"""``declaration.submit``: a small-scale VAT return, computed again by the rules it names."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import ClassVar

from bureau.engine import messages
from bureau.engine.dues import on_the_wire
from bureau.engine.effects import Outcome, Request, Simple, accepted, duplicate
from bureau.engine.refusals import refusal, refuse
from bureau.engine.rules import VAT_SMALL, Period, Rules
from bureau.engine.subjects import Actor, authorise, person_key, today
from bureau.errors import AlreadyFiled
from bureau.ports.core import Core
from bureau.ports.notices import Message
from bureau.ports.registration import Taxpayer
from bureau.ports.returns import Filed, Filing, NewDue
from config.clock import CHINA
from kiosk.domain.errors import DomainError
from kiosk.domain.ids import Fen
from kiosk.domain.money import format_yuan
from kiosk.domain.tax.limits import WorkingCalendar, vat_limit_date
from kiosk.domain.tax.vat_small import VatSmallInput, VatSmallResult, compute
from sync.models import DeclarationSubmit, Declared, EffectAnswer, EffectKind, EffectState, Refusal

DELIVERED_WITHIN = timedelta(hours=72)
"""The acceptance of what had to wait is the time of filing when it arrives this soon (domain note, section 10)."""
CLOCK_SLACK = timedelta(minutes=5)
DAYS_TO_MEND = 5
"""Working days to put a refused return right, at least; until the limit when that is later."""
OLDEST_PERIODS = 12
"""How many periods back a return is taken here; older ones go to a counter."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A return that may be filed."""

    actor: Actor
    period: Period
    result: VatSmallResult


class SubmitDeclaration(Simple[DeclarationSubmit]):
    """Files a return, or says why not; a second one of the same period is a duplicate of the first."""

    kind: ClassVar[EffectKind] = EffectKind.DECLARATION_SUBMIT
    model = DeclarationSubmit

    def __init__(self, rules: Rules) -> None:
        self._rules = rules

    def apply(self, core: Core, request: Request, data: DeclarationSubmit, prepared: None) -> Outcome:
        """Check who, which period and every figure; then file."""
        actor = authorise(core, request.body.subject, request.service, lock=True)
        period = self._period(core, request, actor.enterprise, data)
        earlier = core.returns.filed(actor.enterprise.taxpayer, VAT_SMALL, period.first, period.last)
        if earlier is not None:
            core.notices.mended(_matter(actor.enterprise.taxpayer, data))
            return self._again(core, earlier)
        checked = self._check(core, actor, period, data)
        try:
            filed = core.returns.file(self._filing(core, request, checked, data))
        except AlreadyFiled as error:  # unreachable while the enterprise is locked; the store's own guard
            raise refuse("alreadyFiled", declaration=error.declaration) from error
        core.notices.mended(_matter(filed.taxpayer, data))
        return accepted(self._declared(core, filed), filed.declaration)

    def to_mend(self, core: Core, data: DeclarationSubmit, refusal: Refusal) -> Refusal:
        """Give the person until the limit, or a few working days."""
        limit = vat_limit_date(data.period_last, self._rules.current)
        soonest = WorkingCalendar(self._rules.current).later(today(core), DAYS_TO_MEND)
        return refusal.model_copy(update={"deadline": max(limit, soonest)})

    def tell(self, core: Core, request: Request, data: DeclarationSubmit, answer: EffectAnswer) -> None:
        """Filed, filed before, or refused: why, what to do, by when."""
        claim = request.body.subject.person
        person = core.registration.person(person_key(claim)) if claim is not None else None
        if person is not None:
            core.notices.tell(person, self._message(core, request.body.subject.taxpayer, data, answer))

    def _message(
        self, core: Core, taxpayer: str | None, data: DeclarationSubmit, answer: EffectAnswer
    ) -> Message:
        if answer.state is EffectState.REFUSED:
            assert answer.refusal is not None
            refused = answer.refusal
            if refused.deadline is None:  # it was answered while somebody stood there, and never reached them
                refused = self.to_mend(core, data, refused)
            return messages.return_refused(refused, answer.key, _matter(taxpayer, data) if taxpayer else None)
        limit = vat_limit_date(data.period_last, self._rules.current)
        period = Period(data.period_first, data.period_last, limit)
        declared = Declared.model_validate(answer.result)
        if answer.state is EffectState.DUPLICATE:
            return messages.return_duplicate(declared, period)
        return messages.return_accepted(declared, period)

    def _period(self, core: Core, request: Request, taxpayer: Taxpayer, data: DeclarationSubmit) -> Period:
        """The period of the return, which must have been over when the terminal took it."""
        if taxpayer.state == "cancelled":
            raise refuse("taxpayerCancelled")
        if not taxpayer.small_scale:
            raise refuse("notSmallScale")
        taken = min(request.body.accepted_at, core.now).astimezone(CHINA).date()
        latest = period = self._rules.last_period(taxpayer, taken)
        for _ in range(OLDEST_PERIODS):
            if (period.first, period.last) == (data.period_first, data.period_last):
                return period
            period = self._rules.period_before(period, taxpayer)
        raise refuse("periodNotOpen", period=latest.name)

    def _again(self, core: Core, earlier: Filed) -> Outcome:
        why = refusal("alreadyFiled", declaration=earlier.declaration)
        return duplicate(self._declared(core, earlier), why, earlier.declaration)

    def _check(self, core: Core, actor: Actor, period: Period, data: DeclarationSubmit) -> Checked:
        taxpayer = actor.enterprise
        if (data.city_rate, data.half_six_taxes) != (taxpayer.city_rate, taxpayer.half_six_taxes):
            raise refuse("ratesDiffer")
        sales = core.returns.sales(taxpayer.taxpayer, period.first, period.last)
        known = (max(sales.ordinary_fen, 0), max(sales.special_fen, 0))
        if data.ordinary_sales_fen < known[0] or data.special_sales_fen < known[1]:
            # 一窗式比对: a return may say more than the invoices, never less
            ordinary, special = (format_yuan(Fen(amount)) for amount in known)
            raise refuse("salesBelowInvoices", ordinary=ordinary, special=special)
        result = self._compute(taxpayer, period, data)
        figures = (
            result.vat_fen,
            result.city_fen,
            result.education_fen,
            result.local_education_fen,
            result.total_fen,
        )
        declared = (
            data.vat_fen,
            data.city_fen,
            data.education_fen,
            data.local_education_fen,
            data.total_fen,
        )
        if figures != declared or not _same_rate(data.levy_rate, result.levy_rate):
            raise refuse("figuresDiffer", total=format_yuan(result.total_fen))
        return Checked(actor, period, result)

    def _compute(self, taxpayer: Taxpayer, period: Period, data: DeclarationSubmit) -> VatSmallResult:
        parameters = self._rules.version(data.parameters_hash)
        if parameters is None:
            raise refuse("rulesUnknown")
        given = VatSmallInput(
            ordinary_fen=Fen(data.ordinary_sales_fen),
            special_fen=Fen(data.special_sales_fen),
            uninvoiced_fen=Fen(data.uninvoiced_sales_fen),
            quarterly=taxpayer.quarterly,
            city_rate=Decimal(data.city_rate),
            half_six_taxes=data.half_six_taxes,
            day=period.last,
        )
        try:
            return compute(given, parameters)
        except DomainError as error:
            raise refuse("rulesUnknown") from error

    def _filing(self, core: Core, request: Request, checked: Checked, data: DeclarationSubmit) -> Filing:
        actor, result = checked.actor, checked.result
        return Filing(
            key=request.body.key,
            taxpayer=actor.enterprise.taxpayer,
            tax=VAT_SMALL,
            period_first=checked.period.first,
            period_last=checked.period.last,
            figures=data.model_dump(mode="json"),
            total_fen=result.total_fen,
            limit_date=checked.period.limit,
            filed_at=filing_time(request, core.now),
            terminal=request.terminal,
            person=actor.person.key,
            role=actor.capacity,
            dues=(
                NewDue("vat", result.vat_fen),
                NewDue("city-construction", result.city_fen),
                NewDue("education", result.education_fen),
                NewDue("local-education", result.local_education_fen),
            ),
        )

    def _declared(self, core: Core, filed: Filed) -> Declared:
        mine = [due for due in core.returns.dues(filed.taxpayer) if due.declaration == filed.declaration]
        dues = [on_the_wire(core, due, self._rules) for due in mine]
        return Declared(declaration=filed.declaration, total_fen=filed.total_fen, dues=dues)


def filing_time(request: Request, now: datetime) -> datetime:
    """The time of filing in law: the terminal's acceptance when it had to wait and was delivered in time."""
    accepted_at = request.body.accepted_at
    if not request.waited(now) or not now - DELIVERED_WITHIN <= accepted_at <= now + CLOCK_SLACK:
        return now
    return min(accepted_at, now)


def _matter(taxpayer: str, data: DeclarationSubmit) -> str:
    return messages.to_file(VAT_SMALL, taxpayer, data.period_first, data.period_last)


def _same_rate(text: str, rate: Decimal) -> bool:
    """Whether ``text`` is that rate, however many zeros it is written with."""
    try:
        return Decimal(text) == rate
    except InvalidOperation:
        return False
