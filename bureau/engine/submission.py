"""Takes one effect from its opened record to its answer: the same answer for the same key, for ever.

Order of things: known key → its first answer; same key being worked on → ``InProgress``; else prepare, then
one transaction that changes the records and keeps the answer. What fails for a reason that may pass (no
acquirer, no database) raises and keeps nothing.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pydantic import ValidationError

from bureau import crashpoints
from bureau.core import AnsweredEffect, KeptAnswer, System, Work
from bureau.engine.effects import Handler, Outcome, Registry, Request, refused
from bureau.engine.services import Services, effects_of
from bureau.engine.subjects import person_key
from bureau.engine.texts import Refused, refuse
from bureau.errors import EffectInvalid, InProgress, KeyReused, StoreConflict
from sync.effects import OpenedEffect
from sync.models import EffectAnswer, Wire

log = logging.getLogger("kiosk.bureau")

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

    def submit(self, opened: OpenedEffect) -> EffectAnswer:
        """The answer to an effect.

        Raises ``KeyReused``, ``InProgress`` or ``EffectInvalid``; anything else is passing trouble (5xx).
        """
        body, terminal = opened.body, opened.record.terminal
        if (kept := self.answer(body.key, terminal, opened.fingerprint)) is not None:
            return kept
        handler = self._registry[body.kind]
        try:
            data = handler.model.model_validate(body.data)
        except ValidationError as error:
            raise EffectInvalid(body.kind, error.error_count()) from error
        with self._turn(body.key):
            return self._carry_out(handler, opened, data)

    def answer(self, key: str, terminal: str, fingerprint: str | None = None) -> EffectAnswer | None:
        """The first answer to ``key``, or None; raises ``KeyReused`` when it was for another body."""
        with self._system.read(terminal) as work:
            kept = work.answers.find(key)
        if kept is None:
            return None
        if kept.terminal != terminal or (fingerprint is not None and kept.fingerprint != fingerprint):
            raise KeyReused(key)
        return EffectAnswer.model_validate(kept.answer)

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

    def _carry_out(self, handler: Handler[Any, Any], opened: OpenedEffect, data: Wire) -> EffectAnswer:
        request, prepared, early = self._request(opened), None, None
        try:
            if request.body.kind.value not in effects_of(request.service):
                raise refuse("notOfThisService")
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

    def _request(self, opened: OpenedEffect) -> Request:
        body, record = opened.body, opened.record
        version = self._services.version(body.service, body.service_hash)
        return Request(body, record.terminal, record.visit, record.transaction, opened.fingerprint, version)

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
                return EffectAnswer.model_validate(kept.answer)
            outcome = self._outcome(work, handler, request, data, prepared, early)
            answer = self._keep(work, request, outcome)
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
        if request.body.offline:
            refusal = handler.offline_refused(work.core, request, data, refusal)
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
        kept = KeptAnswer(body.key, request.terminal, request.fingerprint, answer.model_dump(mode="json"))
        claim = body.subject.person
        work.answers.keep(
            AnsweredEffect(
                kept=kept,
                kind=body.kind.value,
                service=body.service,
                service_hash=body.service_hash,
                service_known=request.version.exact,
                visit=request.visit,
                transaction=request.transaction,
                person=person_key(claim) if claim is not None else None,
                taxpayer=body.subject.taxpayer,
                offline=body.offline,
                accepted_at=body.accepted_at,
                received_at=now,
                state=outcome.state.value,
                reference=outcome.reference,
            )
        )
        return answer
