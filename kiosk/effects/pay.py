"""Paying: one order by phone, charged at the card terminal or debited by agreement; never charged again.

Unknown stays in doubt. A card's order owes its charge (``charge.py``): the order's outcome and the charge's intent are
one commit, so an order without outcome has certainly not been charged. A debit is asked for once, after its order was
journalled; from then on its order is only asked about, and ended where it was not debited.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

from kiosk.effects.base import Job, Means, Owed, StillInDoubt, Tell, register
from kiosk.effects.charge import CHARGE
from kiosk.effects.payer_code import UNDER_WAY, PayerCode
from kiosk.effects.submit import Submit
from sync.errors import SyncError
from sync.models import EffectKind, PaymentStateName

log = logging.getLogger("kiosk.effects")
ASK_EVERY_S = 1.0
DEBIT_AFTER_S = (0.0, 2.0, 5.0)
"""How often a debit without a clear answer is asked about before its order is ended, unless it was debited."""
DOUBT_AFTER_S = (2.0, 5.0, 10.0)
"""How often a silent bank is asked while the person waits (domain note, section 9: 2, 5, 10, 30, 60 s)."""
LATER_S = 60.0
NOT_DEBITED = "notDebited"
"""Why an order ended that its bank did not decline: it was not debited in time, and never will be."""
SILENT_S = 10.0
"""When a centre that could not be reached at all is asked again."""

FINAL = {
    PaymentStateName.APPROVED: "paid",
    PaymentStateName.DECLINED: "declined",
    PaymentStateName.CLOSED: "expired",
}


@register
class Pay:
    """``body`` is the EffectBody of ``payment.create``; its key is the order's idempotency key."""

    kinds: ClassVar[tuple[str, ...]] = (str(EffectKind.PAYMENT_CREATE),)
    max_doubt_s: ClassVar[float] = 24 * 3600.0
    resolver: ClassVar[str] = "the acquirer's daily file"

    async def act(self, means: Means, job: Job, tell: Tell) -> tuple[Mapping[str, Any], Sequence[Owed]]:
        """Open the order, show the code, ask until paid, lapsed or given up; then close and ask."""
        opened, _ = await Submit().act(means, job, tell)
        if opened.get("fault") or opened.get("state") == "refused":
            return opened, ()
        if job.data.get("channel") == "card":
            return _to_be_charged(job, opened, await means.devices.card_book())
        order = str(opened["order"])
        if job.data.get("channel") == "debit":
            return await self._debited(means, job, order, tell), ()
        code = PayerCode(means, job, order)
        watching = asyncio.ensure_future(code.watch())
        try:
            paid = await self._wait(means, job, opened, code, tell)
        finally:
            watching.cancel()
            (ended,) = await asyncio.gather(watching, return_exceptions=True)
            if isinstance(ended, Exception):  # our own code is paid all the same
                log.error("order %s: payers' codes were not looked for", order, exc_info=ended)
        if paid is not None:
            return paid, ()
        tell({"state": "asking", "order": order})
        return await self._close(means, job, order), ()

    async def _debited(self, means: Means, job: Job, order: str, tell: Tell) -> Mapping[str, Any]:
        """Have it debited; without a clear answer ask, and then end it, which leaves what was debited as it is."""
        tell({"state": "debiting", "order": order})
        try:
            status: Mapping[str, Any] | None = await means.centre.query(
                "payment.debit", {"order": order}, job.origin
            )
        except SyncError as error:
            log.warning("order %s: the debit has no answer yet: %s", order, error)
            status = None
        for delay in DEBIT_AFTER_S:
            if status is not None and status["state"] in FINAL:
                return _outcome(status, job, order)
            await means.sleep(delay)
            status = await _status(means, job, order)
        if status is not None and status["state"] in FINAL:
            return _outcome(status, job, order)
        tell({"state": "asking", "order": order})
        return await self._close(means, job, order)

    async def _wait(
        self, means: Means, job: Job, opened: Mapping[str, Any], code: PayerCode, tell: Tell
    ) -> Mapping[str, Any] | None:
        """Until it is paid, by either phone's code; None when it lapsed or was given up."""
        order = str(opened["order"])
        over = means.clock.monotonic() + _life_s(opened)
        while (left := over - means.clock.monotonic()) > 0:
            state = code.told if code.told in UNDER_WAY else "waiting"
            shown = {"state": state, "qr": str(opened["qr"]), "order": order, "code": code.told}
            tell({**shown, "seconds_left": round(left), "debit": opened.get("debit")})
            status = await _status(means, job, order)
            if status is not None and status["state"] in FINAL:
                return _outcome(status, job, order)
            if status is not None:
                code.heard(str(status.get("charge", "")))
            if await means.gave_up(job.origin.transaction, ASK_EVERY_S):
                break
        return None

    async def probe(self, means: Means, job: Job) -> tuple[Mapping[str, Any], Sequence[Owed]]:
        """The same create again gives the same order; close it and see whether it had been paid."""
        opened, _ = await Submit().probe(means, job)
        if opened.get("fault") == "unreachable":
            # Its code may have been shown and paid before the crash: silence is never an end here.
            raise StillInDoubt(self.resolver, SILENT_S)
        if opened.get("fault") or opened.get("state") == "refused":
            return opened, ()
        order = str(opened["order"])
        if job.data.get("channel") == "card":
            # Its charge was never begun, and whoever held out the card may be gone: only the order is ended.
            return _unpaid(job, order), (Owed(EffectKind.PAYMENT_CLOSE, {"order": order}, queue=True),)
        status = await _status(means, job, order)
        if status is not None and status["state"] in FINAL:
            return _outcome(status, job, order), ()
        if status is not None and status["state"] == PaymentStateName.UNKNOWN:
            raise StillInDoubt(
                self.resolver, LATER_S
            )  # the centre asks the bank already; one close is enough
        outcome = await self._close(means, job, order)
        if outcome["state"] == "doubt":
            raise StillInDoubt(self.resolver, LATER_S)
        return outcome, ()

    async def _close(self, means: Means, job: Job, order: str) -> Mapping[str, Any]:
        closing = await means.books.begin(EffectKind.PAYMENT_CLOSE, {"order": order}, job.origin)
        closed, _ = await Submit().act(means, closing, lambda _: None)
        if closed.get("queued"):
            await means.books.hand_over(closing)
        else:
            await means.books.end(closing, closed)
        for delay in (0.0, *DOUBT_AFTER_S):
            await means.sleep(delay)
            status = await _status(means, job, order)
            if status is not None and status["state"] in FINAL:
                return _outcome(status, job, order)
        return {"state": "doubt", "order": order, "key": job.key, "amount_fen": job.data["amount_fen"]}


def _to_be_charged(
    job: Job, opened: Mapping[str, Any], book: str
) -> tuple[Mapping[str, Any], Sequence[Owed]]:
    """A card's order is open: what comes of it the charge tells. ``book`` is the one that it will be entered in."""
    charge = {"order": opened["order"], "amount_fen": opened["amount_fen"]}
    owed = Owed(CHARGE, {**charge, "book": book} if book else charge, queue=False)
    return {"state": "ordered", **charge, "key": job.key}, (owed,)


def _unpaid(job: Job, order: str) -> Mapping[str, Any]:
    return {"state": "expired", "order": order, "key": job.key, "amount_fen": job.data["amount_fen"]}


def _life_s(opened: Mapping[str, Any]) -> float:
    """How long the code is good, by the centre's clock at both ends: this machine's may be minutes off."""
    ends, began = (datetime.fromisoformat(str(opened[name])) for name in ("expires_at", "accepted_at"))
    return (ends - began).total_seconds()


async def _status(means: Means, job: Job, order: str) -> Mapping[str, Any] | None:
    """What the centre says of the order, or None when it cannot be asked."""
    try:
        return await means.centre.query("payment.status", {"order": order}, job.origin)
    except SyncError:
        return None


def _outcome(status: Mapping[str, Any], job: Job, order: str) -> Mapping[str, Any]:
    receipt = {"receipt": status["receipt"]} if status.get("receipt") else {}
    if job.data.get("channel") == "debit" and status["state"] != PaymentStateName.APPROVED:
        declined = status["state"] == PaymentStateName.DECLINED
        told = {"state": "declined" if declined else "ended", "why": status.get("reason") or NOT_DEBITED}
        return {**told, "order": order, "key": job.key, "amount_fen": status["amount_fen"]}
    return {
        "state": FINAL[PaymentStateName(status["state"])],
        "order": order,
        "key": job.key,
        "amount_fen": status["amount_fen"],
        "voucher": status.get("voucher"),
        "paid_at": status.get("paid_at"),
        **receipt,
    }
