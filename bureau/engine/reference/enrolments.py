"""Real-name enrolments in the store."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import select

from bureau.engine.reference.context import Context, Type
from bureau.ports.enrolments import Enrolment
from bureau.ports.registration import Person, PersonKey
from bureau.store import tables
from bureau.store.insert import insert_into
from kiosk.domain.people import DocumentKind


class ReferenceEnrolments:
    """Implements ``Enrolments``."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def number_for(self, key: str) -> str:
        """The number of the enrolment that the effect with this key makes."""
        return self._context.number_for(Type.ENROLMENT, f"enrolment:{key}")

    def holder(self, mobile: str) -> Person | None:
        """Who is on file with this phone; of several the one enrolled last."""
        t = tables.person
        query = select(t).where(t.c.mobile == mobile).order_by(t.c.enrolled_at.desc(), t.c.number).limit(1)
        row = self._context.connection.execute(query).one_or_none()
        if row is None:
            return None
        key = PersonKey(DocumentKind(row.kind), row.number)
        return Person(key, row.name, row.latin_name, row.mobile)

    def enter(self, new: Enrolment) -> None:
        """On file from now on, or with another phone; a name that is there stands."""
        connection, t = self._context.connection, tables.person
        person = insert_into(connection, t).values(
            kind=new.person.kind.value,
            number=new.person.number,
            name=new.name,
            latin_name=new.name if new.name.isascii() else "",
            mobile=new.mobile,
            enrolled_at=new.enrolled_at,
        )
        again = person.on_conflict_do_update(
            index_elements=[t.c.kind, t.c.number], set_={"mobile": new.mobile}
        )
        connection.execute(again)
        row: dict[str, Any] = asdict(new)
        del row["person"]
        key = {"person_kind": new.person.kind.value, "person_number": new.person.number}
        connection.execute(tables.person_enrolment.insert().values(**row, **key))

    def of(self, person: PersonKey) -> Sequence[Enrolment]:
        """The person's enrolments, the first of them first."""
        t = tables.person_enrolment
        query = (
            select(t)
            .where(t.c.person_kind == person.kind.value, t.c.person_number == person.number)
            .order_by(t.c.enrolled_at, t.c.enrolment)
        )
        found = []
        for row in self._context.connection.execute(query).mappings():
            values = {name: value for name, value in row.items() if not name.startswith("person_")}
            found.append(Enrolment(person=person, **values))
        return found
