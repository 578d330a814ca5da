"""Who may be enrolled under the real-name rules, and whether what they signed is the published statement.

A person whom the centre does not know is no stranger here: that they are not on file is why they come. What is
believed is the document with the live face (or staff), the phone by its code, and a hand on the statement itself.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

from bureau.engine.phones import phone_of
from bureau.engine.refusals import refuse
from bureau.engine.subjects import claimed, person_key, today
from bureau.ports.core import Core
from bureau.ports.registration import Person
from config.catalogue.basics import Format, LabelledValue
from config.catalogue.models import Service, SignStep
from config.clock import CHINA
from kiosk.domain.errors import DomainError
from kiosk.domain.masking import mask_mobile, mask_name, mask_number
from kiosk.domain.signing import SignedPaper, read_ink
from sync.models import EffectBody, PersonClaim, SignedByHand, Subject

LEAST_AGE: Final = 16
"""From here on somebody who lives on their own work acts for themselves (民法典第十八条第二款); before, a guardian does
(第十九条, 第二十条, 第二十三条)."""
BIRTH: Final = slice(6, 14)
"""Of the numbers of 18 places: residents' (GB 11643), those of residence permits, foreigners' since 2023."""
WRITTEN: Final = {Format.NAME: mask_name, Format.NUMBER: mask_number, Format.PHONE: mask_mobile}
"""Facts of a statement that are shown in part, and signed as they are shown."""


def may_enrol(core: Core, subject: Subject, service: Service) -> tuple[PersonClaim, Person | None]:
    """Who it is, and the person on file, if they are; raises ``Refused`` for whom no terminal can enrol."""
    claim, person = claimed(core, subject, service.sign_in)
    born = birth_of(claim.number)
    if born is not None and age_on(born, today(core)) < LEAST_AGE:
        raise refuse("enrolMinor")
    return claim, person


def own_phone(core: Core, subject: Subject, claim: PersonClaim) -> str:
    """The phone that was proven, unless it is on file for somebody else; raises ``Refused``.

    Until the transaction ends nobody else enrols by the same proof.
    """
    mobile = phone_of(core, subject)
    holder = core.enrolments.holder(mobile)
    if holder is not None and holder.key != person_key(claim):
        raise refuse("phoneOfAnother")
    return mobile


def birth_of(number: str) -> date | None:
    """The birth date within a document's number; None for those that hold none that can be told for sure."""
    digits = number[BIRTH] if len(number) == 18 else ""
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:])) if digits.isdecimal() else None
    except ValueError:
        return None


def age_on(born: date, day: date) -> int:
    """Whole years."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def evidence_of(signed: SignedByHand) -> bytes:
    """Text and signature as they are sealed: one JSON object in UTF-8."""
    return json.dumps({"text": signed.text, "signature": signed.signature}, ensure_ascii=False).encode()


def own_hand(signed: SignedByHand) -> None:
    """Raises ``Refused`` where there is no ink, or it is not sealed to this very text."""
    try:
        compact = base64.b64decode(signed.signature, validate=True)
        ink = read_ink(compact)
    except (ValueError, DomainError) as error:
        raise refuse("signatureTorn") from error
    digest = hashlib.sha256(signed.text.encode()).digest()
    if not ink.document == digest == bytes.fromhex(signed.sha256):
        raise refuse("signatureTorn")


def as_published(service: Service, body: EffectBody, signed: SignedByHand, values: Mapping[str, str]) -> None:
    """Raises ``Refused`` unless the text is the published statement, with these ``values`` by their paths, of that day.

    The day is that on which the terminal took it, or the one before for who signed at midnight. A service has one sign
    step (``config/catalogue/checks.py``).
    """
    step = next(step for step in service.steps if isinstance(step, SignStep))
    facts = [(row.label.get(signed.lang, ""), _fact(row, values)) for row in step.facts]
    heading, statement = (texts.get(signed.lang, "") for texts in (step.heading, step.statement))
    paper = SignedPaper(heading, statement, facts, signed.signed_on, signed.lang)
    taken = body.accepted_at.astimezone(CHINA).date()
    if not paper.is_text(signed.text) or not timedelta() <= taken - signed.signed_on <= timedelta(days=1):
        raise refuse("signedTextDiffers")


def proven(subject: Subject) -> Mapping[str, str]:
    """What a statement of enrolment may say, by its path."""
    person, phone = subject.person, subject.phone
    assert person is not None and phone is not None, "both were proven"
    return {"sign-in.name": person.name, "sign-in.number": person.number, "phone.mobile": phone.mobile}


def _fact(row: LabelledValue, values: Mapping[str, str]) -> str:
    return WRITTEN.get(row.format, str)(values.get(row.value, ""))
