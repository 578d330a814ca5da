"""A mandate of the cast: an old lady's son does her taxes; it was signed on paper, at a counter, some weeks ago."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from bureau.city.cases import approved
from bureau.city.cast import PERSONAS, Persona
from bureau.engine.matters.mandates import TERMS, last_day
from bureau.engine.reference.context import REGION, Type
from config.clock import CHINA
from kiosk.domain.masking import mask_name
from kiosk.domain.own_numbers import make_number
from kiosk.domain.people import Ground

GIVEN_BEFORE_DAYS = 25
KEY = "01940000-0000-7000-8000-000000000004"
"""Of the effect that it came by."""
PRINCIPAL = next(p for p in PERSONAS if p.id == "wang-guifen")
ATTORNEY = next(p for p in PERSONAS if p.id == "gao-wei")
TERM = "years-3"
Row = dict[str, object]


def case(as_of: date) -> Row:
    """What was accepted."""
    day = as_of - timedelta(days=GIVEN_BEFORE_DAYS)
    at = datetime.combine(day, time(14, 5), CHINA)
    fields: Row = {"number": ATTORNEY.number, "relation": "child", "scope": "all", "term": TERM}
    signed: Row = {"attorney": mask_name(ATTORNEY.name), "signed_on": day.isoformat()}
    return approved(number(as_of), "identity.delegate", KEY, PRINCIPAL, at, {**fields, **signed})


def mandate(as_of: date) -> Row:
    """The mandate itself."""
    day = as_of - timedelta(days=GIVEN_BEFORE_DAYS)
    until = last_day(day, TERMS[TERM])
    return row(number(as_of), PRINCIPAL, ATTORNEY, "child", day, until, Ground.SIGNED)


def row(
    case_no: str,
    principal: Persona,
    attorney: Persona,
    relation: str,
    since: date,
    until: date,
    ground: Ground,
) -> Row:
    """One for all there is; its paper lies in the bureau's archive, so nothing of it is sealed here."""
    return {
        "case_no": case_no,
        "principal_kind": principal.kind.value,
        "principal_number": principal.number,
        "attorney_kind": attorney.kind.value,
        "attorney_number": attorney.number,
        "relation": relation,
        "scope": "all",
        "since": since,
        "until": until,
        "sealed": b"",
        "ground": ground.value,
    }


def number(as_of: date) -> str:
    """The case's number, which is the mandate's."""
    return make_number(Type.MATTER, REGION, as_of - timedelta(days=GIVEN_BEFORE_DAYS), 1)
