"""The one place where an access to a person's data is recorded (个人信息保护法, arts. 44 and 51; 税收征管法, art. 8).

Four ways lead here: a question of a terminal and an effect, an officer's command, and the check of a certificate by
whoever holds it. What an enterprise's people see of their enterprise is no data of a person; whom they see there is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from typing import Final

from bureau.engine import messages
from bureau.engine.effects import Outcome, Request
from bureau.engine.matters.posts import person_of
from bureau.engine.sheets.kinds import PERSONAL
from bureau.engine.subjects import mandate_of, person_key, today
from bureau.ports.core import Core
from bureau.ports.mandates import Mandate
from bureau.ports.privacy import HeldKind, Look, Party
from bureau.ports.registration import Person, PersonKey
from bureau.ports.system import System
from config.catalogue.models import PayStep, Service, SubmitStep
from kiosk.domain.masking import mask_name
from sync.models import CandidateParams, EffectKind, EffectState, QueryRequest, Subject, Wire

KEPT: Final = timedelta(days=3 * 365 + 1)
"""Three years, as long as records of processing are kept at least (个人信息保护法, art. 56)."""

QUERIES: Final[Mapping[str, HeldKind]] = {
    "person.profile": "identity",
    "appointment.choices": "visit",
    "appointment.mine": "visit",
    "subscriptions.list": "visit",
    "school.choices": "visit",
    "school.mine": "visit",
    "school.attended": "visit",
    "identity.enrolment": "identity",
    "registration.temporary": "identity",
    "iit.months": "income",
    "iit.record": "income",
    "certificate.preview": "certificate",
    "certificate.months": "certificate",
    "certificate.items": "certificate",
    "certificate.held": "certificate",
    "certificate.again": "certificate",
    "einvoices.spans": "invoice",
    "einvoices.list": "invoice",
    "einvoice.preview": "invoice",
    "einvoice.ways": "phone",
    "invoice.title": "identity",
    "agency.terms": "identity",
    "arrears.list": "payment",
    "documents.list": "notice",
    "correction.prefill": "return",
    "correction.ways": "return",
    "return.prefill": "source",
    "dues.list": "payment",
    "refund.overpaid": "return",
    "refund.list": "case",
    "declarations.list": "return",
    "obligations.list": "return",
    "payments.list": "payment",
    "materials.cases": "case",
    "progress.list": "case",
    "mandates.list": "role",
    "departure.assess": "invoice",
    "privacy.held": "identity",
    "privacy.accesses": "access",
}
"""What a question shows of the person who asks it, in their own name."""
NOT_OF_A_PERSON: Final = frozenset(
    {
        "refund.exports",
        "agency.tax",
        "appointment.days",
        "appointment.halls",
        "appointment.times",
        "apps.list",
        "bill.payable",
        "certificate.keys",
        "certificate.verify",
        "consult.open",
        "consult.talk",
        "credit.record",
        "device.status",
        "draft.open",
        "feedback.case",
        "feedback.mine",
        "correction.surcharge",
        "invoice.approvals",
        "invoice.deliverable",
        "invoice.deliveries",
        "invoice.entitlement",
        "invoice.holdings",
        "invoice.order",
        "help.open",
        "help.published",
        "ideas.list",
        "library.edited",
        "lottery.ticket",
        "nontax.payable",
        "notices.cases",
        "payment.charge",
        "payment.debit",
        "payment.status",
        "phone.check",
        "phone.code",
        "queue.lines",
        "registration.verify",
        "risk.hints",
        "loans.check",
        "loans.list",
        "shares.check",
        "shares.list",
        "shares.log",
        "shares.standing",
        "school.courses",
        "return.periods",
        "return.surcharge",
        "slip.notice",
        "survey.list",
        "vat.prefill",
        "vat.surcharge",
    }
)
"""Figures, things of enterprises, what is public, and what the person brought along on their phone; a slip's notice
says of a person what the slip does."""
OTHERS: Final = frozenset(
    {"registration.details", "identity.candidate", "invoice.phones", "mandate.attorney", "guardian.ward"}
)
"""Questions that show other people: those of an enterprise, who is to be an attorney, and who a ward."""
LOOKED_UP_BY: Final[Mapping[str, Party]] = {"mandate.attorney": "principal", "guardian.ward": "guardian"}
"""As whom somebody looks up another person by their number."""
EFFECTS: Final[Mapping[EffectKind, HeldKind]] = {
    EffectKind.IDENTITY_ENROL: "identity",
    EffectKind.DOCUMENT_SERVE: "notice",
    EffectKind.APPOINTMENT_BOOK: "visit",
    EffectKind.APPOINTMENT_CANCEL: "visit",
    EffectKind.SUBSCRIPTION_CHANGE: "visit",
    EffectKind.SCHOOL_ENROL: "visit",
    EffectKind.SCHOOL_CANCEL: "visit",
    EffectKind.SCHOOL_EVALUATE: "visit",
    EffectKind.CERTIFICATE_ISSUE: "certificate",
    EffectKind.CERTIFICATE_REISSUE: "certificate",
    EffectKind.CERTIFICATE_DELIVER: "certificate",
    EffectKind.DECLARATION_SUBMIT: "return",
    EffectKind.PAYMENT_CREATE: "payment",
    EffectKind.MATTER_SUBMIT: "case",
    EffectKind.MATERIALS_SUPPLY: "case",
    EffectKind.INVOICE_APPLY: "invoice",
    EffectKind.INVOICE_ISSUE: "invoice",
    EffectKind.EINVOICE_COPY: "invoice",
    EffectKind.EINVOICE_DELIVER: "phone",
}
"""Effects for which a person's data are used, in their own name."""


class Looks:
    """Records what questions show. Thread-safe."""

    def __init__(self, system: System) -> None:
        self._system = system

    def asked(self, name: str, request: QueryRequest, service: Service, terminal: str, params: Wire) -> None:
        """Record the accesses of a question that has an answer, in one transaction; durable when it returns."""
        if name not in OTHERS and not _own(name, request.subject):
            return
        with self._system.write(terminal) as work:
            for person, look in _asked(work.core, name, request.subject, service, params):
                work.core.privacy.note(person, look)


def _own(name: str, subject: Subject) -> bool:
    own = subject.taxpayer is None or name == "person.profile"
    return own and name in QUERIES and subject.person is not None


def _asked(
    core: Core, name: str, subject: Subject, service: Service, params: Wire
) -> Iterator[tuple[PersonKey, Look]]:
    claim = subject.person
    asks = person_key(claim) if claim is not None else None
    if name not in OTHERS:
        if asks is not None:
            whose = subject if name != "person.profile" else subject.model_copy(update={"mandate": None})
            yield _seen_by(core, whose, mandate_of(core, whose), QUERIES[name], service.id)
        return
    if isinstance(params, CandidateParams) and (party := LOOKED_UP_BY.get(name)) is not None:
        other, asking = person_of(core, params.number), core.registration.person(asks) if asks else None
        if other is not None and asking is not None:
            yield other.key, Look(party, mask_name(asking.name), "identity", service.id)
        return
    taxpayer = core.registration.taxpayer(subject.taxpayer) if subject.taxpayer is not None else None
    if taxpayer is None:
        return
    kind: HeldKind = "identity" if name == "identity.candidate" else "role"
    for person in _others(core, name, taxpayer.taxpayer, params):
        if person != asks:
            yield person, Look("enterprise", taxpayer.name, kind, service.id)


def _others(core: Core, name: str, taxpayer: str, params: Wire) -> Iterable[PersonKey]:
    if name == "identity.candidate":
        assert isinstance(params, CandidateParams), "validated by the registry"
        found = person_of(core, params.number)
        return [] if found is None else [found.key]
    if name == "invoice.phones":
        return dict.fromkeys(phone.person for phone in core.issuing.of(taxpayer))
    return dict.fromkeys(post.person.key for post in core.registration.posts(taxpayer, today(core)))


def carried_out(core: Core, request: Request, outcome: Outcome) -> None:
    """Record what an effect used of the person in whose own name it was carried out, in its transaction."""
    body, claim = request.body, request.body.subject.person
    kind = EFFECTS.get(body.kind)
    if kind is None or claim is None or body.subject.taxpayer is not None or request.version is None:
        return
    if outcome.state is not EffectState.ACCEPTED:
        return
    mandate = mandate_of(core, body.subject)
    person, look = _seen_by(core, body.subject, mandate, kind, request.service.id)
    core.privacy.note(person, look)
    if mandate is None or person == person_key(claim) or body.kind is not _first_of(request.service):
        return  # once a service: its payment, and its print, come after what was told
    if (principal := core.registration.person(person)) is not None:
        told = messages.acted_for(look.who, mandate.ground, request.service.title, body.key)
        core.notices.tell(principal, told)


def _first_of(service: Service) -> EffectKind | None:
    """The first thing that the service does at the centre."""
    for step in service.steps:
        if isinstance(step, SubmitStep):
            return EffectKind(step.effect)
        if isinstance(step, PayStep):
            return EffectKind.PAYMENT_CREATE
    return None


def _seen_by(
    core: Core, subject: Subject, mandate: Mandate | None, kind: HeldKind, purpose: str
) -> tuple[PersonKey, Look]:
    """Whose data were used: the person's own, or those of whom they act for."""
    assert subject.person is not None, "only who said who they are is recorded"
    who = person_key(subject.person)
    attorney = core.registration.person(who)
    if mandate is None or attorney is None:
        return who, Look("self", core.terminal, kind, purpose)
    party: Party = "guardian" if mandate.by_guardian else "attorney"
    return mandate.principal, Look(party, mask_name(attorney.name), kind, purpose)


def by_enterprise(core: Core, person: PersonKey, taxpayer: str, purpose: str) -> None:
    """Record that an enterprise changed what this person is in it."""
    core.privacy.note(person, Look("enterprise", taxpayer, "role", purpose))


def by_principal(core: Core, attorney: PersonKey, principal: Person, purpose: str) -> None:
    """Record that somebody made this person their attorney."""
    core.privacy.note(attorney, Look("principal", mask_name(principal.name), "role", purpose))


def by_guardian(core: Core, ward: PersonKey, guardian: Person, purpose: str) -> None:
    """Record that somebody was entered as this person's guardian."""
    core.privacy.note(ward, Look("guardian", mask_name(guardian.name), "role", purpose))


def by_officer(core: Core, person: PersonKey, kind: HeldKind, officer: str, command: str) -> None:
    """Record that an officer saw a person's data by a command (``case.show``)."""
    core.privacy.note(person, Look("officer", officer, kind, command))


def checked(core: Core, number: str, kind: str) -> None:
    """Record that somebody who holds a person's certificate checked it, at a terminal or on the public page."""
    holder = core.privacy.holder(number) if kind in PERSONAL else None
    if holder is not None:
        core.privacy.note(holder, Look("public", core.terminal, "certificate", "certificate.verify"))
