"""A return takes the place of another (更正申报), or is taken back (申报作废): one handler for every kind."""

from __future__ import annotations

from datetime import date

from pydantic import ValidationError

from bureau.engine import carrying, corrections, messages
from bureau.engine.effects import Outcome, Request, accepted
from bureau.engine.handlers.filers import Filer
from bureau.engine.handlers.returns import FactsFiler
from bureau.engine.handlers.vat_small import VatSmallFiler
from bureau.engine.refusals import refuse
from bureau.engine.rules import VAT_SMALL, Period, Rules
from bureau.engine.subjects import Actor, authorise, today
from bureau.ports.core import Core
from bureau.ports.returns import Kept
from sync.models import CorrectionSubmit, DeclarationSubmit, Declared, ReturnSubmit


class CorrectionFiler(Filer[CorrectionSubmit]):
    """Finds the return, and hands what takes its place to the filer of its form."""

    model = CorrectionSubmit

    def __init__(self, rules: Rules, vat_small: VatSmallFiler, of_facts: FactsFiler) -> None:
        super().__init__(rules)
        self._vat_small, self._of_facts = vat_small, of_facts

    def apply(self, core: Core, request: Request, data: CorrectionSubmit) -> Outcome:
        """Only in the service for it, only a return of the taxpayer that stands, and what the law lets."""
        actor = authorise(core, request.body.subject, request.service, lock=True)
        if not corrections.corrects(request.service):
            raise refuse("notOfThisService")
        kept = corrections.theirs(core, corrections.locked(core, actor), data.corrects)
        filed = kept.filed
        if (data.tax, data.period_first, data.period_last) != (
            filed.tax,
            filed.period_first,
            filed.period_last,
        ):
            raise refuse("correctsAnother")
        books = carrying.ledger(core, self.rules, filed.taxpayer)
        if data.way == "withdraw":
            answer = self._withdraw(core, kept)
        else:
            corrections.check(core, kept, lock=True)
            answer = self._correct(core, request, actor, kept, data)
            core.notices.mended(messages.to_pay(filed.declaration))
        if filed.tax == VAT_SMALL:
            carrying.tell_overdrawn(core, self.rules, filed.taxpayer, actor.person, books)
        return answer

    def period(self, data: CorrectionSubmit) -> Period:
        """As it is named; until when it was to be filed matters no more."""
        return Period(data.period_first, data.period_last, data.period_last)

    def tax(self, data: CorrectionSubmit) -> str:
        """That of the return."""
        return data.tax

    def matter(self, taxpayer: str, data: CorrectionSubmit) -> None:
        """None: the return that was wrong is filed."""

    def _correct(
        self, core: Core, request: Request, actor: Actor, kept: Kept, data: CorrectionSubmit
    ) -> Outcome:
        form = corrections.form_of(kept)
        told = {"total_fen": data.total_fen, "parameters_hash": data.parameters_hash}
        try:
            if form == VAT_SMALL:
                return self._vat_small.apply(core, request, self._of_lines(kept, data, told))
            facts = ReturnSubmit.model_validate({"tax": form, "facts": data.facts, **told})
        except ValidationError as error:
            raise refuse("factsWrong") from error
        if actor.role is not None:
            self.open_period(core, request, actor.enterprise, data.period_first, data.period_last)
        return self._of_facts.correct(core, request, actor, kept, facts)

    def _of_lines(
        self, kept: Kept, data: CorrectionSubmit, told: dict[str, int | str | None]
    ) -> DeclarationSubmit:
        """The VAT return that its lines say."""
        period: dict[str, date] = {"period_first": data.period_first, "period_last": data.period_last}
        number = {"replaces": kept.filed.declaration}
        lines = {"tax": VAT_SMALL, **(data.facts or {})}
        return DeclarationSubmit.model_validate({**lines, **period, **told, **number})

    def _withdraw(self, core: Core, kept: Kept) -> Outcome:
        """Taken back: it is to be filed again, and nothing of it is due."""
        if (why := corrections.why_not_withdrawn(core, kept, today(core))) is not None:
            raise why
        number = kept.filed.declaration
        if not core.returns.withdraw(number):  # somebody began to pay it just now
            raise refuse("withdrawPaid")
        core.notices.mended(messages.to_pay(number))
        return accepted(Declared(declaration=number, total_fen=0, dues=[]), number)
