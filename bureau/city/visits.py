"""A month at the city's terminals: how visits went and what they used up, as terminals would have told it.

Each hall has its terminals, of which those of the central hall are busiest; mornings and the last days of a filing
period are full. One terminal's printer is ill, so that the comparison of terminals has something to find, and at
another nobody has filled anything for a while, so that the forecast has.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Final

from sqlalchemy import Connection

from bureau.analytics.intake import enter
from bureau.city import ratings
from bureau.city.places import HALLS
from bureau.engine.rules import Rules
from bureau.store import tables
from config.catalogue import Catalogue
from config.catalogue.models import Service
from config.clock import CHINA
from kiosk.domain.tax.limits import WorkingCalendar
from sync.models import ServiceUse, StepUse, VisitUse
from sync.models.use import Ended

DAYS: Final = 28
OWN: Final = "A-07"
"""The demonstration's own terminal, which enrols by itself."""
TERMINALS: Final[Mapping[str, tuple[str, float]]] = {
    OWN: ("H-01", 46), "A-05": ("H-01", 44), "A-06": ("H-01", 41),
    "B-01": ("H-02", 30), "B-02": ("H-02", 27), "C-01": ("H-03", 33), "C-02": ("H-03", 29),
    "D-01": ("H-04", 38), "D-02": ("H-04", 36), "E-01": ("H-05", 18), "F-01": ("H-06", 15),
}  # fmt: skip
"""Hall and visits on an ordinary working day."""
ILL: Final = "C-02"
FORGOTTEN: Final = "F-01"
"""Where nobody has filled anything lately."""
SUPPLIES: Final = (
    ("receiptPrinter", "paper", "mm", "", 80_000, 310.0),
    ("receiptPrinter", "cutter", "cuts", "", 1_000_000, 1.2),
    ("documentPrinter", "paper", "sheets", "", 250, 0.9),
    ("invoiceDispenser", "unit1", "sheets", "099002600104", 600, 2.1),
)
"""Role, name, counter, kind of blanks, how much when it was filled, and how much a visit uses."""
FILLED_AT: Final = 0.15
"""The share that is left when staff fill it, mostly in time."""
HOURS: Final = {8: 2, 9: 16, 10: 20, 11: 14, 12: 4, 13: 6, 14: 14, 15: 13, 16: 9, 17: 2}
OFTEN: Final = {
    "invoice.collect": 30, "declare.vat-small": 16, "certificate.tax-payment": 14, "certificate.iit-record": 14,
    "queue.ticket": 12, "pay.due": 10, "query.due": 8, "certificate.no-arrears": 7, "invoice.verify": 6,
    "consult.ask": 6, "declare.social-insurance": 6, "invoice.issue": 6, "einvoice.print": 5, "progress.query": 4,
}  # fmt: skip
"""Weights; of every other service 1."""
TURNS: Final = {"identify": 0.02, "form": 0.018, "choose": 0.01, "list": 0.012, "pay": 0.05, "review": 0.015,
                "scan": 0.03, "pages": 0.05, "sign": 0.02}  # fmt: skip
"""How probable it is that somebody turns back at a step of this kind."""
TAKES_S: Final = {"identify": 14.0, "form": 34.0, "choose": 8.0, "list": 13.0, "pay": 41.0, "review": 17.0,
                  "scan": 12.0, "pages": 48.0, "sign": 15.0, "print": 11.0, "consult": 40.0}  # fmt: skip
"""Seconds of half the people; of every other kind 3."""
WAITS: Final = {"print": 0.9, "submit": 0.95, "dispense": 0.9, "slip": 0.8, "query": 0.9}
"""Which part of a step is waiting for machine or centre."""
REFUSALS: Final = {"invoice.collect": ("limitReached", 0.06), "certificate.no-arrears": ("arrearsForCertificate", 0.05),
                   "pay.due": ("nothingDue", 0.04), "declare.vat-small": ("alreadyFiled", 0.03)}  # fmt: skip


def plant(connection: Connection, seed: int, as_of: date, law: Rules, catalogue: Catalogue) -> int:
    """Write the month into the sums, and the other halls' terminals into the register; how many visits."""
    random = Random(f"{seed}:visits:{as_of.isoformat()}")
    moment = datetime.combine(as_of - timedelta(days=90), time(10), CHINA)
    connection.execute(
        tables.terminal.insert(),
        [_registered(random, name, hall, moment) for name, (hall, _) in TERMINALS.items() if name != OWN],
    )
    calendar = WorkingCalendar(law.current)
    days = [as_of - timedelta(days=back) for back in range(DAYS, 0, -1)]
    services = [published.service for published in catalogue.values()]
    all_visits: list[tuple[str, VisitUse]] = []
    for name, (_, busy) in TERMINALS.items():
        visits = [
            visit
            for day in days
            if calendar.working(day)
            for visit in _day(random, name, day, busy, services)
        ]
        enter(connection, name, visits)
        _used_up(connection, random, name, Counter(visit.began.date() for visit in visits), days)
        all_visits += [(name, visit) for visit in visits]
    ratings.plant(connection, Random(f"{seed}:ratings:{as_of.isoformat()}"), law, as_of, all_visits)
    return len(all_visits)


def _used_up(
    connection: Connection, random: Random, terminal: str, visits: Mapping[date, int], days: Sequence[date]
) -> None:
    """Each day's use, and what is left after the last. Our own terminal tells by itself what is left there."""
    for role, name, counter, code, full, each in SUPPLIES:
        left, rows = full - random.randrange(full // 2), []
        for day in days:
            used = min(left, _about(random, visits.get(day, 0) * each))
            filled = full - left + used if left - used < full * FILLED_AT and terminal != FORGOTTEN else 0
            left += filled - used
            rows.append({"day": day, "used": used, "filled": filled})
        key = {"terminal": terminal, "role": role, "name": name}
        connection.execute(tables.supply_day.insert(), [key | row for row in rows])
        if terminal != OWN:
            told = {"counter": counter, "code": code, "remaining": left, "full": None if code else full}
            at = {"day": days[-1], "told_at": datetime.combine(days[-1], time(17, 30), CHINA)}
            connection.execute(tables.supply.insert(), key | told | at)


def _day(
    random: Random, terminal: str, day: date, busy: float, services: Sequence[Service]
) -> Iterator[VisitUse]:
    filing = 1.35 if 8 <= day.day <= 15 else 1.0  # returns of the month before are due by the fifteenth
    often = 1.15 if day.weekday() == 0 else 0.9 if day.weekday() == 4 else 1.0
    weights = [OFTEN.get(service.id, 1) for service in services]
    for _ in range(_about(random, busy * filing * often)):
        hour = random.choices(list(HOURS), list(HOURS.values()))[0]
        began = datetime.combine(day, time(hour, 15 * random.randrange(4)), CHINA)
        wanted = random.choices(services, weights, k=random.choices((1, 2, 3), (78, 18, 4))[0])
        elder = random.random() < 0.19
        used = [_use(random, terminal, service, 1.6 if elder else 1.0) for service in wanted]
        yield VisitUse.model_construct(
            id=f"{random.getrandbits(128):032x}",
            began=began,
            lang="en-US" if random.random() < 0.02 else "zh-CN",
            mode="elder" if elder else "standard",
            signed_in="no" if all(service.sign_in == "0" for service in wanted) else "document",
            seconds=round(sum(one.seconds for one in used) + 12.0, 1),
            services=used,
        )


def _use(random: Random, terminal: str, service: Service, slow: float) -> ServiceUse:
    steps: list[StepUse] = []
    refusal, often = REFUSALS.get(service.id, ("", 0.0))
    refused = random.random() < often
    ended: Ended = "done"
    code = ""
    for step in service.steps:
        seconds = _spread(random, TAKES_S.get(step.kind, 3.0) * slow) if step.kind != "done" else 0.0
        waited = seconds * WAITS.get(step.kind, 0.05)
        steps.append(
            StepUse.model_construct(
                step=step.id, kind=step.kind, came=1, seconds=round(seconds, 1), waited_s=round(waited, 1)
            )
        )
        if step.kind == "done":
            break
        if refused and step.kind in ("submit", "list"):
            ended, code = "refused", refusal
            break
        if step.kind in ("print", "slip") and random.random() < (0.11 if terminal == ILL else 0.006):
            ended, code = "trouble", "paperJammed"
            break
        if random.random() < TURNS.get(step.kind, 0.002) * slow:
            ended = random.choices(("left", "home", "expired"), (5, 3, 2))[0]
            break
    return ServiceUse.model_construct(
        service=service.id,
        ended=ended,
        at=steps[-1].step,
        code=code,
        offline=False,
        seconds=round(sum(step.seconds for step in steps), 1),
        steps=steps,
    )


def _spread(random: Random, median_s: float) -> float:
    return random.lognormvariate(math.log(median_s), 0.45)


def _about(random: Random, mean: float) -> int:
    """A number of arrivals with that mean, as independent people arrive."""
    return max(0, round(random.gauss(mean, math.sqrt(mean))))


def _registered(random: Random, terminal: str, hall: str, at: datetime) -> dict[str, object]:
    assert hall in HALLS, hall
    return {
        "terminal": terminal,
        "asset": terminal,
        "hall": hall,
        "public_key": random.randbytes(32),
        "sealing_key": random.randbytes(32),
        "epoch": f"{random.getrandbits(64):016x}",
        "state": "active",
        "reason": "",
        "inventory": {},
        "enrolled_at": at,
    }
