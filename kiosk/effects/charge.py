"""Charging a bank card: one charge for one order for ever, and none without a known outcome.

The order's number is the key of the charge at the device program and its reference at the card terminal and the bank,
so the same order is never charged twice, whoever asks. Whatever is no clear answer is asked for (query last), never
sent again; what the bank left open the terminal reverses by itself before its next sale (docs/pos-ecr.md). When the
device program's book was lost, only the acquirer's daily file can tell, and so the centre is asked.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar, Final

from drivers.client.errors import (
    BookLost,
    DeviceClientError,
    DeviceCommandFailed,
    DeviceRefused,
    DeviceUnavailable,
)
from drivers.payment import Outcome, Payment
from kiosk.effects.base import Job, Means, Owed, StillInDoubt, Tell, log, register
from sync.errors import SyncError
from sync.models import EffectKind, PaymentStateName

CHARGE: Final = "charge"
LONGEST_S = 240.0
"""Beyond what any charge takes; then the terminal is told to end."""
STOP_EVERY_S = 1.0
ASK_AFTER_S = (0.0, 2.0, 5.0, 10.0, 20.0)
"""How often a silent terminal is asked while the person waits; a bank's reversal takes seconds."""
LATER_S = 15.0
"""How often the device program itself asks a terminal about a charge left open."""
FILED_S = 600.0
"""How often the centre is asked whether the daily file has told of a charge whose book was lost."""
NEVER_BEGUN, OFFLINE, CARD_REMOVED, NOT_FILED = "neverBegun", "offline", "cardRemoved", "notFiled"
Done = tuple[Mapping[str, Any], Sequence[Owed]]


class _OnlyFiled(StillInDoubt):
    """The book that had the charge was lost: no terminal will ever tell."""


@register
class Charge:
    """``data``: order, amount_fen, and book (``Devices.card_book``) if known.

    Whatever comes of it is owed to the centre as ``payment.card``.
    """

    kinds: ClassVar[tuple[str, ...]] = (CHARGE,)
    max_doubt_s: ClassVar[float] = 72 * 3600.0
    resolver: ClassVar[str] = "the card terminal, then the card acquirer's daily file"

    async def act(self, means: Means, job: Job, tell: Tell) -> Done:
        """Ask for the card, follow what the terminal shows, end early when the person gives up."""
        why = ""
        payment: Payment | None = None
        try:
            payment = await self._charged(means, job, tell)
        except DeviceClientError as error:
            log.warning("the card terminal gave no outcome: %s", error)
            if _never_sent(error):
                return _done(job, None, OFFLINE)
            why = (
                (error.error_code or error.completion_code) if isinstance(error, DeviceCommandFailed) else ""
            )
        if payment is None or not payment.known:
            tell({"state": "asking"})
            payment = await self._asked(means, job)
        return _done(job, payment, why)

    async def probe(self, means: Means, job: Job) -> Done:
        """Ask what became of it; nothing is charged by asking.

        Who paid was left without a word: what is owed is queued, and so the centre tells them.
        """
        try:
            outcome, owed = _done(job, await self._asked(means, job, ASK_AFTER_S[:2]), "")
        except _OnlyFiled as doubt:
            return await _as_filed(means, job, doubt), ()
        return outcome, [replace(one, queue=True) for one in owed]

    async def _charged(self, means: Means, job: Job, tell: Tell) -> Payment:
        order, amount = str(job.data["order"]), int(job.data["amount_fen"])
        charging = asyncio.ensure_future(means.devices.charge(order, amount, tell))
        leaving = asyncio.ensure_future(means.gave_up(job.origin.transaction, LONGEST_S))
        try:
            await asyncio.wait({charging, leaving}, return_when=asyncio.FIRST_COMPLETED)
            while not charging.done():  # told again: the terminal may only now have heard of the charge
                await self._stop(means)
                await asyncio.wait({charging}, timeout=STOP_EVERY_S)
            return charging.result()
        finally:
            leaving.cancel()
            charging.cancel()
            await asyncio.gather(leaving, charging, return_exceptions=True)

    async def _stop(self, means: Means) -> None:
        """The person gives up: the terminal ends what it waits for; what is with the bank goes on, and is told."""
        try:
            await means.devices.stop_charging()
        except DeviceClientError as error:
            log.warning("the card terminal was not told to end: %s", error)

    async def _asked(self, means: Means, job: Job, pauses: Sequence[float] = ASK_AFTER_S) -> Payment | None:
        """The outcome, or None for a charge that was never begun; raises ``StillInDoubt``.

        "Never begun" is believed when it is said twice: what was sent last may still be on its way in; and only by
        the book that would have it: one that was lost and begun anew knows of nothing.
        """
        unheard, lost = 0, False
        for pause in pauses:
            await means.sleep(pause)
            try:
                found = await means.devices.charged(str(job.data["order"]), str(job.data.get("book", "")))
            except DeviceClientError as error:
                log.info("the card terminal's word is waited for: %s", error)
                lost = isinstance(error, BookLost)
                continue
            lost = False
            if found is not None and found.known:
                return found
            unheard = 0 if found is not None else unheard + 1
            if unheard == 2:
                return None
        raise _OnlyFiled(self.resolver, FILED_S) if lost else StillInDoubt(self.resolver, LATER_S)


def _never_sent(error: DeviceClientError) -> bool:
    """Whether the request certainly did not leave this program, or was not taken."""
    return isinstance(error, DeviceRefused) or (isinstance(error, DeviceUnavailable) and not error.under_way)


async def _as_filed(means: Means, job: Job, doubt: StillInDoubt) -> Mapping[str, Any]:
    """What the centre has of it: of a card's order it hears from us, who cannot tell, or from the daily file.

    It tells who paid by itself, so nothing is owed to it. Raises ``doubt`` while it does not know either.
    """
    try:
        status = await means.centre.query("payment.status", {"order": job.data["order"]}, job.origin)
    except SyncError:
        raise doubt from None
    told = {"order": job.data["order"], "amount_fen": job.data["amount_fen"]}
    match PaymentStateName(status["state"]):
        case PaymentStateName.APPROVED:
            receipt = {"receipt": status["receipt"]} if status.get("receipt") else {}
            return {**told, "state": "paid", "paid_at": status.get("paid_at"), **receipt}
        case PaymentStateName.DECLINED | PaymentStateName.CLOSED:
            return {**told, "state": "ended", "why": NOT_FILED}
    raise doubt


def _done(job: Job, payment: Payment | None, why: str) -> Done:
    """Charged, declined by the bank, or ended without it; ``why`` is the word for it that has a text."""
    told: dict[str, Any] = {"order": job.data["order"], "amount_fen": job.data["amount_fen"]}
    if payment is None or payment.outcome is not Outcome.APPROVE or payment.voided:
        declined = payment is not None and payment.outcome is Outcome.DECLINE
        reason = _reason(payment) or why or NEVER_BEGUN
        outcome = {**told, "state": "declined" if declined else "ended", "why": reason, **_card_left(payment)}
        said = {**told, "outcome": "declined" if declined else "notCharged", "reason": reason[:40]}
        return outcome, (Owed(EffectKind.PAYMENT_CARD, said, queue=False),)
    paid_at = payment.at.isoformat() if payment.at is not None else None
    outcome = {**told, "state": "paid", "entry": payment.entry, "card": payment.card, "paid_at": paid_at}
    said = {
        **told,
        "outcome": "charged",
        "rrn": payment.rrn or "",
        "auth_code": payment.auth_code or "",
        "trace": payment.trace or "",
        "batch": payment.batch or "",
        "pos": payment.terminal or "",
        "merchant": payment.merchant or "",
        "card": payment.card or "",
        "paid_at": paid_at,
    }
    return outcome, (Owed(EffectKind.PAYMENT_CARD, said, queue=False),)


def _card_left(payment: Payment | None) -> dict[str, str]:
    """How the card was read that may still be in the terminal: its owner is told to take it, charged or not."""
    if payment is None or payment.entry is None or payment.voided or payment.error_code == CARD_REMOVED:
        return {}
    return {"entry": payment.entry}


def _reason(payment: Payment | None) -> str:
    if payment is None or payment.error_code == NEVER_BEGUN:
        return ""
    return "voided" if payment.voided else payment.error_code or str(payment.outcome)
