"""Effect keys and their first answers."""

from __future__ import annotations

import hashlib

from sqlalchemy import func, select

from bureau.engine.reference.context import Context
from bureau.ports.registration import PersonKey
from bureau.ports.system import AnsweredEffect, KeptAnswer
from bureau.store import tables
from kiosk.domain.people import DocumentKind


class ReferenceAnswers:
    """Implements ``Answers``."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def find(self, key: str) -> KeptAnswer | None:
        """The answer given before."""
        t = tables.effect
        query = select(t.c.key, t.c.terminal, t.c.fingerprint, t.c.answer, t.c.told_at).where(t.c.key == key)
        row = self._context.connection.execute(query).one_or_none()
        if row is None:
            return None
        return KeptAnswer(row.key, row.terminal, row.fingerprint, row.answer, row.told_at is not None)

    def effect(self, key: str) -> AnsweredEffect | None:
        """The whole entry."""
        t = tables.effect
        row = self._context.connection.execute(select(t).where(t.c.key == key)).one_or_none()
        if row is None:
            return None
        person = PersonKey(DocumentKind(row.person_kind), row.person_number) if row.person_kind else None
        return AnsweredEffect(
            kept=KeptAnswer(row.key, row.terminal, row.fingerprint, row.answer, row.told_at is not None),
            kind=row.kind,
            service=row.service,
            service_hash=row.service_hash,
            service_known=row.service_known,
            visit=row.visit,
            transaction=row.transaction,
            person=person,
            taxpayer=row.taxpayer,
            offline=row.offline,
            accepted_at=row.accepted_at,
            received_at=row.received_at,
            state=row.state,
            reference=row.reference,
        )

    def take_turn(self, key: str) -> bool:
        """False while another process answers this key (PostgreSQL); on SQLite writers come one by one."""
        connection = self._context.connection
        if connection.dialect.name != "postgresql":
            return True
        number = int.from_bytes(hashlib.sha256(key.encode()).digest()[:8], "big", signed=True)
        return bool(connection.execute(select(func.pg_try_advisory_xact_lock(number))).scalar_one())

    def keep(self, effect: AnsweredEffect) -> None:
        """Keep the answer, in the same transaction as what it changed."""
        kept, person = effect.kept, effect.person
        self._context.connection.execute(
            tables.effect.insert().values(
                key=kept.key,
                terminal=kept.terminal,
                kind=effect.kind,
                fingerprint=kept.fingerprint,
                service=effect.service,
                service_hash=effect.service_hash,
                service_known=effect.service_known,
                visit=effect.visit,
                transaction=effect.transaction,
                person_kind=person.kind.value if person else None,
                person_number=person.number if person else None,
                taxpayer=effect.taxpayer,
                offline=effect.offline,
                accepted_at=effect.accepted_at,
                received_at=effect.received_at,
                state=effect.state,
                reference=effect.reference,
                answer=kept.answer,
                told_at=effect.received_at if kept.told else None,
            )
        )

    def told(self, key: str) -> None:
        """Note that the person was given a notice of the answer."""
        t = tables.effect
        self._context.connection.execute(t.update().where(t.c.key == key).values(told_at=self._context.now))
