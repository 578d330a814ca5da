"""A mandate of the cast: an old lady's son does her taxes; it was signed on paper, at a counter, some weeks ago."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from bureau.city.cast import PERSONAS
from bureau.engine.matters.mandates import TERMS, last_day
from bureau.engine.reference.context import REGION, Type
from bureau.ports.matters import owner_of
from bureau.ports.registration import PersonKey
from config.clock import CHINA
from kiosk.domain.own_numbers import make_number

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
    return {
        "case_no": number(as_of),
        "matter": "identity.delegate",
        "key": KEY,
        "owner": owner_of(PersonKey(PRINCIPAL.kind, PRINCIPAL.number), None),
        "taxpayer": None,
        "person_kind": PRINCIPAL.kind.value,
        "person_number": PRINCIPAL.number,
        "role": None,
        "terminal": "D-02",
        "state": "approved",
        "fields": {
            "number": ATTORNEY.number,
            "relation": "child",
            "scope": "all",
            "term": TERM,
            "signed_on": day.isoformat(),
        },  # fmt: skip
        "accepted_at": at,
        "due_on": day,
        "decided_at": at,
        "decided_by": "system",
        "effective_on": day,
    }


def mandate(as_of: date) -> Row:
    """The mandate itself; the paper lies in the bureau's archive, so nothing of it is sealed here."""
    day = as_of - timedelta(days=GIVEN_BEFORE_DAYS)
    return {
        "case_no": number(as_of),
        "principal_kind": PRINCIPAL.kind.value,
        "principal_number": PRINCIPAL.number,
        "attorney_kind": ATTORNEY.kind.value,
        "attorney_number": ATTORNEY.number,
        "relation": "child",
        "scope": "all",
        "since": day,
        "until": last_day(day, TERMS[TERM]),
        "sealed": b"",
    }


def number(as_of: date) -> str:
    """The case's number, which is the mandate's."""
    return make_number(Type.MATTER, REGION, as_of - timedelta(days=GIVEN_BEFORE_DAYS), 1)
