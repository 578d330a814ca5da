"""The income tax record as it is shown and as it is certified: the same rows under the same hash."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from bureau.engine import booked
from bureau.engine.refusals import refuse
from bureau.engine.subjects import today
from bureau.ports.core import Core
from bureau.ports.registration import Person
from bureau.texts import named
from kiosk.domain.masking import mask_number
from sync.cbor import encode
from sync.models import IitMonths, IitRecord, IitRow

MONTHS_BACK = 36
"""How far back a record is given, and the most months on one (domain note, 5: configuration)."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What the person sees, and who they are."""

    person: Person
    record: IitRecord


def months(core: Core, person: Person) -> IitMonths:
    """The months that may be asked for, and those with a record; raises ``Refused`` when there are none."""
    last = f"{today(core):%Y-%m}"
    first = back(last, MONTHS_BACK - 1)
    known = [month for month in booked.income_months(core, person.key) if first <= month <= last]
    if not known:
        raise refuse("noIncomeAtAll")
    return IitMonths(first=first, last=last, with_income=known)


def record(core: Core, person: Person, first: str, last: str) -> IitRecord:
    """The record of those months; raises ``Refused``."""
    newest = f"{today(core):%Y-%m}"
    if not back(newest, MONTHS_BACK - 1) <= first <= last <= newest:
        raise refuse("periodWrong")
    rows = [
        IitRow(
            month=line.month,
            item=line.item,
            item_name=named("income", line.item),
            income_fen=line.income_fen,
            tax_fen=line.tax_fen,
            entry_date=line.entry_date,
            authority=line.authority,
            remark=line.remark,
        )
        for line in booked.incomes(core, person.key, first, last)
    ]
    if not rows:
        raise refuse("noIncomeRecord")
    if (tax_fen := sum(row.tax_fen for row in rows)) < 0:
        raise refuse("incomeGivenBack")
    return IitRecord(
        name=person.name,
        number_masked=mask_number(person.key.number),
        first=first,
        last=last,
        rows=rows,
        total_income_fen=sum(row.income_fen for row in rows),
        total_tax_fen=tax_fen,
        content_sha256=content_sha256(person, first, last, rows),
    )


def content_sha256(person: Person, first: str, last: str, rows: list[IitRow]) -> str:
    """Names exactly these rows of exactly this person: SHA-256 over deterministic CBOR."""
    canonical = [
        [
            row.month,
            row.item,
            row.income_fen,
            row.tax_fen,
            row.entry_date.isoformat(),
            row.authority,
            row.remark,
        ]
        for row in rows
    ]
    holder = [person.key.kind.value, person.key.number, person.name]
    return hashlib.sha256(encode(["iit-record", 1, holder, first, last, canonical])).hexdigest()


def back(month: str, steps: int) -> str:
    """The month ``steps`` before ``YYYY-MM``."""
    year, number = divmod(int(month[:4]) * 12 + int(month[5:]) - 1 - steps, 12)
    return f"{year:04d}-{number + 1:02d}"
