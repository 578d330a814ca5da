"""Whether a certificate is genuine: number, code and QR signature against the register.

The QR signature binds number, code and the hash of what was certified. So three frauds are told apart: a
changed figure (all is genuine, but the page shows another figure than the paper), a code copied from another
paper (all is genuine, but of another number and person), and a made-up QR code (its signature is not ours).
"""

from __future__ import annotations

import enum
import hmac
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from bureau.certificates import codes
from bureau.certificates.data import CertificateData, content_sha256, thaw
from bureau.certificates.errors import FrozenFormError
from bureau.ports.certificates import CertificateChange, CertificateRecord
from bureau.ports.public import PublicRecords
from kiosk.domain.errors import FieldError, MoneyError
from kiosk.domain.money import parse_typed
from kiosk.domain.own_numbers import check_number
from sync import paper_signature


class Finding(enum.StrEnum):
    """What is told about number, code and signature."""

    MALFORMED = "malformed"
    """A typing error: what was entered cannot be a number or a code."""
    MISMATCH = "mismatch"
    """No such pair. Whether the number exists is not told."""
    VALID = "valid"
    REPLACED = "replaced"
    VOID = "void"
    OUTDATED = "outdated"
    """Valid in the register, and no longer true as it stands: tax was given back since, or a return corrected."""
    FORGED_QR = "forgedQr"
    """Number and code are genuine, the QR code that carried them is not."""
    UNREGISTERED = "unregistered"
    """Signed by the bureau, but missing from the register or different there: the bureau must look."""


_STATES = {"valid": Finding.VALID, "replaced": Finding.REPLACED, "void": Finding.VOID}
"""What the states of the register are to the public."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What was scanned or typed, cleaned; ``errors`` names the fields that cannot be right."""

    number: str
    code: str
    signature: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, number: str, code: str, signature: str = "") -> Asked:
        """Clean the input and find typing errors; never raises."""
        errors = {}
        typed_number, typed_code = codes.typed(number), codes.typed(code)
        try:
            typed_number = check_number(typed_number).number
        except FieldError as fault:
            errors["number"] = "error.number." + ("empty" if not typed_number else fault.code)
        if not codes.is_code(typed_code):
            wrong = "length" if len(typed_code) != codes.LENGTH else "characters"
            errors["code"] = "error.code." + (wrong if typed_code else "empty")
        return cls(typed_number[:40], typed_code[:40], signature[:200], errors)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The finding, and what was certified when the asker may see it.

    ``scanned``: the QR code was genuine. ``changes``: what became untrue of it since; ``anew``: whether its holder can
    have another in its place.
    """

    finding: Finding
    asked: Asked
    record: CertificateRecord | None = None
    data: CertificateData | None = None
    scanned: bool = False
    changes: Sequence[CertificateChange] = ()
    anew: bool = True


def signed(asked: Asked, keys: Mapping[bytes, Ed25519PublicKey]) -> paper_signature.SignedFacts | None:
    """What a genuine QR signature says, without the register."""
    return paper_signature.check(asked.signature, asked.number, asked.code, keys)


def check(
    asked: Asked, records: PublicRecords, keys: Mapping[bytes, Ed25519PublicKey], terminal: str = ""
) -> Outcome:
    """Look it up, and have it recorded when what is certified is shown.

    Frozen data that cannot be read counts as ``UNREGISTERED``. ``terminal`` is where it is asked, if not on the page.
    """
    outcome = _found(asked, records, keys)
    if outcome.record is not None and outcome.data is not None:
        records.checked(outcome.record, terminal)
    return outcome


def _found(asked: Asked, records: PublicRecords, keys: Mapping[bytes, Ed25519PublicKey]) -> Outcome:
    if asked.errors:
        return Outcome(Finding.MALFORMED, asked)
    facts = signed(asked, keys)
    record = records.certificate(asked.number)
    known = record.code if record else ""
    if record is None or not hmac.compare_digest(known.encode(), asked.code.encode()):
        return Outcome(Finding.UNREGISTERED if facts else Finding.MISMATCH, asked, scanned=facts is not None)
    try:
        data = thaw(record.frozen)
    except FrozenFormError:
        return Outcome(Finding.UNREGISTERED, asked, record, scanned=facts is not None)
    if facts and not facts.names(content_sha256(record.frozen)):
        return Outcome(Finding.UNREGISTERED, asked, record, scanned=True)
    finding = _STATES[record.state]
    if asked.signature and not facts and finding is Finding.VALID:
        finding = Finding.FORGED_QR
    changes = records.changes(record) if record.ended is None else ()
    if changes and finding is Finding.VALID:
        finding = Finding.OUTDATED
    anew = records.anew(record) if changes else True
    return Outcome(finding, asked, record, data, scanned=facts is not None, changes=changes, anew=anew)


class Comparison(enum.StrEnum):
    """The paper in somebody's hand against the certificate its code belongs to."""

    SAME = "same"
    COPIED = "copied"
    """Another number: the code was taken from another paper."""
    CHANGED = "changed"
    """The number is right and the amount is not: the figure was changed."""
    UNREADABLE = "unreadable"
    """What was typed is no number or no amount."""


def compare(outcome: Outcome, paper_number: str, paper_amount: str) -> Comparison:
    """Compare number and total typed from the paper with the certified ones."""
    number = codes.typed(paper_number)
    if len(number) != len(outcome.asked.number) or not number.isdigit():
        return Comparison.UNREADABLE
    if number != outcome.asked.number:
        return Comparison.COPIED
    try:
        amount = parse_typed("".join(unicodedata.normalize("NFKC", paper_amount[:40]).split()))
    except (FieldError, MoneyError):
        return Comparison.UNREADABLE
    same = outcome.data is not None and outcome.data.amount_fen == amount
    return Comparison.SAME if same else Comparison.CHANGED
