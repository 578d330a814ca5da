"""Codes sent to phones; phones are the simulated sink, table ``sms``."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, func, select

from bureau.engine.reference.context import Context
from bureau.ports.phones import Challenge
from bureau.store import tables
from kiosk.domain.ids import uuid7


class ReferencePhones:
    """Implements ``Phones``."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def sent_to(self, mobile: str, since: datetime) -> list[datetime]:
        """When codes were sent to this phone, the latest first."""
        t = tables.phone_code
        query = select(t.c.sent_at).where(t.c.mobile == mobile, t.c.sent_at >= since)
        return list(self._context.connection.execute(query.order_by(t.c.sent_at.desc())).scalars())

    def sent_from(self, terminal: str, since: datetime) -> int:
        """How many codes this terminal had sent."""
        t = tables.phone_code
        query = select(func.count()).where(t.c.terminal == terminal, t.c.sent_at >= since)
        return int(self._context.connection.execute(query).scalar_one())

    def send(self, challenge: Challenge, text: str) -> None:
        """Keep the challenge and write the message."""
        c, connection = challenge, self._context.connection
        connection.execute(
            tables.phone_code.insert().values(
                challenge=c.challenge,
                mobile=c.mobile,
                terminal=c.terminal,
                code_sha256=c.code_sha256,
                sent_at=c.sent_at,
                tries=c.tries,
            )
        )
        self._write(c.challenge, c.mobile, text)

    def tell(self, mobile: str, text: str) -> None:
        """Write the message."""
        self._write(uuid7(), mobile, text)

    def _write(self, name: str, mobile: str, text: str) -> None:
        message = {"sms": name, "notice": "", "mobile": mobile, "text": f"【云川市税务局】{text}"}
        self._context.connection.execute(tables.sms.insert().values(**message, at=self._context.now))

    def challenge(self, challenge: str) -> Challenge | None:
        """The challenge; its row is locked."""
        t = tables.phone_code
        query = select(t).where(t.c.challenge == challenge).with_for_update()
        row = self._context.connection.execute(query).one_or_none()
        if row is None:
            return None
        return Challenge(
            row.challenge, row.mobile, row.terminal, row.code_sha256, row.sent_at, row.tries, row.proven_at
        )

    def tried(self, challenge: str) -> None:
        """One more wrong code."""
        t = tables.phone_code
        more = t.update().where(t.c.challenge == challenge).values(tries=t.c.tries + 1)
        self._context.connection.execute(more)

    def proven(self, challenge: str) -> None:
        """The right code was given."""
        t = tables.phone_code
        done = t.update().where(t.c.challenge == challenge).values(proven_at=self._context.now)
        self._context.connection.execute(done)

    def forget(self, before: datetime) -> int:
        """Delete what was sent before."""
        t = tables.phone_code
        return self._context.connection.execute(delete(t).where(t.c.sent_at < before)).rowcount
