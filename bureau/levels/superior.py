"""上级机关: how this centre tells the one above of its days, and takes over what that publishes for all.

What is told is what has changed: each day's sums of the last two weeks are made anew, and a day goes up when they are
not those that were taken last. What comes down is published here at once, under its origin: it was decided above.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, select

from bureau.engine.knowledge.editing import ABOVE
from bureau.errors import SuperiorRefused
from bureau.fleet.keys import BureauKeys
from bureau.levels import sums
from bureau.levels.centres import ACTIVE, Centres, figures_of
from bureau.levels.link import CentreIdentity, SuperiorLink
from bureau.levels.wire import MOST_DAYS, CentreAt, CentreDay, DayReport, HandedEntry, JoinCentre
from bureau.ports.core import Core
from bureau.ports.knowledge import KnowledgeEntry
from bureau.ports.system import System
from bureau.store import tables
from bureau.store.database import Database
from bureau.store.insert import insert_into
from bureau.texts import say
from config.clock import CHINA, Clock
from config.sections import CentreSettings
from sync.crypto import b64, unb64, verifier_of
from sync.models import Texts

LOOKED_BACK: Final = timedelta(days=14)
"""A terminal that was without the network tells late; what comes later than this is in no sum above."""
ONE_DAY: Final = timedelta(days=1)
PRINT: Final = 16
BETWEEN: Final = "#"
"""Between the print of the key of the centre above and the number of an entry there."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where this centre stands: below whom, under which code, when it was heard there last.

    ``key_print`` tells the centre above from any other: the beginning of the SHA-256 of its key.
    """

    centre: str
    superior: Texts
    key_print: str
    joined_at: datetime
    heard_at: datetime | None
    version: str


class Superior:
    """What is done with the centre above. Thread-safe; without ``settings`` there is none."""

    def __init__(
        self,
        settings: CentreSettings | None,
        database: Database,
        system: System,
        keys: BureauKeys,
        clock: Clock,
    ) -> None:
        self._settings, self._database, self._system = settings, database, system
        self._keys, self._clock = keys, clock

    def join(self, code: str) -> Standing:
        """Exchange the one-time code that was made above; raises ``SuperiorRefused`` or ``SuperiorUnreachable``."""
        if self._settings is None:
            raise SuperiorRefused("none", "no centre above is set: write superior.url into bureau.toml")
        link = SuperiorLink(self._settings)
        try:
            joined = link.join(JoinCentre(code=code, public_key=b64(self._keys.signer.public_key)))
        finally:
            link.close()
        row = {
            "centre": joined.centre,
            "name": joined.superior,
            "verify_key": unb64(joined.verify_key),
            "joined_at": self._clock.now(),
            "heard_at": None,
            "version": "",
        }
        with self._database.write() as connection:
            connection.execute(delete(tables.superior))
            connection.execute(delete(tables.centre_told))  # another one above has nothing of ours yet
            connection.execute(tables.superior.insert().values(number=1, **row))
        standing = self._stood()
        with self._system.write() as work:
            adopt(work.core, standing.key_print)
        return standing

    def standing(self) -> Standing | None:
        """None: this centre has joined none."""
        with self._database.read() as connection:
            row = connection.execute(select(tables.superior)).one_or_none()
        if row is None:
            return None
        key_print = hashlib.sha256(row.verify_key).hexdigest()[:PRINT]
        return Standing(row.centre, row.name, key_print, row.joined_at, row.heard_at, row.version)

    def run_once(self) -> None:
        """Tell what has changed, then take over what is new; nothing where no centre above was joined.

        In this order: one above that does not take us has nothing to say to us either.
        """
        if self._settings is None or self.standing() is None:
            return
        link = SuperiorLink(self._settings, self._identity())
        try:
            self.tell(link)
            self.take_over(link)
        finally:
            link.close()

    def tell(self, link: SuperiorLink) -> int:
        """Tell where we and those below us stand, and the days that are not there as they are here; how many."""
        mine = self._stood().centre
        centres, days = self._told(mine)
        changed = self._changed(days)
        for begin in range(0, max(len(changed), 1), MOST_DAYS):
            part = changed[begin : begin + MOST_DAYS]
            link.tell(DayReport(centres=centres, days=[day for day, _ in part]))
            self._took(part)
        return len(changed)

    def take_over(self, link: SuperiorLink) -> int:
        """Publish here what was published above, withdraw what was withdrawn there; how many entries changed."""
        standing = self._stood()
        handed = link.handed(standing.version)
        if handed.entries is None:
            return 0
        with self._system.write() as work:
            changed = take_over(work.core, standing.key_print, handed.entries)
        with self._database.write() as connection:
            connection.execute(tables.superior.update().values(version=handed.version))
        return changed

    def _stood(self) -> Standing:
        found = self.standing()
        assert found is not None, "joined"
        return found

    def _identity(self) -> CentreIdentity:
        with self._database.read() as connection:
            row = connection.execute(select(tables.superior)).one()
        return CentreIdentity(row.centre, self._keys.signer, verifier_of(row.verify_key))

    def _told(self, mine: str) -> tuple[list[CentreAt], list[CentreDay]]:
        """All centres from here down, and their days of the last weeks."""
        last = self._clock.now().astimezone(CHINA).date()
        first = last - LOOKED_BACK
        d = tables.centre_day.c
        with self._database.read() as connection:
            below = [one for one in Centres.of(connection) if one.state == ACTIVE]
            own = sums.of_days(connection, first, last)
            held = connection.execute(
                select(d.centre, d.day, d.figures).where(d.day >= first).order_by(d.day)
            ).all()
        centres = [CentreAt(centre=mine, name=say("bureau"))]
        centres += [CentreAt(centre=one.centre, under=one.under or mine, name=one.name) for one in below]
        told = {one.centre for one in centres}
        days = [CentreDay(centre=mine, day=day, figures=figures) for day, figures in own.items()]
        days += [
            CentreDay(centre=row.centre, day=row.day, figures=figures_of(row))
            for row in held
            if row.centre in told
        ]
        return centres, days

    def _changed(self, days: Sequence[CentreDay]) -> list[tuple[CentreDay, str]]:
        """Those that the centre above does not hold as they are, each with its digest."""
        t = tables.centre_told.c
        with self._database.read() as connection:
            held = {
                (row.centre, row.day): row.digest
                for row in connection.execute(select(t.centre, t.day, t.digest))
            }
        digests = [(day, hashlib.sha256(day.model_dump_json().encode()).hexdigest()) for day in days]
        return [(day, digest) for day, digest in digests if held.get((day.centre, day.day)) != digest]

    def _took(self, days: Sequence[tuple[CentreDay, str]]) -> None:
        t, now = tables.centre_told, self._clock.now()
        with self._database.write() as connection:
            for day, digest in days:
                entered = insert_into(connection, t).values(centre=day.centre, day=day.day, digest=digest)
                connection.execute(
                    entered.on_conflict_do_update(
                        index_elements=[t.c.centre, t.c.day], set_={"digest": digest}
                    )
                )
            old = now.astimezone(CHINA).date() - LOOKED_BACK - ONE_DAY
            connection.execute(delete(t).where(t.c.day < old))
            connection.execute(tables.superior.update().values(heard_at=now))


def adopt(core: Core, above: str) -> None:
    """What came from another centre than ``above`` is this one's own from now on: nobody else withdraws it."""
    core.knowledge.lock()
    for one in core.knowledge.entries():
        if one.origin and not one.origin.startswith(f"{above}{BETWEEN}"):
            core.knowledge.change(replace(one, origin=""))


def take_over(core: Core, above: str, entries: Sequence[HandedEntry]) -> int:
    """Bring the list here to what is published ``above`` (a print of its key); how many entries changed."""
    core.knowledge.lock()
    here = {one.origin: one for one in core.knowledge.entries() if one.origin}
    changed = 0
    for one in entries:
        origin = f"{above}{BETWEEN}{one.number}"
        changed += _taken_over(core, here.get(origin), origin, one)
    return changed


def _taken_over(core: Core, here: KnowledgeEntry | None, origin: str, one: HandedEntry) -> bool:
    if here is None:
        if one.state == "withdrawn":
            return False
        core.knowledge.add(_entry(origin, one))
        return True
    if one.state == "withdrawn" and here.state == "published":
        core.knowledge.change(
            replace(here, state="withdrawn", withdrawn_by=ABOVE, withdrawn_at=core.now, reason=one.reason)
        )
        return True
    return False


def _entry(origin: str, one: HandedEntry) -> KnowledgeEntry:
    return KnowledgeEntry(
        number=0,
        kind=one.kind,
        title=one.title,
        text=one.text,
        since=one.since,
        until=one.until,
        state="published",
        proposed_by=ABOVE,
        proposed_at=one.decided_at,
        name=one.name,
        also=one.also,
        sources=tuple(one.sources),
        service=one.service,
        decided_by=ABOVE,
        decided_at=one.decided_at,
        origin=origin,
    )
