"""What a matter does in the registration: one class an effect, each with what must hold before and what it changes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from bureau.engine import looks, messages
from bureau.engine.duties import obligations, where
from bureau.engine.matters.base import Fields, MatterEffect, Untouched, enterprise
from bureau.engine.matters.booking import BookInvoice
from bureau.engine.matters.consents import EndConsent, GiveConsent, ReferToBank
from bureau.engine.matters.deliver import CancelDelivery, OrderDelivery
from bureau.engine.matters.erase import EraseData
from bureau.engine.matters.export_refund import RefundExports
from bureau.engine.matters.guardians import RegisterGuardian
from bureau.engine.matters.issuing import BindPhone, ReleasePhone, release_phones
from bureau.engine.matters.kinds import Matter
from bureau.engine.matters.mandates import EndMandate, GiveMandate
from bureau.engine.matters.numbers import SettleNumbers
from bureau.engine.matters.posts import person_of, post_id
from bureau.engine.matters.preference import FilePreference
from bureau.engine.matters.prize import PayPrize
from bureau.engine.matters.quota import ApproveKind
from bureau.engine.matters.refund import AllowRefund
from bureau.engine.matters.relief import GrantRelief
from bureau.engine.matters.temporary import RegisterTemporary
from bureau.engine.names import role_name
from bureau.engine.refusals import refuse
from bureau.engine.rules import VAT_SMALL, Rules
from bureau.engine.subjects import Actor, today
from bureau.ports.core import Core
from bureau.ports.matters import MatterCase
from bureau.ports.registration import Post, Taxpayer
from kiosk.domain.people import Role

GIVEN: Mapping[str, Role] = {
    "handler": Role.TAX_HANDLER,
    "finance": Role.FINANCE_OFFICER,
    "collector": Role.INVOICE_COLLECTOR,
}
"""The roles that can be given here, as the form names them."""


REGISTERS = "register-temporary"
"""The effect that makes a taxpayer."""
SHOWN = 4
"""So many of the last figures of an account stand in a message."""
VOLUNTARY = "voluntary"
"""Why an enterprise becomes a general taxpayer below the threshold: it may when its accounts are sound (art. 3)."""


class EnterFacts(Untouched):
    """Facts of an enterprise are entered as they were given."""

    def check(self, core: Core, actor: Actor, matter: Matter, fields: Fields, rules: Rules) -> Fields:
        """What differs from what is registered; nothing, or only half of what goes together, is refused."""
        known = core.registration.facts(actor.enterprise.taxpayer, today(core))
        changed = {name: value for name, value in fields.items() if known.get(name) != value}
        if not changed and matter.marks is None:
            raise refuse("nothingChanged")
        for group in matter.together:
            if changed.keys() & set(group) and any(f not in changed and f not in known for f in group):
                raise refuse("factsTogether")
        return changed

    def apply(self, core: Core, case: MatterCase, matter: Matter, day: date) -> date:
        """One entry a fact. Another account, to which refunds go, is told to the head, who may know nothing of it."""
        taxpayer = enterprise(case)
        for fact in matter.facts:
            if fact in case.fields:
                core.registration.enter(taxpayer, fact, case.fields[fact], day, case.case)
        if matter.marks is not None:
            core.registration.enter(taxpayer, matter.marks, day.isoformat(), day, case.case)
        if {"bank", "account"} & case.fields.keys():
            self._tell_head(core, case, day)
        return day

    def _tell_head(self, core: Core, case: MatterCase, day: date) -> None:
        last = str(_now(core, case, "account", day))[-SHOWN:]
        told = messages.account_changed(_known(core, case).name, last, case.case)
        for head in core.registration.staff(enterprise(case), (Role.LEGAL_REPRESENTATIVE,), day):
            if head.key != case.person:
                core.notices.tell(head, told)


class Withhold(EnterFacts):
    """A withholding agent (扣缴义务人): from the month of the first payment on it declares what it withheld."""

    def apply(self, core: Core, case: MatterCase, matter: Matter, day: date) -> date:
        """The facts, and the duty where its return is due by the month; of a payment by itself there is no calendar.

        The duty begins when it did, however late it is registered (实施细则 art. 13); one that is there stays.
        """
        taxpayer, withheld = enterprise(case), matter.withholds[str(_now(core, case, "withholding", day))]
        done = super().apply(core, case, matter, day)
        if withheld.cycle is not None:
            since = date.fromisoformat(str(_now(core, case, "withholding_since", day)))
            core.registration.liable(taxpayer, withheld.tax, withheld.cycle, since)
        return done


class BindRole(Untouched):
    """A person enrolled under the real-name rules gets a role (实名办税: 办税人员身份绑定)."""

    def check(self, core: Core, actor: Actor, matter: Matter, fields: Fields, rules: Rules) -> Fields:
        """The person is enrolled and does not have the role yet."""
        person = person_of(core, str(fields["number"]))
        if person is None:
            raise refuse("candidateUnknown")
        role, day = GIVEN[str(fields["role"])], today(core)
        posts = core.registration.posts(actor.enterprise.taxpayer, day)
        if any(post.role is role and post.person.key == person.key for post in posts):
            raise refuse("roleHeld", role=role_name(role))
        return fields

    def apply(self, core: Core, case: MatterCase, matter: Matter, day: date) -> date:
        """Bind, keep it as an entry, and tell the person whom it concerns."""
        taxpayer, role = _known(core, case), GIVEN[str(case.fields["role"])]
        person = person_of(core, str(case.fields["number"]))
        assert person is not None, (
            "checked when the case was opened; nobody is ever taken out of the register"
        )
        core.registration.bind(taxpayer.taxpayer, person.key, role, day)
        post = post_id(taxpayer.taxpayer, Post(person, role, day))
        core.registration.enter(taxpayer.taxpayer, f"post.{post}", "bound", day, case.case)
        looks.by_enterprise(core, person.key, taxpayer.name, case.matter)
        core.notices.tell(person, messages.role_bound(taxpayer.name, role_name(role), case.case))
        return day


class ReleaseRole(Untouched):
    """A person loses a role; the legal representative's is the company register's."""

    def check(self, core: Core, actor: Actor, matter: Matter, fields: Fields, rules: Rules) -> Fields:
        """The post is held today and may be released here."""
        post = _post(core, actor.enterprise.taxpayer, str(fields["post"]))
        if post is None:
            raise refuse("postUnknown")
        if post.role is Role.LEGAL_REPRESENTATIVE:
            raise refuse("postOfRegister")
        return fields

    def apply(self, core: Core, case: MatterCase, matter: Matter, day: date) -> date:
        """Release, keep it as an entry, and tell the person whom it concerns."""
        taxpayer, wanted = _known(core, case), str(case.fields["post"])
        post = _post(core, taxpayer.taxpayer, wanted)
        assert post is not None, "checked in this transaction"
        core.registration.release(taxpayer.taxpayer, post.person.key, post.role, day)
        core.registration.enter(taxpayer.taxpayer, f"post.{wanted}", "released", day, case.case)
        release_phones(core, taxpayer.taxpayer, post.person.key, day, case.case)
        looks.by_enterprise(core, post.person.key, taxpayer.name, case.matter)
        core.notices.tell(post.person, messages.role_released(taxpayer.name, role_name(post.role), case.case))
        return day


class BecomeGeneral(Untouched):
    """A small-scale taxpayer becomes a general one (增值税一般纳税人登记管理办法), from the first of this month on.

    The choice of the next month (art. 9) is made at a counter: until then the enterprise would have to file as what
    it is no longer.
    """

    def check(self, core: Core, actor: Actor, matter: Matter, fields: Fields, rules: Rules) -> Fields:
        """It is one, may be the other, and has nothing left to file as what it was."""
        taxpayer, day = actor.enterprise, today(core)
        if not taxpayer.small_scale:
            raise refuse("alreadyGeneral")
        if taxpayer.state != "normal":
            raise refuse("taxpayerAbnormal")
        if fields["general_reason"] == VOLUNTARY and fields["general_accounts"] is not True:
            raise refuse("accountsUnsound")
        last = rules.last_period(taxpayer, day)
        if last.last + timedelta(days=1) != day.replace(day=1):
            raise refuse("generalMidQuarter")
        todo = obligations(core, taxpayer, rules, day)
        if missing := next((one for one in todo if one.tax == VAT_SMALL and one.filed is None), None):
            how = where(missing, taxpayer, rules, day)
            limit, period = missing.period.limit, missing.period.name
            raise refuse("unfiledBeforeGeneral", deadline=limit, period=period, how=how)
        return fields

    def apply(self, core: Core, case: MatterCase, matter: Matter, day: date) -> date:
        """General, monthly, at the rate for goods, without the small ones' halves; and the facts of why."""
        taxpayer, first = enterprise(case), day.replace(day=1)
        core.registration.become_general(taxpayer, first)
        for fact, value in {"general_since": first.isoformat(), **case.fields}.items():
            core.registration.enter(taxpayer, fact, value, first, case.case)
        return first


def _now(core: Core, case: MatterCase, fact: str, day: date) -> object:
    """A fact as it is once the case took effect: the case holds only what differs from before."""
    known = core.registration.facts(enterprise(case), day)
    return case.fields.get(fact, known.get(fact))


def _known(core: Core, case: MatterCase) -> Taxpayer:
    taxpayer = core.registration.taxpayer(enterprise(case))
    assert taxpayer is not None, "checked when the case was opened"
    return taxpayer


def _post(core: Core, taxpayer: str, wanted: str) -> Post | None:
    posts = core.registration.posts(taxpayer, today(core))
    return next((post for post in posts if post_id(taxpayer, post) == wanted), None)


EFFECTS: Mapping[str, MatterEffect] = {
    "facts": EnterFacts(),
    "bind-role": BindRole(),
    "release-role": ReleaseRole(),
    "become-general": BecomeGeneral(),
    "numbers": SettleNumbers(),
    "approve-kind": ApproveKind(),
    "refund": AllowRefund(),
    "export-refund": RefundExports(),
    "prize": PayPrize(),
    REGISTERS: RegisterTemporary(),
    "erase": EraseData(),
    "deliver": OrderDelivery(),
    "cancel-delivery": CancelDelivery(),
    "bind-phone": BindPhone(),
    "release-phone": ReleasePhone(),
    "give-mandate": GiveMandate(),
    "end-mandate": EndMandate(),
    "register-guardian": RegisterGuardian(),
    "grant-relief": GrantRelief(),
    "withhold": Withhold(),
    "file-preference": FilePreference(),
    "book-invoice": BookInvoice(),
    "give-consent": GiveConsent(),
    "end-consent": EndConsent(),
    "refer-to-bank": ReferToBank(),
}
"""By the ``effect`` of a matter's file."""
