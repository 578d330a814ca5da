"""Phones by which invoices are issued for an enterprise (手机开票) are bound and released.

What may be bound is house practice: an enterprise has at most ``MOST_PHONES``, a phone issues for at most
``MOST_FIRMS``, in the hand of one person alone, who is in a role of each.
"""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Final

from bureau.engine import looks, messages
from bureau.engine.matters.base import Fields, Untouched, enterprise
from bureau.engine.matters.kinds import Matter
from bureau.engine.refusals import refuse
from bureau.engine.rules import Rules
from bureau.engine.subjects import Actor
from bureau.ports.core import Core
from bureau.ports.issuing import IssuingPhone
from bureau.ports.matters import MatterCase
from bureau.ports.registration import PersonKey, Taxpayer
from kiosk.domain.masking import mask_mobile
from kiosk.domain.people import Role

MOST_PHONES: Final = 5
MOST_FIRMS: Final = 5
BINDING: Final = frozenset({Role.LEGAL_REPRESENTATIVE, Role.FINANCE_OFFICER, Role.TAX_HANDLER})
"""In which roles somebody may bind a phone (``config/services/invoice.phone-bind.yaml``)."""


def phone_id(phone: IssuingPhone) -> str:
    """What tells it from the enterprise's others at the terminal, and tells nothing of its number."""
    return hashlib.sha256(f"{phone.taxpayer}/{phone.mobile}".encode()).hexdigest()[:16]


class BindPhone(Untouched):
    """The phone that was proven in this visit issues from today on, in the hand of whoever proved it."""

    def check(self, core: Core, actor: Actor, matter: Matter, fields: Fields, rules: Rules) -> Fields:
        """It is nobody else's, not bound yet, and neither side has too many."""
        firm, mobile = actor.enterprise, str(fields["mobile"])
        if firm.state != "normal":
            raise refuse("taxpayerAbnormal")
        bound = core.issuing.of(firm.taxpayer)
        if any(phone.mobile == mobile for phone in bound):
            raise refuse("issuingPhoneBound")
        if len(bound) >= MOST_PHONES:
            raise refuse("issuingPhonesEnough", most=str(MOST_PHONES))
        elsewhere = core.issuing.of_phone(mobile)
        if any(phone.person != actor.person.key for phone in elsewhere):
            raise refuse("issuingPhoneOfAnother")
        if len(elsewhere) >= MOST_FIRMS:
            raise refuse("issuingFirmsEnough", most=str(MOST_FIRMS))
        return fields

    def apply(self, core: Core, case: MatterCase, matter: Matter, day: date) -> date:
        """Bind it; the enterprise's head is told, who may not be the one who bound it."""
        firm = _firm(core, case)
        phone = IssuingPhone(firm.taxpayer, str(case.fields["mobile"]), case.person, day, case.case)
        core.issuing.bind(phone)
        for head in core.registration.staff(firm.taxpayer, (Role.LEGAL_REPRESENTATIVE,), day):
            core.notices.tell(
                head, messages.issuing_phone_bound(firm.name, mask_mobile(phone.mobile), case.case)
            )
        return day


class ReleasePhone(Untouched):
    """A phone issues no more: lost, changed hands, or its holder left."""

    def check(self, core: Core, actor: Actor, matter: Matter, fields: Fields, rules: Rules) -> Fields:
        """It is bound today."""
        if _bound(core, actor.enterprise.taxpayer, str(fields["phone"])) is None:
            raise refuse("issuingPhoneUnknown")
        return fields

    def apply(self, core: Core, case: MatterCase, matter: Matter, day: date) -> date:
        """End it, and tell whose it was."""
        firm = _firm(core, case)
        phone = _bound(core, firm.taxpayer, str(case.fields["phone"]))
        assert phone is not None, "checked in this transaction"
        core.issuing.release(phone, day, case.case)
        holder = core.registration.person(phone.person)
        assert holder is not None, "nobody is ever taken out of the register"
        looks.by_enterprise(core, holder.key, firm.name, case.matter)
        core.notices.tell(
            holder, messages.issuing_phone_released(firm.name, mask_mobile(phone.mobile), case.case)
        )
        return day


def release_phones(core: Core, taxpayer: str, person: PersonKey, day: date, case: str) -> None:
    """Whoever has no role left in which a phone is bound issues nothing: their phones end with the last one."""
    posts = core.registration.posts(taxpayer, day)
    if any(post.person.key == person and post.role in BINDING for post in posts):
        return
    for phone in core.issuing.of(taxpayer):
        if phone.person == person:
            core.issuing.release(phone, day, case)


def _firm(core: Core, case: MatterCase) -> Taxpayer:
    firm = core.registration.taxpayer(enterprise(case))
    assert firm is not None, "checked when the case was opened"
    return firm


def _bound(core: Core, taxpayer: str, wanted: str) -> IssuingPhone | None:
    return next((phone for phone in core.issuing.of(taxpayer) if phone_id(phone) == wanted), None)
