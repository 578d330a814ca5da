"""Watches how visits go: which steps people come to, how long they are there, where they turn back.

It sees the flow's states as they follow each other and keeps ids of steps and seconds alone: what a person gave, who
they are and what was said of them passes it by (``sync/models/use.py``).
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from config.clock import Clock
from kiosk.flow.events import Action, Event, Intent, Outcome
from kiosk.flow.state import FlowState, Phase, WorldChanged
from sync.models.use import QUARTER_MIN, Ended, ServiceUse, StepUse, VisitUse
from sync.use import UseSpool

log = logging.getLogger("kiosk.core")

END_PAGE: Final = "done"
"""The kind of step at which a service has come to its end; what follows (rating, a phone) is no part of it."""
WORKING: Final = "working"
"""The kind of page on which a person waits for machine or centre."""
TOLD: Final[Mapping[str, Ended]] = {"refused": "refused", "info": "told"}
"""What a message after which a person does not go on comes to, by its tone; every other is a trouble."""


@dataclass(slots=True)
class _Step:
    step: str
    kind: str
    came: int = 0
    seconds: float = 0.0
    waited_s: float = 0.0


@dataclass(slots=True)
class _Service:
    service: str
    transaction: str
    seconds: float = 0.0
    offline: bool = False
    done: bool = False
    code: str = ""
    steps: dict[str, _Step] = field(default_factory=dict)

    def use(self, ended: Ended, at: str) -> ServiceUse:
        return ServiceUse(
            service=self.service,
            ended=ended,
            at=at,
            code=self.code if ended in ("refused", "trouble") else "",
            offline=self.offline,
            seconds=round(self.seconds, 1),
            steps=[
                StepUse(
                    step=s.step,
                    kind=s.kind,
                    came=s.came,
                    seconds=round(s.seconds, 1),
                    waited_s=round(s.waited_s, 1),
                )
                for s in self.steps.values()
            ],
        )


@dataclass(slots=True)
class _Visit:
    visit: str
    began: datetime
    lang: str
    mode: str
    signed_in: str = "no"
    seconds: float = 0.0
    services: list[ServiceUse] = field(default_factory=list)


class VisitWatch:
    """Told of every move of the flow, on one thread; ``keep`` gets each visit when it has ended."""

    def __init__(self, clock: Clock, keep: Callable[[VisitUse], None]) -> None:
        self._clock, self._keep = clock, keep
        self._visit: _Visit | None = None
        self._service: _Service | None = None
        self._at = clock.monotonic()
        self._page = ""

    def saw(
        self, before: FlowState, event: Event | WorldChanged, after: FlowState, page: str, failed: bool
    ) -> None:
        """``page``: the kind of page that stands now; ``failed``: the flow could not go on, by a mistake of ours."""
        self._pass(before)
        self._page = page
        if self._service is not None:
            self._learn(self._service, event, after)
            if after.phase is not Phase.SERVICE or after.transaction != self._service.transaction:
                self._end_service(before, event, after, failed)
        if self._visit is not None and after.visit != self._visit.visit:
            self._end_visit()
        if self._visit is None and after.visit:
            self._visit = _Visit(after.visit, _quarter(self._clock.now()), after.lang, after.mode)
        if self._visit is not None:
            self._visit.lang, self._visit.mode = after.lang, after.mode
            self._visit.signed_in = (
                "document" if after.person else "phone" if after.phone else self._visit.signed_in
            )
        if after.phase is Phase.SERVICE:
            self._arrive(before, after)

    def _pass(self, before: FlowState) -> None:
        """The time since the last move belongs to what stood on the screen."""
        now = self._clock.monotonic()
        passed, self._at = now - self._at, now
        if self._visit is not None:
            self._visit.seconds += passed
        if self._service is None or self._service.done or before.phase is not Phase.SERVICE:
            return
        self._service.seconds += passed
        if (step := self._service.steps.get(before.step.id)) is not None:
            step.seconds += passed
            step.waited_s += passed if self._page == WORKING else 0.0

    def _arrive(self, before: FlowState, after: FlowState) -> None:
        assert after.service is not None, "no service under way"
        service = self._service
        if service is None:
            service = self._service = _Service(after.service.service.id, after.transaction)
        service.offline = service.offline or after.offline
        if service.done:
            return
        step = service.steps.setdefault(after.step.id, _Step(after.step.id, after.step.kind))
        moved = (before.transaction, before.index) != (after.transaction, after.index)
        step.came += moved or not step.came
        service.done = after.step.kind == END_PAGE

    def _learn(self, service: _Service, event: Event | WorldChanged, after: FlowState) -> None:
        """What a person is told when they cannot go on; they may still, and then it is forgotten."""
        if after.message is None:
            if after.phase is Phase.SERVICE:
                service.code = ""
        elif isinstance(event, Outcome):
            refusal = event.data.get("refusal") or {}
            service.code = (event.fault or str(refusal.get("code", "")))[:64]

    def _end_service(
        self, before: FlowState, event: Event | WorldChanged, after: FlowState, failed: bool
    ) -> None:
        assert self._visit is not None and self._service is not None, "a service within a visit"
        ended = _ended(self._service, before, event, after, failed)
        self._visit.services.append(self._service.use(ended, before.step.id))
        self._service = None

    def _end_visit(self) -> None:
        assert self._visit is not None, "a visit under way"
        visit, self._visit = self._visit, None
        self._keep(
            VisitUse.model_validate(
                {
                    "id": secrets.token_hex(16),
                    "began": visit.began,
                    "lang": visit.lang,
                    "mode": visit.mode,
                    "signed_in": visit.signed_in,
                    "seconds": round(visit.seconds, 1),
                    "services": visit.services,
                }
            )
        )


def _ended(
    service: _Service, before: FlowState, event: Event | WorldChanged, after: FlowState, failed: bool
) -> Ended:
    if service.done:
        return "done"
    if failed:
        return "failed"
    if before.message is not None:
        return TOLD.get(before.message.tone, "trouble")
    if isinstance(event, Intent) and event.action is Action.EXPIRE:
        return "expired"
    if isinstance(event, Intent) and event.action is Action.LEAVE:
        return "left"
    return "opened" if after.phase is Phase.SERVICE else "home" if after.phase is Phase.HOME else "left"


def _quarter(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0) - timedelta(minutes=at.minute % QUARTER_MIN)


class UseKeeper:
    """Leaves visits in the spool, on a thread of its own: the screen waits for no disk, least of all for this."""

    def __init__(self, spool: UseSpool) -> None:
        self._spool = spool
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="use")

    def keep(self, visit: VisitUse) -> None:
        """Soon; what the disk refuses is lost and logged."""
        self._thread.submit(self._append, visit)

    async def close(self) -> None:
        """What was given is on the disk."""
        await asyncio.to_thread(self._thread.shutdown)

    def _append(self, visit: VisitUse) -> None:
        try:
            self._spool.append(visit)
        except OSError as error:
            log.warning("the use of a visit is lost: %s", error)
