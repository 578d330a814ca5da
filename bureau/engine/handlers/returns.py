"""Returns of facts (``kiosk.domain.tax.returns``): worked out again from what was told, then filed tax by tax."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from bureau.engine import corrections, messages
from bureau.engine.agency.issuing import prepaid
from bureau.engine.effects import Outcome, Request, accepted
from bureau.engine.forms import FORMS, kind_of
from bureau.engine.handlers.filers import Filer, filing_time, taken_on
from bureau.engine.refusals import refuse
from bureau.engine.reliefs import taking
from bureau.engine.rules import BOOKED_AS, VAT_SMALL, Period
from bureau.engine.subjects import Actor, authorise
from bureau.errors import AlreadyFiled
from bureau.ports.core import Core
from bureau.ports.registration import Taxpayer
from bureau.ports.returns import Filed, Filing, Kept, NewDue
from kiosk.domain.errors import DomainError
from kiosk.domain.money import format_yuan
from kiosk.domain.tax.lines import TaxLine
from kiosk.domain.tax.returns import KINDS, Computed, FactError
from sync.models import ReturnSubmit, Texts


class FactsFiler(Filer[ReturnSubmit]):
    """Files a return of facts, or says why not; a second one about the same is a duplicate of the first."""

    model = ReturnSubmit

    def apply(self, core: Core, request: Request, data: ReturnSubmit) -> Outcome:
        """Work it out again, compare, check what the registry knows, then file each of its taxes."""
        actor = authorise(core, request.body.subject, request.service, lock=True)
        kind = kind_of(request.service)
        if kind is None or kind.name != data.tax:
            raise refuse("notOfThisService")
        computed = self._compute(data)
        taken = taken_on(request, core)
        if computed.period_first > taken:
            raise refuse("factsWrong")
        taxpayer, form = self._taxpayer(core, actor), FORMS[kind.name]
        if actor.role is not None:
            self.open_period(core, request, taxpayer, computed.period_first, computed.period_last)
        todo = form.to_file(core, taxpayer, computed, self.rules, taken)
        if not todo:
            earlier = core.returns.filed(taxpayer.taxpayer, kind.tax, *_about(computed))
            assert earlier is not None, "nothing is left to file only where it was filed"
            self._mended(core, taxpayer, data)
            return self.again(core, earlier)
        form.check(core, actor, taxpayer, computed)
        if computed.total_fen != data.total_fen:
            raise refuse("figuresDiffer", total=format_yuan(computed.total_fen))
        data, computed = self._with_relief(core, taxpayer, data, computed)
        filed = [
            self._file(core, self._filing(core, request, actor, computed, data, tax, period, number))
            for number, (tax, period) in enumerate(todo)
        ]
        self._mended(core, taxpayer, data)
        for tax, period in todo:
            core.notices.mended(messages.to_file(tax, taxpayer.taxpayer, period.first, period.last))
        others = _others(filed)
        declared = self.declared(core, filed[0], others)
        over = {"overpaid_fen": int(computed.refund_fen)}
        return accepted(declared.model_copy(update=over), filed[0].declaration)

    def correct(self, core: Core, request: Request, actor: Actor, kept: Kept, data: ReturnSubmit) -> Outcome:
        """File it in the place of ``kept``: what is owed beyond what was paid is due since the limit of that."""
        computed = self._compute(data)
        if _about(computed) != (kept.filed.period_first, kept.filed.period_last, kept.subject):
            raise refuse("correctsAnother")
        taxpayer, kind = actor.enterprise, KINDS[data.tax]
        FORMS[kind.name].recheck(core, actor, taxpayer, computed)
        if computed.total_fen != data.total_fen:
            raise refuse("figuresDiffer", total=format_yuan(computed.total_fen))
        number = kept.filed.declaration
        data, computed = self._with_relief(core, taxpayer, data, computed, instead_of=number)
        paid = corrections.paid_of(core, kept)
        taxes = corrections.taxes(figures_of(data.tax, data.facts, computed))
        period = Period(computed.period_first, computed.period_last, kept.limit_date)
        filing = self._filing(core, request, actor, computed, data, kind.tax, period, 0)
        owed = tuple(NewDue(tax, fen) for tax, fen in corrections.left(taxes, paid).items())
        figures = {**filing.figures, "replaces": number}
        filed = self._file(core, replace(filing, dues=owed, replaces=number, figures=figures))
        over = {"overpaid_fen": sum(corrections.overpaid(taxes, paid).values())}
        return accepted(self.declared(core, filed).model_copy(update=over), filed.declaration)

    def period(self, data: ReturnSubmit) -> Period | None:
        """As the facts tell it, by the rules in force; None when they tell none."""
        try:
            computed = KINDS[data.tax].compute(data.facts, self.rules.current)
        except DomainError:
            return None
        return Period(computed.period_first, computed.period_last, computed.limit)

    def tax(self, data: ReturnSubmit) -> str:
        """The first of those that the facts are told for."""
        return KINDS[data.tax].tax

    def matter(self, taxpayer: str, data: ReturnSubmit) -> str | None:
        """The period of the taxpayer, by what it is about."""
        period, kind = self.period(data), KINDS[data.tax]
        if period is None:
            return None
        subject = kind.compute(data.facts, self.rules.current).subject
        matter = messages.to_file(kind.tax, taxpayer, period.first, period.last)
        return f"{matter}/{subject}" if subject else matter

    def _mended(self, core: Core, taxpayer: Taxpayer, data: ReturnSubmit) -> None:
        """Nobody needs to be told of it any more."""
        if (matter := self.matter(taxpayer.taxpayer, data)) is not None:
            core.notices.mended(matter)

    def _compute(self, data: ReturnSubmit) -> Computed:
        parameters = self.rules.version(data.parameters_hash)
        if parameters is None:
            raise refuse("rulesUnknown")
        try:
            return KINDS[data.tax].compute(data.facts, parameters)
        except FactError as error:
            raise refuse("factsWrong") from error
        except DomainError as error:
            raise refuse("rulesUnknown") from error

    def _with_relief(
        self, core: Core, taxpayer: Taxpayer, data: ReturnSubmit, computed: Computed, instead_of: str = ""
    ) -> tuple[ReturnSubmit, Computed]:
        """The return with the relief that was granted, also where the terminal could not know of it (offline).

        One that takes another relief than the centre knows of is refused: the person confirmed too little. A correction
        keeps what the return ``instead_of`` took, as far as others have left it.
        """
        period = (computed.period_first, computed.period_last)
        granted = taking.of_period(core, taxpayer.taxpayer, KINDS[data.tax], *period, instead_of=instead_of)
        named = taking.taken(computed)
        if named == granted:
            return data, computed
        if named and not (granted and instead_of):
            raise refuse("reliefDiffers")
        with_it = data.model_copy(update={"facts": taking.with_relief(data.facts, granted)})
        return with_it, self._compute(with_it)

    def _taxpayer(self, core: Core, actor: Actor) -> Taxpayer:
        """The enterprise, or the person in their own name, who is registered with their first return."""
        return actor.taxpayer or core.registration.register_own(actor.person)

    def _filing(
        self,
        core: Core,
        request: Request,
        actor: Actor,
        computed: Computed,
        data: ReturnSubmit,
        tax: str,
        period: Period,
        number: int,
    ) -> Filing:
        """One tax of it; what the return adds up to belongs to the first."""
        taxpayer, first = self._taxpayer(core, actor), number == 0
        return Filing(
            key=request.body.key if first else f"{request.body.key}/{number}",
            taxpayer=taxpayer.taxpayer,
            tax=tax,
            period_first=period.first,
            period_last=period.last,
            figures=figures_of(data.tax, data.facts, computed, taking.basis(core, taking.taken(computed))),
            total_fen=computed.total_fen if first else 0,
            limit_date=period.limit,
            filed_at=filing_time(request, core.now),
            terminal=request.terminal,
            person=actor.person.key,
            role=actor.role,
            dues=dues_left(core, taxpayer.taxpayer, tax, computed) if first else (),
            subject=computed.subject,
        )

    def _file(self, core: Core, filing: Filing) -> Filed:
        """Raises ``Refused`` where it was filed meanwhile."""
        try:
            return core.returns.file(filing)
        except AlreadyFiled as error:  # somebody else, between our question and the lock of the taxpayer
            raise refuse("alreadyFiled", declaration=error.declaration) from error


def dues_left(core: Core, taxpayer: str | None, tax: str, computed: Computed) -> tuple[NewDue, ...]:
    """What is to be paid of it, by the names the books have.

    Of VAT what was paid before for invoices of the period that the bureau issued (代开) is taken off.
    """
    dues = dues_of_lines(computed.lines)
    if taxpayer is None or tax != VAT_SMALL:
        return dues
    before = dict(prepaid(core, taxpayer, computed.period_first, computed.period_last))
    return tuple(NewDue(due.tax, max(0, due.amount_fen - before.pop(due.tax, 0))) for due in dues)


def dues_of_lines(lines: Iterable[TaxLine]) -> tuple[NewDue, ...]:
    """The same of the lines of any calculation."""
    return tuple(NewDue(BOOKED_AS.get(line.code, line.code), int(line.tax_fen)) for line in lines)


def figures_of(
    form: str, facts: Mapping[str, object], computed: Computed, basis: Texts | None = None
) -> dict[str, object]:
    """What is kept: the facts, each tax as it came about, and the version of the tables, for whoever computes again.

    ``basis``: the law on which a relief stands that was taken off.
    """
    relief = {"relieved_fen": int(computed.relieved_fen), "relief_basis": basis or {}}
    return {
        "form": form,
        "facts": dict(facts),
        "lines": lines_of(computed),
        "total_fen": int(computed.total_fen),
        "refund_fen": int(computed.refund_fen),
        "parameters_hash": computed.parameters_hash,
        **(relief if computed.relieved_fen else {}),
    }


def lines_of(computed: Computed) -> list[dict[str, object]]:
    """Each tax as it came about."""
    return [
        {
            "code": line.code,
            "base_fen": int(line.base_fen),
            "rate": str(line.rate),
            "factor": str(line.factor),
            "tax_fen": int(line.tax_fen),
            "note": line.note.value,
        }
        for line in computed.lines
    ]


def _others(filed: list[Filed]) -> dict[str, str]:
    """The returns filed beside the first, by tax; an older one of a tax with the first day of its period."""
    numbers: dict[str, str] = {}
    for one in filed[1:]:
        numbers[f"{one.tax}/{one.period_first}" if one.tax in numbers else one.tax] = one.declaration
    return numbers


def _about(computed: Computed) -> tuple[date, date, str]:
    return computed.period_first, computed.period_last, computed.subject
