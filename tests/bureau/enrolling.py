"""A statement signed by hand as the tests have it: made by the format's description alone, with no code of ours."""

from __future__ import annotations

import base64
import hashlib
import struct
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from config.catalogue.basics import Format
from config.catalogue.models import SignStep
from kiosk.domain.formatting import format_value
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
    name, number = CAST[who].name, mask_number(CAST[who].number)
    return published(SERVICE, (name, number, mask_mobile(mobile)), lang, day)


def published(service: str, values: Sequence[str], lang: str, day: date = stores.DAY) -> str:
    """The statement of a service with these values of its facts, in their order."""
    step = next(s for s in CATALOGUE[service].service.steps if isinstance(s, SignStep))
    facts = [f"{row.label[lang]}: {value}" for row, value in zip(step.facts, values, strict=True)]
    lines = [step.heading[lang], *step.statement[lang].strip().splitlines()]
    return "\n".join([*lines, *facts, format_value(Format.DATE, day, None, lang)])


def titles_of(service: str, given: Mapping[str, str], rows: Sequence[str], lang: str) -> list[str]:
    """The words of the options that were chosen in these rows of its form."""
    known = {row.id: row for s in CATALOGUE[service].service.steps if s.kind == "form" for row in s.rows}
    return [next(o.title[lang] for o in known[row].options if o.id == given[row]) for row in rows]


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
