"""Referrals go to banks, are confirmed by them, and are taken back (银税互动).

What is sent is gathered when it is sent, under the consent: nothing of it lies at the centre meanwhile, and who
withdrew before that was never referred. It is put there before the transaction ends, so it may come twice and is never
lost.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from bureau.engine import messages
from bureau.engine.sharing.giving import hand_over
from bureau.engine.sharing.recipients import shares
from bureau.engine.sharing.words import recipient_title
from bureau.engine.subjects import today
from bureau.ports.banks import Banks, Doubt, Receipt
from bureau.ports.core import Core
from bureau.ports.sharing import Referral, ReferralState
from bureau.ports.system import System

BY: Final = "referral"
"""Who gave it, in the note of a hand-over: nobody's hand, but the referral that the enterprise asked for."""
AT_ONCE: Final = 200
REVOKED: Final[dict[ReferralState, ReferralState]] = {
    "waiting": "withdrawn",
    "sent": "revoking",
    "received": "revoking",
}


@dataclass(frozen=True, slots=True)
class Delivered:
    """What one round did to a referral."""

    case: str
    bank: str
    state: ReferralState


def revoke(core: Core, case: str) -> None:
    """The consent was withdrawn: what was not sent never is, and a bank that has it is told."""
    held = core.sharing.referral(case, lock=True)
    if held is not None and held.state in REVOKED:
        core.sharing.change(replace(held, state=REVOKED[held.state]))


def deliver(system: System, banks: Banks) -> Iterator[Delivered | Doubt]:
    """One round: what waits is sent, withdrawals are told, receipts are entered; each in a transaction of its own.

    A receipt of what was never sent, or of other bytes, is told as a doubt, and keeps back no other.
    """
    with system.read() as work:
        due = work.core.sharing.referrals(("waiting", "revoking"), AT_ONCE)
    for one in due:
        with system.write() as work:
            done = _sent(work.core, banks, one.case)
        if done is not None:
            yield done
    for bank in shares().banks:
        for receipt in banks.receipts(bank.id):
            if isinstance(receipt, Doubt):
                yield receipt
                continue
            with system.write() as work:
                entered = _received(work.core, receipt)
            if entered is not None:
                yield entered


def _sent(core: Core, banks: Banks, case: str) -> Delivered | None:
    held = core.sharing.referral(case, lock=True)
    if held is None:
        return None
    consent = core.sharing.find(case, lock=True)
    assert consent is not None, "a referral is of a consent"
    if held.state == "revoking":
        raw = _as_bytes({"case": case, "withdrawn_on": consent.ended_on})
        banks.put(held.bank, f"{case}.withdrawn.json", raw)
        return _changed(core, replace(held, state="revoked"))
    if held.state != "waiting":
        return None
    if not consent.holds(today(core)):
        return _changed(core, replace(held, state="withdrawn"))
    about = {"case": case, "bank": held.bank, "product": held.product, "until": consent.until.isoformat()}
    noted, raw = hand_over(core, case, BY, about)
    banks.put(held.bank, f"{case}.json", raw)
    return _changed(core, replace(held, state="sent", sent_at=core.now, sha256=noted.sha256))


def _received(core: Core, receipt: Receipt) -> Delivered | Doubt | None:
    """A receipt of what was never sent to that bank, or of other bytes, is a doubt; one that is known is nothing."""
    held = core.sharing.referral(receipt.case, lock=True)
    if held is None or held.bank != receipt.bank or not held.sha256:
        return Doubt(receipt.bank, f"{receipt.bank} confirms {receipt.case}, which was not sent there")
    if held.sha256 != receipt.sha256:
        return Doubt(receipt.bank, f"{receipt.bank} confirms other bytes of {receipt.case} than were sent")
    if held.state != "sent":
        return None
    consent = core.sharing.find(receipt.case)
    assert consent is not None, "a referral is of a consent"
    person = core.registration.person(consent.person)
    if person is not None:
        told = messages.referral_received(recipient_title(held.bank), receipt.number, receipt.case)
        core.notices.tell(person, told)
    return _changed(core, replace(held, state="received", received_at=receipt.at, bank_number=receipt.number))


def _changed(core: Core, referral: Referral) -> Delivered:
    core.sharing.change(referral)
    return Delivered(referral.case, referral.bank, referral.state)


def _as_bytes(told: dict[str, object]) -> bytes:
    return json.dumps(told, ensure_ascii=False, sort_keys=True, default=str).encode()
