"""A statement signed by hand as the tests have it: made by the format's description alone, with no code of ours."""

from __future__ import annotations

import base64
import hashlib
import struct
from datetime import date
from typing import Any

from config.catalogue.models import SignStep
from kiosk.domain.masking import mask_mobile, mask_number
from tests.bureau import stores
from tests.bureau.phones import MOBILE
from tests.bureau.terminals import CAST
from tests.shipped import CATALOGUE

SERVICE = "identity.enrol"


def ink(digest: bytes, points: int = 40) -> bytes:
    """A wave, in the compact form of docs/signature-pad.md."""
    head = struct.pack(">4s32sHHHH", b"KSG1", digest, 9600, 4000, 1023, points)
    return head + b"".join(
        struct.pack(">HhhH", 5, 100 + n % 180 * 50, 900 + n % 7 * 90, 500) for n in range(points)
    )


def statement(who: str, lang: str = "zh-CN", mobile: str = MOBILE, day: date = stores.DAY) -> str:
    """What the service has somebody sign."""
    step = next(s for s in CATALOGUE[SERVICE].service.steps if isinstance(s, SignStep))
    name, number = CAST[who].name, mask_number(CAST[who].number)
    labels = [row.label[lang] for row in step.facts]
    facts = zip(labels, (name, number, mask_mobile(mobile)), strict=True)
    lines = [step.heading[lang], *step.statement[lang].strip().splitlines()]
    return "\n".join([*lines, *(f"{label}: {value}" for label, value in facts), day.isoformat()])


def hand(text: str = "", lang: str = "zh-CN", day: date = stores.DAY, **changed: Any) -> dict[str, Any]:
    """The effect's data; ``changed`` overrides."""
    text = text or statement("sun-li", lang, day=day)
    digest = hashlib.sha256(text.encode()).digest()
    return {
        "text": text,
        "sha256": digest.hex(),
        "signature": base64.b64encode(ink(digest)).decode(),
        "lang": lang,
        "signed_on": day.isoformat(),
        **changed,
    }
