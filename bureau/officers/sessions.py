"""Signing in, in two steps, and the sessions that come of it (NIST SP 800-63B, 3.1.4 and 5)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Row, or_, select

from bureau.errors import SignInRefused
from bureau.limits import Limiter, Rate
from bureau.officers import factors, passwords
from bureau.officers.accounts import Officer, new_token, roles_of, secret_of
from bureau.officers.trail import Who
from bureau.ports.materials import Vault
from bureau.store import tables
from bureau.store.database import Database
from config.clock import Clock

SECOND_WITHIN: Final = timedelta(minutes=5)
IDLE: Final = timedelta(minutes=30)
LONGEST: Final = timedelta(hours=12)
"""NIST SP 800-63B (AAL2): at most 12 hours, and at most 30 minutes of doing nothing."""
TRIES: Final = 5
LOCKED: Final = timedelta(minutes=15)
SEEN_EVERY: Final = timedelta(minutes=1)
"""So often at most is written down that somebody is still there."""
KEPT: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Session:
    """A session that goes on. ``id`` names it in the trail, and opens nothing."""

    id: str
    officer: Officer


class Sessions:
    """All sessions. Thread-safe; ``clock`` is the time of the world."""

    def __init__(self, database: Database, vault: Vault, clock: Clock) -> None:
        self._database, self._vault, self._clock = database, vault, clock
        self._nobody = Limiter(Rate(TRIES, LOCKED.total_seconds()), monotonic=lambda: clock.now().timestamp())

    def password(self, login: str, password: str, address: str) -> str:
        """The first step; the token for the second, within five minutes. Raises ``SignInRefused``."""
        now = self._now()
        with self._database.read() as connection:
            row = _active(connection, login)
        good = passwords.right(password, row.password if row is not None else None)
        with self._database.write() as connection:
            row = _active(connection, login, lock=True)
            self._unless_locked(row, now)
            if row is not None and good:
                return _begin(connection, row.officer, "password", address, now, SECOND_WITHIN)
            if row is not None:
                _failed(connection, row, now)
        if row is None and (wait := self._nobody.take(login.strip().lower())):
            raise SignInRefused("locked", wait)  # as an account would be: nobody learns which names there are
        raise SignInRefused("wrong")

    def second(self, token: str, figures: str, address: str) -> str:
        """The second step, by the authenticator or a recovery code; the token of the session.

        Raises ``SignInRefused``: wrong, locked, or over when the first step was too long ago.
        """
        now, s = self._now(), tables.officer_session
        with self._database.write() as connection:
            step = _session(connection, token, now, "password")
            row = _active(connection, step.officer, lock=True) if step is not None else None
            if row is None:
                raise SignInRefused("over")
            self._unless_locked(row, now)
            if self._proved(connection, row, figures, now):
                connection.execute(s.update().where(s.c.token == _kept(token)).values(ended_at=now))
                t = tables.officer
                connection.execute(
                    t.update().where(t.c.officer == row.officer).values(failures=0, locked_until=None)
                )
                return _begin(connection, row.officer, "full", address, now, LONGEST)
            _failed(connection, row, now)
        raise SignInRefused("wrong")

    def of(self, token: str, *, there: bool = True) -> Session | None:
        """The session that a browser's token stands for; None when there is none, or it is over.

        ``there``: whether somebody asked; what a page asks by itself keeps no session alive.
        """
        now = self._now()
        with self._database.read() as connection:
            row = _session(connection, token, now, "full")
            account = _active(connection, row.officer) if row is not None else None
            if row is None or account is None:
                return None
            roles = roles_of(connection, account.officer)
        if there and now - row.seen_at > SEEN_EVERY:
            s = tables.officer_session
            with self._database.write() as connection:
                connection.execute(s.update().where(s.c.token == row.token).values(seen_at=now))
        officer = Officer(account.officer, account.name, account.state, account.lang, roles, None)
        return Session(row.token[:12], officer)

    def begun(self, token: str) -> Who:
        """Whose first step a token stands for; nobody's when there is none."""
        with self._database.read() as connection:
            row = _session(connection, token, self._now(), "password")
        return Who(row.officer if row is not None else "")

    def end(self, token: str) -> None:
        """Sign out; nothing happens where nobody is signed in."""
        s = tables.officer_session
        with self._database.write() as connection:
            going = s.update().where(s.c.token == _kept(token), s.c.ended_at.is_(None))
            connection.execute(going.values(ended_at=self._now()))

    def forget(self) -> None:
        """Delete sessions that ended a month ago; the trail still has what was done in them."""
        before, s = self._now() - KEPT, tables.officer_session
        with self._database.write() as connection:
            connection.execute(s.delete().where(or_(s.c.ended_at < before, s.c.ends_at < before)))

    def _now(self) -> datetime:
        return self._clock.now().astimezone(UTC)

    def _unless_locked(self, row: Row[Any] | None, now: datetime) -> None:
        if row is not None and row.locked_until is not None and row.locked_until > now:
            raise SignInRefused("locked", (row.locked_until - now).total_seconds())

    def _proved(self, connection: Connection, row: Row[Any], figures: str, now: datetime) -> bool:
        t, r = tables.officer, tables.officer_recovery
        step = factors.step_of(secret_of(self._vault, row), figures, now, row.last_step)
        if step is not None:
            connection.execute(t.update().where(t.c.officer == row.officer).values(last_step=step))
            return True
        spare = r.update().where(
            r.c.officer == row.officer, r.c.code == factors.hashed(figures), r.c.used_at.is_(None)
        )
        return connection.execute(spare.values(used_at=now)).rowcount == 1


def _active(connection: Connection, login: str, *, lock: bool = False) -> Row[Any] | None:
    t = tables.officer
    query = select(t).where(t.c.officer == login.strip().lower(), t.c.state == "active")
    return connection.execute(query.with_for_update() if lock else query).one_or_none()


def _failed(connection: Connection, row: Row[Any], now: datetime) -> None:
    """Count a wrong password or code; each fifth locks the account, against guessing one after the other."""
    failures = row.failures + 1
    until = now + LOCKED if failures % TRIES == 0 else None
    t = tables.officer
    counted = t.update().where(t.c.officer == row.officer)
    connection.execute(counted.values(failures=failures, locked_until=until))


def _begin(
    connection: Connection, login: str, state: str, address: str, now: datetime, longest: timedelta
) -> str:
    token = new_token()
    connection.execute(
        tables.officer_session.insert().values(
            token=_kept(token),
            officer=login,
            state=state,
            address=address,
            began_at=now,
            seen_at=now,
            ends_at=now + longest,
        )
    )
    return token


def _session(connection: Connection, token: str, now: datetime, state: str) -> Row[Any] | None:
    s = tables.officer_session
    query = select(s).where(
        s.c.token == _kept(token),
        s.c.state == state,
        s.c.ended_at.is_(None),
        s.c.ends_at > now,
        s.c.seen_at > now - IDLE,
    )
    return connection.execute(query).one_or_none()


def _kept(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
