"""Certificates that officers make void (作废): by two of them, for a reason that everybody may hear."""

from __future__ import annotations

from typing import Final, get_args

from bureau.engine import messages
from bureau.engine.reissuing import name_of
from bureau.engine.repaying.ordering import Hands
from bureau.errors import CertificateKept
from bureau.ports.certificates import CertificateEnd, CertificateRecord, EndReason
from bureau.ports.core import Core

REASONS: Final = tuple(reason for reason in get_args(EndReason) if reason != "replaced")
"""What officers void a certificate for; what is replaced is replaced at a terminal."""


def void(core: Core, number: str, reason: str, hands: Hands) -> CertificateRecord:
    """Make a valid certificate void and tell its holder; raises ``CertificateKept`` or what ``hands`` does."""
    hands.checked()
    found = next((known for known in REASONS if known == reason), None)
    if found is None:
        raise CertificateKept(f"--why: one of {', '.join(REASONS)}")
    record = core.certificates.record(number, lock=True)
    if record is None:
        raise CertificateKept(f"no certificate {number}: see `bureau certificate list`")
    end = CertificateEnd(
        state="void",
        reason=found,
        at=core.now,
        officer=hands.officer,
        second=hands.second,
        note=hands.reason.strip(),
    )
    if not core.certificates.end(number, end):
        raise CertificateKept(f"certificate {number} is {record.state} already: `bureau certificate show`")
    holder = core.registration.person(record.person) if record.person is not None else None
    if holder is not None:
        core.notices.tell(holder, messages.certificate_void(number, name_of(record.kind), found))
    ended = core.certificates.record(number)
    assert ended is not None, "a certificate never leaves the register"
    return ended
