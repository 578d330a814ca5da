"""People, enterprises and roles, from the registry's tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Literal

from sqlalchemy import Row, and_, func, or_, select
from sqlalchemy.sql import ColumnElement

from bureau.engine.reference.context import Context, Type
from bureau.ports.registration import NewTemporary, Person, PersonKey, Post, RoleHeld, Taxpayer
from bureau.store import tables
from bureau.store.insert import insert_into
from kiosk.domain.people import DocumentKind, Role

OWN = "person"
"""A taxpayer who is a natural person; the others are enterprises."""
TEMPORARY = "temporary"
"""One who is registered as a business for a time."""
GOODS_RATE = "0.13"
"""What an enterprise is registered with whose goods nobody has looked at (13 %)."""
_ORDER = {role: place for place, role in enumerate("LFTBA")}


class ReferenceRegistration:
    """Implements ``Registration``."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def person(self, key: PersonKey) -> Person | None:
        """The person, when enrolled."""
        t = tables.person
        query = select(t).where(t.c.kind == key.kind.value, t.c.number == key.number)
        row = self._context.connection.execute(query).one_or_none()
        return None if row is None else _person(row)

    def taxpayer(self, taxpayer: str, *, lock: bool = False) -> Taxpayer | None:
        """The enterprise; with ``lock`` its row is held until the transaction ends."""
        query = select(tables.taxpayer).where(tables.taxpayer.c.taxpayer == taxpayer)
        row = self._context.connection.execute(query.with_for_update() if lock else query).one_or_none()
        return None if row is None else _taxpayer(row)

    def roles(self, key: PersonKey, day: date) -> Sequence[RoleHeld]:
        """The roles held on ``day``, by the enterprise's name, then by rank."""
        role, taxpayer = tables.role, tables.taxpayer
        query = (
            select(role.c.role, *taxpayer.c)
            .join(taxpayer, taxpayer.c.taxpayer == role.c.taxpayer)
            .where(role.c.person_kind == key.kind.value, role.c.person_number == key.number, _valid(day))
        )
        rows = self._context.connection.execute(query).all()
        held = [RoleHeld(_taxpayer(row), Role(row.role)) for row in rows]
        return sorted(held, key=lambda h: (h.taxpayer.name, h.taxpayer.taxpayer, _ORDER[h.role.value]))

    def own(self, key: PersonKey) -> Taxpayer | None:
        """The person as a taxpayer in their own name, by the number of their document."""
        t = tables.taxpayer
        query = select(t).where(t.c.taxpayer == key.number, t.c.kind == OWN)
        row = self._context.connection.execute(query).one_or_none()
        return None if row is None else _taxpayer(row)

    def register_own(self, person: Person) -> Taxpayer:
        """Registered now when it was not."""
        t = tables.taxpayer
        row = insert_into(self._context.connection, t).values(
            taxpayer=person.key.number,
            kind=OWN,
            name=person.name,
            state="normal",
            small_scale=True,
            quarterly=False,
            levy_rate="",
            city_rate="",
            half_six_taxes=True,
            risk="low",
            industry="",
            address="",
            registered_on=self._context.today,
            used_verified_to=None,
        )
        self._context.connection.execute(row.on_conflict_do_nothing(index_elements=[t.c.taxpayer]))
        found = self.own(person.key)
        assert found is not None, "no enterprise has the number of a person's document"
        return found

    def owner(self, taxpayer: str) -> Person | None:
        """The person with this number of a document, when they are registered as taxpayer."""
        person, t = tables.person, tables.taxpayer
        query = (
            select(*person.c)
            .join(t, person.c.number == t.c.taxpayer)
            .where(t.c.taxpayer == taxpayer, t.c.kind == OWN)
            .order_by(person.c.kind)
        )
        row = self._context.connection.execute(query).first()
        return None if row is None else _person(row)

    def temporary(self, key: PersonKey, *, lock: bool = False) -> Taxpayer | None:
        """The latest, also one that is over; with ``lock`` the person's row is held until the transaction ends."""
        person, role, t = tables.person, tables.role, tables.taxpayer
        if lock:
            mine = and_(person.c.kind == key.kind.value, person.c.number == key.number)
            self._context.connection.execute(select(person.c.kind).where(mine).with_for_update())
        query = (
            select(t)
            .join(role, role.c.taxpayer == t.c.taxpayer)
            .where(t.c.kind == TEMPORARY, role.c.role == Role.LEGAL_REPRESENTATIVE.value)
            .where(role.c.person_kind == key.kind.value, role.c.person_number == key.number)
            .order_by(t.c.ends_on.desc(), t.c.taxpayer.desc())
        )
        row = self._context.connection.execute(query).first()
        return None if row is None else _taxpayer(row)

    def register_temporary(self, new: NewTemporary) -> Taxpayer:
        """Registered today under a new number."""
        number, day = self._context.next_number(Type.TEMPORARY), self._context.today
        self._context.connection.execute(
            tables.taxpayer.insert().values(
                taxpayer=number,
                kind=TEMPORARY,
                name=new.name,
                state="normal",
                small_scale=True,
                quarterly=True,
                levy_rate=new.levy_rate,
                city_rate=new.city_rate,
                half_six_taxes=True,
                risk="low",
                industry=new.industry,
                address=new.address,
                registered_on=day,
                used_verified_to=None,
                starts_on=new.starts_on,
                ends_on=new.ends_on,
            )
        )
        self.bind(number, new.person, Role.LEGAL_REPRESENTATIVE, day)
        found = self.taxpayer(number)
        assert found is not None, "inserted in this transaction"
        return found

    def registered_by(self, case: str) -> Taxpayer | None:
        """Found by what the case entered."""
        e, t = tables.registration_entry, tables.taxpayer
        query = (
            select(t)
            .join(e, e.c.taxpayer == t.c.taxpayer)
            .where(e.c.case_no == case, t.c.kind == TEMPORARY, e.c.fact == "starts_on")
        )
        row = self._context.connection.execute(query).first()
        return None if row is None else _taxpayer(row)

    def declaring(self, after: str, limit: int) -> Sequence[Taxpayer]:
        """Not cancelled ones, by number."""
        t = tables.taxpayer
        query = select(t).where(t.c.taxpayer > after, t.c.state != "cancelled").order_by(t.c.taxpayer)
        return [_taxpayer(row) for row in self._context.connection.execute(query.limit(limit))]

    def staff(self, taxpayer: str, roles: Iterable[Role], day: date) -> Sequence[Person]:
        """The people who hold one of ``roles`` in the enterprise on ``day``, each once."""
        role, person = tables.role, tables.person
        query = (
            select(*person.c)
            .join(role, and_(role.c.person_kind == person.c.kind, role.c.person_number == person.c.number))
            .where(role.c.taxpayer == taxpayer, role.c.role.in_([r.value for r in roles]), _valid(day))
            .distinct()
            .order_by(person.c.kind, person.c.number)
        )
        return [_person(row) for row in self._context.connection.execute(query)]

    def posts(self, taxpayer: str, day: date) -> Sequence[Post]:
        """Who holds which role in the enterprise on ``day``, by rank, then by name."""
        role, person = tables.role, tables.person
        query = (
            select(role.c.role, role.c.valid_from, *person.c)
            .join(person, and_(role.c.person_kind == person.c.kind, role.c.person_number == person.c.number))
            .where(role.c.taxpayer == taxpayer, _valid(day))
        )
        rows = self._context.connection.execute(query).all()
        held = [Post(_person(row), Role(row.role), row.valid_from) for row in rows]
        return sorted(held, key=lambda p: (_ORDER[p.role.value], p.person.name, p.person.key.number))

    def facts(self, taxpayer: str, day: date) -> Mapping[str, str | int | bool]:
        """What is registered and in force on ``day``: the first registration, and what was entered after it."""
        t, e = tables.taxpayer, tables.registration_entry
        first = select(t.c.address, t.c.industry).where(t.c.taxpayer == taxpayer)
        row = self._context.connection.execute(first).one_or_none()
        found: dict[str, str | int | bool] = {}
        if row is not None:
            found = {
                fact: text for fact, text in (("address", row.address), ("industry", row.industry)) if text
            }
        entries = (
            select(e.c.fact, e.c.value)
            .where(e.c.taxpayer == taxpayer, e.c.valid_from <= day)
            .order_by(e.c.valid_from, e.c.line)
        )
        for entry in self._context.connection.execute(entries):
            found[entry.fact] = entry.value
        return found

    def enter(self, taxpayer: str, fact: str, value: str | int | bool, day: date, case: str | None) -> None:
        """Register a fact from ``day`` on; what stood there before stays as history."""
        e = tables.registration_entry
        last = select(func.max(e.c.line)).where(e.c.taxpayer == taxpayer, e.c.fact == fact)
        line = (self._context.connection.execute(last).scalar() or 0) + 1
        self._context.connection.execute(
            e.insert().values(
                taxpayer=taxpayer,
                fact=fact,
                line=line,
                value=value,
                valid_from=day,
                entered_at=self._context.now,
                case_no=case,
            )
        )

    def become_general(self, taxpayer: str, first: date) -> None:
        """General, monthly, at the rate for goods (增值税法第十条第一项)."""
        t = tables.taxpayer
        change = t.update().where(t.c.taxpayer == taxpayer, t.c.small_scale)
        self._context.connection.execute(
            change.values(
                small_scale=False,
                quarterly=False,
                levy_rate=GOODS_RATE,
                half_six_taxes=False,
                general_since=first,
            )
        )

    def stands(self, taxpayer: str, state: Literal["normal", "abnormal"]) -> None:
        """One that is cancelled stays so."""
        t = tables.taxpayer
        change = t.update().where(t.c.taxpayer == taxpayer, t.c.state != "cancelled")
        self._context.connection.execute(change.values(state=state))

    def liable(
        self, taxpayer: str, tax: str, cycle: Literal["month", "quarter", "year"], since: date
    ) -> None:
        """One row of a duty that has not ended; its first day moves back alone."""
        t = tables.tax_duty
        mine = and_(t.c.taxpayer == taxpayer, t.c.tax == tax, t.c.valid_to.is_(None))
        known = self._context.connection.execute(select(t.c.valid_from).where(mine)).scalar()
        if known is None:
            row = {"taxpayer": taxpayer, "tax": tax, "cycle": cycle, "valid_from": since}
            self._context.connection.execute(t.insert().values(row))
        elif since < known:
            self._context.connection.execute(t.update().where(mine).values(valid_from=since))

    def bind(self, taxpayer: str, person: PersonKey, role: Role, day: date) -> None:
        """Give the person the role from ``day`` on; one that was held before stays as history."""
        t = tables.role
        since = select(func.max(t.c.valid_from)).where(_held_by(taxpayer, person, role), _not_over(day))
        again = self._context.connection.execute(since).scalar()
        if again is not None:  # held already, or taken back today
            same = and_(_held_by(taxpayer, person, role), t.c.valid_from == again)
            self._context.connection.execute(t.update().where(same).values(valid_to=None))
            return
        self._context.connection.execute(
            t.insert().values(
                person_kind=person.kind.value,
                person_number=person.number,
                taxpayer=taxpayer,
                role=role.value,
                valid_from=day,
                valid_to=None,
            )
        )

    def release(self, taxpayer: str, person: PersonKey, role: Role, day: date) -> None:
        """End the role: ``day`` is the first on which it is not held."""
        end = tables.role.update().where(_held_by(taxpayer, person, role), _not_over(day))
        self._context.connection.execute(end.values(valid_to=day - timedelta(days=1)))


def _not_over(day: date) -> ColumnElement[bool]:
    """Held on ``day``, or begun on it, though it was taken back since."""
    t = tables.role
    return or_(t.c.valid_to.is_(None), t.c.valid_to >= day, t.c.valid_from >= day)


def _held_by(taxpayer: str, person: PersonKey, role: Role) -> ColumnElement[bool]:
    t = tables.role
    who = and_(t.c.person_kind == person.kind.value, t.c.person_number == person.number)
    return and_(who, t.c.taxpayer == taxpayer, t.c.role == role.value)


def _valid(day: date) -> ColumnElement[bool]:
    role = tables.role
    return and_(role.c.valid_from <= day, or_(role.c.valid_to.is_(None), role.c.valid_to >= day))


def _person(row: Row[Any]) -> Person:
    return Person(PersonKey(DocumentKind(row.kind), row.number), row.name, row.latin_name, row.mobile)


def _taxpayer(row: Row[Any]) -> Taxpayer:
    return Taxpayer(
        taxpayer=row.taxpayer,
        name=row.name,
        state=row.state,
        small_scale=row.small_scale,
        quarterly=row.quarterly,
        levy_rate=row.levy_rate,
        city_rate=row.city_rate,
        half_six_taxes=row.half_six_taxes,
        risk=row.risk,
        registered_on=row.registered_on,
        used_verified_to=row.used_verified_to,
        general_since=row.general_since,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
    )
