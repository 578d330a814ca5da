"""The register of terminals: enrolment by one-time code, keys by epoch, states, health."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, select

from bureau.errors import EnrolmentRefused, FleetError
from bureau.fleet import alarms, supplies
from bureau.fleet.alarms import AlarmView
from bureau.fleet.codes import hashed, one_time
from bureau.fleet.keys import BureauKeys
from bureau.store import tables
from bureau.store.database import Database
from bureau.texts import say
from config.clock import Clock
from sync.credentials import vouch
from sync.crypto import SealingKey, Verifier, b64, unb64, verifier_of
from sync.errors import SyncError
from sync.models import Enrolled, Enrolment, Heartbeat, Texts

log = logging.getLogger("kiosk.bureau.fleet")

Alarm = Callable[[str, str, dict[str, object]], None]
"""Brings a matter (kind, reference, details) before a person."""
BUREAU_NAME: Texts = say("bureau")


@dataclass(frozen=True, slots=True)
class TerminalView:
    """A terminal as the staff sees it; when it was last heard of.

    ``devices`` is each one's state, ``due`` what somebody should look after, both by role. ``readings`` are doors,
    switches and battery as it last said, with source and age; ``alarms`` the newest first.
    """

    terminal: str
    asset: str
    hall: str
    hall_name: Texts
    epoch: str
    state: str
    reason: str
    enrolled_at: datetime
    last_seen: datetime | None
    software: str
    queue_depth: int | None
    devices: dict[str, str]
    due: dict[str, list[str]]
    readings: dict[str, dict[str, Any]]
    alarms: list[AlarmView]


class Terminals:
    """Reads and changes the register. Thread-safe.

    Codes and enrolments run on the real clock: business time may be another day.
    """

    def __init__(
        self,
        database: Database,
        keys: BureauKeys,
        clock: Clock,
        public_url: str,
        alarm: Alarm | None = None,
    ) -> None:
        """``public_url`` is what the codes on slips begin with.

        ``alarm`` hears of a one-time code that a second key tries; it is logged in any case.
        """
        self._database = database
        self._keys = keys
        self._clock = clock
        self._public_url = public_url
        self._alarm = alarm

    def make_code(self, asset: str, hall: str, made_by: str, minutes: int) -> tuple[str, datetime]:
        """A one-time code for that cabinet, and until when it is good; raises ``FleetError``."""
        code = one_time()
        now = datetime.now(UTC)
        expires = now + timedelta(minutes=minutes)
        with self._database.write() as connection:
            _hall_name(connection, hall)
            connection.execute(
                tables.enrolment_code.insert().values(
                    code_hash=hashed(code),
                    asset=asset,
                    hall=hall,
                    made_by=made_by,
                    made_at=now,
                    expires_at=expires,
                )
            )
        return code, expires

    def enrol(self, enrolment: Enrolment) -> Enrolled:
        """Exchange a code for an identity; a cabinet enrolled again gets a new epoch.

        The answer may have been lost on its way, so the same keys with the same code get the same answer again,
        as long as the code lives and the identity is the terminal's present one. Raises ``EnrolmentRefused``;
        other keys with a used code are refused and alarmed.
        """
        public, sealing = _keys_of(enrolment)
        digest = hashed(enrolment.code)
        try:
            with self._database.write() as connection:
                code = self._code(connection, digest)
                if code.used_at is not None:
                    return _same_answer(connection, code, enrolment.asset, public, sealing)
                return self._enrol(connection, code, enrolment, public, sealing)
        except _OtherKey:
            self._other_key(digest, enrolment.asset, public)
            raise

    def _enrol(
        self, connection: Connection, code: Row[Any], enrolment: Enrolment, public: bytes, sealing: bytes
    ) -> Enrolled:
        now, epoch, terminal = datetime.now(UTC), secrets.token_hex(8), enrolment.asset
        if code.expires_at <= now:
            raise EnrolmentRefused("code-expired", "the code has run out: make a new one")
        if code.asset != enrolment.asset:
            raise EnrolmentRefused("code-other-asset", "the code is for another cabinet: check its label")
        name = _hall_name(connection, code.hall)
        known = _working(connection, terminal)
        values = {
            "asset": enrolment.asset,
            "hall": code.hall,
            "public_key": public,
            "sealing_key": sealing,
            "epoch": epoch,
            "state": "active",
            "reason": "",
            "inventory": dict(enrolment.inventory),
            "enrolled_at": now,
        }
        _store(connection, terminal, known is not None, values)
        connection.execute(
            tables.terminal_key.insert().values(terminal=terminal, epoch=epoch, public_key=public, since=now)
        )
        enrolled = Enrolled(
            terminal=terminal,
            epoch=epoch,
            hall=code.hall,
            hall_name=name,
            bureau_name=BUREAU_NAME,
            public_url=self._public_url,
            bureau_sealing_key=self._keys.sealing_key,
            bureau_verify_key=self._keys.verify_key,
            enrolled_at=self._clock.now(),
            credential=vouch(self._keys.signer, terminal, epoch, public),
        )
        t = tables.enrolment_code
        connection.execute(
            t.update()
            .where(t.c.code_hash == code.code_hash)
            .values(used_at=now, terminal=terminal, answer=enrolled.model_dump(mode="json"))
        )
        return enrolled

    def _code(self, connection: Connection, digest: str) -> Row[Any]:
        t = tables.enrolment_code
        row = connection.execute(select(t).where(t.c.code_hash == digest).with_for_update()).one_or_none()
        if row is None:
            raise EnrolmentRefused("code-unknown", "there is no such code: make a new one")
        return row

    def _other_key(self, digest: str, asset: str, public: bytes) -> None:
        """Either a technician's slip or somebody who saw the code: a person has to ask which."""
        log.error("the used enrolment code of %s was tried with another key", asset)
        if self._alarm is not None:
            # The code itself is in no record; its hash tells two codes of one cabinet apart.
            details: dict[str, object] = {"asset": asset, "public_key": b64(public)}
            self._alarm("enrolment-code-reused", f"{asset}:{digest[:16]}", details)

    def request_key(self, terminal: str) -> tuple[Verifier, str] | None:
        """The key requests are signed with now, and the terminal's state."""
        with self._database.read() as connection:
            row = _row(connection, terminal)
        return None if row is None else (verifier_of(row.public_key), row.state)

    def record_key(self, terminal: str, epoch: str) -> Verifier | None:
        """The key of records of that epoch, also an earlier one."""
        t = tables.terminal_key
        with self._database.read() as connection:
            key = connection.execute(
                select(t.c.public_key).where(t.c.terminal == terminal, t.c.epoch == epoch)
            ).scalar()
        return None if key is None else verifier_of(key)

    def heartbeat(self, beat: Heartbeat) -> None:
        """Keep the latest health report and what is left of supplies, raise and clear alarms of doors and power."""
        t = tables.heartbeat
        values = {
            "sent_at": beat.sent_at,
            "received_at": self._clock.now(),
            "devices": dict(beat.devices),
            "due": {role: list(names) for role, names in beat.due.items()},
            "readings": {name: told.model_dump() for name, told in beat.readings.items()},
            "queue_depth": beat.queue_depth,
            "oldest_unacked_ms": None
            if beat.oldest_unacked_s is None
            else round(beat.oldest_unacked_s * 1000),
            "software": beat.software,
        }
        with self._database.write() as connection:
            done = connection.execute(t.update().where(t.c.terminal == beat.terminal).values(**values))
            if done.rowcount == 0:
                connection.execute(t.insert().values(terminal=beat.terminal, **values))
            alarms.take(connection, beat.terminal, beat.events, self._clock.now())
            supplies.take(connection, beat.terminal, beat.supplies, self._clock.now())

    def set_state(self, terminal: str, state: str, reason: str) -> None:
        """Suspend, quarantine or let it work again; raises ``FleetError`` for an unknown one."""
        t = tables.terminal
        with self._database.write() as connection:
            done = connection.execute(
                t.update().where(t.c.terminal == terminal).values(state=state, reason=reason)
            )
            if done.rowcount == 0:
                raise FleetError(f"no terminal {terminal!r} is enrolled; see `bureau terminal list`")

    def state(self, terminal: str) -> str:
        """``active``, ``suspended`` or ``quarantined``; raises ``FleetError`` for an unknown one."""
        with self._database.read() as connection:
            row = _row(connection, terminal)
        if row is None:
            raise FleetError(f"no terminal {terminal!r} is enrolled; see `bureau terminal list`")
        return str(row.state)

    def epoch(self, terminal: str) -> str:
        """That of its last enrolment, in whose name alone it may speak; raises ``FleetError`` for an unknown one."""
        with self._database.read() as connection:
            row = _row(connection, terminal)
        if row is None:
            raise FleetError(f"no terminal {terminal!r} is enrolled; see `bureau terminal list`")
        return str(row.epoch)

    def listed(self) -> Sequence[TerminalView]:
        """Every terminal, by name."""
        t, hall, beat = tables.terminal, tables.hall, tables.heartbeat
        query = (
            select(
                t,
                hall.c.name.label("hall_name"),
                beat.c.received_at,
                beat.c.software,
                beat.c.queue_depth,
                beat.c.devices,
                beat.c.due,
                beat.c.readings,
            )
            .join(hall, hall.c.hall == t.c.hall)
            .outerjoin(beat, beat.c.terminal == t.c.terminal)
            .order_by(t.c.terminal)
        )
        with self._database.read() as connection:
            raised = alarms.standing(connection)
            return [_view(row, raised.get(row.terminal, [])) for row in connection.execute(query)]


def hall_of(database: Database, terminal: str) -> str:
    """The hall that a terminal stands in; empty for one that is not enrolled."""
    t = tables.terminal
    with database.read() as connection:
        return str(connection.execute(select(t.c.hall).where(t.c.terminal == terminal)).scalar() or "")


def place_of(database: Database, terminal: str) -> Texts:
    """Hall and terminal in words, as papers name where they were made."""
    t, hall = tables.terminal, tables.hall
    query = select(hall.c.name).join(t, t.c.hall == hall.c.hall).where(t.c.terminal == terminal)
    with database.read() as connection:
        name: Texts = connection.execute(query).scalar() or {"zh-CN": "", "en-US": ""}
    return {lang: f"{text} {terminal}".strip() for lang, text in name.items()}


class _OtherKey(EnrolmentRefused):
    """A used code with keys other than those it was used with."""


def _same_answer(
    connection: Connection, code: Row[Any], asset: str, public: bytes, sealing: bytes
) -> Enrolled:
    """What was answered when the code was used, for the same terminal with the same keys."""
    row = _working(connection, code.terminal)
    used = "the code was used: make a new one"
    if row is None or code.answer is None:
        raise EnrolmentRefused("code-used", used)  # used before answers were kept
    answer = Enrolled.model_validate(code.answer)
    t = tables.terminal_key
    key = connection.execute(
        select(t.c.public_key).where(t.c.terminal == code.terminal, t.c.epoch == answer.epoch)
    ).scalar()
    if (asset, public) != (code.asset, key):
        raise _OtherKey("code-used", used)
    # Enrolled again since: the old epoch must not come back, not even on the same cabinet.
    if row.epoch != answer.epoch or row.sealing_key != sealing or code.expires_at <= datetime.now(UTC):
        raise EnrolmentRefused("code-used", used)
    return answer


def _working(connection: Connection, terminal: str) -> Row[Any] | None:
    """The terminal, locked, if it is known; raises ``EnrolmentRefused`` for a suspended one."""
    row = _row(connection, terminal, lock=True)
    if row is not None and row.state == "suspended":
        raise EnrolmentRefused(
            "terminal-suspended", f"the terminal is suspended: `bureau terminal resume {terminal}` first"
        )
    return row


def _view(row: Row[Any], raised: list[AlarmView]) -> TerminalView:
    return TerminalView(
        terminal=row.terminal,
        asset=row.asset,
        hall=row.hall,
        hall_name=row.hall_name,
        epoch=row.epoch,
        state=row.state,
        reason=row.reason,
        enrolled_at=row.enrolled_at,
        last_seen=row.received_at,
        software=row.software or "",
        queue_depth=row.queue_depth,
        devices=row.devices or {},
        due=row.due or {},
        readings=row.readings or {},
        alarms=raised,
    )


def _row(connection: Connection, terminal: str, *, lock: bool = False) -> Row[Any] | None:
    query = select(tables.terminal).where(tables.terminal.c.terminal == terminal)
    return connection.execute(query.with_for_update() if lock else query).one_or_none()


def _store(connection: Connection, terminal: str, known: bool, values: dict[str, object]) -> None:
    t = tables.terminal
    if known:
        connection.execute(t.update().where(t.c.terminal == terminal).values(**values))
    else:
        connection.execute(t.insert().values(terminal=terminal, **values))


def _hall_name(connection: Connection, hall: str) -> Texts:
    t = tables.hall
    name: Texts | None = connection.execute(select(t.c.name).where(t.c.hall == hall)).scalar()
    if name is None:
        known = ", ".join(connection.execute(select(t.c.hall).order_by(t.c.hall)).scalars())
        raise FleetError(f"there is no hall {hall!r}; known: {known or 'none, run `bureau generate` first'}")
    return name


def _keys_of(enrolment: Enrolment) -> tuple[bytes, bytes]:
    """The two public keys, checked to be usable."""
    try:
        public, sealing = unb64(enrolment.public_key), unb64(enrolment.sealing_key)
        verifier_of(public)
        if len(sealing) != len(SealingKey.generate().public):
            raise ValueError("a sealing key has 32 bytes")
    except (SyncError, ValueError) as error:
        raise EnrolmentRefused("key-invalid", f"the terminal's keys are not usable: {error}") from error
    return public, sealing
