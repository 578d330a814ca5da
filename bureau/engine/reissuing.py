"""Certificates that are had once more: the same, its copy marked (补打), or a new one in its place (换开).

税收票证管理办法: what was made out wrongly is void, and names the number of what was made out instead; a number that is
void is never used again. The register keeps both.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from typing import Final

from bureau.engine.einvoices.fetching import secret_hash
from bureau.engine.outdated import changes
from bureau.engine.refusals import Refused, refuse
from bureau.engine.rules import Rules
from bureau.engine.sheets.drawing import Shown, of_wish
from bureau.engine.sheets.firms import DECLARATION_COPY
from bureau.engine.sheets.kinds import IIT_RECORD, KINDS, OF_MATTERS, PERSONAL
from bureau.engine.sheets.people import VEHICLE
from bureau.engine.subjects import Actor
from bureau.ports.certificates import CertificateRecord
from bureau.ports.core import Core
from bureau.texts import say
from kiosk.domain.people import Role
from sync.models import CertificateAgain, CertificateWay, CertificateWish, HeldCertificate, Texts

MOST: Final = 60
"""So many are listed, as many as a list of the terminal shows."""


@dataclass(frozen=True, slots=True)
class Reissuing:
    """What may be had once more; ``most`` is how often one certificate is printed."""

    rules: Rules
    most: int

    def held(self, core: Core, actor: Actor) -> list[HeldCertificate]:
        """The certificates of the enterprise acted for, else the person's own, the latest first."""
        taxpayer = actor.enterprise.taxpayer if actor.role is not None else None
        found = core.certificates.held(actor.person.key, taxpayer, MOST)
        return [self._told(core, actor, record) for record in found if _is_theirs(actor, record)]

    def find(self, core: Core, actor: Actor, number: str, *, lock: bool = False) -> CertificateRecord:
        """One of them; raises ``Refused`` for all others in the same words."""
        record = core.certificates.record(number, lock=lock)
        if record is None or not _is_theirs(actor, record):
            raise refuse("certificateNotHeld")
        return record

    def open(self, core: Core, actor: Actor, record: CertificateRecord, way: CertificateAgain) -> None:
        """Raises ``Refused`` when it cannot be had in this way.

        What no longer holds as it stands is not copied any more where a new one can take its place.
        """
        if record.ended is not None:
            raise refuse("certificateEnded", state=say(f"certificate.state.{record.state}"))
        if way == "reprint" and record.copies >= self.most:
            raise refuse("certificateCopies", most=str(self.most))
        if way == "reprint" and changes(core, record):
            if why_not_anew(core, actor, record, self.rules) is None:
                raise refuse("certificateOutdated")
        if way == "replace" and not _can_be_drawn(record):
            raise refuse("certificateNotAnew")

    def drawn(self, core: Core, actor: Actor, record: CertificateRecord) -> Shown:
        """What takes its place, by the records of today; raises ``Refused``."""
        return drawn(core, actor, record, self.rules)

    def _told(self, core: Core, actor: Actor, record: CertificateRecord) -> HeldCertificate:
        ended, changed = record.ended, bool(changes(core, record))
        # One that holds is not drawn on trial: whether its kind is refused now shows once it is asked for.
        kind_alone = None if _can_be_drawn(record) else say("certificate.way.not-anew")
        not_anew = why_not_anew(core, actor, record, self.rules) if changed else kind_alone
        why = say(f"certificate.state.{ended.state}") if ended is not None else None
        if ended is not None and ended.successor:
            why = say("certificate.state.replaced-by", number=ended.successor)
        return HeldCertificate(
            number=record.number,
            title=name_of(record.kind),
            issued_at=record.issued_at,
            copies=record.copies,
            state=record.state,
            usable=ended is None,
            why_not=why,
            outdated=changed,
            ways=[
                self._copy(record, outdated=changed and not_anew is None),
                _way("replace", not_anew),
            ],
        )

    def _copy(self, record: CertificateRecord, *, outdated: bool) -> CertificateWay:
        if outdated:
            return _way("reprint", say("certificate.way.outdated"))
        spent = record.copies >= self.most
        return _way("reprint", say("certificate.way.spent", most=str(self.most)) if spent else None)


def drawn(core: Core, actor: Actor, record: CertificateRecord, rules: Rules) -> Shown:
    """What takes its place, by the records of today; raises ``Refused``.

    Of a return that another took the place of (更正) it is the one that stands.
    """
    wish = dict(record.asked or {})
    certificate = str(wish.pop("certificate", ""))
    if certificate == DECLARATION_COPY and "item" in wish:
        wish["item"] = _standing(core, str(wish["item"]))
    return of_wish(core, actor, certificate, CertificateWish.model_validate(wish), rules, record.number)


def why_not_anew(core: Core, actor: Actor, record: CertificateRecord, rules: Rules) -> Texts | None:
    """Why nothing can take its place now; None where something can."""
    if not _can_be_drawn(record):
        return say("certificate.way.not-anew")
    try:
        drawn(core, actor, record, rules)
    except Refused as no:
        why = say("certificate.way.vehicle-open") if record.kind == VEHICLE else no.refusal.text
        return say("certificate.way.nothing-anew", why=why)
    return None


def holder_of(core: Core, record: CertificateRecord) -> Actor | None:
    """Who could have it drawn anew: who had it issued, for the same taxpayer; None: nobody on file."""
    person = core.registration.person(record.person) if record.person is not None else None
    if person is None:
        return None
    if record.taxpayer is None:
        return Actor(person, core.registration.own(person.key))
    taxpayer = core.registration.taxpayer(record.taxpayer)
    # Which of the roles it is makes no difference to what is drawn, only that it is the enterprise's.
    return Actor(person, taxpayer, Role.LEGAL_REPRESENTATIVE) if taxpayer is not None else None


def linked_certificate(core: Core, key: str, secret: str) -> CertificateRecord | None:
    """The certificate of a link that can still be used, while it is valid; other cases are not told apart."""
    link = core.certificates.linked(key)
    if link is None or not hmac.compare_digest(link.secret_sha256, secret_hash(secret)):
        return None
    record = core.certificates.record(link.number)
    return record if record is not None and record.ended is None else None


def name_of(kind: str) -> Texts:
    """What a certificate of the register is called, a person's own and an enterprise's alike."""
    return say(f"certificate.{kind.removeprefix('own-').removeprefix('firm-')}.title")


def _standing(core: Core, declaration: str) -> str:
    """The return that stands where that one did: of the same tax and period, about the same; itself where none is."""
    kept = core.returns.kept(declaration)
    if kept is None or kept.stands or kept.withdrawn:
        return declaration
    filed = kept.filed
    now = core.returns.filed(filed.taxpayer, filed.tax, filed.period_first, filed.period_last, kept.subject)
    return declaration if now is None else now.declaration


def _way(way: CertificateAgain, why_not: Texts | None) -> CertificateWay:
    return CertificateWay(
        id=way,
        title=say(f"certificate.way.{way}"),
        note=say(f"certificate.way.{way}.note"),
        enabled=why_not is None,
        why_not=why_not,
    )


def _is_theirs(actor: Actor, record: CertificateRecord) -> bool:
    """Whether it is of whom they act for; notices and official documents are had anew where they came from."""
    if record.kind in OF_MATTERS:
        return False
    if actor.role is not None:
        return record.taxpayer is not None and record.taxpayer == actor.enterprise.taxpayer
    # Before the taxpayer was kept an enterprise's had none either: only kinds of persons are their own.
    own = record.taxpayer is None and record.kind in PERSONAL
    return own and record.person == actor.person.key


def _can_be_drawn(record: CertificateRecord) -> bool:
    """Whether it is kept of what it is; what is certified once alone is what it was, and has nothing in its place."""
    certificate = str((record.asked or {}).get("certificate", ""))
    return certificate == IIT_RECORD or (certificate in KINDS and not KINDS[certificate].single)
