"""What the people of the city have to declare in their own name (税源), and what firms declare besides VAT."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from random import Random

from bureau.city.cast import FIRMS, PERSONAS, SHIGUANG
from bureau.city.places import BY_NAME
from bureau.city.population import Citizen
from kiosk.domain.people import DocumentKind
from kiosk.domain.vehicles import PLATE_ALPHABET

FLOWERS = next(firm.taxpayer for firm in FIRMS if "白露" in firm.name)
"""The flower shop, assessed at a fixed quota."""
QUOTA_FEN = 9_500_000
"""Its sales a month by the assessment; what it invoices stays below."""
CARS = 12
"""One citizen in so many has a car that bears the yearly tax."""
ENGINES = (0, 1199, 1498, 1598, 1798, 1998, 2487, 2998)
"""Displacements in millilitres; one without runs on electricity."""
Row = dict[str, object]


def of_people(random: Random, others: Iterable[Citizen], as_of: date) -> Iterator[Row]:
    """The cast's contracts, homes and vehicles, and some citizens' cars."""
    people = {persona.id: persona for persona in PERSONAS}
    for number, (name, kind, title, facts) in enumerate(_of_cast(as_of), start=1):
        persona = people[name]
        yield _row(f"SY{number:08}", persona.kind, persona.number, kind, title, facts, as_of)
    for number, citizen in enumerate(others):
        if number % CARS == 0:
            plate = (
                "云Z" + "".join(random.choice(PLATE_ALPHABET) for _ in range(4)) + f"{number // CARS % 10}"
            )
            facts = _car(
                plate, as_of, random.choice(ENGINES), as_of - timedelta(days=random.randrange(400, 4000))
            )
            source = f"SY1{number:07}"
            yield _row(source, citizen.kind, citizen.number, "vehicle-vessel", plate, facts, as_of)


def duties(as_of: date) -> list[Row]:
    """The coffee shop declares two taxes besides VAT; the flower shop is assessed at a fixed quota."""
    long, late = date(as_of.year - 2, 1, 1), _quarter_before(as_of).replace(day=1)
    listed = (
        (SHIGUANG, "stamp", None, late),
        (SHIGUANG, "iit-business", None, late),
        (FLOWERS, "vat-small", QUOTA_FEN, long),
    )
    return [
        {
            "taxpayer": taxpayer,
            "tax": tax,
            "cycle": "quarter",
            "quota_fen": quota,
            "valid_from": since,
            "valid_to": None,
        }
        for taxpayer, tax, quota, since in listed
    ]


def _quarter_before(as_of: date) -> date:
    """The last day of the quarter that was over last."""
    return date(as_of.year, 3 * ((as_of.month - 1) // 3) + 1, 1) - timedelta(days=1)


def _of_cast(as_of: date) -> list[tuple[str, str, str, Row]]:
    """Who, which return, what it is about in words, and its facts."""

    def ago(days: int) -> str:
        return (as_of - timedelta(days=days)).isoformat()

    registers = (as_of + timedelta(days=24)).isoformat()
    quarter = _quarter_before(as_of)
    rented = f"{quarter.year}-{quarter.month - 2:02}"
    return [
        (
            "li-xiulan", "deed", "云川市江畔区滨江路66号2幢902室",
            {"contract": "YC-WQ-2026-00418", "price_fen": 168_000_000, "area": 127, "homes": 1,
             "signed_on": ago(12), "registers_on": registers},
        ),
        (
            "li-xiulan", "vehicle-vessel", "云A6K218",
            _car("云A6K218", as_of, 1498, date(as_of.year - 3, 5, 16)),
        ),
        (
            "li-xiulan", "iit-annual", f"{as_of.year - 1}",
            {"year": as_of.year - 1, "social_fen": 3_906_000, "extra_fen": 2_400_000, "other_fen": 0},
        ),
        (
            "xu-wen", "vehicle-purchase", "LSVAU0334E2123456",
            {"vin": "LSVAU0334E2123456", "make": "上汽大众牌SVW71810BU", "engine": "EA211304519",
             "gross_fen": 11_300_000, "new_energy": False, "bought_on": ago(20)},
        ),
        (
            "lin-tao", "stamp", "股权转让 GQ-2026-0031",
            {"item": "equity-transfer", "contract": "GQ-2026-0031", "amount_fen": 80_000_000, "signed_on": ago(6)},
        ),
        (
            "ma-yuan", "vehicle-vessel", "云A39D77",
            _car("云A39D77", as_of, 1998, date(as_of.year, 3, 9) if as_of.month > 3 else date(as_of.year - 1, 3, 9)),
        ),
        (
            "he-mulan", "rental", "云川市书院区书院街40号1单元201室",
            {"contract": "ZL-2025-1107", "home": True, "rent_fen": 420_000, "first": rented, "months": 3,
             "repairs_fen": 60_000, "place": _place("书院区")},
        ),
    ]  # fmt: skip


def _car(plate: str, as_of: date, engine: int, bought: date) -> Row:
    return {
        "plate": plate,
        "year": as_of.year,
        "electric": engine == 0,
        "engine": engine,
        "bought_on": bought.isoformat(),
    }


def _place(district: str) -> str:
    return "city" if BY_NAME[district].city_rate == "0.07" else "county"


def _row(
    source: str, kind: DocumentKind, number: str, about: str, title: str, facts: Row, as_of: date
) -> Row:
    return {
        "source": source,
        "person_kind": kind.value,
        "person_number": number,
        "kind": about,
        "title": title,
        "facts": facts,
        "known_on": as_of - timedelta(days=5),
    }
