"""Submitting to the centre: the same key is sent again, and the centre answers with its first result."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from kiosk.effects.base import Job, Means, Owed, StillInDoubt, Tell, log, register
from sync.errors import BureauBusy, BureauDenied, BureauGarbled, BureauRejected, BureauUnreachable
from sync.models import EffectAnswer, EffectKind, EffectState

RESEND_AFTER_S = (0.0, 2.0, 5.0)
"""The same key again, soon: most silences are short."""
SILENCE_IS_FINAL = frozenset(
    {
        "certificate.deliver",
        "certificate.issue",
        "certificate.reissue",
        "einvoice.copy",
        "einvoice.deliver",
        "invoice.apply",
        "invoice.check",
        "invoice.reserve",
        "payment.create",
        "visit.continue",
    }
)
"""Effects that are worth nothing once the person has gone. When nobody answers they are abandoned: an issued
certificate or a copy is never handed out (of one that was replaced the new one can be printed at the next visit), a
link that nobody has expires, a reservation and an application that nobody
paid lapse, an order that was never shown expires unpaid, nobody reads what a check has found, and a link for a phone
that nobody saw is taken by none."""
PAPER_IS_OUT = frozenset({"invoice.commit", "certificate.printed", "payment.card"})
"""Effects that tell what has already left the cabinet, or a card. A centre that cannot take one does not undo it:
sync keeps it, and parks it for a person to look at."""


@register
class Submit:
    """One record for the centre; ``body`` is the wire's EffectBody."""

    kinds: ClassVar[tuple[str, ...]] = tuple(str(k) for k in EffectKind if k is not EffectKind.PAYMENT_CREATE)
    max_doubt_s: ClassVar[float] = 72 * 3600.0
    resolver: ClassVar[str] = "the sync program"

    async def act(self, means: Means, job: Job, tell: Tell) -> tuple[Mapping[str, Any], Sequence[Owed]]:
        """Send until answered; then either hand it to sync (``queued``) or let it go (``fault``)."""
        fault = "unreachable"
        for delay in RESEND_AFTER_S:
            await means.sleep(delay)
            try:
                return _answered(await means.centre.submit(job)), ()
            except BureauRejected as error:
                log.warning("the centre rejects %s: %s", job.kind, error)
                if job.kind in PAPER_IS_OUT:
                    break
                return {"fault": "rejected", "key": job.key}, ()
            except BureauBusy:
                fault = "busy"
            except BureauGarbled:
                fault = "garbled"
            except BureauUnreachable as error:
                fault = "unreachable"
                if not error.doubtful:
                    break
        return self._silence(job, fault), ()

    async def probe(self, means: Means, job: Job) -> tuple[Mapping[str, Any], Sequence[Owed]]:
        """Send the same key again; whoever waited has gone, so silence leaves it to sync."""
        try:
            return _answered(await means.centre.submit(job, queued=True)), ()
        except (BureauDenied, BureauBusy, BureauGarbled, BureauUnreachable) as error:
            # Not accepting who asks (401, 403) is no word about an effect that may have happened before.
            if job.kind in SILENCE_IS_FINAL:
                return {"fault": "unreachable", "key": job.key}, ()
            raise StillInDoubt(self.resolver, 5.0) from error
        except BureauRejected as error:
            if job.kind in PAPER_IS_OUT:
                raise StillInDoubt(self.resolver, 5.0) from error
            return {"fault": "rejected", "key": job.key}, ()

    def _silence(self, job: Job, fault: str) -> Mapping[str, Any]:
        if job.kind in SILENCE_IS_FINAL:
            return {"fault": fault, "key": job.key}
        return {"queued": True, "key": job.key, "accepted_at": job.accepted_at}


def _answered(answer: EffectAnswer) -> Mapping[str, Any]:
    told: dict[str, Any] = {
        **answer.result,
        "state": str(answer.state),
        "key": answer.key,
        "accepted_at": answer.received_at.isoformat(),
    }
    if answer.state is EffectState.REFUSED and answer.refusal is not None:
        told["refusal"] = answer.refusal.model_dump(mode="json")
    return told
