"""Mandates in the store."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, RowMapping, select

from bureau.engine.reference.context import Context
from bureau.ports.mandates import Mandate
from bureau.ports.registration import PersonKey
from bureau.store import tables
from kiosk.domain.people import DocumentKind, Ground, Scope


class ReferenceMandates:
    """Implements ``Mandates``."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def guarding(self, day: date) -> Sequence[Mandate]:
        """Those of guardians that hold on ``day``, the one that ends first on top."""
        t = tables.mandate
        query = select(t).where(t.c.ground == Ground.GUARDIAN.value, *_in_force(day))
        found = self._context.connection.execute(query.order_by(t.c.until, t.c.case_no))
        return [_mandate(row) for row in found.mappings()]

    def hold(self, *people: PersonKey) -> None:
        """By their rows in the register, in one order, so that two never wait for each other."""
        t = tables.person
        for key in sorted(people, key=lambda key: (key.kind.value, key.number)):
            theirs = select(t.c.number).where(t.c.kind == key.kind.value, t.c.number == key.number)
            self._context.connection.execute(theirs.with_for_update()).all()

    def find(self, case: str, *, lock: bool = False) -> Mandate | None:
        """The one that this case gave, unless somebody ended it."""
        t = tables.mandate
        query = select(t).where(t.c.case_no == case, t.c.ended_on.is_(None))
        row = self._context.connection.execute(query.with_for_update() if lock else query).mappings().first()
        return _mandate(row) if row is not None else None

    def given(self, case: str) -> Mandate | None:
        """The one that this case gave, over or not."""
        query = select(tables.mandate).where(tables.mandate.c.case_no == case)
        row = self._context.connection.execute(query).mappings().first()
        return _mandate(row) if row is not None else None

    def of_attorney(self, person: PersonKey, day: date) -> Sequence[Mandate]:
        """Those by which the person may act on ``day``."""
        return self._holding("attorney", person, day)

    def of_principal(self, person: PersonKey, day: date) -> Sequence[Mandate]:
        """Those that the person has given and that hold on ``day``."""
        return self._holding("principal", person, day)

    def _holding(self, party: str, person: PersonKey, day: date) -> Sequence[Mandate]:
        t = tables.mandate
        of_them = (t.c[f"{party}_kind"] == person.kind.value, t.c[f"{party}_number"] == person.number)
        query = select(t).where(*of_them, *_in_force(day)).order_by(t.c.since, t.c.case_no)
        return [_mandate(row) for row in self._context.connection.execute(query).mappings()]

    def give(self, mandate: Mandate) -> None:
        """Enter it."""
        self._context.connection.execute(
            tables.mandate.insert().values(
                case_no=mandate.case,
                principal_kind=mandate.principal.kind.value,
                principal_number=mandate.principal.number,
                attorney_kind=mandate.attorney.kind.value,
                attorney_number=mandate.attorney.number,
                relation=mandate.relation,
                scope=mandate.scope.value,
                since=mandate.since,
                until=mandate.until,
                sealed=mandate.sealed,
                ground=mandate.ground.value,
            )
        )

    def end(self, mandate: Mandate, day: date, by: str, reason: str | None = None) -> None:
        """Enter its end."""
        t = tables.mandate
        values = {"ended_on": day, "ended_by": by, "ended_for": reason}
        ended = t.update().where(t.c.case_no == mandate.case).values(values)
        self._context.connection.execute(ended)


def _in_force(day: date) -> Sequence[ColumnElement[bool]]:
    t = tables.mandate
    return (t.c.ended_on.is_(None), t.c.since <= day, t.c.until >= day)


def _mandate(row: RowMapping) -> Mandate:
    principal, attorney = (
        PersonKey(DocumentKind(row[f"{party}_kind"]), row[f"{party}_number"])
        for party in ("principal", "attorney")
    )
    return Mandate(
        case=row["case_no"],
        principal=principal,
        attorney=attorney,
        relation=row["relation"],
        scope=Scope(row["scope"]),
        since=row["since"],
        until=row["until"],
        sealed=row["sealed"],
        ground=Ground(row["ground"]),
    )
