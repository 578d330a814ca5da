"""Cases, notices with their messages to phones, and ratings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, and_, or_, select

from bureau.engine.reference.context import Context, Type
from bureau.ports.cases import Case, Ending
from bureau.ports.notices import Message
from bureau.ports.ratings import Rated, Rating
from bureau.ports.registration import Person, PersonKey
from bureau.store import tables
from sync.models import Notice

TOLD_FOR_DAYS = 30
"""How long a notice is shown after it was first told, or after its deadline: the visits of one filing month see it
(monthly filers come once a month), and what is older only hides what is new."""


class ReferenceCases:
    """Implements ``Cases``."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def open(self, kind: str, reference: str, details: dict[str, object]) -> str:
        """The number of the case; the same kind and reference again is the same case."""
        t = tables.case_file
        query = select(t.c.case_no).where(t.c.kind == kind, t.c.reference == reference)
        found = self._context.connection.execute(query).scalar()
        if found is not None:
            return str(found)
        number = self._context.next_number(Type.CASE)
        self._context.connection.execute(
            t.insert().values(
                case_no=number,
                kind=kind,
                reference=reference,
                state="open",
                opened_at=self._context.now,
                details=details,
            )
        )
        return number

    def case(self, case: str, *, lock: bool = False) -> Case | None:
        """One case; with ``lock`` its row is held until the transaction ends."""
        query = select(tables.case_file).where(tables.case_file.c.case_no == case)
        row = self._context.connection.execute(query.with_for_update() if lock else query).one_or_none()
        return None if row is None else _case(row)

    def about(self, reference: str) -> Sequence[Case]:
        """Every case about it, closed ones too, in the order of their numbers."""
        t = tables.case_file
        query = select(t).where(t.c.reference == reference).order_by(t.c.case_no)
        return [_case(row) for row in self._context.connection.execute(query).all()]

    def listed(self, kind: str, limit: int, *, closed: bool = False) -> Sequence[Case]:
        """Open ones, the oldest first; or closed ones, the last to be closed first."""
        t = tables.case_file
        query = select(t).where(t.c.kind == kind, t.c.state == ("closed" if closed else "open")).limit(limit)
        order = (t.c.closed_at.desc(), t.c.case_no.desc()) if closed else (t.c.opened_at, t.c.case_no)
        return [_case(row) for row in self._context.connection.execute(query.order_by(*order)).all()]

    def close(self, case: str, ending: Ending) -> None:
        """End it; one that is closed stays as it was closed."""
        self._move(
            case,
            "open",
            state="closed",
            closed_at=self._context.now,
            closed_by=ending.by,
            closed_second=ending.second or None,
            outcome=ending.outcome,
            note=ending.note or None,
        )

    def reopen(self, case: str) -> None:
        """Somebody has to look into it once more; how it was closed stays readable until it is closed again."""
        self._move(case, "closed", state="open", closed_at=None)

    def _move(self, case: str, before: str, **values: object) -> None:
        t = tables.case_file
        self._context.connection.execute(
            t.update().where(t.c.case_no == case, t.c.state == before).values(values)
        )


def _case(row: Row[Any]) -> Case:
    return Case(
        case=row.case_no,
        kind=row.kind,
        reference=row.reference,
        details=row.details,
        opened_at=row.opened_at,
        closed_at=row.closed_at,
        closed_by=row.closed_by or "",
        closed_second=row.closed_second or "",
        outcome=row.outcome or "",
        note=row.note or "",
    )


class ReferenceNotices:
    """Implements ``Notices``; phones are the simulated sink, table ``sms``."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def tell(self, person: Person, message: Message) -> str:
        """Give the notice and send its Chinese text to the phone on file."""
        connection, number = self._context.connection, self._context.next_number(Type.NOTICE)
        connection.execute(
            tables.notice.insert().values(
                notice=number,
                kind=message.kind,
                person_kind=person.key.kind.value,
                person_number=person.key.number,
                title=message.title,
                text=message.text,
                created_at=self._context.now,
                deadline=message.deadline,
                reference=message.reference,
                matter=message.matter,
            )
        )
        if person.mobile:
            text = f"【云川市税务局】{message.title['zh-CN']}：{message.text['zh-CN']}"
            connection.execute(
                tables.sms.insert().values(
                    sms=f"{number}-1", notice=number, mobile=person.mobile, text=text, at=self._context.now
                )
            )
        return number

    def for_person(self, key: PersonKey, taxpayers: Iterable[str]) -> Sequence[Notice]:
        """Open notices of the person and of these enterprises: the earliest deadline first, then the newest."""
        t = tables.notice
        mine = and_(t.c.person_kind == key.kind.value, t.c.person_number == key.number)
        query = (
            select(t)
            .where(or_(mine, t.c.taxpayer.in_(list(taxpayers))), t.c.done_at.is_(None))
            .order_by(t.c.deadline.is_(None), t.c.deadline, t.c.created_at.desc(), t.c.notice.desc())
        )
        return [
            Notice(
                id=row.notice,
                kind=row.kind,
                title=row.title,
                text=row.text,
                created=row.created_at,
                deadline=row.deadline,
                reference=row.reference,
            )
            for row in self._context.connection.execute(query)
        ]

    def seen(self, notices: Iterable[str]) -> None:
        """A terminal has fetched these for the person; the first time counts."""
        t = tables.notice
        new = t.update().where(t.c.notice.in_(list(notices)), t.c.told_at.is_(None))
        self._context.connection.execute(new.values(told_at=self._context.now))

    def mended(self, matter: str) -> None:
        """What these notices asked for is done: nobody needs to hear of it any more."""
        t = tables.notice
        open_ = t.update().where(t.c.matter == matter, t.c.done_at.is_(None))
        self._context.connection.execute(open_.values(done_at=self._context.now))

    def end(self, notices: Iterable[str]) -> None:
        """These are not shown any more."""
        t = tables.notice
        open_ = t.update().where(t.c.notice.in_(list(notices)), t.c.done_at.is_(None))
        self._context.connection.execute(open_.values(done_at=self._context.now))

    def finish(self) -> int:
        """End notices that have been told for long enough, or whose deadline is long over; how many."""
        t, kept = tables.notice, timedelta(days=TOLD_FOR_DAYS)
        told = and_(t.c.deadline.is_(None), t.c.told_at < self._context.now - kept)
        over = t.c.deadline < self._context.today - kept
        done = t.update().where(t.c.done_at.is_(None), or_(told, over))
        return self._context.connection.execute(done.values(done_at=self._context.now)).rowcount


class ReferenceRatings:
    """Implements ``Ratings``."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def rate(self, rating: Rating) -> None:
        """Keep it."""
        self._context.connection.execute(
            tables.rating.insert().values(
                key=rating.key,
                item=rating.item,
                terminal=rating.terminal,
                service=rating.service,
                level=rating.level,
                reasons=list(rating.reasons),
                at=self._context.now,
                case_no=rating.case,
            )
        )

    def rated(self, item: str) -> bool:
        """Whether the item was rated before."""
        query = select(tables.rating.c.key).where(tables.rating.c.item == item).limit(1)
        return self._context.connection.execute(query).scalar() is not None

    def latest(self, limit: int) -> Sequence[Rated]:
        """The newest first."""
        t = tables.rating
        query = select(t).order_by(t.c.at.desc(), t.c.key.desc()).limit(limit)
        return [
            Rated(
                Rating(
                    row.key, row.service, row.item, row.level, tuple(row.reasons), row.case_no, row.terminal
                ),
                row.at,
            )
            for row in self._context.connection.execute(query)
        ]
