"""VAT and surcharges of a small-scale taxpayer (小规模纳税人增值税及附加税费申报)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from kiosk.domain.errors import MoneyError
from kiosk.domain.ids import Fen
from kiosk.domain.tax.lines import ONE, Note, TaxLine, line, total
from kiosk.domain.tax.parameters import DayParameters, TaxParameters
from kiosk.domain.tax.surcharges import surcharges


@dataclass(frozen=True, slots=True)
class VatSmallInput:
    """One period's sales, all without tax, in fen.

    ``day`` is the day whose rules apply: the last of the period. ``half_six_taxes`` claims the reduction of
    六税两费. ``reduced`` false gives up the reduced rate (放弃减税), as for special invoices issued at 3 %;
    ``threshold`` false gives up the exemption below the threshold (放弃免税). ``freed_fen``: of the ordinary and
    uninvoiced sales those of a project that is exempt whatever they come to (免税项目); special invoices are never
    issued for it. ``returned_fen``: what red-letter invoices took back beyond the sales of their own kind, which
    lowers the other sales of the period. ``carried_fen``: tax that was overpaid before because nothing was left to
    take returned sales off, and may lower the tax of this period.
    """

    ordinary_fen: Fen
    special_fen: Fen
    uninvoiced_fen: Fen
    quarterly: bool
    city_rate: Decimal
    half_six_taxes: bool
    day: date
    reduced: bool = True
    threshold: bool = True
    freed_fen: Fen = Fen(0)
    returned_fen: Fen = Fen(0)
    carried_fen: Fen = Fen(0)

    @property
    def sales_fen(self) -> Fen:
        """All sales of the period, with what was returned taken off; never below nothing."""
        return Fen(max(0, self.ordinary_fen + self.special_fen + self.uninvoiced_fen - self.returned_fen))


@dataclass(frozen=True, slots=True)
class VatSmallResult:
    """What is due, and how it came about.

    ``exempt``: sales do not exceed the threshold, so only those with special invoices were taxed.
    ``lines``: ``vat-freed`` and ``vat-exempt`` (sales that a project and the threshold free, when there are any),
    ``vat``, ``vat-carried`` (what was overpaid before, below zero, when there is any), ``city``, ``education``,
    ``local-education``. ``vat_fen`` is what is left to pay of the VAT, on which the surcharges are reckoned.
    ``deducted_fen`` is what was overpaid before and is taken off, ``residual_fen`` the returned sales that no sales of
    the period were left for. ``parameters_hash`` names the tables used.
    """

    vat_fen: Fen
    city_fen: Fen
    education_fen: Fen
    local_education_fen: Fen
    total_fen: Fen
    exempt: bool
    levy_rate: Decimal
    lines: tuple[TaxLine, ...]
    sales_fen: Fen
    taxable_fen: Fen
    exempt_fen: Fen
    freed_fen: Fen
    deducted_fen: Fen
    residual_fen: Fen
    parameters_hash: str


def compute(given: VatSmallInput, parameters: TaxParameters) -> VatSmallResult:
    """Compute the return by 财政部 税务总局公告2023年第19号 and the parameters of ``given.day``.

    Whether sales exceed the threshold goes by all of them, those of an exempt project too (合计销售额).

    财税〔2016〕36号, annex 1, art. 36: returned sales are taken off those of the period, the taxed ones without special
    invoices first, those of an exempt project last. Tax that was overpaid because none were left is taken off the
    tax; 城市维护建设税法 art. 2: the surcharges are on what is then paid.

    Raises ``MoneyError`` for negative sales or more exempt ones than there are, ``ParameterMissingError`` for a day
    before the tables begin.
    """
    if min(given.ordinary_fen, given.special_fen, given.uninvoiced_fen, given.freed_fen) < 0:
        raise MoneyError("sales must not be negative; red-letter invoices are taken off their own kind first")
    if min(given.returned_fen, given.carried_fen) < 0:
        raise MoneyError("what was returned and what was overpaid are told above zero")
    other = given.ordinary_fen + given.uninvoiced_fen - given.freed_fen
    if other < 0:
        raise MoneyError("no more sales are of an exempt project than there are without special invoices")
    (other, special, freed), residual = _taken_off(
        (other, given.special_fen, given.freed_fen), given.returned_fen
    )
    rules = parameters.at(given.day)
    rate, note = levy_rate(rules, reduced=given.reduced)
    exempt = given.threshold and _within(
        given, rules, "vat-small.monthly-threshold", "vat-small.quarterly-threshold"
    )
    below = other if exempt else Fen(0)
    taxable = Fen(special + other - below)
    vat = line("vat", taxable, rate, ONE, Note.SPECIAL_TAXABLE if exempt and taxable else note)
    deducted = Fen(min(vat.tax_fen, given.carried_fen))
    left = Fen(vat.tax_fen - deducted)
    free = _within(
        given, rules, "surcharges.education-monthly-threshold", "surcharges.education-quarterly-threshold"
    )
    extra = surcharges(left, given.city_rate, half=given.half_six_taxes, education_free=free, rules=rules)
    untaxed = [
        line(code, sales, rate, Decimal(0), why)
        for code, sales, why in (("vat-freed", freed, Note.PREFERENCE), ("vat-exempt", below, Note.THRESHOLD))
        if sales
    ]
    carried = [TaxLine("vat-carried", deducted, ONE, -ONE, Fen(-deducted), Note.CARRIED)] if deducted else []
    lines = (*untaxed, vat, *carried, *extra)
    return VatSmallResult(
        vat_fen=left,
        city_fen=extra[0].tax_fen,
        education_fen=extra[1].tax_fen,
        local_education_fen=extra[2].tax_fen,
        total_fen=total(lines),
        exempt=exempt,
        levy_rate=rate,
        lines=lines,
        sales_fen=given.sales_fen,
        taxable_fen=taxable,
        exempt_fen=below,
        freed_fen=freed,
        deducted_fen=deducted,
        residual_fen=residual,
        parameters_hash=parameters.hash,
    )


def _taken_off(sales: tuple[int, ...], returned: int) -> tuple[tuple[Fen, ...], Fen]:
    """``sales`` less what was returned, one after the other, and what is left of that."""
    found = []
    for amount in sales:
        taken = min(amount, returned)
        returned -= taken
        found.append(Fen(amount - taken))
    return tuple(found), Fen(returned)


def levy_rate(rules: DayParameters, *, reduced: bool = True) -> tuple[Decimal, Note]:
    """The levy rate (征收率) of the day, and whether it is the reduced one."""
    lower = rules.rate_or_none("vat-small.reduced-levy-rate") if reduced else None
    if lower is not None:
        return lower, Note.REDUCED
    return rules.rate("vat-small.levy-rate"), Note.NONE


def _within(given: VatSmallInput, rules: DayParameters, monthly: str, quarterly: str) -> bool:
    """Whether the period's sales do not exceed the threshold; false when there is none any more."""
    limit = rules.amount_or_none(quarterly if given.quarterly else monthly)
    return limit is not None and given.sales_fen <= limit
