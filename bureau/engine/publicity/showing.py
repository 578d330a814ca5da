"""What everybody may read of published cases: those of today, by kind of breach, the latest first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bureau.engine.publicity.rules import OffenderRules, rules
from bureau.engine.subjects import today
from bureau.ports.core import Core
from bureau.ports.publicity import OffenderCase
from bureau.texts import named, say
from sync.models import CaseReason, CaseShown, CasesPublished, Texts

ALL = "all"
SHOWN = ("published", "removal-asked")


def published(core: Core) -> CasesPublished:
    """All that stand there today; a case whose time is over is gone with its last day."""
    day, book = today(core), rules()
    now = [case for case in core.publicity.entries() if stands(case, day)]
    kinds = [reason for reason in book.reasons if any(case.reason == reason for case in now)]
    some = [(reason, book.reasons[reason].title, [c for c in now if c.reason == reason]) for reason in kinds]
    reasons = [(ALL, say("publicity.all"), now), *some] if now else []
    return CasesPublished(
        as_of=core.now,
        reasons=[_reason(core, book, reason, title, cases) for reason, title, cases in reasons],
    )


def stands(case: OffenderCase, day: date) -> bool:
    """Whether it is published on that day."""
    if case.state not in SHOWN or case.published_on is None or case.until is None:
        return False
    return case.published_on <= day <= case.until


def _reason(
    core: Core, book: OffenderRules, reason: str, title: Texts, cases: Sequence[OffenderCase]
) -> CaseReason:
    return CaseReason(
        reason=reason,
        title=title,
        count_text=say("publicity.count", count=str(len(cases))),
        as_of=core.now,
        basis=book.basis,
        repair=say("publicity.repair", months=str(book.paid_after_months)),
        cases=[_shown(book, case) for case in cases],
    )


def _shown(book: OffenderRules, case: OffenderCase) -> CaseShown:
    assert case.published_on is not None and case.until is not None, "it stands there"
    return CaseShown(
        case_no=case.case_no,
        name=case.name,
        code=case.code,
        address=case.address,
        people=people(case) if case.kind == "organisation" else None,
        sex=named("publicity.sex", str(case.sex)) if case.kind == "person" else None,
        reason_text=book.reasons[case.reason].title,
        facts=case.facts,
        decision=case.decision,
        authority=case.authority,
        document=case.document,
        published_on=case.published_on,
        until=case.until,
    )


def people(case: OffenderCase) -> Texts:
    """Who answered for an organisation, as far as it is published."""
    return say(
        "publicity.responsible",
        standing=named("publicity.standing", str(case.responsible_as)),
        name=case.responsible,
        sex=named("publicity.sex", str(case.responsible_sex)),
        number=case.responsible_number,
    )
