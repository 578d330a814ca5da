"""Settlements as the bank-card terminal's service tells them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from drivers.books.settlement import SettlementJob
from drivers.services.settling import UNRESOLVED
from drivers.xfs.failure import CommandFailed
from drivers.xfs.messages import payment_terminal as messages


def settled(job: SettlementJob) -> messages.SettleOut:
    """A batch that is closed; raise ``CommandFailed`` for one that is not, or of which that is not known."""
    if job.result is None:
        code = UNRESOLVED if job.open else job.error_code or "notSettled"
        raise CommandFailed(f"the batch {job.batch} is not known to be closed ({code})", code)
    return messages.SettleOut(
        batch=job.result.totals.batch,
        terminal=messages.Totals.of(job.result.totals),
        book=messages.Totals.of(job.book),
        agrees=job.agrees,
        balanced=job.result.balanced,
        text=job.result.text,
    )


def told(job: SettlementJob) -> messages.SettlementTold:
    """How one settlement stands."""
    return messages.SettlementTold(**_facts(job))


def last(job: SettlementJob | None, unresolved: Sequence[SettlementJob]) -> messages.LastSettlementOut:
    """The one entered last, and every one of which nobody knows how it ended."""
    if job is None:
        return messages.LastSettlementOut(known=False)
    return messages.LastSettlementOut(
        known=True, **_facts(job), unresolved=[told(one) for one in unresolved] or None
    )


def status(job: SettlementJob | None) -> dict[str, object]:
    """What the status has of the settlement entered last; nothing before the first one."""
    if job is None:
        return {}
    agrees = job.agrees and job.result is not None and job.result.balanced
    return {"settlement": job.state.value} | ({"settlementAgrees": agrees} if job.result is not None else {})


def _facts(job: SettlementJob) -> dict[str, Any]:
    result = job.result
    return {
        "key": job.key,
        "state": job.state,
        "begun_at": job.begun_at.isoformat() if job.begun_at is not None else None,
        "batch": job.batch,
        "serial": job.serial,
        "terminal": messages.Totals.of(result.totals) if result is not None else None,
        "book": messages.Totals.of(job.book),
        "agrees": job.agrees if result is not None else None,
        "balanced": result.balanced if result is not None else None,
        "text": result.text if result is not None else None,
        "error_code": job.error_code,
        "reason": job.reason,
        "by": job.by,
    }
