"""``matter.submit``: accepts a matter, opens its case, and carries it out at once where nobody has to decide."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from datetime import date
from typing import ClassVar

from bureau.engine import messages
from bureau.engine.effects import Outcome, Request, Simple, accepted, refused
from bureau.engine.enrolling import evidence_of
from bureau.engine.matters.base import Fields
from bureau.engine.matters.deciding import AT_ONCE, carry_out
from bureau.engine.matters.effects import EFFECTS, REGISTERS
from bureau.engine.matters.fields import checked
from bureau.engine.matters.kinds import SEALED, Matter, matters
from bureau.engine.matters.pages import attach, checked_pages
from bureau.engine.matters.signed import check_signed
from bureau.engine.names import matter_name
from bureau.engine.phones import phone_of
from bureau.engine.refusals import Counted, refuse
from bureau.engine.rules import Rules
from bureau.engine.subjects import authorise, today
from bureau.ports.core import Core
from bureau.ports.materials import Vault
from bureau.ports.matters import MatterCase, NewCase
from bureau.ports.notices import Message
from bureau.ports.registration import Person
from bureau.texts import say
from kiosk.domain.tax.limits import WorkingCalendar
from sync.models import EffectAnswer, EffectKind, MatterOpened, MatterSubmit, SignedByHand


class SubmitMatter(Simple[MatterSubmit]):
    """One handler for every matter: the service says who and what may be given, the matter what it changes."""

    kind: ClassVar[EffectKind] = EffectKind.MATTER_SUBMIT
    model = MatterSubmit

    def __init__(self, rules: Rules, vault: Vault) -> None:
        self._rules, self._vault = rules, vault

    def apply(self, core: Core, request: Request, data: MatterSubmit, prepared: None) -> Outcome:
        """Check who, what and whether it changes anything; then open the case."""
        matter = matters().get(request.service.id)
        if matter is None:
            raise refuse("notOfThisService")
        actor = authorise(core, request.body.subject, request.service, lock=True)
        if actor.taxpayer is not None and actor.taxpayer.state == "cancelled":
            raise refuse("taxpayerCancelled")
        if data.signed is not None and not matter.hand:
            raise refuse("fieldUnknown", field="signature")
        fields = checked(request.service, data.given, today(core))
        if matter.phone is not None:
            fields = {**fields, matter.phone: phone_of(core, request.body.subject)}
        try:
            changed = EFFECTS[matter.effect].check(core, actor, matter, fields, self._rules)
        except Counted as no:
            return refused(no.refusal)
        if matter.papers and not data.pages:
            raise refuse("pagesNone")
        if matter.hand:
            signed = check_signed(request, actor, changed, data.signed)
            changed = {**changed, "signed_on": signed.signed_on.isoformat()}
        secret = {name: changed[name] for name in matter.sealed if name in changed}
        papers = checked_pages(core, actor, data.pages)
        new = NewCase(
            matter=matter.id,
            key=request.body.key,
            person=actor.person.key,
            taxpayer=actor.taxpayer.taxpayer if actor.taxpayer is not None else None,
            role=actor.role,
            terminal=request.terminal,
            fields={name: value for name, value in changed.items() if name not in secret},
            accepted_at=core.now,
            due_on=self._due(core, matter),
            apart=str(changed[matter.apart]) if matter.apart is not None else "",
        )
        if (waiting := core.matters.waiting(matter.id, new.owner)) is not None:
            raise refuse("caseOpen", case=waiting.case)
        case = core.matters.open(new)
        attach(core, case.case, papers)
        to_seal = _to_seal(secret, data.signed)
        sealed = self._vault.seal(case.case, to_seal) if to_seal else b""
        if not matter.waits(changed):
            case = carry_out(core, _with(case, sealed), matter, AT_ONCE)
        else:
            if matter.hand:
                case = core.matters.keep(case, sealed)
            EFFECTS[matter.effect].wait(core, case, matter, self._rules)
        return accepted(_opened(core, case, matter), case.case)

    def message(
        self, core: Core, request: Request, person: Person, data: MatterSubmit, answer: EffectAnswer
    ) -> Message:
        """Accepted or refused."""
        title = matter_name(request.service.id)
        if answer.refusal is not None:
            return messages.matter_refused(answer.refusal, answer.key, title)
        return messages.matter_accepted(MatterOpened.model_validate(answer.result), title)

    def _due(self, core: Core, matter: Matter) -> date:
        return WorkingCalendar(self._rules.current).later(today(core), matter.workdays)


def _with(case: MatterCase, sealed: bytes) -> MatterCase:
    """The case as its effect gets it: with what it does not hold in the clear."""
    if not sealed:
        return case
    return replace(case, fields={**case.fields, SEALED: base64.b64encode(sealed).decode()})


def _to_seal(secret: Fields, signed: SignedByHand | None) -> bytes:
    if signed is not None:
        return evidence_of(signed)
    return json.dumps(secret, ensure_ascii=False).encode() if secret else b""


def _opened(core: Core, case: MatterCase, matter: Matter) -> MatterOpened:
    assert case.state != "refused"
    made = core.registration.registered_by(case.case) if matter.effect == REGISTERS else None
    return MatterOpened(
        case=case.case,
        state=case.state,
        state_text=say(f"case.state.{case.state}"),
        basis=matter.basis,
        due_on=case.due_on if case.state == "open" else None,
        effective_on=case.effective_on,
        taxpayer=made.taxpayer if made is not None else None,
        valid_until=made.ends_on if made is not None else None,
    )
