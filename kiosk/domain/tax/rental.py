"""What an individual pays on rent received (个人出租不动产): VAT and its surcharges, property tax, income tax."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from kiosk.domain.ids import Fen
from kiosk.domain.money import round_fen, yuan
from kiosk.domain.tax.lines import ONE, Note, TaxLine, line, net_of_gross
from kiosk.domain.tax.parameters import DayParameters, TaxParameters
from kiosk.domain.tax.surcharges import surcharges

VAT, PROPERTY, INCOME = "vat", "property", "iit-rental"


@dataclass(frozen=True, slots=True)
class Rent:
    """The rent of some months, fen, with VAT. ``home``: it is lived in. ``repairs_fen``: spent in those months.

    ``day`` is the day whose rules apply: the last of the period. ``forgiven_fen``: what a relief that was granted takes
    off the property tax, at most all of it.
    """

    monthly_fen: Fen
    months: int
    home: bool
    repairs_fen: Fen
    city_rate: Decimal
    day: date
    forgiven_fen: Fen = Fen(0)


def compute(given: Rent, parameters: TaxParameters) -> tuple[TaxLine, ...]:
    """VAT, its three surcharges, property tax and income tax, each rounded once, for all the months.

    财税〔2016〕36号 and 税务总局公告2016年第16号 (VAT), 财税〔2008〕24号 (homes), 个人所得税法 art. 6. A home that is
    let bears no stamp tax and no land use tax.
    """
    rules = parameters.at(given.day)
    rent = Fen(given.monthly_fen * given.months)
    net, vat = _vat(given, rent, rules)
    extra = surcharges(
        vat.tax_fen,
        given.city_rate,
        half=True,
        education_free=_education_free(given, net, rules),
        rules=rules,
    )
    share = rules.rate("rental.property-home-rate" if given.home else "rental.property-rate")
    half = rules.rate_or_none("surcharges.half-six-taxes")
    note = Note.NONE if half is None else Note.HALF
    held = line(PROPERTY, net, share, ONE if half is None else half, note)
    if given.forgiven_fen:
        held = replace(held, tax_fen=Fen(held.tax_fen - given.forgiven_fen), note=Note.RELIEF)
    taxes = Fen(held.tax_fen + sum(one.tax_fen for one in extra))
    return (vat, *extra, held, _income(given, net, taxes, rules))


def _vat(given: Rent, rent: Fen, rules: DayParameters) -> tuple[Fen, TaxLine]:
    """The rent without VAT, and the VAT; where there is none the rent itself is without."""
    levy = rules.rate("rental.vat-levy-rate")
    net = net_of_gross(rent, levy)
    rate = rules.rate("rental.vat-home-rate") if given.home else levy
    limit = rules.amount_or_none("rental.vat-monthly-threshold")
    if limit is not None and net <= limit * given.months:
        return rent, line(VAT, rent, rate, Decimal(0), Note.THRESHOLD)
    return net, line(VAT, net, rate, ONE, Note.REDUCED if given.home else Note.NONE)


def _education_free(given: Rent, net: Fen, rules: DayParameters) -> bool:
    """Whether a month's rent without VAT is free of both education surcharges (财税〔2016〕12号)."""
    return net <= rules.amount("surcharges.education-monthly-threshold") * given.months


def _income(given: Rent, net: Fen, taxes: Fen, rules: DayParameters) -> TaxLine:
    """Each month's rent is one income (实施条例 art. 14): less taxes, repairs, then 800 yuan or a fifth."""
    most = rules.amount("rental.repairs-monthly") * given.months
    left = yuan(Fen(net - taxes - min(given.repairs_fen, most))) / given.months
    if left <= yuan(rules.amount("rental.iit-flat-up-to")):
        left -= yuan(rules.amount("rental.iit-flat-deduction"))
    else:
        left *= ONE - rules.rate("rental.iit-share-deduction")
    base = round_fen(max(Decimal(0), left) * given.months)
    return line(INCOME, base, rules.rate("rental.iit-home-rate" if given.home else "rental.iit-rate"))
