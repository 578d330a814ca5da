"""Official documents in the store."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, RowMapping, select

from bureau.engine.reference.context import Context, Type
from bureau.ports.documents import Document, NewDocument, Service
from bureau.store import tables


class ReferenceDocuments:
    """Implements ``Documents``."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def issue(self, new: NewDocument) -> Document:
        """Keep a new one, which waits to be served."""
        number = self._context.next_number(Type.DOCUMENT)
        self._context.connection.execute(
            tables.document.insert().values(
                document=number,
                taxpayer=new.taxpayer,
                title=dict(new.title),
                body=[dict(paragraph) for paragraph in new.body],
                issued_at=self._context.now,
                issued_by=new.by,
                days=new.days,
                matter=new.matter,
                state="issued",
            )
        )
        made = self.document(number)
        assert made is not None, "it was kept just now"
        return made

    def document(self, document: str, *, lock: bool = False) -> Document | None:
        """One, in whatever state; ``lock`` holds its row."""
        query = select(tables.document).where(tables.document.c.document == document)
        query = query.with_for_update() if lock else query
        row = self._context.connection.execute(query).mappings().one_or_none()
        return None if row is None else _document(row)

    def of(self, taxpayer: str) -> Sequence[Document]:
        """What waits first ("issued" comes before "served"), each the latest first."""
        t = tables.document
        query = (
            select(t)
            .where(t.c.taxpayer == taxpayer, t.c.state != "withdrawn")
            .order_by(t.c.state, t.c.issued_at.desc(), t.c.document.desc())
        )
        return [_document(row) for row in self._context.connection.execute(query).mappings()]

    def serve(self, document: str, service: Service) -> None:
        """It is served."""
        t, person = tables.document, service.person
        self._context.connection.execute(
            t.update()
            .where(t.c.document == document)
            .values(
                state="served",
                way=service.way,
                served_on=service.on,
                recorded_at=self._context.now,
                until=service.until,
                served_by=service.by,
                note=service.note or None,
                person_kind=person.kind.value if person is not None else None,
                person_number=person.number if person is not None else None,
                terminal=service.terminal,
                key=service.key,
                text_sha256=service.text_sha256,
                sealed=service.sealed,
            )
        )

    def withdraw(self, document: str, by: str) -> None:
        """It is served no more, unless it was."""
        self._withdraw(tables.document.c.document == document, by)

    def settle(self, matter: str, by: str) -> None:
        """Withdraw those of the matter that still wait."""
        self._withdraw(tables.document.c.matter == matter, by)

    def _withdraw(self, which: ColumnElement[bool], by: str) -> None:
        t = tables.document
        waits = t.update().where(which, t.c.state == "issued")
        self._context.connection.execute(
            waits.values(state="withdrawn", withdrawn_at=self._context.now, withdrawn_by=by)
        )

    def listed(self, taxpayer: str | None, limit: int) -> Sequence[Document]:
        """Of one taxpayer or of all, the latest issued first."""
        t = tables.document
        query = select(t).order_by(t.c.issued_at.desc(), t.c.document.desc()).limit(limit)
        if taxpayer is not None:
            query = query.where(t.c.taxpayer == taxpayer)
        return [_document(row) for row in self._context.connection.execute(query).mappings()]


def _document(row: RowMapping) -> Document:
    return Document(
        document=row["document"],
        taxpayer=row["taxpayer"],
        title=row["title"],
        body=tuple(row["body"]),
        issued_at=row["issued_at"],
        issued_by=row["issued_by"],
        days=row["days"],
        matter=row["matter"],
        state=row["state"],
        way=row["way"],
        served_on=row["served_on"],
        until=row["until"],
        served_by=row["served_by"],
        text_sha256=row["text_sha256"],
        withdrawn_at=row["withdrawn_at"],
        withdrawn_by=row["withdrawn_by"],
    )
