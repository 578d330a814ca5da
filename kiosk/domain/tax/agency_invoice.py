"""What is paid before the bureau issues an invoice for somebody (代开发票): VAT and its surcharges, with the law."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from kiosk.domain.errors import MoneyError
from kiosk.domain.ids import Fen
from kiosk.domain.tax.lines import Note, TaxLine, net_of_gross, total
from kiosk.domain.tax.parameters import DayParameters, TaxParameters
from kiosk.domain.tax.surcharges import CITY, EDUCATION, LOCAL_EDUCATION, surcharges
from kiosk.domain.tax.vat_small import levy_rate

VAT = "vat"
TRANSACTION = "vat-small.transaction-threshold"
EXEMPT = "vat-small.{}-threshold"
EDUCATION_FREE = "surcharges.education-{}-threshold"


@dataclass(frozen=True, slots=True)
class AgencySale:
    """One sale by who has the bureau issue the invoice. ``gross_fen``: what the buyer pays, with tax.

    ``person``: a natural person, taxed by transaction (按次纳税); else a registered small-scale taxpayer.
    ``sold_fen``: sales of the day of a person, of the period so far of a taxpayer; ``sold_month_fen``: of the month,
    or of the quarter of who files quarterly. Both without tax, from the register of issued invoices. ``reduced`` and
    ``threshold`` false: the taxpayer has given up the reduced rate, the exemption below the threshold.
    """

    gross_fen: Fen
    special: bool
    person: bool
    quarterly: bool
    sold_fen: Fen
    sold_month_fen: Fen
    city_rate: Decimal
    half_six_taxes: bool
    day: date
    reduced: bool = True
    threshold: bool = True


@dataclass(frozen=True, slots=True)
class AgencyTax:
    """``net_fen`` and ``vat_fen`` make the price to the fen; ``rate`` None: exempt (免税).

    ``lines``: VAT and the three surcharges. ``basis``: the law each of them stands on, by the line's code.
    """

    net_fen: Fen
    vat_fen: Fen
    rate: Decimal | None
    lines: tuple[TaxLine, ...]
    total_fen: Fen
    basis: Mapping[str, str]
    parameters_hash: str


def compute(given: AgencySale, parameters: TaxParameters) -> AgencyTax:
    """Computed by the rules of ``given.day``.

    A person's sales of a day that do not reach the threshold are free (起征点, 增值税法); what reaches it is taxed in
    full. A small-scale taxpayer's period up to the threshold is free with ordinary invoices alone (财政部
    税务总局公告2023年第19号). A special invoice (专用发票) is always taxed, because its buyer deducts what stands
    on it.

    Raises ``MoneyError`` for no price, ``ParameterMissingError`` for a day of which no rule is known.
    """
    if given.gross_fen <= 0:
        raise MoneyError("an invoice has a price")
    rules = parameters.at(given.day)
    levy, note = levy_rate(rules, reduced=given.reduced)
    taxed_net = net_of_gross(given.gross_fen, levy)
    exempt = threshold(given, taxed_net, rules)
    net = given.gross_fen if exempt else taxed_net
    vat = Fen(0) if exempt else Fen(given.gross_fen - taxed_net)
    factor, why = (Decimal(0), Note.THRESHOLD) if exempt else (Decimal(1), note)
    extra = surcharges(
        vat,
        given.city_rate,
        half=given.half_six_taxes,
        education_free=_education_free(given, taxed_net, rules),
        rules=rules,
    )
    # The tax is what is left of the price, so that invoice and treasury agree to the fen.
    lines = (TaxLine(VAT, net, levy, factor, vat, why), *extra)
    return AgencyTax(
        net_fen=net,
        vat_fen=vat,
        rate=None if exempt else levy,
        lines=lines,
        total_fen=total(lines),
        basis=_basis(given, exempt, lines, rules),
        parameters_hash=parameters.hash,
    )


def threshold(given: AgencySale, net: Fen, rules: DayParameters) -> bool:
    """Whether the sale of ``net`` is free: below a person's threshold, or within a taxpayer's, ordinary alone."""
    if given.special or not given.threshold:
        return False
    limit = rules.amount_or_none(_threshold(given))
    if limit is None:
        return False
    sales = given.sold_fen + net
    return sales < limit if given.person else sales <= limit


def _threshold(given: AgencySale) -> str:
    return TRANSACTION if given.person else EXEMPT.format(_cycle(given))


def _cycle(given: AgencySale) -> str:
    return "quarterly" if given.quarterly and not given.person else "monthly"


def _education_free(given: AgencySale, net: Fen, rules: DayParameters) -> bool:
    """Whether the sales of the month or quarter are free of both education surcharges (财税〔2016〕12号)."""
    return given.sold_month_fen + net <= rules.amount(EDUCATION_FREE.format(_cycle(given)))


def _basis(
    given: AgencySale, exempt: bool, lines: tuple[TaxLine, ...], rules: DayParameters
) -> Mapping[str, str]:
    """The law of the row by which each line came about."""
    reduced = "vat-small.reduced-levy-rate"
    levy = reduced if given.reduced and rules.row(reduced) is not None else "vat-small.levy-rate"
    named = {
        VAT: _threshold(given) if exempt else levy,
        CITY: "surcharges.half-six-taxes" if lines[1].note is Note.HALF else _city_row(given, rules),
        EDUCATION: "surcharges.education-rate",
        LOCAL_EDUCATION: "surcharges.local-education-rate",
    }
    for line in lines[2:]:
        if line.note is Note.THRESHOLD:
            named[line.code] = EDUCATION_FREE.format(_cycle(given))
        elif line.note is Note.HALF:
            named[line.code] = "surcharges.half-six-taxes"
    rows = {code: rules.row(name) for code, name in named.items()}
    return {code: row.legal_basis for code, row in rows.items() if row is not None}


def _city_row(given: AgencySale, rules: DayParameters) -> str:
    names = [f"surcharges.city-rate-{place}" for place in ("city", "county", "other")]
    return next((name for name in names if rules.rate(name) == given.city_rate), names[0])
