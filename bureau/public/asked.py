"""``certificate.verify``: the public check of a certificate, asked at a terminal by whoever holds the paper."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from bureau.certificates import codes
from bureau.certificates.data import CertificateData, Words
from bureau.certificates.kinds import day_words
from bureau.engine.queries.registry import Query, Question
from bureau.engine.refusals import refuse
from bureau.public.checking import Asked, Finding, Outcome, check, signed
from bureau.public.site import PublicSite
from bureau.public.texts import text
from bureau.texts import LANGUAGES
from config.clock import CHINA
from sync.models import CertificateCode, CertificateVerdict, PreviewFact, Texts

log = logging.getLogger("kiosk.public")
SHOWN = (Finding.VALID, Finding.REPLACED, Finding.VOID, Finding.FORGED_QR)
"""Findings after which the certified content is shown."""


def questions(site: PublicSite) -> Mapping[str, Query]:
    """The same look into the register as the public page has, under the same limits; nobody has to sign in."""

    def ask(question: Question) -> CertificateVerdict:
        given = question.params
        assert isinstance(given, CertificateCode), "validated by the registry"
        if wait := site.looks.take(f"terminal {question.terminal}"):
            raise refuse("askedTooOften", seconds=str(int(wait) + 1))
        return verify(site, given, question.terminal)

    return {"certificate.verify": Query(CertificateCode, CertificateVerdict, ask)}


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
    number = codes.group_number(outcome.asked.number)
    facts = [PreviewFact(label=_said("form.number"), value=_same(number))]
    statements = [_said(f"{finding}.lead")]
    if finding is Finding.MISMATCH:
        statements.append(_said("mismatch.next"))
    total: list[PreviewFact] = []
    if data is not None and finding in SHOWN:
        facts += _facts(data)
        total = _total(data)
        statements += [_words(words) for words in data.statements]
    return CertificateVerdict(
        title=_said(f"{finding}.title"),
        facts=facts,
        columns=[],
        rows=[],
        total=total,
        statements=statements,
        finding=finding.value,
    )


def _facts(data: CertificateData) -> list[PreviewFact]:
    """What stands in its heading, numbers of persons masked."""
    issued = day_words(data.issued_at.astimezone(CHINA).date())
    heading = [
        PreviewFact(label=_said("cert.kind"), value=_words(data.title)),
        PreviewFact(label=_said("cert.issued"), value=_words(issued)),
    ]
    return heading + [
        PreviewFact(label=_words(fact.label), value=_same(fact.public) if fact.public else _words(fact.value))
        for fact in data.facts
    ]


def _total(data: CertificateData) -> list[PreviewFact]:
    if data.emphasis < 0 or not data.totals:
        return []
    column = data.columns[data.emphasis].title
    return [PreviewFact(label=_words(column), value=_words(data.totals[data.emphasis]))]


def _said(key: str) -> Texts:
    return {lang: text(key, lang) for lang in LANGUAGES}


def _same(value: str) -> Texts:
    return dict.fromkeys(LANGUAGES, value)


def _words(words: Words) -> Texts:
    return {lang: words.in_language(lang) for lang in LANGUAGES}
