"""Going on on a phone with what a terminal handed over: corrected, confirmed, applied for, paid, issued.

The phone acts by the authority of the visit: every effect names who signed in at the terminal and is judged, kept and
audited as one of the terminal's own. Each is written down with its key before it is carried out, and carried out under
that key until its outcome is known, whatever broke off in between: so nothing happens twice.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final, Literal

from bureau.engine.phone.kinds import KINDS
from bureau.engine.phone.reading import Data, Read, read, typed_again
from bureau.engine.phone.showing import Reviewed, reviewed
from bureau.engine.phone.steps import Dues, Plan
from bureau.engine.phone.visits import Doing, Visit, knows, opened, seal, take
from bureau.engine.queries import Queries
from bureau.engine.rules import Rules
from bureau.engine.services import Services
from bureau.engine.subjects import today
from bureau.engine.submission import Submission
from bureau.errors import InProgress
from bureau.ports.continuations import Continuation
from bureau.ports.materials import Vault
from bureau.ports.system import System
from config.catalogue.models import FormStep, ReviewStep, Service
from kiosk.domain.ids import uuid7
from kiosk.domain.paths import look
from sync.models import EffectBody, EffectKind, EffectState, QueryRequest, Refusal

Where = Literal["fill", "review", "pay", "paying", "doubt", "busy", "done", "left", "stuck"]
CLOSING: Final = "closing"
"""In place of a step's name: an order is given up, and asked about afterwards."""
LATE: Final = timedelta(seconds=5)
"""So long after its time an order that is not settled is still being asked about; the page looks again by itself."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What the phone shows now. ``why`` is why the last thing was not done; ``seen`` names the figures on a review."""

    where: Where
    service: Service
    data: Data
    expires_at: datetime
    read: Read | None = None
    review: Reviewed | None = None
    seen: str = ""
    dues: Dues | None = None
    cashier: str = ""
    why: Refusal | None = None
    unpaid: bool = False


@dataclass(frozen=True, slots=True)
class Held:
    """A visit in the hand of its own phone."""

    row: Continuation
    visit: Visit
    plan: Plan


class GoingOn:
    """Carries visits on. Thread-safe if its parts are."""

    def __init__(
        self,
        system: System,
        vault: Vault,
        services: Services,
        rules: Rules,
        queries: Queries,
        submission: Submission,
    ) -> None:
        self._system, self._vault, self._services, self._rules = system, vault, services, rules
        self._queries, self._submission = queries, submission

    def offered(self, key: str, secret: str) -> str:
        """``waiting``, or ``taken`` by a phone; ``over`` in all other cases, which are not told apart."""
        with self._system.read() as work:
            found, now = work.core.continuations.find(key), work.core.now
        if found is None or found.expires_at <= now or not knows(secret, found.secret_sha256):
            return "over"
        return "waiting" if found.state == "waiting" else "taken"

    def take(self, key: str, secret: str) -> str | None:
        """The phone's own secret for the first that takes it; None for every other."""
        with self._system.write() as work:
            return take(work.core, key, secret)

    def now(self, key: str, own: str, lang: str) -> Seen | None:
        """Where the visit stands; what was begun is finished first. None: it is over, or another phone's."""
        held = self._held(key, own)
        return None if held is None else self._stand(held, lang)

    def fill(self, key: str, own: str, typed: Mapping[str, str], lang: str, seen: str = "") -> Seen | None:
        """The rows corrected: mended, looked through, or applied for when ``seen`` are the figures they come to."""
        held = self._held(key, own)
        if held is None:
            return None
        standing = self._stand(held, lang)
        if standing.where not in ("fill", "review"):
            return standing  # it was applied for already
        found = self._asked(held, typed, lang)
        if found.review is None or not seen or found.seen != seen:
            return found
        step = held.plan.apply
        data = held.plan.data_of(step, found.data)
        return self._do(held, lang, step.id, EffectKind(step.effect), data, found.data)

    def edit(self, key: str, own: str, typed: Mapping[str, str], lang: str) -> Seen | None:
        """The rows again, with what was typed."""
        held = self._held(key, own)
        if held is None or held.plan.applied(held.visit.data):
            return None if held is None else self._stand(held, lang)
        return self._forms(held, typed, lang, checked=False)

    def pay(self, key: str, own: str, lang: str) -> Seen | None:
        """Open the order, once; the same while it is open."""
        held = self._held(key, own)
        if held is None:
            return None
        standing = self._stand(held, lang)
        if standing.where != "pay" or standing.dues is None:
            return standing
        dues = standing.dues
        data = {"dues": list(dues.numbers), "amount_fen": dues.amount_fen, "channel": "qr-shown"}
        return self._do(held, lang, held.plan.pay.id, EffectKind.PAYMENT_CREATE, data)

    def cancel(self, key: str, own: str, lang: str) -> Seen | None:
        """Give the open order up; paid in that moment it is paid."""
        held = self._held(key, own)
        if held is None:
            return None
        order = look(held.visit.data, f"{held.plan.pay.id}.order")
        if not order or self._stand(held, lang).where != "paying":
            return self.now(key, own, lang)
        return self._do(held, lang, CLOSING, EffectKind.PAYMENT_CLOSE, {"order": order})

    def leave(self, key: str, own: str, lang: str) -> Seen | None:
        """Do no more of it; what was applied for can be paid at any terminal while its day lasts."""
        self.cancel(key, own, lang)
        held = self._held(key, own)
        if held is None:
            return None
        standing = self._stand(held, lang)
        if standing.where in ("paying", "doubt", "busy", "done"):
            return standing
        # What another touch has begun since is not left behind.
        row, visit = self._save(held.row.key, ended=lambda now: now == held.visit)
        return self._stand(Held(row, visit, held.plan), lang)

    # --- where it stands -----------------------------------------------------------------------------

    def _held(self, key: str, own: str) -> Held | None:
        with self._system.read() as work:
            found, now = work.core.continuations.find(key), work.core.now
        if found is None or found.expires_at <= now or not knows(own, found.owner_sha256):
            return None
        visit = opened(self._vault, found)
        service = self._services.version(visit.service, visit.service_hash).service
        return Held(found, visit, Plan(service))

    def _stand(self, held: Held, lang: str) -> Seen:
        visit, plan = held.visit, held.plan
        if visit.doing is not None:
            return self._finish(held, lang)
        if held.row.state == "ended":
            return self._seen(held, "done" if plan.issued(visit.data) else "left")
        if not plan.applied(visit.data):
            return self._forms(held, typed_again(plan.forms, visit.data), lang, checked=False)
        if not plan.paid(visit.data):
            return self._paying(held, lang)
        if not plan.issued(visit.data):
            step = plan.issue
            data = plan.data_of(step, visit.data)
            return self._do(held, lang, step.id, EffectKind(step.effect), data)
        return self._seen(held, "done")

    def _paying(self, held: Held, lang: str) -> Seen:
        """Not paid yet: nothing was opened, the order is open, or nobody knows."""
        plan, visit = held.plan, held.visit
        left = visit.data.get(plan.pay.id) or {}
        dues = plan.dues(visit.data)
        if not left.get("order"):
            return self._seen(held, "pay", dues=dues, unpaid=bool(left.get("unpaid")))
        told = self._ask(held, "payment.status", {"order": left["order"]})
        if isinstance(told, Refusal):
            return self._seen(held, "doubt", dues=dues)
        state = str(told["state"])
        if state == "approved":
            paid = {**left, "state": "paid", "paid_fen": dues.amount_fen, "voucher": told["voucher"]}
            return self._ended(held, lang, paid)
        if state in ("declined", "closed"):
            return self._ended(held, lang, {"unpaid": True})
        if state == "created" and datetime.fromisoformat(left["expires_at"]) + LATE > self._now():
            return self._seen(held, "paying", dues=dues, cashier=str(left["qr"]))
        return self._seen(held, "doubt", dues=dues)

    def _ended(self, held: Held, lang: str, outcome: Mapping[str, Any]) -> Seen:
        """The order that was asked about ended so; another touch may have gone on from there already."""
        pay = held.plan.pay.id
        order = look(held.visit.data, f"{pay}.order")

        def note(visit: Visit) -> Visit:
            untouched = visit.doing is None and look(visit.data, f"{pay}.order") == order
            return visit.leaves(pay, outcome) if untouched else visit

        return self._again(held, lang, note)

    def _forms(self, held: Held, typed: Mapping[str, str], lang: str, *, checked: bool) -> Seen:
        with self._system.read() as work:
            known = KINDS[held.visit.service].known(work.core, self._rules)
            found = read(held.plan.forms, typed, known, today(work.core), lang, checked=checked)
        return self._seen(held, "fill", read=found)

    def _asked(self, held: Held, typed: Mapping[str, str], lang: str) -> Seen:
        """The review, worked out by the same questions as at the terminal, for who signed in there."""
        filled = self._forms(held, typed, lang, checked=True)
        assert filled.read is not None, "forms"
        if not filled.read.good:
            return filled
        data: dict[str, Mapping[str, Any]] = {**held.visit.data, **filled.read.data}
        steps: list[FormStep | ReviewStep] = [*held.plan.forms, held.plan.review]
        for step in steps:
            if step.ask is None:
                continue
            params = {name: look(data, path) for name, path in step.ask.params.items()}
            answer = self._ask(held, step.ask.query, params)
            if isinstance(answer, Refusal):
                return replace(filled, why=answer)
            data[step.id] = {**answer, **data.get(step.id, {})}
        shown = reviewed(held.plan.review, data, lang)
        figures = json.dumps(data[held.plan.review.id], sort_keys=True, ensure_ascii=False)
        seen = hashlib.sha256(figures.encode()).hexdigest()
        return replace(filled, where="review", review=shown, data=data, seen=seen)

    def _ask(self, held: Held, name: str, params: Mapping[str, Any]) -> Mapping[str, Any] | Refusal:
        visit = held.visit
        request = QueryRequest(
            service=visit.service,
            service_hash=visit.service_hash,
            subject=visit.subject,
            params=dict(params),
            lang=visit.lang,
        )
        answer = self._queries.ask(name, request, held.row.terminal)
        return answer.refusal if answer.refusal is not None else dict(answer.data or {})

    def _seen(self, held: Held, where: Where, **more: Any) -> Seen:
        return Seen(where, held.plan.service, held.visit.data, held.row.expires_at, **more)

    # --- doing -----------------------------------------------------------------------------------------

    def _do(
        self,
        held: Held,
        lang: str,
        step: str,
        kind: EffectKind,
        data: Mapping[str, Any],
        answers: Data | None = None,
    ) -> Seen:
        """Write down what is about to be done, unless something is under way or it was done meanwhile; then do it."""

        def intend(visit: Visit) -> Visit:
            if visit.doing is not None or visit.data.get(step, {}).get("key"):
                return visit
            doing = Doing(step=step, kind=kind, key=uuid7(), data=dict(data))
            merged = {**visit.data, **{name: dict(left) for name, left in (answers or {}).items()}}
            return visit.model_copy(update={"data": merged, "doing": doing})

        return self._again(held, lang, intend)

    def _finish(self, held: Held, lang: str) -> Seen:
        """Carry out what was written down; known already, the first outcome is told."""
        visit, doing = held.visit, held.visit.doing
        assert doing is not None, "something is under way"
        body = EffectBody(
            kind=doing.kind,
            key=doing.key,
            service=visit.service,
            service_hash=visit.service_hash,
            subject=visit.subject,
            accepted_at=self._now(),
            lang=visit.lang,
            data=doing.data,
        )
        try:
            answer = self._submission.carry_out(body, held.row.terminal, visit.visit, visit.transaction)
        except InProgress:
            return self._seen(held, "busy")
        done = answer.state is not EffectState.REFUSED
        left = {**answer.result, "key": answer.key} if done else None

        def settle(now: Visit) -> Visit:
            if now.doing is None or now.doing.key != doing.key:
                return now
            closing = doing.step == CLOSING
            return now.model_copy(update={"doing": None}) if closing else now.leaves(doing.step, left)

        last = doing.step == held.plan.issue.id
        row, now = self._save(held.row.key, settle, ended=lambda _: done and last)
        after = Held(row, now, held.plan)
        if answer.refusal is None:
            return self._stand(after, lang)
        # What is done without being asked for stops here: nothing would be another the next moment.
        seen = self._seen(after, "stuck") if last else self._stand(after, lang)
        return replace(seen, why=answer.refusal)

    def _again(self, held: Held, lang: str, change: Callable[[Visit], Visit]) -> Seen:
        """Where it stands after a change; nothing is begun any more of what was left or done meanwhile."""
        row, visit = self._save(held.row.key, change, closed=True)
        return self._stand(Held(row, visit, held.plan), lang)

    def _save(
        self,
        key: str,
        change: Callable[[Visit], Visit] = lambda visit: visit,
        *,
        ended: Callable[[Visit], bool] = lambda _: False,
        closed: bool = False,
    ) -> tuple[Continuation, Visit]:
        """The visit as it is now, changed under its lock; ``closed``: not where it has ended. ``ended``: it ends so."""
        with self._system.write() as work:
            row = work.core.continuations.find(key, lock=True)
            assert row is not None, "it is forgotten when its time is over, and not before"
            visit = opened(self._vault, row)
            if closed and row.state == "ended":
                return row, visit
            over, visit = ended(visit), change(visit)
            sealed = seal(self._vault, key, visit)
            row = replace(row, sealed=sealed, state="ended" if over else row.state)
            work.core.continuations.change(row)
        return row, visit

    def _now(self) -> datetime:
        with self._system.read() as work:
            return work.core.now
