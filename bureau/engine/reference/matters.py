"""Cases of matters, from the store."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Literal

from sqlalchemy import Row, and_, or_, select

from bureau.engine.reference.context import Context, Type
from bureau.ports.matters import Decision, MatterCase, NewCase
from bureau.ports.registration import PersonKey
from bureau.store import tables
from kiosk.domain.people import DocumentKind, Role


class ReferenceMatters:
    """Implements ``Matters``."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def open(self, new: NewCase) -> MatterCase:
        """Open a case; its number is new."""
        number = self._context.next_number(Type.MATTER)
        self._context.connection.execute(
            tables.matter_case.insert().values(
                case_no=number,
                matter=new.matter,
                key=new.key,
                owner=new.owner,
                taxpayer=new.taxpayer,
                person_kind=new.person.kind.value,
                person_number=new.person.number,
                role=new.role.value if new.role is not None else None,
                terminal=new.terminal,
                state="open",
                fields=dict(new.fields),
                accepted_at=new.accepted_at,
                due_on=new.due_on,
            )
        )
        opened = self.case(number)
        assert opened is not None
        return opened

    def case(self, number: str, *, lock: bool = False) -> MatterCase | None:
        """The case; with ``lock`` its row is held until the transaction ends."""
        t = tables.matter_case
        query = select(t).where(t.c.case_no == number)
        row = self._context.connection.execute(query.with_for_update() if lock else query).one_or_none()
        return None if row is None else _case(row)

    def waiting(self, matter: str, owner: str) -> MatterCase | None:
        """The case of this matter and owner that is open, when there is one."""
        t = tables.matter_case
        query = select(t).where(t.c.matter == matter, t.c.owner == owner, t.c.state == "open")
        row = self._context.connection.execute(query).one_or_none()
        return None if row is None else _case(row)

    def listed(self, state: Literal["open", "decided"], limit: int) -> Sequence[MatterCase]:
        """Open cases, the one due first; or decided ones, the last decided first."""
        t = tables.matter_case
        query = select(t).limit(limit)
        if state == "open":
            query = query.where(t.c.state == "open").order_by(t.c.due_on, t.c.case_no)
        else:
            query = query.where(t.c.state != "open").order_by(t.c.decided_at.desc(), t.c.case_no.desc())
        return [_case(row) for row in self._context.connection.execute(query)]

    def keep(self, case: MatterCase, sealed: bytes) -> MatterCase:
        """Keep with an open case what was signed for it."""
        return self._changed(case, sealed=sealed)

    def decide(self, case: MatterCase, decision: Decision) -> MatterCase:
        """Close an open case."""
        return self._changed(
            case,
            state=decision.state,
            decided_at=self._context.now,
            decided_by=decision.by,
            reason=decision.reason,
            effective_on=decision.effective_on,
            wanted=None,
        )

    def want(self, case: MatterCase, what: str) -> MatterCase:
        """Ask the owner of an open case for something."""
        return self._changed(case, wanted=what)

    def supplied(self, case: MatterCase, due_on: date) -> MatterCase:
        """What was asked for is there."""
        return self._changed(case, wanted=None, due_on=due_on)

    def of(self, person: PersonKey, taxpayers: Iterable[str]) -> Sequence[MatterCase]:
        """The cases of the person and of these enterprises: open ones first, then the newest."""
        t = tables.matter_case
        own = and_(t.c.person_kind == person.kind.value, t.c.person_number == person.number)
        query = (
            select(t)
            .where(or_(own, t.c.taxpayer.in_(list(taxpayers))))
            .order_by(t.c.state != "open", t.c.accepted_at.desc(), t.c.case_no.desc())
        )
        return [_case(row) for row in self._context.connection.execute(query)]

    def _changed(self, case: MatterCase, **values: object) -> MatterCase:
        """An open case with other values."""
        t = tables.matter_case
        change = t.update().where(t.c.case_no == case.case, t.c.state == "open").values(**values)
        self._context.connection.execute(change)
        found = self.case(case.case)
        assert found is not None  # cases are never deleted
        return found


def _case(row: Row[Any]) -> MatterCase:
    return MatterCase(
        case=row.case_no,
        matter=row.matter,
        person=PersonKey(DocumentKind(row.person_kind), row.person_number),
        taxpayer=row.taxpayer,
        state=row.state,
        fields=row.fields,
        accepted_at=row.accepted_at,
        due_on=row.due_on,
        decided_at=row.decided_at,
        decided_by=row.decided_by,
        reason=row.reason,
        effective_on=row.effective_on,
        wanted=row.wanted,
        role=Role(row.role) if row.role is not None else None,
        sealed=row.sealed or b"",
    )
