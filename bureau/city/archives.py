"""What the bureau has kept of the city: credit evaluations, vehicles, social insurance."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from random import Random
from typing import NamedTuple

from bureau.city.cast import FIRMS, PERSONAS
from bureau.city.characters import Persona
from bureau.city.firms import Registered
from bureau.city.returns import OwnNumbers, voucher_of
from bureau.engine.credit import INDICATORS
from bureau.engine.records import MONTHS_BACK, back
from bureau.engine.reference.context import Type
from bureau.engine.rules import Rules
from kiosk.domain.tax.returns import KINDS
from kiosk.domain.tax.returns.kind import Computed
from sync.models import FactValues

YEARS = 3
PUBLISHED = (4, 30)
"""The evaluation of a year is published in April of the next."""
YOUNG_YEARS = 3
"""Enterprises not older than that without sales are of grade M."""
COUNTED_DOWN = (
    (),
    ("late-accounts",),
    ("late-payment",),
    ("late-return", "late-accounts"),
    ("late-accounts", "late-accounts"),
    ("late-return", "late-payment"),
    ("late-return", "late-accounts", "late-accounts"),
    ("late-accounts", "late-accounts", "late-accounts"),
    ("late-return", "late-payment", "late-accounts", "arrears-small"),
)
"""What an enterprise of the city may have missed in a year."""
RATES = {
    "pension": ("0.08", "0.16"),
    "medical": ("0.02", "0.08"),
    "unemployment": ("0.005", "0.005"),
    "injury": ("0", "0.002"),
}
"""Shares of the base that the person and the unit pay, as in most places; the city's own are invented like it."""
EMPLOYER = "云川市人力资源服务有限公司"


class Car(NamedTuple):
    """What was bought: price with VAT in fen, new energy, and how many days ago."""

    vin: str
    make: str
    engine: str
    gross_fen: int
    new_energy: bool
    days: int


CARS = (
    ("li-xiulan", Car("LSVAU033XE2123456", "上汽大众牌SVW71810BU", "EA211-304518", 13_400_000, False, 200)),
    ("li-xiulan", Car("LGXC16DF3M0004421", "比亚迪牌BYD7009BEV", "TZ200XSU-0442", 17_200_000, True, 330)),
    ("luo-ping", Car("LFV2A2154L3000817", "一汽大众牌FV7144BADBG", "CSS-661902", 10_400_000, False, 500)),
)
"""Whose; the tax is that of the day."""
OFFICE = "云川市税务局车辆购置税征收管理分局"
FLEET_OWNER = next(firm.taxpayer for firm in FIRMS if firm.roles_of("dong-hao"))
"""云川启明机电配件有限公司, which has lorries and employees; its tax handler prints what it paid."""
FLEET = (
    Car("LZZ5ELNB8RA123456", "中国重汽牌ZZ1047F3315F145", "D4-620118", 15_480_000, False, 410),
    Car("LGXCE4CB4S0123456", "比亚迪牌BYD5040XXYBEV", "TZ220-55107", 17_967_000, True, 150),
)
EMPLOYEES, UNIT_MONTHS = 14, 18
Row = dict[str, object]


@dataclass(frozen=True, slots=True)
class Bought:
    """A vehicle with the due and its payment; neither where no tax was due."""

    vehicle: Row
    due: Row | None = None
    entry: Row | None = None


def ratings(registered: Iterable[Registered], random: Random, as_of: date) -> Iterator[Row]:
    """The evaluations of the last three years that are published on ``as_of``."""
    newest = as_of.year - 1 if as_of >= date(as_of.year, *PUBLISHED) else as_of.year - 2
    for one in registered:
        for year in range(newest - YEARS + 1, newest + 1):
            if one.registered_on.year < year:
                grade, points = _grade(one, year, random)
                yield {
                    "taxpayer": one.firm.taxpayer,
                    "year": year,
                    "grade": grade,
                    "points": points,
                    "published_on": date(year + 1, *PUBLISHED),
                }


def _grade(one: Registered, year: int, random: Random) -> tuple[str, int | None]:
    if one.firm.state != "normal":
        return "D", None
    if year - one.registered_on.year <= YOUNG_YEARS and not one.firm.sales.net_fen:
        return "M", None
    points = 74 if one.firm.overdue else random.randrange(82, 99)
    points = points if _counted_down(points) is not None else points - 1
    return ("A" if points >= 90 else "B" if points >= 70 else "C"), points


def deductions(ratings: Iterable[Row], as_of: date) -> Iterator[Row]:
    """Where the evaluations lost their points: in each year what adds up to them, the latest arrears still open."""
    for rating in ratings:
        year, points = int(str(rating["year"])), rating["points"]
        indicators: Sequence[str] = ()
        if points is not None:
            indicators = _counted_down(int(str(points))) or ()
        elif rating["grade"] == "D":
            indicators = ("abnormal",)
        newest = date(year + 1, *PUBLISHED) > as_of - timedelta(days=365)
        for line, indicator in enumerate(indicators, start=1):
            happened = (
                date(year, 2 + 3 * (line % 4), 16) if indicator != "arrears-small" else date(year, 12, 31)
            )
            stays = indicator == "abnormal" or (newest and indicator == "arrears-small")
            yield {
                "taxpayer": rating["taxpayer"],
                "year": year,
                "line": line,
                "indicator": indicator,
                "points": INDICATORS[indicator],
                "happened_on": happened,
                "mended_on": None if stays else happened + timedelta(days=12),
            }


def _counted_down(points: int) -> Sequence[str] | None:
    """What was lost from the fewest points that such an evaluation begins with (100, 93 or 90); None: no way."""
    for start in (90, 93, 100):
        for kinds in COUNTED_DOWN:
            if start - sum(INDICATORS[kind] or 0 for kind in kinds) == points:
                return kinds
    return None


def vehicles(as_of: date, rules: Rules) -> Iterator[Row]:
    """The vehicles of the cast."""
    people = {persona.id: persona for persona in PERSONAS}
    for owner, car in CARS:
        vehicle, _, _ = _vehicle(car, as_of, rules)
        yield _person(people[owner]) | vehicle


def _vehicle(car: Car, as_of: date, rules: Rules) -> tuple[Row, Computed, date]:
    """A vehicle with its tax as the tables have it on the day of the invoice, on which it was paid."""
    day = date.fromordinal(as_of.toordinal() - car.days)
    told: FactValues = {
        "vin": car.vin,
        "make": car.make,
        "engine": car.engine,
        "gross_fen": car.gross_fen,
        "new_energy": car.new_energy,
        "bought_on": day.isoformat(),
    }
    computed = KINDS["vehicle-purchase"].compute(told, rules.current)
    (line,) = computed.lines
    vehicle: Row = {
        "vin": car.vin,
        "make": car.make,
        "engine": car.engine,
        "price_fen": int(line.base_fen),
        "tax_fen": int(line.tax_fen),
        "exempt": not line.tax_fen,
        "entry_date": day,
        "authority": OFFICE,
    }
    return vehicle, computed, day


def social(as_of: date) -> Iterator[Row]:
    """Social insurance of those of the cast who earn wages, up to the last month that is over."""
    last = back(f"{as_of:%Y-%m}", 1)
    for persona in PERSONAS:
        pay = persona.pay
        if not persona.enrolled or pay is None or pay.item != "wages":
            continue
        for steps in reversed(range(min(pay.months, MONTHS_BACK - 1))):
            month = back(last, steps)
            for insurance, (own, unit) in RATES.items():
                yield {
                    **_person(persona),
                    "month": month,
                    "insurance": insurance,
                    "base_fen": pay.monthly_fen,
                    "own_fen": _share(pay.monthly_fen, Decimal(own)),
                    "unit_fen": _share(pay.monthly_fen, Decimal(unit)),
                    "entry_date": date.fromisoformat(f"{month}-20"),
                    "unit": EMPLOYER,
                }


def fleet(as_of: date, rules: Rules, numbers: OwnNumbers) -> Iterator[Bought]:
    """The vehicles of an enterprise of the cast."""
    for car in FLEET:
        of, computed, day = _vehicle(car, as_of, rules)
        vehicle, tax = {**of, "taxpayer": FLEET_OWNER}, int(computed.lines[0].tax_fen)
        if not tax:
            yield Bought(vehicle)
            continue
        due = numbers.next(Type.DUE, day)
        owed: Row = {
            "due": due,
            "taxpayer": FLEET_OWNER,
            "tax": computed.lines[0].code,
            "period_first": computed.period_first,
            "period_last": computed.period_last,
            "amount_fen": tax,
            "limit_date": computed.limit,
            "declaration": None,
            "state": "paid",
            "held_by": None,
        }
        entry: Row = {
            "due": due,
            "voucher": voucher_of(due, day),
            "amount_fen": tax,
            "late_fee_fen": 0,
            "entry_date": day,
        }
        yield Bought(vehicle, owed, entry)


def by_unit(as_of: date, rules: Rules, random: Random) -> Iterator[Row]:
    """What that enterprise paid for its employees, month by month up to the last that is over.

    Each base is a wage within 60 % and 300 % of the average wage of the tables; all of a month stand as one sum.
    """
    last = back(f"{as_of:%Y-%m}", 1)
    average = rules.current.at(as_of).amount_or_none("social-insurance.average-wage")
    if average is None:  # of a day before the tables know one
        return
    least, most = average * 60 // 100, average * 3
    wages = [min(max(average * random.randrange(45, 160) // 100, least), most) for _ in range(EMPLOYEES)]
    for steps in reversed(range(UNIT_MONTHS)):
        month = back(last, steps)
        people = wages[: EMPLOYEES - (steps > UNIT_MONTHS // 2)]  # the last of them came later
        day = date.fromisoformat(f"{back(month, -1)}-12")
        for turn, (insurance, (own, unit)) in enumerate(RATES.items(), start=1):
            yield {
                "taxpayer": FLEET_OWNER,
                "month": month,
                "insurance": insurance,
                "people": len(people),
                "base_fen": sum(people),
                "own_fen": sum(_share(base, Decimal(own)) for base in people),
                "unit_fen": sum(_share(base, Decimal(unit)) for base in people),
                "voucher": f"3539{day:%y%m%d}{turn:08}",
                "entry_date": min(day, as_of - timedelta(days=1)),
            }


def _person(persona: Persona) -> Row:
    return {"person_kind": persona.kind.value, "person_number": persona.number}


def _share(fen: int, rate: Decimal) -> int:
    return int((fen * rate).quantize(Decimal(1), ROUND_HALF_UP))
