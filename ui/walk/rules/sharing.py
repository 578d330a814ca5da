"""What may be given of an enterprise is what was signed for, and what was withdrawn may not."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from ui.walk.rules.parties import Evidence

NO_INK = hashlib.sha256(b"").hexdigest()
"""Of bytes the evidence has the digest."""
GIVES, ENDS = "share.consent", "share.withdraw"
REFERS = "share.bank-loan"


def referrals_wait_for_their_bank(e: Evidence) -> Iterable[str]:
    """Each accepted referral has a consent with its ink for the bank to which it waits to be sent, or was."""
    cases = {row["key"]: row for row in e.bureau.get("matter_case", ())}
    held = {row["case_no"]: row for row in e.bureau.get("share_consent", ())}
    referred = {row["case_no"]: row for row in e.bureau.get("bank_referral", ())}
    for intent in e.phase("matter.submit", "intent"):
        answer, case = e.answer(intent), cases.get(intent["key"])
        if answer is None or answer["state"] != "accepted" or case is None or case.get("matter") != REFERS:
            continue
        told, consent = intent["body"]["data"], held.get(case["case_no"])
        referral = referred.get(case["case_no"])
        if referral is None or referral["product"] != told["product"]:
            yield f"{REFERS} {intent['key']}: no referral for {told['product']} waits"
        elif consent is None or consent["recipient"] != referral["bank"] or consent["sealed"] == NO_INK:
            yield f"{REFERS} {intent['key']}: referred to {referral['bank']}, held: {_words(consent)}"


def consents_are_as_signed(e: Evidence) -> Iterable[str]:
    """Each accepted consent is held for its recipient and with its ink; one that was withdrawn has ended by that."""
    cases = {row["key"]: row for row in e.bureau.get("matter_case", ())}
    held = {row["case_no"]: row for row in e.bureau.get("share_consent", ())}
    for intent in e.phase("matter.submit", "intent"):
        answer, case = e.answer(intent), cases.get(intent["key"])
        if answer is None or answer["state"] != "accepted" or case is None:
            continue
        told = intent["body"]["data"]
        if case.get("matter") == GIVES:
            consent = held.get(case["case_no"])
            if consent is None or consent["recipient"] != told["recipient"] or consent["sealed"] == NO_INK:
                yield f"{GIVES} {intent['key']}: signed for {told['recipient']}, held: {_words(consent)}"
        if case.get("matter") == ENDS:
            consent = held.get(told["consent"])
            if consent is None or consent["ended_by"] != case["case_no"]:
                yield f"{ENDS} {intent['key']}: the consent {told['consent']} has not ended by it"


def _words(consent: dict[str, object] | None) -> str:
    return (
        "none"
        if consent is None
        else f"{consent['recipient']}, {'unsigned' if consent['sealed'] == NO_INK else 'signed'}"
    )
