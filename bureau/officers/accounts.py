"""Officers' accounts: invited by an administrator, taken up with a password and a second factor of their own."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Row, select

from bureau.errors import OfficerRefused, OfficerUnknown
from bureau.officers import factors, passwords
from bureau.officers.roles import Role, apart
from bureau.ports.materials import Vault
from bureau.store import tables
from bureau.store.database import Database
from config.clock import Clock

INVITED_FOR: Final = timedelta(hours=24)
LOGIN: Final = r"[a-z][a-z0-9.-]{1,30}[a-z0-9]"
"""Small letters, digits, full stops and hyphens: what is typed at every sign-in and stands in the trail."""


@dataclass(frozen=True, slots=True)
class Officer:
    """An account as it stands; ``state`` is invited, active or disabled."""

    login: str
    name: str
    state: str
    lang: str
    roles: frozenset[Role]
    locked_until: datetime | None


@dataclass(frozen=True, slots=True)
class Invitation:
    """What an invited officer is shown: the secret to be scanned, as ``otpauth://`` address and as text."""

    login: str
    name: str
    lang: str
    address: str
    secret: str


class Accounts:
    """All officers. Thread-safe. ``clock`` is the time of the world: an authenticator knows no other."""

    def __init__(self, database: Database, vault: Vault, clock: Clock, issuer: str) -> None:
        self._database, self._vault, self._clock, self._issuer = database, vault, clock, issuer

    # --- what is there -----------------------------------------------------------------------------------

    def all(self) -> Sequence[Officer]:
        """Every account, by its name to sign in with."""
        with self._database.read() as connection:
            rows = connection.execute(select(tables.officer).order_by(tables.officer.c.officer)).all()
            return [self._shown(connection, row) for row in rows]

    def officer(self, login: str) -> Officer:
        """One account. Raises ``OfficerUnknown``."""
        with self._database.read() as connection:
            return self._shown(connection, _row(connection, login))

    # --- inviting ----------------------------------------------------------------------------------------

    def invite(self, login: str, name: str, roles: Sequence[Role], by: str, lang: str = "zh-CN") -> str:
        """A new account; the one-time code by which its officer takes it up within a day.

        Raises ``OfficerRefused`` for a name that is no name or is taken, and for roles that must lie apart.
        """
        _unless_together(roles)
        if not re.fullmatch(LOGIN, login):
            raise OfficerRefused("login", "give 3 to 32 small letters, digits, full stops or hyphens")
        if not name.strip() or len(name.strip()) > 32 or not name.strip().isprintable():
            raise OfficerRefused("name", "give the officer's name, of at most 32 characters")
        code = factors.new_code()
        with self._database.write() as connection:
            known = select(tables.officer.c.officer).where(tables.officer.c.officer == login)
            if connection.execute(known).one_or_none() is not None:
                raise OfficerRefused("taken", f"there is an officer {login} already")
            now = self._now()
            values = {
                "officer": login,
                "name": name.strip(),
                "lang": lang,
                "failures": 0,
                "created_at": now,
                **self._invited(login, code, now),
            }
            connection.execute(tables.officer.insert().values(values))
            _give(connection, login, roles, by, now)
        return code

    def invite_again(self, login: str, by: str) -> str:
        """A new code, by which password and second factor are chosen anew; the old ones end at once.

        Raises ``OfficerUnknown``, and ``OfficerRefused`` for one's own account, or where nobody would be left to give
        roles meanwhile.
        """
        _unless_own(login, by)
        code = factors.new_code()
        with self._database.write() as connection, _somebody_left(connection):
            _row(connection, login, lock=True)
            t, r = tables.officer, tables.officer_recovery
            connection.execute(r.delete().where(r.c.officer == login))
            connection.execute(
                t.update()
                .where(t.c.officer == login)
                .values(password=None, failures=0, locked_until=None)
                .values(self._invited(login, code, self._now()))
            )
            _end_sessions(connection, login, self._now())
        return code

    def invitation(self, code: str) -> Invitation:
        """Whom a code invites. Raises ``OfficerRefused`` for one that is wrong, used or a day old."""
        with self._database.read() as connection:
            row = self._by_code(connection, code)
        secret = self._vault.open(_sealed_name(row.officer), row.secret)
        shown = factors.address(secret, row.officer, self._issuer)
        return Invitation(row.officer, row.name, row.lang, shown, secret.decode())

    def take_up(self, code: str, password: str, figures: str) -> Sequence[str]:
        """Choose a password and prove the second factor; the codes for the day on which it is lost.

        Raises ``OfficerRefused`` for a code that is no longer good or figures that are wrong, ``PasswordWeak``.
        """
        with self._database.write() as connection:
            row = self._by_code(connection, code, lock=True)
            stored = passwords.kept(password, row.officer)
            secret = self._vault.open(_sealed_name(row.officer), row.secret)
            step = factors.step_of(secret, figures, self._now(), row.last_step)
            if step is None:
                raise OfficerRefused("figures", "the six figures are not those of this second factor now")
            t = tables.officer
            connection.execute(
                t.update()
                .where(t.c.officer == row.officer)
                .values(state="active", password=stored, last_step=step, invitation=None, invited_until=None)
            )
            spare = [factors.new_code() for _ in range(factors.RECOVERY_CODES)]
            kept = [{"officer": row.officer, "code": factors.hashed(one)} for one in spare]
            connection.execute(tables.officer_recovery.insert(), kept)
        return spare

    # --- changing ----------------------------------------------------------------------------------------

    def set_roles(self, login: str, roles: Sequence[Role], by: str) -> Officer:
        """Give these roles and take all others; they count from the officer's next act.

        Raises ``OfficerUnknown``, and ``OfficerRefused`` for one's own, for roles that must lie apart, and where nobody
        would be left to give roles.
        """
        _unless_own(login, by)
        _unless_together(roles)
        with self._database.write() as connection, _somebody_left(connection):
            row = _row(connection, login, lock=True)
            r = tables.officer_role
            connection.execute(r.delete().where(r.c.officer == login))
            _give(connection, login, roles, by, self._now())
            return self._shown(connection, row)

    def disable(self, login: str, by: str) -> Officer:
        """End an account, its roles and its sessions; what the officer did stays under this name.

        Raises ``OfficerUnknown``, and ``OfficerRefused`` for one's own, and where nobody would be left to give roles.
        """
        _unless_own(login, by)
        with self._database.write() as connection, _somebody_left(connection):
            _row(connection, login, lock=True)
            t, r = tables.officer, tables.officer_role
            ended = t.update().where(t.c.officer == login)
            connection.execute(ended.values(state="disabled", password=None, invitation=None))
            connection.execute(r.delete().where(r.c.officer == login))
            _end_sessions(connection, login, self._now())
            return self._shown(connection, _row(connection, login))

    def unlock(self, login: str) -> Officer:
        """Let an officer try again before the lock after wrong passwords is over. Raises ``OfficerUnknown``."""
        with self._database.write() as connection:
            _row(connection, login, lock=True)
            t = tables.officer
            opened = t.update().where(t.c.officer == login)
            connection.execute(opened.values(failures=0, locked_until=None))
            return self._shown(connection, _row(connection, login))

    def speak(self, login: str, lang: str) -> None:
        """Show this officer the console in ``lang`` from now on."""
        t = tables.officer
        with self._database.write() as connection:
            connection.execute(t.update().where(t.c.officer == login).values(lang=lang))

    # --- within ------------------------------------------------------------------------------------------

    def _now(self) -> datetime:
        return self._clock.now().astimezone(UTC)

    def _shown(self, connection: Connection, row: Row[Any]) -> Officer:
        roles = roles_of(connection, row.officer)
        locked = row.locked_until if row.locked_until and row.locked_until > self._now() else None
        return Officer(row.officer, row.name, row.state, row.lang, roles, locked)

    def _invited(self, login: str, code: str, now: datetime) -> dict[str, Any]:
        sealed = self._vault.seal(_sealed_name(login), factors.new_secret())
        return {
            "state": "invited",
            "secret": sealed,
            "last_step": 0,
            "invitation": factors.hashed(code),
            "invited_until": now + INVITED_FOR,
        }

    def _by_code(self, connection: Connection, code: str, *, lock: bool = False) -> Row[Any]:
        t = tables.officer
        query = select(t).where(t.c.invitation == factors.hashed(code), t.c.invited_until > self._now())
        row = connection.execute(query.with_for_update() if lock else query).one_or_none()
        if row is None:
            raise OfficerRefused("invitation", "the code is wrong, used or a day old; have another one made")
        return row


def secret_of(vault: Vault, row: Row[Any]) -> bytes:
    """The secret of an officer's second factor."""
    return vault.open(_sealed_name(row.officer), row.secret)


def roles_of(connection: Connection, login: str) -> frozenset[Role]:
    """The roles that an officer holds; one that this release does not know allows nothing."""
    r = tables.officer_role
    held = connection.execute(select(r.c.role).where(r.c.officer == login)).scalars()
    return frozenset(Role(word) for word in held if word in set(Role))


def new_token() -> str:
    """What a browser holds for a session: 256 bits."""
    return secrets.token_urlsafe(32)


def _row(connection: Connection, login: str, *, lock: bool = False) -> Row[Any]:
    query = select(tables.officer).where(tables.officer.c.officer == login)
    row = connection.execute(query.with_for_update() if lock else query).one_or_none()
    if row is None:
        raise OfficerUnknown(login)
    return row


def _give(connection: Connection, login: str, roles: Sequence[Role], by: str, now: datetime) -> None:
    given = [
        {"officer": login, "role": role.value, "given_at": now, "given_by": by} for role in sorted(set(roles))
    ]
    if given:
        connection.execute(tables.officer_role.insert(), given)


def _end_sessions(connection: Connection, login: str, now: datetime) -> None:
    s = tables.officer_session
    running = s.update().where(s.c.officer == login, s.c.ended_at.is_(None))
    connection.execute(running.values(ended_at=now))


def _unless_own(login: str, by: str) -> None:
    """Raises ``OfficerRefused`` where somebody would change their own account."""
    if login == by:
        raise OfficerRefused("own", "nobody changes their own account; ask another administrator")


def _unless_together(roles: Sequence[Role]) -> None:
    """Raises ``OfficerRefused`` for roles that check each other."""
    if not apart(roles):
        raise OfficerRefused(
            "apart",
            "who gives roles decides nothing: leave out administrator, or the other roles; and nobody handles both "
            "complaints and tip-offs",
        )


@contextmanager
def _somebody_left(connection: Connection) -> Iterator[None]:
    """Hold the accounts of all who give roles, so that two of them do not end each other at once.

    Raises ``OfficerRefused`` where somebody could sign in and give roles before the block, and nobody after it.
    """
    t, r = tables.officer, tables.officer_role
    theirs = select(r.c.officer).where(r.c.role == Role.ADMINISTRATOR.value)
    query = select(t.c.officer).where(t.c.officer.in_(theirs), t.c.state == "active").order_by(t.c.officer)
    before = connection.execute(query.with_for_update()).all()
    yield
    if before and not connection.execute(query).all():
        raise OfficerRefused("lastAdministrator", "nobody would be left to give roles; invite another first")


def _sealed_name(login: str) -> str:
    return f"officer/{login}"
