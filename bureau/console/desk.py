"""An officer at a page: what they may see and do, in their language, each look and act on the trail.

The session is asked anew at every look and act, not only when the page is opened: a page stays alive for hours, and an
account may be ended meanwhile.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Final, TypeVar

from starlette.requests import Request

from bureau.console.parts import Parts, words
from bureau.errors import ActForbidden, SignInRefused, StoreConflict
from bureau.officers.accounts import Officer
from bureau.officers.roles import Act, may
from bureau.officers.sessions import Session
from bureau.officers.trail import Who
from bureau.ports.system import Work
from config.clock import CHINA

T = TypeVar("T")
TRIES: Final = 3
"""How often a transaction is begun that lost against another one (``StoreConflict``)."""


class Desk:
    """One page of one officer, as long as it is open."""

    def __init__(self, parts: Parts, session: Session, token: str) -> None:
        self.parts, self._session, self._token = parts, session, token

    @property
    def officer(self) -> Officer:
        """Who sits here, with the roles of the last look or act."""
        return self._session.officer

    @property
    def lang(self) -> str:
        """The officer's language."""
        return self._session.officer.lang

    def say(self, text_id: str, **values: object) -> str:
        """The console's words."""
        return words()[self.lang].get(text_id, **values)

    def has(self, text_id: str) -> bool:
        """Whether the console has words for it."""
        return text_id in words()[self.lang].all()

    def said(self, text_id: str) -> str:
        """The console's words where there are some; else nothing."""
        return self.say(text_id) if self.has(text_id) else ""

    def told(self, texts: Mapping[str, str]) -> str:
        """The centre's words, in the officer's language."""
        return texts.get(self.lang) or next(iter(texts.values()), "")

    def in_both(self, texts: Mapping[str, str]) -> list[str]:
        """The centre's words in every language, the officer's first."""
        return [texts[lang] for lang in sorted(texts, key=lambda lang: lang != self.lang)]

    def day(self, day: date | None) -> str:
        """A day as it is read; a dash for none."""
        return "—" if day is None else self.say("day", year=day.year, month=day.month, day=day.day, iso=day)

    def moment(self, at: datetime | None) -> str:
        """A moment of China's time, to the minute; a dash for none."""
        return "—" if at is None else f"{self.day(at.astimezone(CHINA).date())} {at.astimezone(CHINA):%H:%M}"

    def today(self) -> date:
        """The business day."""
        return self.parts.clock.now().astimezone(CHINA).date()

    def may(self, act: Act) -> bool:
        """Whether the officer's roles allow it."""
        return may(self.officer.roles, act)

    async def look(self, act: Act, subject: str, read: Callable[[Work, str], T]) -> T:
        """What ``read`` finds, once it is written down that this officer looked. ``read`` gets the officer's name.

        Raises ``ActForbidden``, ``SignInRefused`` when the session is over, and what ``read`` raises.
        """
        return await asyncio.to_thread(self._look, act, subject, read)

    async def watch(self, act: Act, read: Callable[[Work, str], T]) -> T:
        """The same for a list that shows nobody's data and comes again by itself: it leaves no entry."""
        return await asyncio.to_thread(self._watch, act, read)

    async def count(self, act: Act, read: Callable[[], T]) -> T:
        """The same for sums that the centre keeps itself, of nobody; raises as ``look`` does."""
        return await asyncio.to_thread(self._count, act, read)

    async def act(
        self,
        act: Act,
        subject: str,
        work: Callable[[Work, str], T],
        details: Mapping[str, str] | None = None,
    ) -> T:
        """Do it, in one transaction, with its two entries on the trail; raises as ``look`` does."""
        return await asyncio.to_thread(self._act, act, subject, work, details)

    async def manage(
        self, act: Act, subject: str, work: Callable[[str], T], details: Mapping[str, str] | None = None
    ) -> T:
        """The same for what is no business of the core system: accounts. ``work`` gets the officer's name."""
        return await asyncio.to_thread(self._manage, act, subject, work, details)

    def _allowed(self, act: Act, subject: str = "", *, there: bool = True) -> Who:
        session = self.parts.sessions.of(self._token, there=there)
        if session is None:
            raise SignInRefused("over")
        self._session = session
        who = Who(session.officer.login, session.id)
        if not may(session.officer.roles, act):
            if there:
                self.parts.trail.note(who, act, subject, "refused", {"why": "ActForbidden"})
            raise ActForbidden(act)
        return who

    def _look(self, act: Act, subject: str, read: Callable[[Work, str], T]) -> T:
        who = self._allowed(act, subject)
        self.parts.trail.note(who, act, subject, "seen")
        return self._written(read, who.officer)

    def _watch(self, act: Act, read: Callable[[Work, str], T]) -> T:
        who = self._allowed(act, there=False)
        with self.parts.system.read() as work:
            return read(work, who.officer)

    def _count(self, act: Act, read: Callable[[], T]) -> T:
        self._allowed(act, there=False)
        return read()

    def _act(
        self, act: Act, subject: str, work: Callable[[Work, str], T], details: Mapping[str, str] | None
    ) -> T:
        who = self._allowed(act, subject)
        with self.parts.trail.act(who, act, subject, details):
            return self._written(work, who.officer)

    def _manage(
        self, act: Act, subject: str, work: Callable[[str], T], details: Mapping[str, str] | None
    ) -> T:
        who = self._allowed(act, subject)
        with self.parts.trail.act(who, act, subject, details):
            return work(who.officer)

    def _written(self, work: Callable[[Work, str], T], officer: str) -> T:
        """In a transaction that may write: a look at a person's data is noted for that person too."""
        for left in range(TRIES - 1, -1, -1):
            try:
                with self.parts.system.write() as open_work:
                    return work(open_work, officer)
            except StoreConflict:
                if not left:
                    raise
        raise AssertionError("unreachable")


def desk_of(parts: Parts, request: Request) -> Desk:
    """The desk of whoever opened this page; the gate let nobody through who is not signed in."""
    session = request.scope["state"]["session"]
    assert isinstance(session, Session), "the gate lets nobody else through"
    return Desk(parts, session, request.scope["state"]["token"])
