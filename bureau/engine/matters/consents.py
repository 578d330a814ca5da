"""An enterprise consents to having its data given to another body (数据共享授权), and withdraws it.

税收征收管理法 art. 8: what the bureau knows of a taxpayer it keeps to itself; whoever it is about may say otherwise. Of
people's data in it 个人信息保护法 arts. 14 (freely, informed, explicit), 15 (withdrawn as easily as given), 16
(nothing is refused for a no) and 23 (to whom, for what, which kinds). How long one may last is house practice.
"""

from __future__ import annotations

import base64
from datetime import date

from bureau.engine import messages
from bureau.engine.credit import record
from bureau.engine.matters.base import Fields, Untouched, enterprise
from bureau.engine.matters.kinds import SEALED, Matter
from bureau.engine.refusals import refuse
from bureau.engine.rules import Rules
from bureau.engine.sharing.data import last_day
from bureau.engine.sharing.recipients import Bank, Product, shares
from bureau.engine.sharing.referring import revoke
from bureau.engine.sharing.words import recipient_title
from bureau.engine.subjects import Actor, today
from bureau.ports.core import Core
from bureau.ports.matters import MatterCase
from bureau.ports.registration import Taxpayer
from bureau.ports.sharing import Consent, Referral
from kiosk.domain.people import Role


class GiveConsent(Untouched):
    """From today on what was signed may be given to the recipient, to the last day of the term."""

    def check(self, core: Core, actor: Actor, matter: Matter, fields: Fields, rules: Rules) -> Fields:
        """There is such a recipient, and no consent to it that holds."""
        ready_to_give(core, actor.enterprise, str(fields["recipient"]))
        if str(fields["term"]) not in shares().terms:
            raise refuse("shareUnknown")
        return {**fields, "firm": actor.enterprise.name}

    def apply(self, core: Core, case: MatterCase, matter: Matter, day: date) -> date:
        """Enter it with what was signed; the head is told, who may not be the one who gave it."""
        name, taxpayer = str(case.fields["recipient"]), enterprise(case)
        recipient = shares().recipient(name)
        assert recipient is not None, "checked when the case was opened"
        signed = date.fromisoformat(str(case.fields["signed_on"]))
        consent = Consent(
            case=case.case,
            taxpayer=taxpayer,
            recipient=name,
            data=tuple(recipient.data),
            person=case.person,
            since=day,
            until=last_day(signed, shares().terms[str(case.fields["term"])]),
            sealed=base64.b64decode(str(case.fields[SEALED])),
        )
        core.sharing.give(consent)
        firm = str(case.fields["firm"])
        for head in core.registration.staff(taxpayer, (Role.LEGAL_REPRESENTATIVE,), day):
            core.notices.tell(head, messages.consent_given(firm, recipient.title, consent.until, case.case))
        return day


class EndConsent(Untouched):
    """Withdrawn: nothing is given by it from this moment on; what was given stays noted, and a bank is told."""

    def check(self, core: Core, actor: Actor, matter: Matter, fields: Fields, rules: Rules) -> Fields:
        """It is the enterprise's own, and holds."""
        consent = core.sharing.find(str(fields["consent"]), lock=True)
        if consent is None or consent.taxpayer != actor.enterprise.taxpayer or not consent.holds(today(core)):
            raise refuse("shareOver")
        return {**fields, "firm": actor.enterprise.name}

    def apply(self, core: Core, case: MatterCase, matter: Matter, day: date) -> date:
        """End it, and tell the head."""
        consent = core.sharing.find(str(case.fields["consent"]), lock=True)
        assert consent is not None, "checked in this transaction"
        core.sharing.end(consent.case, day, case.case)
        revoke(core, consent.case)
        title = recipient_title(consent.recipient)
        for head in core.registration.staff(consent.taxpayer, (Role.LEGAL_REPRESENTATIVE,), day):
            core.notices.tell(head, messages.consent_ended(str(case.fields["firm"]), title, case.case))
        return day


class ReferToBank(Untouched):
    """A consent for a bank, and the referral that goes to it (银税互动): what was signed for, for one loan."""

    def check(self, core: Core, actor: Actor, matter: Matter, fields: Fields, rules: Rules) -> Fields:
        """A bank offers the loan to this grade, and has no consent of the enterprise that holds."""
        ready_to_refer(core, actor.enterprise, str(fields["product"]))
        if str(fields["term"]) not in shares().terms:
            raise refuse("shareUnknown")
        return {**fields, "firm": actor.enterprise.name}

    def apply(self, core: Core, case: MatterCase, matter: Matter, day: date) -> date:
        """Enter the consent with what was signed, and the referral that waits to be delivered; the head is told."""
        loan, taxpayer = shares().loan(str(case.fields["product"])), enterprise(case)
        assert loan is not None, "checked when the case was opened"
        bank, product = loan
        signed = date.fromisoformat(str(case.fields["signed_on"]))
        consent = Consent(
            case=case.case,
            taxpayer=taxpayer,
            recipient=bank.id,
            data=product.given(str(case.fields["width"])),
            person=case.person,
            since=day,
            until=last_day(signed, shares().terms[str(case.fields["term"])]),
            sealed=base64.b64decode(str(case.fields[SEALED])),
        )
        core.sharing.give(consent)
        core.sharing.refer(Referral(case.case, taxpayer, bank.id, product.id, core.now))
        firm = str(case.fields["firm"])
        for head in core.registration.staff(taxpayer, (Role.LEGAL_REPRESENTATIVE,), day):
            core.notices.tell(head, messages.consent_given(firm, bank.title, consent.until, case.case))
        return day


def ready_to_refer(core: Core, firm: Taxpayer, product: str) -> tuple[Bank, Product]:
    """The loan and its bank; raises ``Refused`` where nobody offers it to this grade, or the bank has a consent."""
    loan = shares().loan(product)
    if loan is None:
        raise refuse("loanUnknown")
    bank, found = loan
    grade = record(core, firm).letter
    if grade not in found.grades:
        raise refuse("loanGrade", grade=grade, grades=joined_grades(found))
    if held_by(core, firm, bank.id):
        raise refuse("shareHeld")
    return loan


def joined_grades(product: Product) -> str:
    """The grades for which it is, as they are shown."""
    return " ".join(product.grades)


def held_by(core: Core, firm: Taxpayer, name: str) -> bool:
    """Whether that body or bank has a consent of the enterprise that holds today."""
    day = today(core)
    return any(one.recipient == name and one.holds(day) for one in core.sharing.of_taxpayer(firm.taxpayer))


def ready_to_give(core: Core, firm: Taxpayer, recipient: str) -> None:
    """Raises ``Refused`` where there is no such recipient, or it may be given data already."""
    if shares().recipient(recipient) is None:
        raise refuse("shareUnknown")
    if held_by(core, firm, recipient):
        raise refuse("shareHeld")
