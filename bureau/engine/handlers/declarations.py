"""``declaration.submit``: a return of whatever kind, computed again by the rules it names, filed once."""

from __future__ import annotations

from typing import Any, ClassVar

from bureau.engine import messages
from bureau.engine.effects import Outcome, Request, Simple
from bureau.engine.handlers.corrections import CorrectionFiler
from bureau.engine.handlers.filers import Filer
from bureau.engine.handlers.returns import FactsFiler
from bureau.engine.handlers.vat_small import VatSmallFiler
from bureau.engine.rules import Rules
from bureau.engine.subjects import principal_of, today
from bureau.ports.core import Core
from bureau.ports.notices import Message
from bureau.ports.registration import Person
from kiosk.domain.tax.limits import WorkingCalendar
from sync.models import (
    CorrectionSubmit,
    DeclarationSubmit,
    Declared,
    EffectAnswer,
    EffectKind,
    EffectState,
    Refusal,
    ReturnSubmit,
    Wire,
)

DAYS_TO_MEND = 5
"""Working days to put a refused return right, at least; until the limit when that is later."""
Submitted = DeclarationSubmit | ReturnSubmit | CorrectionSubmit


class SubmitDeclaration(Simple[DeclarationSubmit | ReturnSubmit | CorrectionSubmit]):
    """Files a return, or says why not; who had to wait is told what became of it."""

    kind: ClassVar[EffectKind] = EffectKind.DECLARATION_SUBMIT

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._vat_small, self._of_facts = VatSmallFiler(rules), FactsFiler(rules)
        self._corrections = CorrectionFiler(rules, self._vat_small, self._of_facts)

    def read(self, data: dict[str, object]) -> Submitted:
        """By what it corrects, else by its tax; raises ``ValidationError``."""
        if "corrects" in data:
            return CorrectionSubmit.model_validate(data)
        model = DeclarationSubmit if data.get("tax") == "vat-small" else ReturnSubmit
        return model.model_validate(data)

    def models(self) -> tuple[type[Wire], ...]:
        """One for the return whose lines are filed, one for those told by facts, one for what mends either."""
        return (DeclarationSubmit, ReturnSubmit, CorrectionSubmit)

    def apply(self, core: Core, request: Request, data: Submitted, prepared: None) -> Outcome:
        """Check who, which period and every figure; then file."""
        return self._filer(data).apply(core, request, data)

    def to_mend(self, core: Core, data: Submitted, refusal: Refusal) -> Refusal:
        """Give the person until the limit, or a few working days."""
        soonest = WorkingCalendar(self._rules.current).later(today(core), DAYS_TO_MEND)
        period = self._filer(data).period(data)
        deadline = soonest if period is None else max(period.limit, soonest)
        return refusal.model_copy(update={"deadline": deadline})

    def message(
        self, core: Core, request: Request, person: Person, data: Submitted, answer: EffectAnswer
    ) -> Message:
        """Filed, filed before, or refused: why, what to do, by when."""
        whose = principal_of(core, request.body.subject) or person.key
        own = whose.number if request.service.audience != "enterprise" else None
        taxpayer = request.body.subject.taxpayer or own
        filer = self._filer(data)
        if answer.state is EffectState.REFUSED:
            assert answer.refusal is not None
            refused = answer.refusal
            if refused.deadline is None:  # it was answered while somebody stood there, and never reached them
                refused = self.to_mend(core, data, refused)
            matter = filer.matter(taxpayer, data) if taxpayer else None
            return messages.return_refused(refused, filer.tax(data), answer.key, matter)
        period = filer.period(data)
        assert period is not None, "a return without a period was filed"
        declared = Declared.model_validate(answer.result)
        if isinstance(data, CorrectionSubmit) and data.way == "withdraw":
            return messages.return_withdrawn(declared, data.tax, period)
        if answer.state is EffectState.DUPLICATE:
            return messages.return_duplicate(declared, filer.tax(data), period)
        return messages.return_accepted(declared, filer.tax(data), period)

    def _filer(self, data: Submitted) -> Filer[Any]:
        if isinstance(data, CorrectionSubmit):
            return self._corrections
        return self._vat_small if isinstance(data, DeclarationSubmit) else self._of_facts
