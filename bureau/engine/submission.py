"""Takes one effect from its opened record to its answer: the same answer for the same key, for ever.

Order of things: known key → its first answer; same key being worked on → ``InProgress``; else prepare, then
one transaction that changes the records and keeps the answer. What fails for a reason that may pass (no
acquirer, no database) raises and keeps nothing.

Who has gone without an answer is told by notice, once a key: with the first answer, or, when that one got lost
on its way to the terminal, with the first delivery after it that nobody waits for.
"""

from __future__ import annotations

import hashlib
import json
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from pydantic import ValidationError

from bureau import crashpoints
from bureau.engine import looks
from bureau.engine.effects import Handler, Outcome, Registry, Request, refused
from bureau.engine.refusals import Refused, refuse
from bureau.engine.services import Services, effects_of
from bureau.engine.subjects import only_where_it_may, person_key
from bureau.errors import EffectInvalid, InProgress, KeyReused, StoreConflict
from bureau.ports.system import AnsweredEffect, KeptAnswer, System, Work
from sync.effects import OpenedEffect
from sync.models import STAFF_EFFECTS, STAFF_SERVICE, EffectAnswer, EffectBody, EffectKind, Subject, Wire

log = logging.getLogger("kiosk.bureau")

OF_NOBODY: Final = frozenset({EffectKind.FEEDBACK_RATE})
"""Of whom they were is looked at, and not kept: a rating is nobody's (好差评)."""
TRIES = 3
"""How often a transaction is run that the database chose as a deadlock's victim."""


class Submission:
    """Answers effects. Thread-safe."""

    def __init__(self, system: System, registry: Registry, services: Services, incarnation: str) -> None:
        self._system = system
        self._registry = registry
        self._services = services
        self._incarnation = incarnation
        self._working: set[str] = set()
        self._guard = threading.Lock()

    def models(self, kind: EffectKind) -> tuple[type[Wire], ...]:
        """What the data of an effect of this kind may be."""
        return self._registry[kind].models()

    def submit(self, opened: OpenedEffect, *, queued: bool = False) -> EffectAnswer:
        """The answer to an effect; ``queued`` when the terminal says that nobody waits for it.

        Raises ``KeyReused``, ``InProgress`` or ``EffectInvalid``; anything else is passing trouble (5xx).
        """
        body, terminal = opened.body, opened.record.terminal
        with self._system.read(terminal) as work:
            kept, now = self._kept(work, body.key, terminal, opened.fingerprint), work.core.now
        request = self._request(opened, queued)
        if kept is not None and (kept.told or not request.waited(now)):
            return _answer_of(kept)
        handler = self._registry[body.kind]
        try:
            data = handler.read(body.data)
        except ValidationError as error:
            raise EffectInvalid(body.kind, error.error_count()) from error
        with self._turn(body.key):
            if kept is not None:
                return self._tell_late(handler, request, data)
            return self._carry_out(handler, request, data)

    def carry_out(self, body: EffectBody, terminal: str, visit: str, transaction: str) -> EffectAnswer:
        """The answer to an effect of a visit that goes on away from its terminal; judged and kept as the terminal's.

        Raises ``InProgress`` or ``EffectInvalid``; anything else is passing trouble, after which the same may be tried.
        """
        version = self._services.version(body.service, body.service_hash)
        named = body.model_dump(mode="json", exclude={"accepted_at"})
        fingerprint = hashlib.sha256(json.dumps(named, sort_keys=True).encode()).hexdigest()
        if (known := self.answer(body.key, terminal, fingerprint)) is not None:
            return known
        handler = self._registry[body.kind]
        try:
            data = handler.read(body.data)
        except ValidationError as error:
            raise EffectInvalid(body.kind, error.error_count()) from error
        with self._turn(body.key):
            request = Request(body, terminal, visit, transaction, fingerprint, version)
            return self._carry_out(handler, request, data)

    def answer(self, key: str, terminal: str, fingerprint: str | None = None) -> EffectAnswer | None:
        """The first answer to ``key``, or None; raises ``KeyReused`` when it was for another body."""
        with self._system.read(terminal) as work:
            kept = self._kept(work, key, terminal, fingerprint)
        return None if kept is None else _answer_of(kept)

    def _kept(self, work: Work, key: str, terminal: str, fingerprint: str | None) -> KeptAnswer | None:
        kept = work.answers.find(key)
        if kept is not None and (
            kept.terminal != terminal or (fingerprint is not None and kept.fingerprint != fingerprint)
        ):
            raise KeyReused(key)
        return kept

    @contextmanager
    def _turn(self, key: str) -> Iterator[None]:
        """One at a time for a key in this process; ``take_turn`` does the same between processes."""
        with self._guard:
            if key in self._working:
                raise InProgress(key)
            self._working.add(key)
        try:
            yield
        finally:
            with self._guard:
                self._working.discard(key)

    def _tell_late(self, handler: Handler[Any, Any], request: Request, data: Wire) -> EffectAnswer:
        """The first answer got lost and the person has gone: they are told now, then the answer is given again."""
        key = request.body.key
        with self._system.write(request.terminal) as work:
            if not work.answers.take_turn(key):
                raise InProgress(key)
            kept = work.answers.find(key)
            assert kept is not None  # answers are kept for ever
            answer = _answer_of(kept)
            if not kept.told:
                handler.tell(work.core, request, data, answer)
                work.answers.told(key)
        return answer

    def _carry_out(self, handler: Handler[Any, Any], request: Request, data: Wire) -> EffectAnswer:
        prepared, early = None, None
        try:
            if not _allowed(request):
                raise refuse("notOfThisService")
            if request.version is not None:
                only_where_it_may(request.body.subject, request.service)
            prepared = handler.prepare(self._system, request, data)
        except Refused as no:
            early = no
        for attempt in range(1, TRIES + 1):
            try:
                return self._transact(handler, request, data, prepared, early)
            except StoreConflict:  # chosen as a deadlock's victim: nothing was done
                if attempt == TRIES:
                    raise
        raise AssertionError("unreachable")

    def _request(self, opened: OpenedEffect, queued: bool) -> Request:
        body, record = opened.body, opened.record
        staff = body.service == STAFF_SERVICE
        version = None if staff else self._services.version(body.service, body.service_hash)
        if version is not None and version.service.unnamed:
            body = body.model_copy(
                update={"subject": Subject()}
            )  # whoever stood there: nothing is kept of it
        return Request(
            body, record.terminal, record.visit, record.transaction, opened.fingerprint, version, queued
        )

    def _transact(
        self, handler: Handler[Any, Any], request: Request, data: Wire, prepared: Any, early: Refused | None
    ) -> EffectAnswer:
        key, kind = request.body.key, request.body.kind.value
        with self._system.write(request.terminal) as work:
            if not work.answers.take_turn(key):
                raise InProgress(key)
            if (kept := work.answers.find(key)) is not None:
                if kept.fingerprint != request.fingerprint:
                    raise KeyReused(key)
                return _answer_of(kept)
            outcome = self._outcome(work, handler, request, data, prepared, early)
            looks.carried_out(work.core, request, outcome)
            answer = self._keep(work, request, outcome)
            if request.waited(work.core.now):
                handler.tell(work.core, request, data, answer)
            crashpoints.before_commit(kind)
        crashpoints.after_commit(kind)
        log.info("effect %s from %s: %s", kind, request.terminal, answer.state.value)
        return answer

    def _outcome(
        self,
        work: Work,
        handler: Handler[Any, Any],
        request: Request,
        data: Wire,
        prepared: Any,
        early: Refused | None,
    ) -> Outcome:
        try:
            if early is not None:
                raise early
            with work.attempt():
                return handler.apply(work.core, request, data, prepared)
        except Refused as no:
            refusal = no.refusal
        if request.waited(work.core.now):
            refusal = handler.to_mend(work.core, data, refusal)
        return refused(refusal)

    def _keep(self, work: Work, request: Request, outcome: Outcome) -> EffectAnswer:
        body, now = request.body, work.core.now
        answer = EffectAnswer(
            key=body.key,
            state=outcome.state,
            result=outcome.result.model_dump(mode="json") if outcome.result is not None else {},
            refusal=outcome.refusal,
            received_at=now,
            incarnation=self._incarnation,
        )
        told = request.waited(now)
        content = answer.model_dump(mode="json")
        kept = KeptAnswer(body.key, request.terminal, request.fingerprint, content, told)
        subject = Subject() if body.kind in OF_NOBODY else body.subject
        work.answers.keep(
            AnsweredEffect(
                kept=kept,
                kind=body.kind.value,
                service=body.service,
                service_hash=body.service_hash,
                service_known=request.version is None or request.version.exact,
                visit=request.visit,
                transaction=request.transaction,
                person=person_key(subject.person) if subject.person is not None else None,
                taxpayer=subject.taxpayer,
                offline=body.offline,
                accepted_at=body.accepted_at,
                received_at=now,
                state=outcome.state.value,
                reference=outcome.reference,
            )
        )
        return answer


def _allowed(request: Request) -> bool:
    """Whether its service has such an effect; the staff's are of no service, and nothing else is the staff's."""
    if request.version is None:
        return request.body.kind in STAFF_EFFECTS
    return request.body.kind.value in effects_of(request.service)


def _answer_of(kept: KeptAnswer) -> EffectAnswer:
    return EffectAnswer.model_validate(kept.answer)
