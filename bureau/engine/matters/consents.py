"""An enterprise consents to having its data given to another body (数据共享授权), and withdraws it.

税收征收管理法 art. 8: what the bureau knows of a taxpayer it keeps to itself; whoever it is about may say otherwise. Of
people's data in it 个人信息保护法 arts. 14 (freely, informed, explicit), 15 (withdrawn as easily as given), 16
(nothing is refused for a no) and 23 (to whom, for what, which kinds). How long one may last is house practice.
"""

from __future__ import annotations

import base64
from datetime import date

from bureau.engine import messages
from bureau.engine.matters.base import Fields, Untouched, enterprise
from bureau.engine.matters.kinds import SEALED, Matter
from bureau.engine.refusals import refuse
from bureau.engine.rules import Rules
from bureau.engine.sharing.data import last_day
from bureau.engine.sharing.recipients import shares
from bureau.engine.sharing.words import recipient_title
from bureau.engine.subjects import Actor, today
from bureau.ports.core import Core
from bureau.ports.matters import MatterCase
from bureau.ports.registration import Taxpayer
from bureau.ports.sharing import Consent
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
    """Withdrawn: nothing is given by it from this moment on; what was given stays noted."""

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
        title = recipient_title(consent.recipient)
        for head in core.registration.staff(consent.taxpayer, (Role.LEGAL_REPRESENTATIVE,), day):
            core.notices.tell(head, messages.consent_ended(str(case.fields["firm"]), title, case.case))
        return day


def ready_to_give(core: Core, firm: Taxpayer, recipient: str) -> None:
    """Raises ``Refused`` where there is no such recipient, or it may be given data already."""
    if shares().recipient(recipient) is None:
        raise refuse("shareUnknown")
    held = [one for one in core.sharing.of_taxpayer(firm.taxpayer) if one.recipient == recipient]
    if any(one.holds(today(core)) for one in held):
        raise refuse("shareHeld")
