"""The card each of the cast puts on the reader, with the face on its chip."""

from __future__ import annotations

from datetime import date, timedelta

from bureau.city.characters import Persona
from bureau.city.numbers import face_seed
from bureau.city.places import BY_NAME
from kiosk.domain.people import DocumentKind

LONG_TERM = "长期"
EXPIRED_FOR = timedelta(days=47)
SECOND_GENERATION = date(2005, 3, 1)
"""Cards with a chip came into use from 2004 on."""
PERMITS_SINCE = date(2018, 9, 3)
"""港澳台居民居住证: five years each."""
PERMANENT_SINCE = date(2023, 12, 4)
"""外国人永久居留身份证 of 2023: ten years each."""
IMMIGRATION = "国家移民管理局"
LAYOUTS = {
    DocumentKind.RESIDENT_ID: "resident",
    DocumentKind.HMT_RESIDENCE: "hk-macau-taiwan",
    DocumentKind.FOREIGN_PERMANENT: "foreign-2023",
}


def card(persona: Persona, day: date) -> dict[str, object]:
    """What the chip holds on ``day``, in the words of the simulated reader."""
    issued, ends = _validity(persona, day)
    found: dict[str, object] = {
        "layout": LAYOUTS[persona.kind],
        "name": persona.name,
        "number": persona.number,
        "sex": persona.sex,
        "birth": persona.birth.isoformat(),
        "validFrom": issued.isoformat(),
        "validTo": ends.isoformat() if ends else LONG_TERM,
        "faceSeed": face_seed(persona.number),
    }
    if persona.kind is DocumentKind.FOREIGN_PERMANENT:
        foreign = {"latinName": persona.latin_name, "nationality": persona.nationality}
        return {**found, **foreign, "authority": IMMIGRATION, "issueCount": "01"}
    district = next(d for name, d in BY_NAME.items() if name in persona.address)
    found |= {"address": persona.address, "authority": district.police}
    if persona.kind is DocumentKind.HMT_RESIDENCE:
        return {**found, "travelPermit": persona.travel_permit, "issueCount": "01"}
    return {**found, "nation": persona.nation}


def _validity(persona: Persona, day: date) -> tuple[date, date | None]:
    """From when to when the card in use on ``day`` is good; no end for those who got it at 46 or later."""
    if persona.expired:
        ended = day - EXPIRED_FOR
        return _years(ended, -20), ended
    if persona.kind is DocumentKind.RESIDENT_ID:
        issued = max(_years(persona.birth, 18), SECOND_GENERATION) + timedelta(days=persona.sequence)
    else:
        foreign = persona.kind is DocumentKind.FOREIGN_PERMANENT
        since = PERMANENT_SINCE if foreign else PERMITS_SINCE
        issued = min(since + timedelta(days=persona.sequence), day - timedelta(days=persona.sequence))
    while True:
        term = _term(persona, issued)
        if term is None or _years(issued, term) > day:
            return issued, None if term is None else _years(issued, term)
        issued = _years(issued, term)


def _term(persona: Persona, issued: date) -> int | None:
    """Years a card is good for: 居民身份证法 art. 5 by age at issue; 5 and 10 years for permits."""
    if persona.kind is not DocumentKind.RESIDENT_ID:
        return 10 if persona.kind is DocumentKind.FOREIGN_PERMANENT else 5
    if issued < _years(persona.birth, 26):
        return 10
    return 20 if issued < _years(persona.birth, 46) else None


def _years(day: date, years: int) -> date:
    """The same day ``years`` later; 28 February for one that there is not."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
