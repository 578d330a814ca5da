"""Scenes that faults of several rules are planted in."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from tests.ui.walk.story import ENTERPRISE, ORDER, PERSON, Story

NOTICE = "99019926000100042174"
"""The payment code of a notice of non-tax revenue."""


def a_notice(story: Story, **changed: Any) -> dict[str, Any]:
    """The order was for a notice of non-tax revenue."""
    line = {"order_no": ORDER, "code": NOTICE, "amount_fen": 409_584, "late_fee_fen": 0}
    receipt = {"receipt_code": "99030126", "receipt_number": "1012000001", "receipt_check": "7k2m9q"}
    story.bureau["payment_order"][0]["taxpayer"] = ENTERPRISE
    story.bureau["nontax_payment"] = [{**line, **receipt, **changed}]
    return {**line, **receipt}


WORKED = (
    "销售额 505,000.00",
    "不含税销售额 500,000.00",
    "增值税 5,000.00",
    "城市维护建设税 175.00",
    "教育费附加 75.00",
    "地方教育附加 50.00",
)


def an_enrolment(story: Story, *, of: str = "S", mobile: str = "13912340007") -> None:
    """One whose statement says S; the ink is on ``of``, and ``mobile`` is on file."""
    digest = hashlib.sha256(b"S").hexdigest()
    compact = b"KSG1" + hashlib.sha256(of.encode()).digest() + bytes(16)
    number, key = "65990026101200000018", {"person_kind": "resident-id", "person_number": PERSON}
    data = {"text": "S", "sha256": digest, "signature": base64.b64encode(compact).decode()}
    story.transaction = "t9"
    story.effect("identity.enrol", "n1", data, {"state": "accepted", "enrolment": number})
    story.bureau["person_enrolment"] = [
        {"enrolment": number, "key": "n1", **key, "mobile": "13912340007", "text_sha256": digest}
    ]
    story.bureau["person"] = [{"kind": "resident-id", "number": PERSON, "mobile": mobile}]
