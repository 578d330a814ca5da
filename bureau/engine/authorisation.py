"""Who is let through where: for each service, question and effect, what the centre must answer to whom.

Derived from the catalogue. An operation that is not named in ``GUARDS`` asks for the strictest: a person whom the
registry knows, with the evidence of the service, in a role that it allows. So a new service, question or effect is
judged by that until somebody says otherwise, and the tests ask the centre for every cell.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bureau.engine.departing.form import SERVICE as DEPARTURE
from bureau.engine.matters.kinds import matters
from bureau.engine.services import effects_of, queries_of
from bureau.engine.sheets.matter_notices import SERVICE
from bureau.engine.subjects import OWN, RANK, SELF
from config.catalogue.models import Service
from kiosk.domain.people import Role
from sync.models import EffectKind


class Guard(enum.StrEnum):
    """What an operation asks of who stands there."""

    ROLE = "role"
    """A known person in a role of the service; in a service of people, that person alone."""
    PERSON = "person"
    """A known person; somebody unknown is told only that they are."""
    TERMINAL = "terminal"
    """Nobody: the thing it is about was made at this very terminal, and another's is as good as none."""
    HOLDER = "holder"
    """Whoever holds the document, known or not, with a phone that was proven at this terminal in this visit."""
    PHONE = "phone"
    """A phone that was proven at this terminal in this visit, whoever holds it."""
    VISITOR = "visitor"
    """A phone as above, or a document that was read, registered or not; a registered one with its holder's name."""
    TRAVELLER = "traveller"
    """Whoever holds a passport of another country, in no register: what it is about carries its number."""
    ANYBODY = "anybody"
    """Nobody: it tells what is public, or takes an opinion."""


GUARDS: Final[Mapping[str, Guard]] = {
    "person.profile": Guard.PERSON,
    "identity.enrolment": Guard.PERSON,
    EffectKind.IDENTITY_ENROL.value: Guard.HOLDER,
    "payment.status": Guard.TERMINAL,
    "payment.charge": Guard.TERMINAL,
    "payment.debit": Guard.TERMINAL,
    EffectKind.PAYMENT_CLOSE.value: Guard.TERMINAL,
    EffectKind.PAYMENT_CARD.value: Guard.TERMINAL,
    EffectKind.INVOICE_COMMIT.value: Guard.TERMINAL,
    EffectKind.CERTIFICATE_PRINTED.value: Guard.TERMINAL,
    EffectKind.SURVEY_TAKE.value: Guard.ANYBODY,
    "survey.list": Guard.ANYBODY,
    "notices.cases": Guard.ANYBODY,
    "library.edited": Guard.ANYBODY,
    EffectKind.FEEDBACK_RATE.value: Guard.ANYBODY,
    EffectKind.FEEDBACK_COMPLAIN.value: Guard.ANYBODY,
    EffectKind.FEEDBACK_REPORT.value: Guard.ANYBODY,
    EffectKind.FEEDBACK_REPLY.value: Guard.ANYBODY,
    "feedback.case": Guard.ANYBODY,
    "feedback.mine": Guard.PHONE,
    EffectKind.DEPARTURE_APPLY.value: Guard.TRAVELLER,
    "departure.assess": Guard.TRAVELLER,
    EffectKind.INVOICE_CHECK.value: Guard.ANYBODY,
    "certificate.verify": Guard.ANYBODY,
    "certificate.keys": Guard.ANYBODY,
    "registration.verify": Guard.ANYBODY,
    "slip.notice": Guard.ANYBODY,
    "nontax.payable": Guard.ANYBODY,
    EffectKind.LOTTERY_DRAW.value: Guard.PHONE,
    EffectKind.QUEUE_TAKE.value: Guard.VISITOR,
    "queue.lines": Guard.ANYBODY,
    EffectKind.APPOINTMENT_BOOK.value: Guard.VISITOR,
    EffectKind.APPOINTMENT_CANCEL.value: Guard.VISITOR,
    "appointment.choices": Guard.VISITOR,
    "appointment.mine": Guard.VISITOR,
    "appointment.halls": Guard.ANYBODY,
    "appointment.days": Guard.ANYBODY,
    "appointment.times": Guard.ANYBODY,
    "apps.list": Guard.ANYBODY,
    EffectKind.SCHOOL_ENROL.value: Guard.VISITOR,
    EffectKind.SCHOOL_CANCEL.value: Guard.VISITOR,
    EffectKind.SCHOOL_EVALUATE.value: Guard.VISITOR,
    EffectKind.SUBSCRIPTION_CHANGE.value: Guard.VISITOR,
    "subscriptions.list": Guard.VISITOR,
    "school.choices": Guard.VISITOR,
    "school.mine": Guard.VISITOR,
    "school.attended": Guard.VISITOR,
    "school.courses": Guard.ANYBODY,
    EffectKind.HELP_ASK.value: Guard.VISITOR,
    EffectKind.HELP_ANSWER.value: Guard.VISITOR,
    EffectKind.HELP_THANK.value: Guard.ANYBODY,
    EffectKind.IDEAS_SUBMIT.value: Guard.VISITOR,
    EffectKind.IDEAS_VOTE.value: Guard.VISITOR,
    "help.published": Guard.ANYBODY,
    "help.open": Guard.ANYBODY,
    "ideas.list": Guard.VISITOR,
    EffectKind.CONSULT_CALL_BACK.value: Guard.VISITOR,
    "consult.open": Guard.VISITOR,
    "consult.talk": Guard.TERMINAL,
    "phone.code": Guard.ANYBODY,
    "phone.check": Guard.ANYBODY,
}
_GUARDS_HERE: Final[Mapping[tuple[str, str], Guard]] = {
    (SERVICE, EffectKind.CERTIFICATE_ISSUE.value): Guard.ANYBODY,
    (DEPARTURE, EffectKind.CERTIFICATE_ISSUE.value): Guard.TRAVELLER,
    ("pay.non-tax", EffectKind.PAYMENT_CREATE.value): Guard.ANYBODY,
}
"""Where one service asks less than others do: the paper in hand, a slip or a notice to pay, is what it is given for."""
UNKNOWN: Final[Mapping[str, str]] = {
    "payment.status": "orderUnknown",
    "payment.charge": "orderUnknown",
    "payment.debit": "orderUnknown",
    "consult.talk": "talkUnknown",
    EffectKind.PAYMENT_CLOSE.value: "orderUnknown",
    EffectKind.PAYMENT_CARD.value: "orderUnknown",
    EffectKind.INVOICE_COMMIT.value: "reservationUnknown",
    EffectKind.CERTIFICATE_PRINTED.value: "certificateUnknown",
}
"""How a thing of another terminal is refused: in the words in which one that was never made is."""
ANSWERED: Final = ""
"""In place of a code: it is not refused for who asks."""
MANDATE_GONE: Final = "mandateGone"
MANDATE_NOT_HERE: Final = "mandateNotHere"
NO_PHONE: Final = "phoneUnproven"
"""How whoever proved no phone is refused, whatever card they hold."""


class Claim(enum.StrEnum):
    """Somebody at the terminal who claims what they may not, or for whom."""

    NOBODY = "nobody"
    CARD_ALONE = "card alone"
    OTHERS_CARD = "another's card"
    NOT_ENROLLED = "not enrolled"
    ROLE_NOT_HELD = "role not held"
    OTHERS_TAXPAYER = "another taxpayer"
    NO_TAXPAYER = "no taxpayer"
    ABSENT_TAXPAYER = "no such taxpayer"
    OTHERS_MANDATE = "another's mandate"


_OF_PERSON: Final[Mapping[Claim, str]] = {
    Claim.NOBODY: "identityMissing",
    Claim.OTHERS_CARD: "nameDiffers",
    Claim.NOT_ENROLLED: "personUnknown",
}
_OF_ENTERPRISE: Final[Mapping[Claim, str]] = {
    Claim.ROLE_NOT_HELD: "roleMissing",
    Claim.OTHERS_TAXPAYER: "roleMissing",
    Claim.NO_TAXPAYER: "taxpayerMissing",
    Claim.ABSENT_TAXPAYER: "taxpayerUnknown",
}
_OF_TRAVELLER: Final[Mapping[Claim, str]] = {
    Claim.NOBODY: "identityMissing",
    Claim.OTHERS_CARD: "nameDiffers",
}
NO_PASSPORT: Final = "departurePassport"
"""How whoever shows any other document is refused."""
_OF_VISITOR: Final[Mapping[Claim, str]] = {Claim.NOBODY: NO_PHONE, Claim.OTHERS_CARD: "nameDiffers"}
REFUSALS: Final = frozenset(
    {
        *_OF_PERSON.values(),
        *_OF_ENTERPRISE.values(),
        MANDATE_GONE,
        MANDATE_NOT_HERE,
        *UNKNOWN.values(),
        "identityWeak",
        NO_PHONE,
        NO_PASSPORT,
        "roleNotAllowed",
        "notOfThisService",
    }
)
"""Every code by which somebody is refused for who they are, for whom, or where they ask."""


@dataclass(frozen=True, slots=True)
class Operation:
    """A question or an effect, as one service has it."""

    service: Service
    name: str
    effect: bool

    @property
    def guard(self) -> Guard:
        """What it asks of who stands there."""
        here = _GUARDS_HERE.get((self.service.id, self.name))
        return here or GUARDS.get(self.name, Guard.ROLE)

    def claimed(self, claim: Claim) -> str:
        """The code with which a claim is refused, or ``ANSWERED``."""
        if self.service.unnamed:
            return ANSWERED  # what is claimed there is not looked at
        if claim is Claim.OTHERS_MANDATE and not self.service.behalf:
            return MANDATE_NOT_HERE
        if self.guard in (Guard.TERMINAL, Guard.ANYBODY):
            return ANSWERED
        if self.guard is Guard.PHONE:
            return NO_PHONE
        if self.guard is Guard.HOLDER and claim not in (Claim.NOBODY, Claim.CARD_ALONE, Claim.OTHERS_CARD):
            return NO_PHONE
        if self.guard is Guard.TRAVELLER:
            return _OF_TRAVELLER.get(claim, NO_PASSPORT)
        if self.guard is Guard.VISITOR:
            return _OF_VISITOR.get(claim, ANSWERED)
        if claim is Claim.CARD_ALONE:
            return "identityWeak" if self.service.sign_in in ("3", "R") else ANSWERED
        if claim is Claim.NOT_ENROLLED and self.guard is Guard.PERSON:
            return ANSWERED
        if claim in _OF_PERSON:
            return _OF_PERSON[claim]
        if claim is Claim.OTHERS_MANDATE:
            return MANDATE_GONE if self.guard is Guard.ROLE else ANSWERED
        of_enterprise = self.guard is Guard.ROLE and self.service.audience == "enterprise"
        if claim is Claim.NO_TAXPAYER and SELF in self.service.roles:
            return ANSWERED
        return _OF_ENTERPRISE[claim] if of_enterprise else ANSWERED

    def in_role(self, role: Role) -> str:
        """How who holds that role alone, in the enterprise they name, is answered."""
        if self.guard in (Guard.PHONE, Guard.HOLDER):
            return NO_PHONE
        if self.guard is Guard.TRAVELLER:
            return NO_PASSPORT
        free = self.guard is not Guard.ROLE or self.service.audience != "enterprise"
        if not free and role.value not in self.service.roles:
            return "roleNotAllowed"
        return NO_PHONE if self._binds_phone else ANSWERED

    @property
    def _binds_phone(self) -> bool:
        """Whether it is a matter about the phone that was proven in this visit: the tests' people prove none."""
        matter = matters().get(self.service.id)
        return self.name == EffectKind.MATTER_SUBMIT.value and matter is not None and matter.phone is not None

    def in_own_name(self) -> str:
        """How a person who is a taxpayer in their own name, and names no enterprise, is answered."""
        if self.guard in (Guard.PHONE, Guard.HOLDER):
            return NO_PHONE
        if self.guard is Guard.TRAVELLER:
            return NO_PASSPORT
        of_enterprise = self.guard is Guard.ROLE and self.service.audience == "enterprise"
        own = {OWN, SELF} & set(self.service.roles)
        return "taxpayerMissing" if of_enterprise and not own else ANSWERED

    def by_mandate(self) -> str:
        """How somebody is answered who acts for another person by a mandate that says all that one can."""
        return ANSWERED if self.service.behalf or self.service.unnamed else MANDATE_NOT_HERE

    def of_another_terminal(self) -> str:
        """How a thing is answered that was made at another terminal."""
        return UNKNOWN[self.name] if self.guard is Guard.TERMINAL else ANSWERED

    def answers(self) -> tuple[str, ...]:
        """The whole row: each role, the own name, a mandate, each claim, another terminal."""
        return (
            *(self.in_role(role) for role in RANK),
            self.in_own_name(),
            self.by_mandate(),
            *(self.claimed(claim) for claim in Claim),
            self.of_another_terminal(),
        )


def operations(service: Service) -> tuple[Operation, ...]:
    """Everything the service asks and does at the centre."""
    asked = [Operation(service, name, effect=False) for name in sorted(queries_of(service))]
    done = [Operation(service, name, effect=True) for name in sorted(effects_of(service))]
    return (*asked, *done)
