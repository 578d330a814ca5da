"""Published cases of grave tax offenders (重大税收违法失信主体), as everybody may read them."""

from __future__ import annotations

from datetime import date

from pydantic import AwareDatetime

from sync.models.base import Texts, Wire


class CaseShown(Wire):
    """One case while it is published: who, what they did, what was decided, and between which days it stands here.

    ``code``: the taxpayer's number; that of a person without the day of birth. ``people``: who
    answered for an organisation; ``sex``: of a person.
    """

    case_no: str
    name: str
    code: str
    address: str
    people: Texts | None
    sex: Texts | None
    reason_text: Texts
    facts: Texts
    decision: Texts
    authority: Texts
    document: str
    published_on: date
    until: date


class CaseReason(Wire):
    """What a person chooses by: a kind of breach, or all; ``repair`` says how a publication ends before its time."""

    reason: str
    title: Texts
    count_text: Texts
    as_of: AwareDatetime
    basis: Texts
    repair: Texts
    cases: list[CaseShown]


class CasesPublished(Wire):
    """``notices.cases``: all that are published now, and by each kind of breach; the latest first."""

    as_of: AwareDatetime
    reasons: list[CaseReason]
