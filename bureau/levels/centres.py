"""下级机关: the centres below this one: how they join, and the sums of their days as they tell them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Row, select

from bureau.errors import CentreRefused, EnrolmentRefused
from bureau.fleet.codes import hashed, one_time
from bureau.fleet.keys import BureauKeys
from bureau.levels.wire import CentreAt, CentreDay, DayReport, Figures, JoinCentre, Joined
from bureau.store import tables
from bureau.store.database import Database
from bureau.store.insert import insert_into
from bureau.texts import say
from config.clock import CHINA, Clock
from sync.crypto import Verifier, unb64, verifier_of
from sync.errors import SyncError
from sync.models import Texts

ACTIVE: Final = "active"
SUSPENDED: Final = "suspended"
KEY_PREFIX: Final = "centre:"
"""Before a centre's code in the ``keyid`` of its requests; no terminal's number has a colon."""
OURSELVES: Final = "this centre"
AHEAD: Final = timedelta(days=1)
"""A clock may be a day ahead around midnight; a day beyond that is nobody's."""


@dataclass(frozen=True, slots=True)
class CentreView:
    """A centre below. ``under``: the one it stands below, nothing right below this one; ``via``: who tells of it."""

    centre: str
    name: Texts
    under: str
    via: str
    state: str
    reason: str
    since: datetime
    heard_at: datetime | None

    @property
    def speaks(self) -> bool:
        """Whether it joined here itself."""
        return self.via == self.centre


class Centres:
    """Reads and changes the register of the centres below. Thread-safe. Codes run on the real clock."""

    def __init__(self, database: Database, keys: BureauKeys, clock: Clock) -> None:
        self._database, self._keys, self._clock = database, keys, clock

    def make_code(self, centre: str, name: Texts, made_by: str, minutes: int) -> tuple[str, datetime]:
        """A one-time code for that centre, and until when it is good."""
        code, now = one_time(), datetime.now(UTC)
        expires = now + timedelta(minutes=minutes)
        with self._database.write() as connection:
            connection.execute(
                tables.centre_code.insert().values(
                    code_hash=hashed(code),
                    centre=centre,
                    name=name,
                    made_by=made_by,
                    made_at=now,
                    expires_at=expires,
                )
            )
        return code, expires

    def join(self, wanted: JoinCentre) -> Joined:
        """Exchange a code for a place below; the same key with the same code gets the same answer again.

        Raises ``EnrolmentRefused``; a centre that is suspended joins again when it was resumed.
        """
        key, now = _key_of(wanted), datetime.now(UTC)
        with self._database.write() as connection:
            code = _code(connection, hashed(wanted.code))
            known = _row(connection, code.centre, lock=True)
            if known is not None and known.state == SUSPENDED:
                raise EnrolmentRefused(
                    "centre-suspended", f"resume it first: bureau centre resume {code.centre}"
                )
            if code.expires_at <= now:
                raise EnrolmentRefused("code-expired", "the code has run out: make a new one")
            if code.used_at is None:
                self._enter(connection, code, key)
            elif known is None or known.public_key != key:
                raise EnrolmentRefused("code-used", "the code was used: make a new one")
        return Joined(centre=code.centre, superior=say("bureau"), verify_key=self._keys.verify_key)

    def _enter(self, connection: Connection, code: Row[Any], key: bytes) -> None:
        c, used = tables.centre, tables.centre_code
        joined = {
            "name": code.name,
            "under": "",
            "via": code.centre,
            "public_key": key,
            "state": ACTIVE,
            "reason": "",
            "since": self._clock.now(),
        }
        entered = insert_into(connection, c).values(centre=code.centre, **joined)
        connection.execute(entered.on_conflict_do_update(index_elements=[c.c.centre], set_=joined))
        mark = used.update().where(used.c.code_hash == code.code_hash)
        connection.execute(mark.values(used_at=datetime.now(UTC)))

    def request_key(self, key_id: str) -> tuple[Verifier, str] | None:
        """The key that requests under ``key_id`` are signed with, and the centre's state; None for who did not join."""
        with self._database.read() as connection:
            row = _row(connection, centre_of(key_id))
        return None if row is None or row.public_key is None else (verifier_of(row.public_key), row.state)

    def take(self, teller: str, report: DayReport) -> int:
        """Hold the days as they are told now; how many. Raises ``CentreRefused``, and nothing of the report is held.

        A centre tells of itself and of those below it, of which nobody else tells.
        """
        now = self._clock.now()
        with self._database.write() as connection:
            _stands(report.centres, teller, _known(connection, teller))
            _dated(report, now.astimezone(CHINA).date())
            for one in report.centres:
                _name(connection, one, teller, now)
            _hold(connection, report.days, now)
            c = tables.centre
            connection.execute(c.update().where(c.c.centre == teller).values(heard_at=now))
        return len(report.days)

    def set_state(self, centre: str, state: str, reason: str) -> None:
        """Suspend one that joined here, or let it tell again; raises ``CentreRefused``."""
        c = tables.centre
        with self._database.write() as connection:
            mine = c.update().where(c.c.centre == centre, c.c.via == centre)
            if connection.execute(mine.values(state=state, reason=reason)).rowcount == 0:
                raise CentreRefused("unknown", f"no centre {centre} joined here; see: bureau centre list")

    def listed(self) -> Sequence[CentreView]:
        """Every centre below, each behind the one it stands below."""
        with self._database.read() as connection:
            return self.of(connection)

    @staticmethod
    def of(connection: Connection) -> Sequence[CentreView]:
        """The same, within a transaction."""
        rows = connection.execute(select(tables.centre).order_by(tables.centre.c.centre))
        return _as_a_tree([_view(row) for row in rows])


def centre_of(key_id: str) -> str:
    """The centre's code in a ``keyid``; of any other name nothing."""
    return key_id.removeprefix(KEY_PREFIX) if key_id.startswith(KEY_PREFIX) else ""


def _key_of(wanted: JoinCentre) -> bytes:
    try:
        key = unb64(wanted.public_key)
        verifier_of(key)
    except (SyncError, ValueError) as error:
        raise EnrolmentRefused("key-invalid", f"the centre's key is not usable: {error}") from error
    return key


def _code(connection: Connection, digest: str) -> Row[Any]:
    t = tables.centre_code
    row = connection.execute(select(t).where(t.c.code_hash == digest).with_for_update()).one_or_none()
    if row is None:
        raise EnrolmentRefused("code-unknown", "there is no such code: make a new one")
    return row


def _row(connection: Connection, centre: str, *, lock: bool = False) -> Row[Any] | None:
    query = select(tables.centre).where(tables.centre.c.centre == centre)
    return connection.execute(query.with_for_update() if lock else query).one_or_none()


def _known(connection: Connection, teller: str) -> dict[str, str]:
    """Who tells of each centre that is known, ourselves included: of us nobody does who stands below.

    The teller's own row is locked, so that its reports come one by one.
    """
    _row(connection, teller, lock=True)
    c = tables.centre.c
    ourselves = connection.execute(select(tables.superior.c.centre)).scalars()
    known = {row.centre: row.via for row in connection.execute(select(c.centre, c.via))}
    return known | dict.fromkeys(ourselves, OURSELVES)


def _stands(centres: Sequence[CentreAt], teller: str, known: Mapping[str, str]) -> None:
    """Each stands below one that came before it, the first is the teller: so none stands below itself."""
    met: set[str] = set()
    for place, one in enumerate(centres):
        if (one.centre == teller, one.under is None) != (place == 0, place == 0):
            raise CentreRefused(
                "place", f"{one.centre}: the teller comes first, and below us it stands alone"
            )
        if one.under is not None and one.under not in met or one.centre in met:
            raise CentreRefused(
                "under", f"{one.centre}: tell of the centre above it before, and once of each"
            )
        if known.get(one.centre, teller) != teller:
            raise CentreRefused("other", f"{one.centre} is told of by {known[one.centre]}, not by {teller}")
        met.add(one.centre)


def _dated(report: DayReport, today: date) -> None:
    told = {one.centre for one in report.centres}
    for row in report.days:
        if row.centre not in told:
            raise CentreRefused("under", f"{row.centre} has a day and is none of the centres of the report")
        if row.day > today + AHEAD:
            raise CentreRefused("day", f"{row.day} of {row.centre} has not begun: set its clock")


def _name(connection: Connection, one: CentreAt, teller: str, now: datetime) -> None:
    """What a centre is called is said by whoever made its code, and of one further down by who tells of it."""
    if one.centre == teller:
        return
    c = tables.centre
    told = {"name": one.name, "under": one.under, "via": teller}
    entered = insert_into(connection, c).values(centre=one.centre, state=ACTIVE, reason="", since=now, **told)
    connection.execute(entered.on_conflict_do_update(index_elements=[c.c.centre], set_=told))


def _hold(connection: Connection, days: Iterable[CentreDay], now: datetime) -> None:
    d = tables.centre_day
    latest = {(row.centre, row.day): row for row in days}
    for _, row in sorted(latest.items()):
        told = {"figures": row.figures.model_dump(), "told_at": now}
        entered = insert_into(connection, d).values(centre=row.centre, day=row.day, **told)
        connection.execute(entered.on_conflict_do_update(index_elements=[d.c.centre, d.c.day], set_=told))


def figures_of(row: Any) -> Figures:
    """The sums in a row of ``centre_day``."""
    return Figures.model_validate(row.figures)


def _view(row: Row[Any]) -> CentreView:
    return CentreView(
        centre=row.centre,
        name=row.name,
        under=row.under,
        via=row.via,
        state=row.state,
        reason=row.reason,
        since=row.since,
        heard_at=row.heard_at,
    )


def _as_a_tree(centres: Sequence[CentreView]) -> list[CentreView]:
    below: dict[str, list[CentreView]] = {}
    for one in centres:
        below.setdefault(one.under, []).append(one)
    ordered: list[CentreView] = []

    def add(under: str) -> None:
        for one in below.pop(under, ()):
            ordered.append(one)
            add(one.centre)

    add("")
    return ordered
