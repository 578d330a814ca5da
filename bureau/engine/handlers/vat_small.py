"""Returns of small-scale taxpayers (小规模纳税人增值税及附加税费申报), computed again by the rules they name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from bureau.engine import carrying, corrections, messages, preferences
from bureau.engine.agency.issuing import prepaid
from bureau.engine.effects import Outcome, Request, accepted
from bureau.engine.handlers.filers import Filer, filing_time
from bureau.engine.preferences import OfPeriod
from bureau.engine.refusals import refuse
from bureau.engine.rules import VAT_SMALL, Period
from bureau.engine.subjects import Actor, authorise
from bureau.engine.vat_small import told
from bureau.errors import AlreadyFiled
from bureau.ports.core import Core
from bureau.ports.registration import Taxpayer
from bureau.ports.returns import Filed, Filing, NewDue
from kiosk.domain.errors import DomainError
from kiosk.domain.ids import Fen
from kiosk.domain.money import format_yuan
from kiosk.domain.tax.vat_small import VatSmallResult, compute
from sync.models import DeclarationSubmit


@dataclass(frozen=True, slots=True)
class Checked:
    """A return that may be filed."""

    actor: Actor
    period: Period
    result: VatSmallResult
    preferences: OfPeriod


class VatSmallFiler(Filer[DeclarationSubmit]):
    """Files a return, or says why not; a second one of the same period is a duplicate of the first."""

    model = DeclarationSubmit

    def apply(self, core: Core, request: Request, data: DeclarationSubmit) -> Outcome:
        """Check who, which period and every figure; then file."""
        actor = authorise(core, request.body.subject, request.service, lock=True)
        period = self.open_period(core, request, actor.enterprise, data.period_first, data.period_last)
        earlier = core.returns.filed(actor.enterprise.taxpayer, VAT_SMALL, period.first, period.last)
        if data.replaces is not None:
            self._may_replace(core, request, earlier, data.replaces)
        elif earlier is not None:
            core.notices.mended(self.matter(actor.enterprise.taxpayer, data))
            return self.again(core, earlier)
        checked = self._check(core, actor, period, data)
        try:
            filed = core.returns.file(self._filing(core, request, checked, data))
        except AlreadyFiled as error:  # unreachable while the enterprise is locked; the store's own guard
            raise refuse("alreadyFiled", declaration=error.declaration) from error
        core.notices.mended(self.matter(filed.taxpayer, data))
        declared = self.declared(core, filed)
        if data.replaces is not None:
            paid = corrections.paid(core, filed.taxpayer, period.first, period.last)
            over = sum(corrections.overpaid(taxes_of(checked.result), paid).values())
            declared = declared.model_copy(update={"overpaid_fen": over})
        return accepted(declared, filed.declaration)

    def _may_replace(self, core: Core, request: Request, earlier: Filed | None, replaces: str) -> None:
        """Only in the service for it, only the return that stands, and not while its tax is being paid."""
        if not corrections.corrects(request.service):
            raise refuse("notOfThisService")
        kept = core.returns.kept(replaces) if earlier is not None else None
        if earlier is None or kept is None or earlier.declaration != replaces:
            raise refuse("nothingToCorrect")
        corrections.check(core, kept, lock=True)

    def period(self, data: DeclarationSubmit) -> Period | None:
        """As the data name it; None for one of which no rule is known."""
        limit = self.rules.limit(data.period_last)
        return None if limit is None else Period(data.period_first, data.period_last, limit)

    def tax(self, data: DeclarationSubmit) -> str:
        """VAT, with what is levied on it."""
        return VAT_SMALL

    def matter(self, taxpayer: str, data: DeclarationSubmit) -> str:
        """The period of the taxpayer."""
        return messages.to_file(VAT_SMALL, taxpayer, data.period_first, data.period_last)

    def _check(self, core: Core, actor: Actor, period: Period, data: DeclarationSubmit) -> Checked:
        taxpayer = actor.enterprise
        if (data.city_rate, data.half_six_taxes) != (taxpayer.city_rate, taxpayer.half_six_taxes):
            raise refuse("ratesDiffer")
        sales = core.returns.sales(taxpayer.taxpayer, period.first, period.last)
        known = (max(sales.ordinary_fen, 0), max(sales.special_fen, 0))
        too_few = data.ordinary_sales_fen < known[0] or data.special_sales_fen < known[1]
        if too_few or data.returned_sales_fen > carrying.returned_of(sales):
            # 一窗式比对: a return may say more than the invoices, never less
            ordinary, special = (format_yuan(Fen(amount)) for amount in known)
            raise refuse("salesBelowInvoices", ordinary=ordinary, special=special)
        mine = preferences.of_period(core, taxpayer.taxpayer, period.first, period.last)
        waived = (data.threshold_waived, data.reduced_waived)
        freed, uninvoiced = data.freed_sales_fen, data.uninvoiced_sales_fen
        preferences.check_told(core, taxpayer.taxpayer, mine, waived, freed, uninvoiced)
        self._may_take_off(core, taxpayer, period, data)
        result = self._compute(taxpayer, period, data)
        figures = (
            result.deducted_fen,
            result.vat_fen,
            result.city_fen,
            result.education_fen,
            result.local_education_fen,
            result.total_fen,
        )
        declared = (
            data.carried_fen,
            data.vat_fen,
            data.city_fen,
            data.education_fen,
            data.local_education_fen,
            data.total_fen,
        )
        if figures != declared or not _same_rate(data.levy_rate, result.levy_rate):
            raise refuse("figuresDiffer", total=format_yuan(result.total_fen))
        return Checked(actor, period, result, mine)

    def _may_take_off(self, core: Core, taxpayer: Taxpayer, period: Period, data: DeclarationSubmit) -> None:
        """No more than was overpaid before; less is the taxpayer's to say (可以), as without the network."""
        if not data.carried_fen:
            return
        books = carrying.ledger(core, self.rules, taxpayer.taxpayer)
        most = books.available((period.first, period.last), data.replaces or "")
        if data.carried_fen > most:
            raise refuse("carriedTooMuch", most=format_yuan(most))

    def _compute(self, taxpayer: Taxpayer, period: Period, data: DeclarationSubmit) -> VatSmallResult:
        parameters = self.rules.version(data.parameters_hash)
        if parameters is None:
            raise refuse("rulesUnknown")
        given = told(data, quarterly=taxpayer.quarterly, day=period.last)
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
            figures={**data.model_dump(mode="json"), **_named(checked.preferences)},
            total_fen=result.total_fen,
            limit_date=checked.period.limit,
            filed_at=filing_time(request, core.now),
            terminal=request.terminal,
            person=actor.person.key,
            role=actor.capacity,
            dues=tuple(NewDue(tax, fen) for tax, fen in self._owed(core, checked, data).items()),
            replaces=data.replaces or "",
        )

    def _owed(self, core: Core, checked: Checked, data: DeclarationSubmit) -> Mapping[str, int]:
        """The taxes of it that were not paid yet: by the return that it corrects, or for invoices the bureau issued."""
        taxpayer = checked.actor.enterprise.taxpayer
        paid = prepaid if data.replaces is None else corrections.paid
        known = paid(core, taxpayer, checked.period.first, checked.period.last)
        return corrections.left(taxes_of(checked.result), known)


def _named(mine: OfPeriod) -> Mapping[str, object]:
    """What was on file of the period, for whoever looks at the return later; of most nothing."""
    return {"preferences": mine.shown, "preferences_law": mine.law} if mine.shown else {}


def taxes_of(result: VatSmallResult) -> Mapping[str, int]:
    """Each tax in fen, by the name it has in the books."""
    return {tax: int(getattr(result, figure)) for tax, figure in corrections.FIGURES.items()}


def _same_rate(text: str, rate: Decimal) -> bool:
    """Whether ``text`` is that rate, however many zeros it is written with."""
    try:
        return Decimal(text) == rate
    except InvalidOperation:
        return False
