"""Certificates of a person: 中国税收居民身份证明; also an enterprise's: 车辆购置税完税证明, 社会保险费缴费证明."""

from __future__ import annotations

from collections.abc import Sequence

from bureau.engine import booked
from bureau.engine.names import day_in_words
from bureau.engine.refusals import refuse
from bureau.engine.sheets.base import (
    Case,
    in_capitals,
    name_of,
    person_facts,
    same,
    title,
    unit_fact,
    wished_months,
    yuan,
)
from bureau.engine.sheets.taxes import payer_facts
from bureau.ports.archives import SocialPayment, VehicleTax
from bureau.ports.office import Sheet, SheetColumn, SheetFact
from bureau.texts import has, ids, joined, say
from kiosk.domain.people import DocumentKind
from sync.models import CertificateItem, Texts

RESIDENCE, VEHICLE, SOCIAL = "residence", "vehicle-purchase", "social-insurance"
FIRM_VEHICLE, FIRM_SOCIAL = "firm-vehicle-purchase", "firm-social-insurance"
"""An enterprise's in the register: what is a person's own is told from it."""
REGIONS = ("hk", "mo")
YEARS_BACK = 3
NOTHING: Texts = same("")


# --- residence ----------------------------------------------------------------------------------------------


def residence_years(case: Case) -> list[CertificateItem]:
    """The calendar years that may be certified: this one and those before it."""
    _domiciled(case)
    return [
        CertificateItem(id=str(year), title=say("certificate.residence.year", year=str(year)), note=NOTHING)
        for year in _years(case)
    ]


def residence(case: Case) -> Sheet:
    """中国税收居民身份证明 for one calendar year and one treaty partner, in both languages; raises ``Refused``.

    个人所得税法 art. 1 and 实施条例 art. 2: an individual with a domicile in China is a resident; others by days of
    stay, which the bureau does not hold. It is asked for to claim a tax treaty (税收协定) with the partner named.
    """
    _domiciled(case)
    year = case.wish.item or ""
    if year not in map(str, _years(case)):
        raise refuse("yearNotOffered")
    partner, person = case.wish.partner or "", case.actor.person
    if not has(f"partner.{partner}"):
        raise refuse("partnerUnknown")
    country = say(f"partner.{partner}")
    return Sheet(
        kind=RESIDENCE,
        title=title(RESIDENCE),
        holder=person.name,
        facts=(
            *person_facts(case),
            SheetFact(say("certificate.fact.residence-year"), same(year), strong=True),
            SheetFact(say("certificate.fact.partner"), country, strong=True),
        ),
        statements=(
            say(
                "certificate.residence.statement",
                name=name_of(person),
                year=year,
            ),
            say(f"certificate.residence.{_agreed(partner)}", partner=country),
        ),
        both=True,
    )


def _agreed(partner: str) -> str:
    """With Hong Kong and Macao the Mainland has arrangements (税收安排), treaties are with other countries."""
    return "arrangement" if partner in REGIONS else "purpose"


def _domiciled(case: Case) -> None:
    if case.actor.person.key.kind is not DocumentKind.RESIDENT_ID:
        raise refuse("residenceByDays")


def _years(case: Case) -> list[int]:
    return [case.day.year - back for back in range(YEARS_BACK + 1)]


# --- vehicles -----------------------------------------------------------------------------------------------


def vehicles(case: Case) -> list[CertificateItem]:
    """The vehicles of the enterprise acted for, else the person's own; raises ``Refused`` when there are none."""
    found = _theirs(case)
    if not found and case.actor.role is not None:
        raise refuse("noFirmVehicle")
    if not found:
        raise refuse("noVehicleTax")
    return [
        CertificateItem(
            id=one.vin, title=same(one.make or one.vin), note=say("certificate.vehicle.note", vin=one.vin)
        )
        for one in found
    ]


def _theirs(case: Case) -> Sequence[VehicleTax]:
    if case.actor.role is None:
        return booked.vehicles(case.core, case.actor.person.key)
    return case.core.archives.firm_vehicles(case.actor.enterprise.taxpayer)


def vehicle_purchase(case: Case) -> Sheet:
    """车辆购置税完税证明 of one vehicle (domain note, section 5, C05); raises ``Refused``.

    车辆购置税法 2018, art. 13, and 国家税务总局公告2019年第26号: vehicles are registered by electronic information, and
    the person may have the certificate printed.
    """
    one = next((one for one in _theirs(case) if one.vin == case.wish.item), None)
    if one is None:
        raise refuse("vehicleNotTheirs")
    return Sheet(
        kind=VEHICLE if case.actor.role is None else FIRM_VEHICLE,
        title=title(VEHICLE),
        holder=_holder(case),
        facts=(
            *payer_facts(case),
            SheetFact(say("certificate.fact.vin"), same(one.vin), strong=True, wide=True),
            SheetFact(say("certificate.fact.make"), _told(one.make)),
            SheetFact(say("certificate.fact.engine"), _told(one.engine)),
            SheetFact(say("certificate.fact.authority"), same(one.authority), wide=True, screen=False),
            unit_fact(),
        ),
        columns=(
            SheetColumn(say("certificate.column.line"), 60),
            SheetColumn(say("certificate.column.amount"), 40, figures=True),
        ),
        rows=((say("certificate.vehicle.price"), yuan(one.price_fen)),),
        totals=(say("certificate.vehicle.tax"), yuan(one.tax_fen)),
        emphasis=1,
        capital_label=say("certificate.total.capital"),
        capital=in_capitals(one.tax_fen),
        statements=(_vehicle_sentence(one),),
        amount_fen=one.tax_fen,
    )


def _told(text: str) -> Texts:
    """A particular of the vehicle; returns that were taken before it was asked for lack it."""
    return same(text or "—")


def _vehicle_sentence(one: VehicleTax) -> Texts:
    how = "exempt" if one.exempt else "paid"
    return say(f"certificate.vehicle.{how}", day=day_in_words(one.entry_date))


# --- social insurance ---------------------------------------------------------------------------------------


def insured_months(case: Case) -> list[str]:
    """The months for which something was paid, ascending; raises ``Refused`` when there are none."""
    first, last = case.window_months
    if case.actor.role is not None:
        ours = case.core.archives.unit_payments(case.actor.enterprise.taxpayer, first, last)
        if not ours:
            raise refuse("noFirmSocial")
        return sorted({one.month for one in ours})
    paid = booked.social(case.core, case.actor.person.key, first, last)
    if not paid:
        raise refuse("noSocialAtAll")
    return sorted({one.month for one in paid})


def _payers(paid: Sequence[SocialPayment]) -> Texts:
    """Through whom it was paid, each once, in the order of the months; who works for nobody pays alone."""
    units = dict.fromkeys(one.unit for one in paid)
    return joined([same(unit) if unit else say("certificate.social.self") for unit in units])


def social_insurance(case: Case) -> Sheet:
    """社会保险费缴费证明 over the months that were asked for (domain note, section 5, C04); raises ``Refused``.

    社会保险法 art. 74: whoever is insured has their record of contributions for the asking, without charge.
    """
    first, last = wished_months(case)
    if case.actor.role is not None:
        return _paid_by_unit(case, first, last)
    paid = booked.social(case.core, case.actor.person.key, first, last)
    if not paid:
        raise refuse("noSocial")
    order = ids("insurance")
    paid = sorted(paid, key=lambda one: (one.month, order.index(one.insurance)))
    own, unit = sum(one.own_fen for one in paid), sum(one.unit_fen for one in paid)
    return Sheet(
        kind=SOCIAL,
        title=title(SOCIAL),
        holder=_holder(case),
        facts=(
            *person_facts(case),
            SheetFact(say("certificate.fact.months"), same(f"{first} – {last}"), wide=True),
            SheetFact(say("certificate.fact.employer"), _payers(paid), wide=True),
            unit_fact(),
        ),
        columns=(
            SheetColumn(say("certificate.column.month"), 12),
            SheetColumn(say("certificate.column.insurance"), 22),
            SheetColumn(say("certificate.column.base"), 16, figures=True, screen=False),
            SheetColumn(say("certificate.column.own"), 16, figures=True),
            SheetColumn(say("certificate.column.by-unit"), 16, figures=True),
            SheetColumn(say("certificate.column.entry"), 16, figures=True, screen=False),
        ),
        rows=tuple(
            (
                same(one.month),
                say(f"insurance.{one.insurance}"),
                yuan(one.base_fen),
                yuan(one.own_fen),
                yuan(one.unit_fen),
                same(one.entry_date.isoformat()),
            )
            for one in paid
        ),
        totals=(say("certificate.total"), NOTHING, NOTHING, yuan(own), yuan(unit), NOTHING),
        emphasis=3,
        capital_label=say("certificate.social.capital"),
        capital=in_capitals(own),
        statements=(say("certificate.social.statement"),),
        amount_fen=own,
    )


def _paid_by_unit(case: Case, first: str, last: str) -> Sheet:
    """What the enterprise paid for all its employees: their part, which it withheld, and its own; nobody is named.

    社会保险法 art. 60: the unit declares and pays in full, and withholds what its employees pay.
    """
    paid = case.core.archives.unit_payments(case.actor.enterprise.taxpayer, first, last)
    if not paid:
        raise refuse("noSocial")
    order = ids("insurance")
    paid = sorted(paid, key=lambda one: (one.month, order.index(one.insurance)))
    own, unit = sum(one.own_fen for one in paid), sum(one.unit_fen for one in paid)
    return Sheet(
        kind=FIRM_SOCIAL,
        title=title(SOCIAL),
        holder=_holder(case),
        facts=(
            *payer_facts(case),
            SheetFact(say("certificate.fact.months"), same(f"{first} – {last}"), wide=True),
            unit_fact(),
        ),
        columns=(
            SheetColumn(say("certificate.column.month"), 13),
            SheetColumn(say("certificate.column.insurance"), 15),
            SheetColumn(say("certificate.column.people"), 6, figures=True, screen=False),
            SheetColumn(say("certificate.column.base"), 13, figures=True, screen=False),
            SheetColumn(say("certificate.column.withheld"), 13, figures=True),
            SheetColumn(say("certificate.column.by-unit"), 12, figures=True),
            SheetColumn(say("certificate.column.sum"), 16, figures=True),
            SheetColumn(say("certificate.column.entry"), 12, figures=True, screen=False),
        ),
        rows=tuple(
            (
                same(one.month),
                say(f"insurance.{one.insurance}"),
                same(str(one.people)),
                yuan(one.base_fen),
                yuan(one.own_fen),
                yuan(one.unit_fen),
                yuan(one.own_fen + one.unit_fen),
                same(one.entry_date.isoformat()),
            )
            for one in paid
        ),
        totals=(
            say("certificate.total"),
            *[NOTHING] * 3,
            yuan(own),
            yuan(unit),
            yuan(own + unit),
            NOTHING,
        ),
        emphasis=6,
        capital_label=say("certificate.social.firm-capital"),
        capital=in_capitals(own + unit),
        statements=(
            say("certificate.social.firm-statement", total=yuan(own + unit)),
            say("certificate.social.firm-people"),
        ),
        amount_fen=own + unit,
    )


def _holder(case: Case) -> str:
    return case.actor.person.name if case.actor.role is None else case.actor.enterprise.name
