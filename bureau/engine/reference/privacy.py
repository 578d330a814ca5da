"""What the store holds of a person, table by table, and the record of who looked at it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, cast

from sqlalchemy import Column, ColumnElement, Table, and_, delete, func, literal, or_, select

from bureau.engine.reference.context import Context
from bureau.ports.privacy import Held, HeldKind, Look, Looked, Party
from bureau.ports.registration import PersonKey
from bureau.store import tables
from bureau.store.types import Moment, Words
from config.clock import CHINA
from kiosk.domain.ids import uuid7
from kiosk.domain.people import DocumentKind

Whose = Callable[[PersonKey], ColumnElement[bool]]


@dataclass(frozen=True, slots=True)
class Source:
    """Rows of one table: which of them are a person's, and the column with the day or moment they are kept since."""

    table: Table
    since: str
    whose: Whose


def _own(table: Table) -> Whose:
    """Rows that name the person."""
    return lambda key: and_(table.c.person_kind == key.kind.value, table.c.person_number == key.number)


def _in_own_name(table: Table, column: str = "taxpayer") -> Whose:
    """Rows of who is a taxpayer in their own name: by the number of the document."""
    return lambda key: table.c[column] == key.number


def _enrolled(key: PersonKey) -> ColumnElement[bool]:
    return and_(tables.person.c.kind == key.kind.value, tables.person.c.number == key.number)


def _booked(key: PersonKey) -> ColumnElement[bool]:
    """By the document, or by the phone that the registry has of them."""
    t, mobile = tables.appointment, tables.person.c.mobile
    phone = select(mobile).where(_enrolled(key), mobile != "").scalar_subquery()
    return or_(t.c.visitor == f"{key.kind.value}:{key.number}", t.c.mobile == phone)


def _enrolled_in_courses(key: PersonKey) -> ColumnElement[bool]:
    """The same of seats in courses."""
    t, mobile = tables.school_enrolment, tables.person.c.mobile
    phone = select(mobile).where(_enrolled(key), mobile != "").scalar_subquery()
    return or_(t.c.visitor == f"{key.kind.value}:{key.number}", t.c.mobile == phone)


def _named_in(column: Column[str]) -> Whose:
    """By the document, or by the phone that the registry has of them."""

    def whose(key: PersonKey) -> ColumnElement[bool]:
        mobile = tables.person.c.mobile
        phone = select(literal("phone:") + mobile).where(_enrolled(key), mobile != "").scalar_subquery()
        return or_(column == f"{key.kind.value}:{key.number}", column == phone)

    return whose


def _alias(key: PersonKey) -> ColumnElement[bool]:
    alias = select(tables.person.c.alias).where(_enrolled(key)).scalar_subquery()
    return tables.access.c.person == alias


def _of_document(key: PersonKey) -> ColumnElement[bool]:
    """Official documents served on the person in their own name, or received by them for somebody else."""
    table = tables.document
    return or_(_own(table)(key), _in_own_name(table)(key))


def _of_mandate(key: PersonKey) -> ColumnElement[bool]:
    """Mandates that the person gave or holds."""
    t = tables.mandate
    return or_(
        and_(t.c.principal_kind == key.kind.value, t.c.principal_number == key.number),
        and_(t.c.attorney_kind == key.kind.value, t.c.attorney_number == key.number),
    )


_page = tables.material_page
SOURCES: Final[Mapping[HeldKind, Sequence[Source]]] = {
    "phone": [
        Source(tables.person, "enrolled_at", lambda key: and_(_enrolled(key), tables.person.c.mobile != ""))
    ],
    "mailbox": [
        Source(tables.mailbox, "since", _own(tables.mailbox)),
        Source(
            tables.letter,
            "made_at",
            lambda key: and_(_own(tables.letter)(key), tables.letter.c.sealed != b""),
        ),
    ],
    "scan": [Source(_page, "received_at", lambda key: and_(_own(_page)(key), _page.c.case_no.is_(None)))],
    "identity": [
        Source(tables.person, "enrolled_at", _enrolled),
        Source(tables.person_enrolment, "enrolled_at", _own(tables.person_enrolment)),
    ],
    "role": [
        Source(tables.role, "valid_from", _own(tables.role)),
        Source(tables.issuing_phone, "since", _own(tables.issuing_phone)),
        Source(tables.mandate, "since", _of_mandate),
        Source(tables.share_consent, "since", _own(tables.share_consent)),
    ],
    "return": [Source(tables.declaration, "filed_at", _own(tables.declaration))],
    "payment": [
        Source(tables.payment_order, "created_at", _in_own_name(tables.payment_order)),
        Source(tables.nontax_notice, "issued_at", _in_own_name(tables.nontax_notice, "payer")),
    ],
    "income": [Source(tables.income, "entry_date", _own(tables.income))],
    "source": [Source(tables.tax_source, "known_on", _own(tables.tax_source))],
    "insurance": [Source(tables.social_payment, "entry_date", _own(tables.social_payment))],
    "vehicle": [Source(tables.vehicle_tax, "entry_date", _own(tables.vehicle_tax))],
    "invoice": [
        Source(tables.agency_application, "applied_at", _own(tables.agency_application)),
        Source(tables.einvoice_document, "made_at", _own(tables.einvoice_document)),
        Source(tables.sale, "issued_on", _in_own_name(tables.sale, "buyer_number")),
    ],
    "certificate": [Source(tables.certificate, "issued_at", _own(tables.certificate))],
    "case": [
        Source(tables.matter_case, "accepted_at", _own(tables.matter_case)),
        Source(tables.departure_refund, "accepted_at", _own(tables.departure_refund)),
        Source(_page, "received_at", lambda key: and_(_own(_page)(key), _page.c.case_no.is_not(None))),
    ],
    "prize": [Source(tables.lottery_ticket, "drawn_at", _own(tables.lottery_ticket))],
    "notice": [
        Source(tables.notice, "created_at", _own(tables.notice)),
        Source(tables.document, "issued_at", _of_document),
    ],
    "visit": [
        Source(tables.effect, "received_at", _own(tables.effect)),
        Source(tables.appointment, "booked_at", _booked),
        Source(tables.school_enrolment, "enrolled_at", _enrolled_in_courses),
        Source(tables.contribution, "written_at", _named_in(tables.contribution.c.author)),
        Source(tables.contribution_mark, "at", _named_in(tables.contribution_mark.c.who)),
        Source(tables.subscription, "since", _named_in(tables.subscription.c.visitor)),
        Source(tables.subscription_told, "at", _named_in(tables.subscription_told.c.visitor)),
    ],
    "access": [Source(tables.access, "at", _alias)],
}
"""Every table with rows that name a person is here (``tests/bureau/store/test_privacy.py``)."""


class ReferencePrivacy:
    """Implements ``Privacy``."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def note(self, person: PersonKey, look: Look) -> None:
        """Record an access in one statement, which finds the alias by itself."""
        t, alias = tables.access, tables.person.c.alias
        words = [uuid7(), look.party, look.who, look.kind, look.purpose]
        values = [literal(word, Words) for word in words]
        row = select(alias, literal(self._context.now, Moment), *values).where(_enrolled(person))
        columns = [t.c.person, t.c.at, t.c.access, t.c.party, t.c.who, t.c.kind, t.c.purpose]
        self._context.connection.execute(t.insert().from_select(columns, row))

    def looks(self, person: PersonKey, most: int) -> Sequence[Looked]:
        """Who looked, the newest first."""
        t = tables.access
        query = select(t).where(_alias(person)).order_by(t.c.at.desc(), t.c.access.desc()).limit(most)
        return [
            Looked(
                row.access,
                row.at,
                Look(cast("Party", row.party), row.who, cast("HeldKind", row.kind), row.purpose),
            )
            for row in self._context.connection.execute(query)
        ]

    def forget(self, before: datetime) -> int:
        """Delete the record of accesses before a moment."""
        t = tables.access
        return self._context.connection.execute(delete(t).where(t.c.at < before)).rowcount

    def held(self, person: PersonKey) -> Sequence[Held]:
        """What is held, counted table by table."""
        found = []
        for kind, sources in SOURCES.items():
            rows = [row for source in sources if (row := self._rows(source, person))[0]]
            if rows:
                firsts, lasts = [row[1] for row in rows], [row[2] for row in rows]
                found.append(Held(kind, sum(row[0] for row in rows), min(firsts), max(lasts)))
        return found

    def _rows(self, source: Source, person: PersonKey) -> tuple[int, date, date]:
        since = source.table.c[source.since]
        query = select(func.count(), func.min(since, type_=since.type), func.max(since, type_=since.type))
        row = self._context.connection.execute(
            query.select_from(source.table).where(source.whose(person))
        ).one()
        return (row[0], _day(row[1]), _day(row[2])) if row[0] else (0, date.min, date.min)

    def erase(self, person: PersonKey, kind: HeldKind) -> int:
        """Delete the phone with every message to it, mailboxes with every letter, or pages that belong to no case."""
        connection = self._context.connection
        if kind == "mailbox":
            return self._erase_mailboxes(person)
        if kind == "scan":
            source = SOURCES["scan"][0]
            return connection.execute(delete(source.table).where(source.whose(person))).rowcount
        if kind != "phone":
            raise ValueError(f"{kind} is kept by law")
        t = tables.person
        mobile = connection.execute(select(t.c.mobile).where(_enrolled(person)).with_for_update()).scalar()
        if not mobile:
            return 0
        connection.execute(t.update().where(_enrolled(person)).values(mobile=""))
        for kept in (tables.sms, tables.phone_code):
            connection.execute(delete(kept).where(kept.c.mobile == mobile))
        for booked in (tables.appointment, tables.school_enrolment):
            connection.execute(booked.update().where(booked.c.mobile == mobile).values(mobile=""))
        for followed in (tables.subscription, tables.subscription_told):
            connection.execute(delete(followed).where(followed.c.visitor == f"phone:{mobile}"))
        t = tables.subscription
        connection.execute(t.update().where(t.c.mobile == mobile).values(mobile=""))
        return 1

    def _erase_mailboxes(self, person: PersonKey) -> int:
        """A letter that still waits is not sent any more."""
        connection, letter, file = self._context.connection, tables.letter, tables.letter_file
        mine = _own(letter)(person)
        connection.execute(
            select(letter.c.key).where(mine).with_for_update()
        )  # first, as whoever carries them does
        count = sum(self._rows(source, person)[0] for source in SOURCES["mailbox"])
        connection.execute(delete(file).where(file.c.key.in_(select(letter.c.key).where(mine))))
        connection.execute(delete(letter).where(mine))
        connection.execute(delete(tables.mailbox).where(_own(tables.mailbox)(person)))
        return count

    def holder(self, certificate: str) -> PersonKey | None:
        """Who had the certificate issued."""
        t = tables.certificate
        query = select(t.c.person_kind, t.c.person_number).where(t.c.number == certificate)
        row = self._context.connection.execute(query).one_or_none()
        return None if row is None else PersonKey(DocumentKind(row.person_kind), row.person_number)


def _day(since: date | datetime) -> date:
    return since.astimezone(CHINA).date() if isinstance(since, datetime) else since
