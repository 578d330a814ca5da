"""Cases of the city's: one that waits for papers, which somebody can supply; and what those look like that are done."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from bureau.city.cast import FIRMS, PERSONAS, Persona
from bureau.city.population import Citizen
from bureau.engine.matters.deciding import AT_ONCE
from bureau.engine.matters.kinds import matters
from bureau.engine.reference.context import REGION, Type
from bureau.ports.matters import owner_of
from bureau.ports.registration import PersonKey
from bureau.texts import say
from config.clock import CHINA
from kiosk.domain.own_numbers import make_number
from sync.models import EffectAnswer, EffectKind, EffectState, MatterOpened

APPLIED_BEFORE_DAYS, DECIDED_AFTER_DAYS = 4, 24
KEY = "01940000-0000-7000-8000-000000000001"
"""Of what was handed in at ``TERMINAL`` while the centre could not be reached; its slip leads to it."""
TERMINAL, ARRIVED_AFTER = "D-02", timedelta(hours=2)
"""Of another hall: nobody visits it in the demonstration."""
MATTER = "preference.apply"
APPLICANT = next(p for p in PERSONAS if p.id == "gao-wei")
FIRM = next(f for f in FIRMS if any(who == APPLICANT.id for who, _ in f.people))
WANTED = "受灾损失评估报告、灾情证明"
Row = dict[str, object]


def approved(
    number: str,
    matter: str,
    key: str,
    person: Persona | Citizen,
    at: datetime,
    fields: Row,
    firm: str = "",
    role: str = "",
) -> Row:
    """A case that was carried out at once, at ``TERMINAL``; ``firm`` and ``role``: of an enterprise."""
    day = at.date()
    return {
        "case_no": number,
        "matter": matter,
        "key": key,
        "owner": owner_of(PersonKey(person.kind, person.number), firm or None),
        "taxpayer": firm or None,
        "person_kind": person.kind.value,
        "person_number": person.number,
        "role": role or None,
        "terminal": TERMINAL,
        "state": "approved",
        "fields": fields,
        "accepted_at": at,
        "due_on": day,
        "decided_at": at,
        "decided_by": AT_ONCE,
        "effective_on": day,
    }


def waiting(as_of: date) -> Iterator[Row]:
    """The building materials' application for relief after a flood, of which the proof is missing."""
    person, firm = APPLICANT, FIRM
    day = _day(as_of)
    yield {
        "case_no": _number(as_of),
        "matter": MATTER,
        "key": KEY,
        "owner": firm.taxpayer,
        "taxpayer": firm.taxpayer,
        "person_kind": person.kind.value,
        "person_number": person.number,
        "role": "T",
        "terminal": TERMINAL,
        "state": "open",
        "fields": {
            "relief": "property-hardship",
            "relief_since": f"{as_of.year}-01",
            "relief_until": f"{as_of.year}-12",
            "relief_amount": 1_860_000,
        },
        "accepted_at": _taken_at(as_of),
        "due_on": day + timedelta(days=DECIDED_AFTER_DAYS),
        "wanted": WANTED,
    }


def handed_in(as_of: date) -> Iterator[Row]:
    """The same, as the ledger of effects keeps it: taken in at a terminal and delivered later."""
    arrived = _taken_at(as_of) + ARRIVED_AFTER
    opened = MatterOpened(
        case=_number(as_of),
        state="open",
        state_text=say("case.state.open"),
        basis=matters()[MATTER].basis,
        due_on=_day(as_of) + timedelta(days=DECIDED_AFTER_DAYS),
    )
    answer = EffectAnswer(
        key=KEY,
        state=EffectState.ACCEPTED,
        result=opened.model_dump(mode="json"),
        received_at=arrived,
        incarnation="",
    )
    yield {
        "key": KEY,
        "terminal": TERMINAL,
        "kind": EffectKind.MATTER_SUBMIT.value,
        "fingerprint": "",
        "service": MATTER,
        "service_hash": "",
        "service_known": True,
        "visit": "",
        "transaction": "",
        "person_kind": APPLICANT.kind.value,
        "person_number": APPLICANT.number,
        "taxpayer": FIRM.taxpayer,
        "offline": True,
        "accepted_at": _taken_at(as_of),
        "received_at": arrived,
        "state": EffectState.ACCEPTED.value,
        "reference": opened.case,
        "answer": answer.model_dump(mode="json"),
        "told_at": arrived,
    }


def _day(as_of: date) -> date:
    return as_of - timedelta(days=APPLIED_BEFORE_DAYS)


def _taken_at(as_of: date) -> datetime:
    return datetime.combine(_day(as_of), time(10, 20), CHINA)


def _number(as_of: date) -> str:
    return make_number(Type.MATTER, REGION, _day(as_of), 1)
