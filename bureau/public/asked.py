"""``certificate.verify``: the public check of a certificate, asked at a terminal by whoever holds the paper."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from bureau.certificates.data import CertificateData
from bureau.certificates.kinds import day_words
from bureau.certificates.telling import texts, told
from bureau.engine.queries.registry import NoParams, Query, Question
from bureau.engine.refusals import refuse
from bureau.engine.sheets.kinds import VOUCHERS
from bureau.ports.certificates import CertificateChange, CertificateEnd
from bureau.public.checking import Asked, Finding, Outcome, check, signed
from bureau.public.site import PublicSite
from bureau.public.texts import text
from bureau.texts import LANGUAGES, say
from config.clock import CHINA
from kiosk.domain.formatting import group_number
from kiosk.domain.ids import Fen
from kiosk.domain.money import format_yuan
from sync.models import (
    CertificateChanged,
    CertificateCode,
    CertificateKeys,
    CertificateVerdict,
    PreviewFact,
    SheetShown,
    Texts,
)
from sync.paper_signature import published

log = logging.getLogger("kiosk.public")
SHOWN = (Finding.VALID, Finding.OUTDATED, Finding.REPLACED, Finding.VOID, Finding.FORGED_QR)
"""Findings after which the certified content is shown."""


def questions(site: PublicSite, now: Callable[[], datetime]) -> Mapping[str, Query]:
    """The same look into the register as the public page has, under the same limits; nobody has to sign in.

    The keys are what a terminal checks the signature in a code with while it has no network; they are public.
    """

    def ask(question: Question) -> CertificateVerdict:
        given = question.params
        assert isinstance(given, CertificateCode), "validated by the registry"
        if wait := site.looks.take(f"terminal {question.terminal}"):
            raise refuse("askedTooOften", seconds=str(int(wait) + 1))
        return verify(site, given, question.terminal)

    def keys(question: Question) -> CertificateKeys:
        return CertificateKeys(keys=published(site.trust.code_keys.values()), as_of=now())

    return {
        "certificate.verify": Query(CertificateCode, CertificateVerdict, ask),
        "certificate.keys": Query(NoParams, CertificateKeys, keys),
    }


def verify(site: PublicSite, given: CertificateCode, terminal: str = "") -> CertificateVerdict:
    """The finding in words; raises ``Refused`` for what is mistyped, and for who guesses at codes."""
    return _verdict(_checked(site, _asked(given), terminal))


def guessing(site: PublicSite, given: CertificateCode) -> float:
    """Seconds until codes of this number may be tried again without a genuine QR code; 0 when now."""
    cleaned = _asked(given)
    return 0.0 if cleaned.errors else site.guesses.wait_s(cleaned.number)


def _asked(given: CertificateCode) -> Asked:
    scanned = (given.scanned_number, given.scanned_code) == (given.number, given.code)
    return Asked.read(given.number, given.code, (given.signature or "") if scanned else "")


def _checked(site: PublicSite, asked: Asked, terminal: str) -> Outcome:
    """Raises ``Refused`` for what is mistyped, and for who guesses at the codes of one number."""
    if asked.errors:
        raise refuse("certificateMistyped", why=_said(next(iter(asked.errors.values()))))
    guarded = signed(asked, site.trust.code_keys) is None
    if guarded and (wait := site.guesses.wait_s(asked.number)):
        raise refuse("askedTooOften", seconds=str(int(wait) + 1))
    outcome = check(asked, site.records, site.trust.code_keys, terminal)
    if outcome.finding is Finding.MISMATCH:
        site.guesses.take(asked.number)
    if outcome.finding is Finding.UNREGISTERED:
        log.error("certificate %s: signed by this bureau, but the register disagrees", asked.number)
    return outcome


def _verdict(outcome: Outcome) -> CertificateVerdict:
    finding, data = outcome.finding, outcome.data
    number = group_number(outcome.asked.number)
    facts = [PreviewFact(label=_said("form.number"), value=_same(number))]
    statements = [_said(lead(outcome))]
    if finding is Finding.MISMATCH:
        statements.append(_said("mismatch.next"))
    total: list[PreviewFact] = []
    ended = outcome.record.ended if outcome.record is not None and data is not None else None
    if data is not None and finding in SHOWN:
        certified = told(data)
        facts += [*_ended(ended), *_changed(outcome.changes), *_facts(data, certified)]
        total = certified.total
        statements += [*_until_when(finding), *certified.statements]
    return CertificateVerdict(
        title=_said(f"{finding}.title"),
        facts=facts,
        columns=[],
        rows=[],
        total=total,
        statements=statements,
        finding=finding.value,
        ended_on=ended.at.astimezone(CHINA).date() if ended is not None else None,
        successor=ended.successor if ended is not None else "",
        changes=[
            CertificateChanged(
                what=one.what, day=one.day, amount_fen=one.amount_fen if one.what == "refunded" else 0
            )
            for one in outcome.changes
        ],
    )


def _facts(data: CertificateData, certified: SheetShown) -> list[PreviewFact]:
    """What stands in its heading, numbers of persons masked."""
    issued = day_words(data.issued_at.astimezone(CHINA).date())
    heading = [
        PreviewFact(label=_said("cert.kind"), value=certified.title),
        PreviewFact(label=_said("cert.issued"), value=texts(issued)),
    ]
    return heading + certified.facts


def _ended(ended: CertificateEnd | None) -> list[PreviewFact]:
    """When and why it stopped being valid, and what took its place."""
    if ended is None:
        return []
    day = day_words(ended.at.astimezone(CHINA).date())
    told_of = [
        PreviewFact(label=_said(f"cert.ended.{ended.state}"), value=texts(day)),
        PreviewFact(label=_said("cert.ended.why"), value=say(f"certificate.why.{ended.reason}")),
    ]
    if ended.successor:
        number = group_number(ended.successor)
        told_of.append(PreviewFact(label=_said("cert.successor"), value=_same(number)))
    return told_of


def _changed(changes: Iterable[CertificateChange]) -> list[PreviewFact]:
    """What became untrue of it since, each with its day."""
    return [PreviewFact(label=_said(f"cert.changed.{one.what}"), value=changed_words(one)) for one in changes]


def lead(outcome: Outcome) -> str:
    """Which sentence says the finding: who holds an outdated one is sent for another where there can be one alone."""
    record = outcome.record
    if outcome.finding is Finding.OUTDATED and record is not None:
        if record.kind in VOUCHERS:
            return "outdated.kept.lead"
        if any(one.what == "withdrawn" for one in outcome.changes):
            return "outdated.withdrawn.lead"
        if not outcome.anew:
            return "outdated.alone.lead"
    return f"{outcome.finding}.lead"


def changed_words(one: CertificateChange) -> Texts:
    """The day, and of a refund the amount; what a corrected return comes to is the holder's to tell."""
    day = texts(day_words(one.day)) if one.day is not None else _said("cert.changed.since")
    if one.what != "refunded":
        return day
    return say("certificate.changed.refunded", day=day, amount=format_yuan(Fen(one.amount_fen)))


def _until_when(finding: Finding) -> list[Texts]:
    """Of a valid one, that this is true now, and that nothing but the register can say so."""
    known = (Finding.VALID, Finding.OUTDATED, Finding.FORGED_QR)
    return [_said("cert.now")] if finding in known else []


def _said(key: str) -> Texts:
    return {lang: text(key, lang) for lang in LANGUAGES}


def _same(value: str) -> Texts:
    return dict.fromkeys(LANGUAGES, value)
