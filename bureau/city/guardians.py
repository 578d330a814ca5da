"""A guardian of the cast: a mother does the taxes of her daughter, who draws comics; an officer saw their papers."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from bureau.city import mandates
from bureau.city.cases import approved
from bureau.city.cast import PERSONAS, WARDS
from bureau.engine.matters.guardians import last_day_of
from bureau.engine.reference.context import REGION, Type
from bureau.ports.matters import owner_of
from bureau.ports.registration import PersonKey
from config.clock import CHINA
from kiosk.domain.own_numbers import make_number
from kiosk.domain.people import Ground

APPLIED_BEFORE_DAYS, DECIDED_AFTER = 46, timedelta(days=1, hours=2)
KEY = "01940000-0000-7000-8000-000000000005"
"""Of the effect that it came by."""
OFFICER = "于岚"
WARD = next(p for p in WARDS if p.id == "xu-zhixia")
GUARDIAN = next(p for p in PERSONAS if p.id == "xu-wen")
UNSEEN = next(p for p in WARDS if p.id == "lin-xiaohe")
"""Whose father has handed in nothing yet."""
KIND = "parent"
Row = dict[str, object]


def case(as_of: date) -> Row:
    """What was handed in at a counter and approved the day after."""
    at = datetime.combine(as_of - timedelta(days=APPLIED_BEFORE_DAYS), time(10, 35), CHINA)
    fields: Row = {"kind": KIND, "name": WARD.name, "number": WARD.number, "signed_on": at.date().isoformat()}
    decided = at + DECIDED_AFTER
    return {
        **approved(number(as_of), "identity.guardian", KEY, GUARDIAN, at, fields),
        "owner": owner_of(PersonKey(GUARDIAN.kind, GUARDIAN.number), None, WARD.number),
        "due_on": at.date() + timedelta(days=3),
        "decided_at": decided,
        "decided_by": OFFICER,
        "effective_on": decided.date(),
    }


def mandate(as_of: date) -> Row:
    """What lets her act, until her daughter is of age."""
    since = as_of - timedelta(days=APPLIED_BEFORE_DAYS) + timedelta(days=DECIDED_AFTER.days)
    until = last_day_of(PersonKey(WARD.kind, WARD.number), KIND, since)
    return mandates.row(number(as_of), WARD, GUARDIAN, KIND, since, until, Ground.GUARDIAN)


def number(as_of: date) -> str:
    """The case's number."""
    return make_number(Type.MATTER, REGION, as_of - timedelta(days=APPLIED_BEFORE_DAYS), 1)
