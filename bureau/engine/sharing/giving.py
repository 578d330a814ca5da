"""Data are given to a recipient by an officer, under a consent that holds, and what was given is noted and told."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from bureau.engine import messages
from bureau.engine.sharing.data import as_bytes, gather
from bureau.engine.sharing.words import recipient_title
from bureau.engine.subjects import today
from bureau.errors import SharingRefused
from bureau.ports.core import Core
from bureau.ports.sharing import HandOver


def hand_over(
    core: Core, case: str, officer: str, about: Mapping[str, str] | None = None
) -> tuple[HandOver, bytes]:
    """What goes to the recipient of this consent, noted in the same transaction; raises ``SharingRefused``.

    Whoever gave the consent is told each time (个人信息保护法 art. 23; 税收征收管理法 art. 8).
    """
    consent = core.sharing.find(case, lock=True)
    if consent is None:
        raise SharingRefused(f"no consent has the case number {case}")
    if not consent.holds(today(core)):
        raise SharingRefused(
            f"the consent of case {case} was withdrawn or is over: nothing may be given by it"
        )
    taxpayer = core.registration.taxpayer(consent.taxpayer)
    assert taxpayer is not None, "no enterprise is ever taken out of the register"
    raw = as_bytes({**gather(core, taxpayer, consent.data), **({"referral": about} if about else {})})
    digest = hashlib.sha256(raw).hexdigest()
    given = HandOver(0, case, consent.taxpayer, consent.recipient, consent.data, digest, officer, core.now)
    noted = core.sharing.hand_over(given)
    person = core.registration.person(consent.person)
    if person is not None:
        core.notices.tell(
            person, messages.data_given(taxpayer.name, recipient_title(consent.recipient), case)
        )
    return noted, raw
